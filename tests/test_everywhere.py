"""One small network of each kind runs everywhere; `test_everywhere_deep.py` takes the whole zoo the same ways."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
import torch

import unetgen
from tests.apart import APART, Pair, pair
from tests.everywhere import WAYS, Case, case_of, exported_at_every_size, hold

KINDS = {
    "plain": "depth: 2\nfilters: 4\n",
    "signal": "depth: 1\nfilters: 8\ndims: 1\nnorm: group\n",
    "volume": "depth: 1\nfilters: 4\ndims: 3\nnorm: instance\nupsample: linear\nblock: residual\n",
    "list": "depth: 2\nfilters: 4\nsupervision: {levels: [1], returns: list}\n",
    "attention": "depth: 1\nfilters: 16\nskip: {path: additive_gate}\nattention: channel\n",
    "any size": "depth: 1\nfilters: 4\nskip: {fit: pad_up}\n",
}
"""A spec of each kind of network that runs another way."""


@cache
def case(kind: str) -> Case:
    torch.set_num_threads(1)
    return case_of(unetgen.lower(unetgen.parse(KINDS[kind])))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Start two processes for all tests that need them."""
    with pair(tmp_path_factory.mktemp("group")) as found:
        yield found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
def test_a_network_of_every_kind_runs_everywhere(way: str, kind: str) -> None:
    hold(case(kind), way)


def test_a_network_that_takes_every_size_is_exported_so() -> None:
    exported_at_every_size(case("any size"))


@pytest.mark.parametrize("kind", ["plain", "volume", "list"])
@pytest.mark.parametrize("way", APART)
def test_a_network_runs_in_other_processes(way: str, kind: str, two: Pair) -> None:
    two.hold(case(kind), APART[way])
