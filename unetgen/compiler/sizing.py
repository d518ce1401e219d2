"""Choosing the nominal input size, and saying what stands in the way of one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from unetgen.analyses import LegalSizes, legal_sizes
from unetgen.analyses.sizes import complete
from unetgen.compiler.findings import Findings
from unetgen.ir import Network, Region, SizeProblem, ops, trace, trace_problems
from unetgen.source.text import SpecPath

NOMINAL = {1: 1024, 2: 256, 3: 64}
"""Side length in pixels near which the nominal size is chosen where a spec leaves it open, by number of axes."""
NOMINAL_VALID = {1: 572, 2: 572, 3: 132}
"""The same for networks of valid convolutions: the sizes of the two original papers."""


def size_network(network: Network, size: ops.Axes | None, findings: Findings) -> Network:
    """Give the network the shapes it has at `size`, or at the legal size nearest to a usual one.

    Raises:
        SpecError: The size is not legal, or no size is.
    """
    legal = legal_sizes(network)
    usual = _usual_size(network, legal)
    if usual is None:
        _note_none(network, findings)
        findings.raise_if_any()
    size = size or usual or _near(network)
    for problems in _by_node(trace_problems(network, size)):
        _note(problems, size, legal, network, findings)
    findings.raise_if_any()
    return trace(network, size)


def _near(network: Network) -> ops.Axes:
    """Give the size near which the nominal one is chosen where a spec leaves it open."""
    sizes = NOMINAL_VALID if any(isinstance(node.op, ops.CropLike) for node in network.nodes) else NOMINAL
    return (sizes[network.dims],) * network.dims


def _usual_size(network: Network, legal: LegalSizes) -> ops.Axes | None:
    near = _near(network)
    nearest = legal.nearest(near)
    closest = complete(tuple(_closer(n, below, above) for n, (below, above) in zip(near, nearest, strict=True)))
    # A mixture of lower and upper neighbours may lie in a corner; all lower ones together do not, nor all upper ones.
    lower, upper = (complete(tuple(pair[side] for pair in nearest)) for side in (0, 1))
    return next((size for size in (closest, lower, upper) if size is not None and legal.allows(size)), None)


def _closer(near: int, below: int | None, above: int | None) -> int | None:
    if below is None or above is None:
        return above if below is None else below
    return below if near - below <= above - near else above


def _by_node(problems: tuple[SizeProblem, ...]) -> Iterator[list[SizeProblem]]:
    """Put what one node says about several axes together."""
    for _, same in groupby(problems, key=lambda problem: problem.node.path):
        yield list(same)


# --- no size is legal -------------------------------------------------------------------------------------------------


def _note_none(network: Network, findings: Findings) -> None:
    """Say why no size is legal, by the problems of the size that has the fewest."""
    (first, *_) = near = _near(network)
    tried = ((n,) * len(near) for n in range(first, first + _TRIED))
    size, problems = min(((size, trace_problems(network, size)) for size in tried), key=lambda found: len(found[1]))
    one, *others = (same[0] for same in _by_node(problems))
    headline = f"no input size is legal: {_what(one, network)} (for an input of {_times(size)})"
    help = _fit_help(one) if _meets(one) else "change the kernel, padding or resampling that makes the difference"
    notes = [_what(other, network) for other in others]
    findings.add("U303", headline, _place(one.region, findings), help=help, notes=notes)


_TRIED = 64
"""How many sizes are looked at for the one at which the least is wrong."""


# --- this size is not legal -------------------------------------------------------------------------------------------


def _note(problems: list[SizeProblem], size: ops.Axes, legal: LegalSizes, network: Network, findings: Findings) -> None:
    first = problems[0]
    met = _meets(first)
    given = findings.spec.input_size is not None
    path: SpecPath = ("input_size",) if given else _place(first.region, findings)
    label = f"{_times(size)} is not legal" if given else f"not possible for an input of {_times(size)}"
    where = "" if len(set(size)) == 1 else f" on {_axes(problems, network.dims)}"
    helps = [*_size_helps(size, legal), *((f"or {_fit_help(first)}",) if met else ())]
    also = [(("skip", first.region.level, "fit"), "how sizes are fitted")] if met and _written_skip(findings) else []
    notes = [f"legal input sizes: {legal.describe()}"]
    findings.add(
        "U301" if met else "U302", _what(first, network, where), path, label=label, help=helps, notes=notes, also=also
    )


def _meets(problem: SizeProblem) -> bool:
    """Say whether two maps of a skip differ in size; else one map is too small, for example for its kernel."""
    return problem.region.role == "skip" and len(problem.sizes) > 1


def _what(problem: SizeProblem, network: Network, where: str = "") -> str:
    if not _meets(problem):
        return f"{problem.region.path} cannot work on its map{where}: {problem.reason}"
    givers = {network.input.id: "the input"} | {region.output.id: region.path for region in network.regions}
    pairs = sorted(zip((value.id for value in problem.node.inputs), problem.sizes, strict=True))
    sizes = [f"{givers.get(id, problem.node.path)} gives {size} pixels" for id, size in pairs]
    odd = ", which differ by an odd number" if _shifted(problem) else ""
    return f"the skip of level {problem.region.level} does not fit{where}: {', '.join(sizes)}{odd}"


def _apart(problem: SizeProblem) -> int:
    return max(problem.sizes) - min(problem.sizes)


def _shifted(problem: SizeProblem) -> bool:
    """Say whether a map is larger by an odd number of pixels alone, which a centred crop cannot take off."""
    return isinstance(problem.node.op, ops.CropLike) and problem.sizes[0] > problem.sizes[1]


def _place(region: Region, findings: Findings) -> SpecPath:
    """Choose what to mark for a region: where the spec speaks of it, or else what decides about sizes everywhere."""
    section = {"down": "downsample", "up": "upsample"}.get(region.role, region.role)
    own = (section,) if section in ("stem", "bottleneck", "head") else (section, region.level)
    places: tuple[SpecPath, ...] = (own, ("padding",), ("kernel_size",), ("depth",))
    return next(path for path in places if path[0] in findings.spec.model_fields_set)


def _written_skip(findings: Findings) -> bool:
    return "skip" in findings.spec.model_fields_set


def _size_helps(size: ops.Axes, legal: LegalSizes) -> Iterator[str]:
    """Offer the nearest legal sizes, axis by axis where they differ."""
    nearest = legal.nearest(size)
    choices = [" or ".join(str(n) for n in dict.fromkeys(pair) if n is not None) for pair in nearest]
    if not all(choices):
        return
    if len(set(choices)) == 1:
        several = " or " in choices[0]
        yield f"the nearest legal sizes are {choices[0]}" if several else f"the nearest legal size is {choices[0]}"
        return
    yield "the nearest legal sizes are " + " and ".join(f"{c} on axis {i}" for i, c in enumerate(choices))


def _fit_help(problem: SizeProblem) -> str:
    join = problem.region.kind
    if _shifted(problem):
        return "accept maps that lie half a pixel apart: `fit: {crop_skip: {uneven: floor}}`"
    if isinstance(problem.node.op, ops.CropLike | ops.PadLike):
        return f"choose another fit, such as `skip: {{join: {join}, fit: resize_up}}`"
    # One pixel is a rounding of odd sizes, which padding makes good; more is a border that convolutions cost or add.
    skip, up = problem.sizes[:2]
    fit = "pad_up" if _apart(problem) == 1 else "crop_skip" if skip > up else "crop_up"
    return f"let unequal maps be fitted: `skip: {{join: {join}, fit: {fit}}}`"


def _times(size: ops.Axes) -> str:
    return " x ".join(map(str, size))


def _axes(problems: list[SizeProblem], dims: int) -> str:
    axes = [str(problem.axis) for problem in problems]
    if len(axes) == dims:
        return "every axis" if dims > 1 else "the only axis"
    return f"axis {' and '.join(axes)}"
