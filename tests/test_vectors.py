"""Second road: published implementations. Specs of their networks give what they gave."""

from __future__ import annotations

from pathlib import Path

import pytest

import unetgen
from tests.vectors import compare, entry

SPECS = Path(__file__).parent / "specs"
VECTORS = {
    "buda-unet": "buda-unet",
    "milesial-transpose": "milesial-transpose",
    "milesial-transpose-odd": "milesial-transpose",
    "monai-basicunet-2d": "monai-basicunet-2d",
    "monai-basicunet-2d-odd": "monai-basicunet-2d-odd",
    "paper-unet-2015": "paper-unet-2015",
    "paper-unet-2015-w8-572": "paper-unet-2015-w8-572",
}
"""Reference vectors, by name, and the spec in `specs/` that says their network."""


@pytest.mark.parametrize("name", VECTORS)
def test_a_spec_is_the_published_network(name: str) -> None:
    network = unetgen.lower(SPECS / f"{VECTORS[name]}.yaml", tuple(entry(name)["input_shape"][2:]))
    assert network.output.shape.as_list() == entry(name)["output_shapes"][0][1:]
    found = compare(unetgen.build(network), name)
    assert found.bitwise or found.relative < 1e-9
