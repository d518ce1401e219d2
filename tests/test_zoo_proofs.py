"""Every network of the zoo is held against its original by a reference vector, or is listed with the reason why not."""

from __future__ import annotations

import pytest
import yaml

import unetgen
from tests.conftest import TESTS
from tests.originals import NEVER_USED, ORIGINALS
from tools.pages.gallery import unproven
from tools.pages.proofs import proofs, recorded
from unetgen.language.zoo import zoo_names

SPECS = sorted((TESTS / "specs").glob("*.yaml"))


def test_every_network_of_the_zoo_is_proven_or_listed_with_a_reason() -> None:
    assert set(proofs()) | set(unproven()) == set(zoo_names())
    assert not set(proofs()) & set(unproven())
    assert all(len(reason) > 20 for reason in unproven().values())


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_proven_spec_extends_one_of_the_zoo(path: object) -> None:
    assert sum(proof.vector in str(path) for found in proofs().values() for proof in found) >= 1


def test_what_is_recorded_is_what_was_compared() -> None:
    assert set(recorded()) == {path.stem for path in SPECS}
    assert all(set(kept) == {"parameters", "bitwise", "float64"} for kept in recorded().values())
    assert all(kept["bitwise"] is (kept["float64"] is None) for kept in recorded().values())


def full_size() -> list[str]:
    """List the networks that a vector compares as they stand, but for the size of the input."""
    return [name for name, found in proofs().items() if any(not proof.changed for proof in found)]


@pytest.mark.parametrize("name", full_size())
def test_a_network_proven_as_it_stands_has_the_parameters_of_its_original(name: str) -> None:
    vector = next(proof.vector for proof in proofs()[name] if not proof.changed)
    assert unetgen.summarize(name).params == recorded()[vector]["parameters"]


def test_a_spec_that_changes_options_says_so() -> None:
    written = yaml.safe_load((TESTS / "specs" / "kuc-unet-2d-nearest-ave.yaml").read_text())
    proof = next(proof for proof in proofs()["kuc-unet-2d"] if proof.vector == "kuc-unet-2d-nearest-ave")
    assert set(proof.changed) == set(written) - {"extends", "input_size"}


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_network_has_as_many_parameters_as_its_original_at_full_size(name: str) -> None:
    counted, *_ = ORIGINALS[name]
    assert unetgen.summarize(name).params == counted - NEVER_USED.get(name, 0)
