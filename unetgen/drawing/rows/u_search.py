"""Network -> U: read map by map as far as rows go, and shown as signs where they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

from unetgen.drawing.kit.distances import SPACINGS, Spacing
from unetgen.drawing.model.figure import Figure, Item, Map, Zoom
from unetgen.drawing.read.branches import MEETINGS
from unetgen.drawing.read.figure_reader import read_figure
from unetgen.drawing.read.signs import with_distinct_signs
from unetgen.drawing.rows.u import U, as_u, unchained
from unetgen.drawing.rows.u_places import place
from unetgen.drawing.rows.u_plan import plan_of
from unetgen.ir import Network, Region

WIDEST_U: Final = {"units": 1360, "ops": 6000}
"""A U that is wider than this, in points, even when set tightly is not looked at as closely: by default a page can be
read at 1200 pixels, but who asks for ops wants to see them."""
BOX_AND_ARROW: Final = 25
"""What a box takes in a row where it is set tightly, with its arrow: more than most."""
LONG_STAGE: Final = 4
"""A stage of so many maps or more may be shown as a sign."""
FARTHER: Final[dict[Zoom, Zoom]] = {"ops": "steps", "steps": "units", "units": "sign"}


def find_u(
    network: Network,
    *,
    detail: Literal["units", "ops"] = "units",
    widest: float | None = None,
    tightest: Spacing = SPACINGS[-1],
) -> U | None:
    """Find the rows of a U in a network; None when it is no U.

    Args:
        detail: Whether a box shows a unit or an op.
        widest: Up to which width in points stages are shown map by map.
        tightest: How tightly they may be set.
    """
    zooms: dict[str, Zoom] = {region.path: "sign" for region in network.regions if _branches_between_rows(region)}
    limit = widest or WIDEST_U[detail]
    for _ in range(len(FARTHER) * len(network.regions)):
        figure = with_distinct_signs(read_figure(network, zooms, detail))
        regions = [r for r in network.regions if _can_go_farther(r, zooms.get(r.path, detail))]
        u = as_u(figure)
        more = _too_tangled(regions, figure) if u is None else _too_long(regions, figure, u, limit, tightest)
        if not more:
            return u
        zooms.update({path: FARTHER[zooms.get(path, detail)] for path in more})
    return None


def _branches_between_rows(region: Region) -> bool:
    """Say whether ways meet on the way down or up, where no row has room for that."""
    return region.role in ("down", "up") and any(isinstance(node.op, MEETINGS) for node in region.nodes)


def _too_tangled(regions: list[Region], figure: Figure) -> frozenset[str]:
    """Name the regions that keep rows from being chains; all there are where no row is to blame."""
    strands = unchained(figure)
    owners = _owners(regions, (item for item in figure.items if item.strand in strands))
    return frozenset(owners or _owners(regions, figure.items))


def _too_long(regions: list[Region], figure: Figure, u: U, widest: float, tightest: Spacing) -> frozenset[str]:
    # No row is wider than all boxes side by side; how wide the U is takes a while to find out.
    boxes = sum(len(item.parts) if isinstance(item, Map) else 1 for item in figure.items)
    if (BOX_AND_ARROW + tightest.face) * boxes < widest or place(plan_of(u), tightest).width <= widest:
        return frozenset()
    owners = _owners(regions, figure.items)
    return frozenset(path for path, count in owners.items() if count >= LONG_STAGE)


def _owners(regions: list[Region], items: Iterable[Item]) -> Counter[str]:
    """Count items by the region of the node that they are called after."""
    homes = {node.path: region.path for region in regions for node in region.nodes}
    return Counter(homes[item.path] for item in items if item.path in homes)


def _can_go_farther(region: Region, zoom: Zoom) -> bool:
    """Say whether a region can be looked at less closely: a skip or a head is never a sign."""
    return zoom in ("ops", "steps") or (
        zoom == "units" and region.role not in ("skip", "head") and len(region.nodes) > 1
    )
