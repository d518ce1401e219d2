"""Network -> U: read map by map as far as rows go, and shown as signs where they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

from unetgen.drawing.figure import Figure
from unetgen.drawing.measures import SPACINGS
from unetgen.drawing.placing import place
from unetgen.drawing.plan import plan_of
from unetgen.drawing.reading import read_figure
from unetgen.drawing.rows import U, as_u, unchained
from unetgen.drawing.signs import with_distinct_signs
from unetgen.ir import Network, Region

__all__ = ["find_u"]

WIDEST: Final = {"units": 1500, "ops": 3000}
"""A U that is wider than this, in points, even when set tightly shows its longest stages as signs."""
BROAD: Final = 25
"""What a box takes in a row where it is set tightly, with its arrow: more than most."""
LONG: Final = 4
"""A stage of so many maps or more may be shown as a sign."""


def find_u(network: Network, *, detail: Literal["units", "ops"] = "units", widest: float | None = None) -> U | None:
    """Find the rows of a U in a network; None when it is no U.

    Args:
        detail: Whether a box shows a unit or an op.
        widest: Up to which width in points stages are shown map by map.
    """
    signs, limit = frozenset[str](), widest or WIDEST[detail]
    for _ in network.regions:
        figure = with_distinct_signs(read_figure(network, detail=detail, signs=signs))
        u = as_u(figure)
        more = _too_tangled(network, figure, signs) if u is None else _too_long(network, figure, u, signs, limit)
        if not more:
            return u
        signs |= more
    return None


def _too_tangled(network: Network, figure: Figure, signs: frozenset[str]) -> frozenset[str]:
    """Name the regions that keep rows from being chains; all that could be signs where no row is to blame."""
    strands = unchained(figure)
    owners = _owners(network, (item.path for item in figure.items if item.strand in strands))
    return frozenset(owners) - signs or frozenset(_owners(network, (i.path for i in figure.items))) - signs


def _too_long(network: Network, figure: Figure, u: U, signs: frozenset[str], widest: float) -> frozenset[str]:
    # No row is wider than all boxes side by side; how wide the U is takes a while to find out.
    if BROAD * len(figure.items) < widest or place(plan_of(u), SPACINGS[-1]).width <= widest:
        return frozenset()
    owners = _owners(network, (item.path for item in figure.items))
    return frozenset(path for path, count in owners.items() if count >= LONG) - signs


def _owners(network: Network, paths: Iterable[str]) -> Counter[str]:
    """Count items by the region that they are of, among those that can be shown as a sign."""
    regions = [region for region in network.regions if _can_be_sign(region)]
    count = Counter[str]()
    for path in paths:
        count.update(region.path for region in regions if path.startswith(f"{region.path}."))
    return count


def _can_be_sign(region: Region) -> bool:
    return region.role not in ("skip", "head") and len(region.nodes) > 1
