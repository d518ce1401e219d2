"""Network and drawing -> facts: which op makes which of the things drawn, and what the analyses say of them.

# NOTE: [Every op has one owner]
A box is named after one op, but stands for all that lead to it: a convolution with its norm and its activation, the
ops of a whole stage. Each op is counted for one thing drawn, so that the numbers of all add up to the network's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from unetgen.analyses.macs import macs
from unetgen.analyses.op_names import op_name
from unetgen.analyses.parameters import parameters
from unetgen.analyses.receptive_fields import AxisField, receptive_fields
from unetgen.drawing.model.facts import Facts, OpFacts, StageFacts, ThingFacts
from unetgen.drawing.model.shapes import Box, JoinSign
from unetgen.drawing.read.words import chain_text, shape_text, size_text
from unetgen.ir import Network, Node, Region, Value
from unetgen.source.diagnostics import InternalError

MOST_OPS: Final = 12
FIRST_OPS: Final = 6
"""How many ops are named one by one, and how many of those that are more."""
Thing = Box | JoinSign


def facts_of(network: Network, things: tuple[Thing, ...], only: frozenset[str] | None = None) -> Facts:
    """Gather what is known of a traced network, for the boxes and joins of its drawing.

    Args:
        only: The paths of the ops that are drawn, where that are not all.
    """
    drawn = only if only is not None else frozenset(node.path for node in network.nodes)
    made = made_by(network, things, drawn)
    owners = {node.path: id for id, nodes in made.items() for node in nodes}
    costs = _Costs(parameters(network).by_node, macs(network).by_node)
    stages = tuple(stage for region in network.regions if (stage := _stage(region, owners, costs)).ops or only is None)
    homes = {path: region.path for region in network.regions for path in _paths(region)}
    shown = _shown(network, things)
    fields = _fields(network, shown)
    ranks = {path: rank for rank, path in enumerate(homes, start=1)}
    said = {
        thing.id: ThingFacts(
            homes.get(thing.path, ""), tuple(_lines(thing, shown[thing.id], made[thing.id], costs, fields[thing.id]))
        )
        for thing in sorted(things, key=lambda thing: ranks.get(thing.path, 0))
    }
    return Facts(said, stages)


@dataclass(frozen=True, slots=True)
class _Costs:
    """What nodes cost, by their paths."""

    parameters: Mapping[str, int]
    macs: Mapping[str, int]

    def lines(self, made: tuple[Node, ...]) -> Iterator[tuple[str, str]]:
        yield "parameters", f"{sum(self.parameters[node.path] for node in made):,}"
        yield "MACs", f"{sum(self.macs[node.path] for node in made):,}"


def made_by(
    network: Network, things: tuple[Thing, ...], drawn: frozenset[str] | None = None
) -> dict[str, tuple[Node, ...]]:
    """Give what each thing makes, by its id: each op once, of the first thing that stands for it.

    Args:
        drawn: The paths of the ops that are drawn; all unless given.

    Raises:
        InternalError: Nothing that is drawn stands for an op.
    """
    owners = {node.path: thing.id for thing in reversed(things) for node in thing.nodes}
    made: dict[str, list[Node]] = {thing.id: [] for thing in things}
    for node in (node for node in network.nodes if drawn is None or node.path in drawn):
        if node.path not in owners:
            raise InternalError(f"nothing that is drawn stands for {node.path}")
        made[owners[node.path]].append(node)
    return {id: tuple(nodes) for id, nodes in made.items()}


def _fields(network: Network, values: Mapping[str, Value]) -> dict[str, str]:
    fields = receptive_fields(network, values.values())
    return {id: _field_text(fields[value]) for id, value in values.items()}


def _paths(region: Region) -> Iterator[str]:
    """List the paths that a thing drawn for a region may have: a box has that of a node, or that of the region."""
    yield from (node.path for node in region.nodes)
    yield region.path


def _shown(network: Network, things: tuple[Thing, ...]) -> dict[str, Value]:
    """Give the map that each thing shows."""
    values = {value.id: value for value in (network.input, *(node.output for node in network.nodes))}
    return {
        thing.id: thing.nodes[-1].output if isinstance(thing, JoinSign) or thing.value is None else values[thing.value]
        for thing in things
    }


def _lines(thing: Thing, shown: Value, made: tuple[Node, ...], costs: _Costs, field: str) -> Iterator[tuple[str, str]]:
    words = _made_by(made)
    if words:
        yield "made by", words
    yield "shape", shape_text(shown.shape)
    if isinstance(thing, Box) and thing.laid is not None:
        yield "beside others", shape_text(thing.laid[0].output.shape)
    if made:
        yield from costs.lines(made)
    yield "receptive field", field


def _made_by(made: tuple[Node, ...]) -> str:
    """Say what makes a map; of many ops the first few and the last, for all are listed with their stage."""
    if len(made) <= MOST_OPS:
        return chain_text(made)
    first, last = made[:FIRST_OPS], made[-1:]
    return f"{chain_text(first)}, {len(made) - FIRST_OPS - 1} ops more, {chain_text(last)}"


def _stage(region: Region, owners: Mapping[str, str], costs: _Costs) -> StageFacts:
    ops = tuple(_op(node, region, owners, costs) for node in region.nodes if node.path in owners)
    return StageFacts(region.path, region.level, shape_text(region.output.shape), ops)


def _op(node: Node, region: Region, owners: Mapping[str, str], costs: _Costs) -> OpFacts:
    counted = (costs.parameters[node.path], costs.macs[node.path])
    shape = shape_text(node.output.shape)
    return OpFacts(region.name_of(node), str(op_name(node)), shape, *counted, owners[node.path])


def _field_text(field: tuple[AxisField, ...] | None) -> str:
    """Write how much of the input a value sees.

    Example:
        >>> _field_text((AxisField(188, 204), AxisField(188, 204)))
        '188² to 204² pixels'
    """
    if field is None:
        return "the whole input"
    least, most = (size_text(size) for size in (tuple(a.minimum for a in field), tuple(a.maximum for a in field)))
    return f"{least} to {most} pixels" if least != most else f"{least} pixels"
