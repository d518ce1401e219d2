"""The classes of the emitted source: which groups share one, and what classes are called."""

from __future__ import annotations

import re

from unetgen.api import emit


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
