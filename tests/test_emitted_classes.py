"""The classes of the emitted source: which groups share one, and what classes are called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from unetgen.api import emit

ZOO = sorted((Path(__file__).parents[1] / "specs").glob("*.yaml"))


def classes_of(source: str) -> dict[str, str]:
    """Give the text of each class, by name."""
    return {found[1]: part for part in source.split("\n\n\n") if (found := re.match(r"class (\w+)\(", part))}


def test_joins_that_differ_in_the_modules_of_their_maps_share_a_class() -> None:
    source = emit("unet3plus")
    skip = classes_of(source)["FullScaleSkip"]
    assert '"""Bring each map to one size by a module of its own, and concatenate them."""' in skip
    assert "from2: nn.Module,\n" in skip
    assert "self.from2 = from2\n" in skip
    assert "FullScaleSkip(\n                    PoolConvNormAct(64, 64, kernel_size=8),\n" in source
    assert "SkipBlock" not in source


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("linknet", {"ConvNormAct", "BiasedConvNormAct"}),  # of strides 2 and 1, as an argument says
        ("monai-unet-residual", {"ResidualBlock", "ProjectedResidualBlock"}),  # the latter of strides 2 and 1 too
        ("resunet", {"ResidualBlock", "SingleNormResidualBlock"}),
        ("vnet", {"RepeatingResidualBlock", "SingleResidualBlock"}),
    ],
)
def test_a_class_is_called_after_what_all_its_uses_are(name: str, found: set[str]) -> None:
    assert found <= set(classes_of(emit(name)))


@pytest.mark.parametrize("path", ZOO, ids=lambda path: path.stem)
def test_no_class_is_called_after_what_an_argument_says(path: Path) -> None:
    *classes, _ = classes_of(emit(path)).items()
    for name, text in classes:
        assert "stride: int = 1" not in text or "Strided" not in name
        assert "dilation: int = 1" not in text or not name.startswith("Dilated")
        assert not re.search(r"[a-z]\d+$", name), f"{name} has a number in place of a name"
