"""A network in numbers: one value that the table, the JSON and Python users read."""

from __future__ import annotations

import json
from dataclasses import dataclass

from unetgen.analyses import MacReport, MemoryReport, ParameterReport, ValidSizes, legal_sizes, macs, memory, parameters
from unetgen.analyses.size_sets import AxisSizes
from unetgen.ir import Network, Region, Role
from unetgen.reports.what import describe_region

__all__ = ["RegionSummary", "Summary", "sizes_to_plain", "summarize_network"]

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class RegionSummary:
    """One region in numbers; shapes are channels and sizes, without the batch axis."""

    path: str
    role: Role
    level: int
    kind: str
    what: str
    output_shape: tuple[int, ...]
    params: int
    macs: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A network in numbers at its nominal size, batch 1.

    One MAC is one multiply and one add; `memory` is in bytes of float32 feature maps. Where some outputs are computed
    in training alone, they are counted. `output_shape` is that of the main output.
    """

    name: str
    reference: str | None
    params: int
    macs: int
    memory: MemoryReport
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    output_shapes: tuple[tuple[int, ...], ...]
    sizes: ValidSizes
    stages: tuple[RegionSummary, ...]

    def to_json(self) -> str:
        """Write it as JSON, shapes as lists; ends in a line break."""
        return json.dumps(_summary_json(self), indent=2, ensure_ascii=False) + "\n"


def summarize_network(network: Network) -> Summary:
    """Gather what the analyses say about a traced network.

    Raises:
        InternalError: The network was never traced.
    """
    params, work = parameters(network), macs(network)
    return Summary(
        name=network.name,
        reference=network.reference,
        params=params.total,
        macs=work.total,
        memory=memory(network),
        input_shape=tuple(network.input.shape.as_list()),
        output_shape=tuple(network.output.shape.as_list()),
        output_shapes=tuple(tuple(value.shape.as_list()) for value in network.outputs),
        sizes=legal_sizes(network),
        stages=tuple(_summarize_region(region, params, work) for region in network.regions),
    )


def _summarize_region(region: Region, params: ParameterReport, work: MacReport) -> RegionSummary:
    return RegionSummary(
        path=region.path,
        role=region.role,
        level=region.level,
        kind=region.kind,
        what=describe_region(region),
        output_shape=tuple(region.output.shape.as_list()),
        params=params.of(region.path),
        macs=work.of(region.path),
    )


def _summary_json(summary: Summary) -> Json:
    return {
        "name": summary.name,
        "reference": summary.reference,
        "params": summary.params,
        "macs": summary.macs,
        "memory": {"peak": summary.memory.peak, "all": summary.memory.all},
        "input_shape": [*summary.input_shape],
        "output_shape": [*summary.output_shape],
        "output_shapes": [[*shape] for shape in summary.output_shapes],
        **sizes_to_plain(summary.sizes),
        "stages": [_region_json(stage) for stage in summary.stages],
    }


def sizes_to_plain(sizes: ValidSizes) -> dict[str, Json]:
    """Spell legal sizes as JSON does: a pattern per axis, and the corners that are too small."""
    return {
        "input_sizes": [_axis_json(axis) for axis in sizes.axes],
        "too_small": [[*corner] for corner in sizes.too_small],
    }


def _axis_json(axis: AxisSizes) -> Json:
    """Use the words of bioimage.io, `min` and `step`, which hold for `offsets` 0; null where nothing repeats."""
    return {
        "min": axis.minimum if axis.offsets else None,
        "step": axis.period if axis.offsets else None,
        "offsets": [*axis.offsets],
        "strays": [*axis.strays],
    }


def _region_json(region: RegionSummary) -> Json:
    return {
        "path": region.path,
        "role": region.role,
        "level": region.level,
        "kind": region.kind,
        "what": region.what,
        "output_shape": [*region.output_shape],
        "params": region.params,
        "macs": region.macs,
    }
