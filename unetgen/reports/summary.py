"""A network in numbers: one value that the table, the JSON and Python users read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from unetgen.analyses import Count, LegalSizes, MemoryReport, legal_sizes
from unetgen.analyses.op_names import op_name
from unetgen.analyses.repeats import repeats
from unetgen.analyses.sizes import AxisSizes
from unetgen.ir import Network, Node, Region, Role
from unetgen.reports.costs import COSTS, Cost


@dataclass(frozen=True, slots=True)
class RegionSummary:
    """One region in numbers; shapes are channels and sizes, without the batch axis."""

    path: str
    role: Role
    level: int
    kind: str
    what: str
    output_shape: tuple[int, ...]
    counts: Mapping[str, int]

    @property
    def params(self) -> int:
        """The learned parameters."""
        return self.counts["params"]

    @property
    def macs(self) -> int:
        """The multiply-accumulates of one forward pass."""
        return self.counts["macs"]


@dataclass(frozen=True, slots=True)
class Summary:
    """A network in numbers at its nominal size, batch 1.

    One MAC is one multiply and one add; `memory` is in bytes of float32 feature maps. What is computed in training
    alone counts as parameters and MACs, and in what training keeps. `output_shape` is that of the main output.
    """

    name: str
    reference: str | None
    costs: tuple[Cost, ...]
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    output_shapes: tuple[tuple[int, ...], ...]
    sizes: LegalSizes
    stages: tuple[RegionSummary, ...]

    @property
    def params(self) -> int:
        """The learned parameters."""
        return sum(stage.params for stage in self.stages)

    @property
    def macs(self) -> int:
        """The multiply-accumulates of one forward pass."""
        return sum(stage.macs for stage in self.stages)

    @property
    def memory(self) -> MemoryReport:
        """What the feature maps take."""
        (found,) = (cost.found for cost in self.costs if isinstance(cost.found, MemoryReport))
        return found

    def to_json(self) -> str:
        """Write it as JSON, shapes as lists; ends in a line break."""
        return json.dumps(_summary_json(self), indent=2, ensure_ascii=False) + "\n"


def summarize_network(network: Network) -> Summary:
    """Gather what the analyses say about a traced network.

    Raises:
        InternalError: The network was never traced.
    """
    costs = tuple(cost(network) for cost in COSTS)
    counts = {cost.key: cost.found.by_region for cost in costs if isinstance(cost.found, Count)}
    return Summary(
        name=network.name,
        reference=network.reference,
        costs=costs,
        input_shape=tuple(network.input.shape.as_list()),
        output_shape=tuple(network.output.shape.as_list()),
        output_shapes=tuple(tuple(value.shape.as_list()) for value in network.outputs),
        sizes=legal_sizes(network),
        stages=tuple(_summarize_region(region, counts) for region in network.regions),
    )


def _summarize_region(region: Region, counts: Mapping[str, Mapping[str, int]]) -> RegionSummary:
    return RegionSummary(
        path=region.path,
        role=region.role,
        level=region.level,
        kind=region.kind,
        what=describe_region(region),
        output_shape=tuple(region.output.shape.as_list()),
        counts={key: by_region[region.path] for key, by_region in counts.items()},
    )


def _summary_json(summary: Summary) -> dict[str, object]:
    return {
        "name": summary.name,
        "reference": summary.reference,
        **{cost.key: _found_json(cost.found) for cost in summary.costs},
        "input_shape": summary.input_shape,
        "output_shape": summary.output_shape,
        "output_shapes": summary.output_shapes,
        **_sizes_json(summary.sizes),
        "stages": [_region_json(stage) for stage in summary.stages],
    }


def _found_json(found: Count | MemoryReport) -> object:
    return found.total if isinstance(found, Count) else {"peak": found.peak, "kept": found.kept}


def _sizes_json(sizes: LegalSizes) -> dict[str, object]:
    """Give a pattern per axis, and the corners that are too small: for any batch, and for one image in training."""
    return {
        "input_sizes": [_axis_json(axis) for axis in sizes.axes],
        "too_small": sizes.too_small,
        "too_small_alone": sizes.too_small_alone,
    }


def _axis_json(axis: AxisSizes) -> dict[str, object]:
    """Use the words of bioimage.io, `min` and `step`, which hold for `offsets` 0; null where nothing repeats."""
    return {
        "min": axis.minimum if axis.offsets else None,
        "step": axis.period if axis.offsets else None,
        "offsets": axis.offsets,
        "strays": axis.strays,
    }


def _region_json(region: RegionSummary) -> dict[str, object]:
    fields = asdict(region)
    counts = fields.pop("counts")
    return {**fields, **counts}


def describe_region(region: Region) -> str:
    """Say what a region's nodes do in their order, repetitions folded."""
    words = [_describe_node(node) for node in region.nodes]
    return ", ".join(_times(", ".join(group), len(group), times) for group, times in repeats(words))


def _describe_node(node: Node) -> str:
    return f"shortcut {op_name(node)}" if node.within("shortcut") else str(op_name(node))


def _times(group: str, length: int, times: int) -> str:
    return group if times == 1 else f"{times} × ({group})" if length > 1 else f"{times} × {group}"


@dataclass(frozen=True, slots=True)
class SizeReport:
    """The legal sizes of a network in pixels, and those around one of them, nearest first."""

    name: str
    sizes: LegalSizes
    near: int
    nearest: tuple[int, ...]

    def to_text(self) -> str:
        """Write a line about all sizes, one each about outputs and training where needed, one with the nearest."""
        found = ", ".join(map(str, self.nearest)) or "none"
        output, training = self.sizes.describe_output(), self.sizes.describe_training()
        more = f"output size  {output}\n" if output else ""
        more += f"in training  {training}\n" if training else ""
        return f"legal sizes  {self.sizes.describe()}\n{more}near {self.near:<8}{found}\n"

    def to_json(self) -> str:
        """Write it as JSON; ends in a line break."""
        record = {"name": self.name, **_sizes_json(self.sizes), "near": self.near, "nearest": self.nearest}
        return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def sizes_near(network: Network, near: int, *, count: int) -> SizeReport:
    """List the legal side lengths around `near` pixels, with all spatial axes alike."""
    sizes = legal_sizes(network)
    return SizeReport(network.name, sizes, near, sizes.alike().around(near, count))
