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
from unetgen.drawing.model.shapes import Box, Join
from unetgen.drawing.read.wording import chain_text, shape_text, size_text
from unetgen.ir import Network, Node, Region, Value
from unetgen.ir.ops import Concat

__all__ = ["gather", "owners_of"]

MOST_OPS: Final = 12
FIRST_OPS: Final = 6
"""How many ops are named one by one, and how many of those that are more."""
Thing = Box | Join


def gather(network: Network, things: tuple[Thing, ...]) -> Facts:
    """Gather what is known of a traced network, for the boxes and joins of its drawing."""
    owners = owners_of(network, things)
    costs = _Costs(parameters(network).by_node, macs(network).by_node)
    stages = tuple(_stage(region, owners, costs) for region in network.regions)
    homes = {op.path: stage.path for stage in stages for op in stage.ops} | {stage.path: stage.path for stage in stages}
    fields = _fields(network, {thing.id: _value(thing, network) for thing in things})
    order = ("input", *(path for stage in stages for path in (*(op.path for op in stage.ops), stage.path)))
    ranks = {path: rank for rank, path in enumerate(order)}
    said = {
        thing.id: ThingFacts(homes.get(thing.path, ""), tuple(_lines(thing, network, owners, costs, fields)))
        for thing in sorted(things, key=lambda thing: ranks[thing.path])
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


def owners_of(network: Network, things: tuple[Thing, ...]) -> dict[str, str]:
    """Give the id of the thing that each node helps to make, see [Every op has one owner]."""
    ids: dict[str, str] = {}
    for thing in things:
        ids.setdefault(thing.path, thing.id)
    for thing in things:
        # Maps side by side are called after what lays them so, and numbered.
        ids.setdefault(thing.id.rpartition(" ")[0], thing.id)
    owners = {path: id for region in network.regions for path, id in _near(region, ids)}
    nodes = tuple(network.nodes)
    takers = {value.id: node.path for node in reversed(nodes) for value in node.inputs}
    for node in reversed(nodes):
        taker = takers.get(node.output.id, "")
        if taker in owners:
            owners.setdefault(node.path, owners[taker])
    givers = {node.output.id: node.path for node in nodes}
    for node in nodes:
        giver = givers.get(node.inputs[0].id, "")
        owners.setdefault(node.path, owners.get(giver, things[0].id))
    return owners


def _near(region: Region, ids: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Find owners inside a region: the thing named after the node, after one of its unit, after the region."""
    for number, node in enumerate(region.nodes):
        before, after = region.nodes[: number + 1], region.nodes[number + 1 :]
        unit = [other.path for other in (*reversed(before), *after) if _unit(other) == _unit(node)]
        owner = next((ids[path] for path in (*unit, region.path) if path in ids), None)
        if owner is not None:
            yield node.path, owner


def _unit(node: Node) -> tuple[str, str]:
    """Give the scope and the number in a node's path: `encoder.0.conv1` and `encoder.0.act1` belong together."""
    return node.path.rpartition(".")[0], node.name[len(node.name.rstrip("0123456789")) :]


def _value(thing: Thing, network: Network) -> Value:
    """Give the map that a thing shows."""
    for region in network.regions:
        if region.path == thing.path:
            return region.output
        for node in region.nodes:
            if node.path == thing.path:
                return _part(thing, node)
    return network.input


def _part(thing: Thing, node: Node) -> Value:
    """Give what a node gives; of maps that lie side by side, the numbered one."""
    part = thing.id.removeprefix(f"{thing.path} ")
    return node.inputs[int(part)] if isinstance(node.op, Concat) and part.isdigit() else node.output


def _fields(network: Network, values: Mapping[str, Value]) -> dict[str, str]:
    fields = receptive_fields(network, values.values())
    return {id: _field_text(fields[value]) for id, value in values.items()}


def _lines(
    thing: Thing, network: Network, owners: Mapping[str, str], costs: _Costs, fields: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    made = tuple(node for node in network.nodes if owners[node.path] == thing.id)
    words = _made_by(made)
    if words:
        yield "made by", words
    yield "shape", shape_text(_value(thing, network).shape)
    if made:
        yield from costs.lines(made)
    yield "receptive field", fields[thing.id]


def _made_by(made: tuple[Node, ...]) -> str:
    """Say what makes a map; of many ops the first few and the last, for all are listed with their stage."""
    if len(made) <= MOST_OPS:
        return chain_text(made)
    first, last = made[:FIRST_OPS], made[-1:]
    return f"{chain_text(first)}, {len(made) - FIRST_OPS - 1} ops more, {chain_text(last)}"


def _stage(region: Region, owners: Mapping[str, str], costs: _Costs) -> StageFacts:
    ops = tuple(_op(node, owners, costs) for node in region.nodes)
    return StageFacts(region.path, region.level, shape_text(region.output.shape), ops)


def _op(node: Node, owners: Mapping[str, str], costs: _Costs) -> OpFacts:
    counted = (costs.parameters[node.path], costs.macs[node.path])
    return OpFacts(node.path, str(op_name(node)), shape_text(node.output.shape), *counted, owners[node.path])


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
