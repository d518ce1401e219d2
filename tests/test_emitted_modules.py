"""The modules of the emitted source: which share a class, what classes are called, and in which lists modules stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.oracle import state_shapes
from tests.torch_samples import conv
from unetgen.api import emit
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import emit_source
from unetgen.ir import Builder, Network, trace

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


# Names of modules and variables


@pytest.mark.parametrize("path", ZOO, ids=lambda path: path.stem)
def test_modules_are_counted_from_one_in_a_class(path: Path) -> None:
    *classes, _ = classes_of(emit(path)).items()
    for name, text in classes:
        numbers = {int(number) for number in re.findall(r"self\.[a-z]+(\d+) =", text)}
        assert all(number - 1 in numbers for number in numbers if number > 1), name


def test_a_map_of_a_taken_name_says_what_it_is() -> None:
    assert "skip_map = self.skip(skip)\n" in emit("attention-unet-3d")


# Lists


def at_levels(*levels: int) -> str:
    """Write equal convolutions at these levels."""
    b = Builder()
    x = image = b.input(4)
    for level in levels:
        with b.region(f"skip.{level}", role="skip", level=level, kind="conv", inputs=(x,)):
            x = b.close(b("conv", conv(4), x))
    network = trace(Network("holes", 2, image, (x,), tuple(b.regions)), (8, 8))
    source = emit_source(network)
    assert set(load_module(source).state_dict()) == set(state_shapes(network))
    return source


@pytest.mark.parametrize("levels", [(1, 2, 3), (3, 2, 1)])
def test_equal_items_from_another_level_on_are_said_once(levels: tuple[int, ...]) -> None:
    made = "nn.ModuleList(\n            [nn.Identity(), *(nn.Conv2d(4, 4, 3, padding=1) for _ in range(3))]\n        )"
    assert f"self.skip = {made}" in at_levels(*levels)


def test_the_index_of_a_list_is_the_level() -> None:
    source = at_levels(1, 3)
    assert source.count("nn.Identity(),\n") == 2
    assert "nn.Identity() stands in a list where a level has no such module." in source
    assert "x = self.skip[1](x)" in source


def test_what_would_be_mostly_holes_is_no_list() -> None:
    source = at_levels(1, 4)
    assert '{"1": nn.Conv2d(4, 4, 3, padding=1), "4": nn.Conv2d(4, 4, 3, padding=1)}' in source
    assert 'self.skip["4"](x)' in source
