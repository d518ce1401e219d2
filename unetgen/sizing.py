"""Choosing the nominal input size, and saying what stands in the way of one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from unetgen.analyses import ValidSizes, legal_sizes
from unetgen.findings import Findings
from unetgen.forms import Path
from unetgen.ir import Network, SizeProblem, trace, trace_problems
from unetgen.ir.ops import Axes, CropLike

__all__ = ["NOMINAL", "size_network"]

NOMINAL = {1: 1024, 2: 256, 3: 64}
"""Side length in pixels near which the nominal size is chosen where a spec leaves it open, by number of axes."""
NOMINAL_VALID = {1: 572, 2: 572, 3: 132}
"""The same for networks of valid convolutions: the sizes of the two original papers."""


def size_network(network: Network, size: Axes | None, findings: Findings) -> Network:
    """Give the network the shapes it has at `size`, or at the legal size nearest to a usual one.

    Raises:
        SpecError: The size is not legal, or no size is.
    """
    legal = legal_sizes(network)
    if size is None:
        size = _usual_size(network, legal, findings)
    problems = trace_problems(network, size)
    for node_problems in _by_node(problems):
        _note(node_problems, size, legal, network, findings)
    findings.raise_if_any()
    return trace(network, size)


def _usual_size(network: Network, legal: ValidSizes, findings: Findings) -> Axes:
    sizes = NOMINAL_VALID if _loses_pixels(network) else NOMINAL
    near = sizes[network.dims]
    nearest = legal.nearest((near,) * network.dims)
    chosen = [_closer(near, below, above) for below, above in nearest]
    known = tuple(n for n in chosen if n is not None)
    if len(known) == network.dims and legal.allows(known):
        return known
    headline = "no input size is legal: the maps of some level never fit each other"
    findings.add("U303", headline, ("skip",), help="choose a `fit` for the skips: `crop_skip`, `pad_up`, ...")
    # Any size shows where the maps miss each other.
    return (near,) * network.dims


def _loses_pixels(network: Network) -> bool:
    return any(isinstance(node.op, CropLike) for node in network.nodes)


def _closer(near: int, below: int | None, above: int | None) -> int | None:
    if below is None or above is None:
        return above if below is None else below
    return below if near - below <= above - near else above


def _by_node(problems: tuple[SizeProblem, ...]) -> Iterator[list[SizeProblem]]:
    """Put what one node says about several axes together."""
    for _, same in groupby(problems, key=lambda problem: problem.node.path):
        yield list(same)


def _note(problems: list[SizeProblem], size: Axes, legal: ValidSizes, network: Network, findings: Findings) -> None:
    first = problems[0]
    met = first.region.role == "skip" and len(first.sizes) > 1
    headline = _meeting(first) if met else f"{first.region.path} cannot work on its map: {first.reason}"
    path: Path = ("input_size",) if findings.spec.span(("input_size",), "key") and _given(findings) else ("skip",)
    helps = [*_size_helps(size, legal), *(_fit_helps(first) if met else ())]
    notes = [f"{first.reason}, on {_axes(problems, network.dims)}", f"legal input sizes: {legal.describe()}"]
    also = [(("skip", first.region.level, "fit"), "how sizes are fitted")] if met and _written_fit(findings) else []
    findings.add("U301" if met else "U302", headline, path, help=helps, notes=notes, also=also)


def _meeting(problem: SizeProblem) -> str:
    region, (a, b) = problem.region, problem.sizes[:2]
    # A crop or a pad takes the map that it changes first: put the encoder's first again.
    skip, up = (b, a) if problem.node.inputs[0].id != region.inputs[0].id else (a, b)
    level = region.level
    return f"the skip of level {level} does not fit: encoder.{level} gives {skip} pixels, up.{level} gives {up}"


def _given(findings: Findings) -> bool:
    return findings.spec.input_size is not None


def _written_fit(findings: Findings) -> bool:
    return "skip" in findings.spec.model_fields_set


def _size_helps(size: Axes, legal: ValidSizes) -> Iterator[str]:
    """Offer the nearest legal sizes, axis by axis where they differ."""
    nearest = legal.nearest(size)
    choices = [" or ".join(str(n) for n in dict.fromkeys(pair) if n is not None) for pair in nearest]
    if not all(choices):
        return
    if len(set(choices)) == 1:
        yield (
            f"the nearest legal sizes are {choices[0]}"
            if " or " in choices[0]
            else f"the nearest legal size is {choices[0]}"
        )
        return
    yield "the nearest legal sizes are " + " and ".join(f"{c} on axis {i}" for i, c in enumerate(choices))


def _fit_helps(problem: SizeProblem) -> Iterator[str]:
    # One pixel is a rounding of odd sizes, which padding makes good; more is the border that valid padding costs.
    fit = "pad_up" if max(problem.sizes) - min(problem.sizes) == 1 else "crop_skip"
    yield f"let unequal maps be fitted: `skip: {{join: {problem.region.kind}, fit: {fit}}}`"


def _axes(problems: list[SizeProblem], dims: int) -> str:
    axes = [str(problem.axis) for problem in problems]
    if len(axes) == dims:
        return "every axis" if dims > 1 else "the only axis"
    return f"axis {' and '.join(axes)}"
