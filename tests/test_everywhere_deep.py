"""The whole zoo runs everywhere, each network at its smallest legal size; `docs/pytorch.md` shows what was found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import lru_cache

import pytest
import torch

import unetgen
from tests.apart import APART, Pair, pair
from tests.everywhere import (
    EVERY_SIZE,
    STEPS_ALONE,
    WAYS,
    Case,
    case_of,
    exported_at_every_size,
    hold,
    listed,
)
from tests.onnx_running import assert_alike
from unetgen.analyses import legal_sizes
from unetgen.language.zoo import zoo_names

pytestmark = [
    pytest.mark.deep,
    # torch says so of every even kernel with `padding="same"`; the copy that it speaks of is meant.
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning"),
]


@lru_cache(maxsize=1)
def case(name: str) -> Case:
    torch.set_num_threads(1)
    return case_of(unetgen.lower(name))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Start two processes for all networks."""
    with pair(tmp_path_factory.mktemp("group")) as found:
        yield found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", zoo_names())
def test_a_network_of_the_zoo_runs_everywhere(name: str, way: str) -> None:
    hold(case(name), way)


@pytest.mark.parametrize("way", APART)
@pytest.mark.parametrize("name", zoo_names())
def test_a_network_of_the_zoo_runs_in_other_processes(name: str, way: str, two: Pair) -> None:
    two.hold(case(name), APART[way])


@pytest.mark.parametrize("name", EVERY_SIZE)
def test_a_network_that_takes_every_size_is_exported_so(name: str) -> None:
    exported_at_every_size(case(name))


@pytest.mark.parametrize("name", STEPS_ALONE)
def test_a_network_is_exported_in_steps_alone_because_torch_cannot_compare_its_sizes(name: str) -> None:
    with pytest.raises(Exception, match="Constraints violated"):
        exported_at_every_size(case(name))


def test_the_networks_that_take_every_size_are_those() -> None:
    free = [name for name in zoo_names() if all(axis.period == 1 for axis in legal_sizes(unetgen.lower(name)).axes)]
    assert sorted((*EVERY_SIZE, *STEPS_ALONE)) == free


@pytest.mark.skipif(shutil.which("g++") is None, reason="torch compiles its kernels with g++")
# Inductor itself uses what torch calls deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", ["keras-primer", "monai-unet"])
def test_torch_writes_kernels_for_a_network(name: str) -> None:
    torch._dynamo.reset()
    module = torch.compile(case(name).module, fullgraph=True)
    with torch.no_grad():
        assert_alike(listed(module(case(name).x)), case(name).wanted)
