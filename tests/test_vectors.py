"""Second road: published implementations. Specs of their networks give what they gave.

`specs/<name>.yaml` is the network of `vectors/<name>.npz`. The large ones are marked `deep`.
"""

from __future__ import annotations

import json
import re
import statistics
from functools import cache

import pytest
from _pytest.mark import ParameterSet

import unetgen
from tests.conftest import TESTS
from tools.pages.proofs import keep, recorded

SPECS, VECTORS = TESTS / "specs", TESTS / "vectors"
LARGE = 10_000_000
"""Parameters from which a network is large."""


@cache
def index() -> dict[str, dict[str, object]]:
    models = json.loads((VECTORS / "index.json").read_text())["models"]
    return {str(model["slug"]): model for model in models}


def marked(name: str) -> ParameterSet:
    params = index()[name]["params"]
    assert isinstance(params, int)
    return pytest.param(name, marks=[pytest.mark.deep] if params > LARGE else [])


# torch says so of every even kernel with `padding="same"`, which is what Keras does there.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("name", list(map(marked, index())))
def test_a_spec_is_the_published_network(name: str, request: pytest.FixtureRequest) -> None:
    found = unetgen.verify(SPECS / f"{name}.yaml", VECTORS / f"{name}.npz")
    assert found.ok, found.to_text()
    if request.config.getoption("--update-golden"):
        keep(name, found)
    # Of the rest that is recorded for the gallery, the bits depend on the processor.
    assert recorded()[name]["parameters"] == found.parameters


def test_every_vector_has_a_spec_and_every_spec_a_vector() -> None:
    stored = {path.stem for path in VECTORS.glob("*.npz")}
    assert stored == set(index()) == {path.stem for path in SPECS.glob("*.yaml")}


def test_specs_are_short() -> None:
    lengths = [len(path.read_text().splitlines()) for path in SPECS.glob("*.yaml")]
    assert statistics.median(lengths) <= 15
    assert max(lengths) <= 30


def test_no_spec_names_its_network_in_an_option() -> None:
    lines = [line for path in SPECS.glob("*.yaml") for line in path.read_text().splitlines()]
    options = [line for line in lines if not line.startswith(("extends:", "name:"))]
    words = {word.partition("-")[0] for word in index()} - {"nested", "paper"}
    assert not [line for line in options if words & set(line.partition("#")[0].replace(":", " ").split())]


def test_networks_without_a_spec_are_listed_with_a_reason() -> None:
    text = (TESTS.parent / "docs" / "unproven.md").read_text()
    rows = re.findall(r"^\| `([\w-]+)` \| (.+) \|$", text, re.MULTILINE)
    assert f"Of {len(rows) + len(index())} published networks" in text and f"{len(index())} are specs" in text
    assert not {name for name, _ in rows} & set(index())
    assert all(len(reason) > 20 for _, reason in rows)
