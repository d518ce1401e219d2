"""Resizes that change nothing are left out; those that a legal input needs stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from hypothesis import HealthCheck, given, settings

from tests.conftest import TESTS
from tests.oracle import interpret, random_state
from tests.spec_strategies import Drawn, legal_specs, write_yaml
from unetgen.analyses import legal_sizes
from unetgen.api import load, lower, parse
from unetgen.compiler.findings import Findings
from unetgen.compiler.idle import without_idle_resizes
from unetgen.compiler.lowering import lower_form
from unetgen.compiler.normal import normalize
from unetgen.ir import Network, Node, trace
from unetgen.ir.ops import ResizeLike
from unetgen.language.spec import Spec

ROOT = TESTS.parent
LEAVING_OUT = ["attention-unet-3d", "monai-basicunet-pp", "unetpp-supervised"]


def as_lowered(spec: Spec) -> Network:
    return lower_form(normalize(spec), Findings(spec))


def resizes(network: Network) -> Iterator[Node]:
    return (node for node in network.nodes if isinstance(node.op, ResizeLike))


def are_the_same(kept: Network, whole: Network, size: tuple[int, ...]) -> bool:
    x = torch.randn(2, whole.input.shape.channels, *size, generator=torch.Generator().manual_seed(1))
    state = random_state(whole)
    found, expected = (interpret(trace(network, size), state, x) for network in (kept, whole))
    return len(found) == len(expected) and all(map(torch.equal, found, expected))


# torch says so of every even kernel with `padding="same"`; the copy that it speaks of is meant.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(legal_specs(dropout=False))
def test_a_network_without_its_idle_resizes_is_the_same_network(drawn: Drawn) -> None:
    whole = as_lowered(parse(write_yaml(drawn.plain)))
    kept = without_idle_resizes(whole)
    assert legal_sizes(kept) == legal_sizes(whole)
    assert are_the_same(kept, whole, drawn.network.input.shape.size)


@pytest.mark.parametrize("name", [path.stem for path in sorted((ROOT / "specs").glob("*.yaml"))])
def test_a_resize_of_the_zoo_changes_some_legal_input(name: str) -> None:
    network = lower(ROOT / f"specs/{name}.yaml")
    needed = {node.path for node in resizes(network)}
    idle, legal, side = set(needed), legal_sizes(network), 1
    while idle and side < 4096:
        if legal.allows((side,) * network.dims):
            at = trace(network, (side,) * network.dims)
            idle -= {n.path for n in resizes(at) if n.inputs[0].shape.size != n.inputs[1].shape.size}
        side += 1
    assert not idle


@pytest.mark.parametrize("name", LEAVING_OUT)
def test_three_resizes_of_a_network_are_idle(name: str) -> None:
    whole = as_lowered(load(ROOT / f"specs/{name}.yaml"))
    kept = without_idle_resizes(whole)
    assert len(list(resizes(whole))) - len(list(resizes(kept))) == 3
    assert legal_sizes(kept) == legal_sizes(whole)
    assert are_the_same(kept, whole, (32,) * whole.dims)
    assert all(region.nodes for region in kept.regions if region.role == "head")
