"""Rows of a U -> places: which x every piece has and on which y every level lies.

# NOTE: [A true U]
The first map of a lower row stands under the last map of the row above, and the map that an up arrow enters stands
over the last map of the row below: so arrows between levels are vertical and skips are horizontal. The bottom row is
stretched until every skip is long enough for what is written on it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal

from unetgen.drawing.kit import distances
from unetgen.drawing.kit.distances import SPACINGS, Spacing
from unetgen.drawing.kit.layouts import lacking, stack, to_upright
from unetgen.drawing.kit.signs import room_along, room_down
from unetgen.drawing.kit.sizes import Scale
from unetgen.drawing.model.figure import Figure, Item, Link, Map, Zoom
from unetgen.drawing.model.picture import bounds
from unetgen.drawing.model.text import text_width
from unetgen.drawing.read.branches import MEETINGS
from unetgen.drawing.read.figure_reader import read_figure
from unetgen.drawing.read.signs import with_distinct_signs
from unetgen.drawing.rows.strips import Arc, MapStrip, Piece, draw_strip, scale_of
from unetgen.drawing.rows.u import UPlan, URows, as_u, plan_of, unchained
from unetgen.ir import Network, Region

SKIP_FONT: Final = 8


@dataclass(frozen=True, slots=True)
class UPlaces:
    """Where everything is: pieces by the id of their item, the arcs over the rows, and the scale of the boxes."""

    pieces: Mapping[str, Piece]
    arcs: tuple[Arc, ...]
    scale: Scale

    @property
    def width(self) -> float:
        """How far it is from the first box to the last."""
        return bounds(piece.hull for piece in self.pieces.values()).width

    @property
    def height(self) -> float:
        """How far it is from the uppermost box to the lowest."""
        return bounds(piece.hull for piece in self.pieces.values()).height

    def ends(self, link: Link) -> tuple[Piece, Piece, int]:
        """Give what a link leads from, what it leads to, and to which part of that."""
        target = self.pieces[link.target]
        return self.pieces[link.source], target, min(link.part, len(target.frames) - 1)


def place(plan: UPlan, spacing: Spacing) -> UPlaces:
    """Give every item a place, see [A true U]."""
    u, scale = plan.u, scale_of(plan, spacing)
    rows = _in_line(draw_strip(row, plan, scale) for row in (*u.left, u.bottom, *reversed(u.right)))
    missing = lacking(zip(rows, (_needed(skip, plan) for skip in u.skips), reversed(rows), strict=False))
    if missing > 0:
        stretch = math.ceil(missing / max(1, u.bottom.exit))
        longer = draw_strip(u.bottom, plan, scale, stretch=stretch)
        rows = _in_line((*rows[: u.depth], longer, *rows[u.depth + 1 :]))
    if u.fusions:
        top = draw_strip(u.right[0], plan, scale, push=_push(u, rows))
        rows = _in_line((*rows[:-1], top))
    ys = _levels(u, rows, spacing)
    placed = [row.moved(0, y) for row, y in zip(rows, (*ys, *reversed(ys[:-1])), strict=True)]
    placed[u.depth + 1 :] = reversed(placed[u.depth + 1 :])
    pieces = {piece.item.id: piece for row in placed for piece in row.pieces}
    return UPlaces(pieces, tuple(arc.hung(pieces) for row in placed for arc in row.arcs), scale)


def _in_line(rows: Iterable[MapStrip]) -> list[MapStrip]:
    """Set rows, down and up, so that all arrows between levels are vertical."""
    return [*accumulate(rows, lambda before, row: row.moved(to_upright(row, before), 0))]


def _needed(skip: Link | None, plan: UPlan) -> float:
    if skip is None:
        return distances.SHORTEST_SKIP
    words = max(text_width(words, SKIP_FONT) for words in plan.words(skip))
    return max(distances.SHORTEST_SKIP, words + distances.SKIP_ENDS + room_along(skip))


def _push(u: URows, rows: list[MapStrip]) -> dict[str, float]:
    """Say by how much the meeting of all outputs must move to stand beyond the outputs of lower levels."""
    meeting = u.fusions[0].target
    place = next(piece.hull.x for piece in rows[-1].pieces if piece.item.id == meeting)
    reach = max(row.reach[1] for row in rows[u.depth : -1])
    return {meeting: max(0, math.ceil(reach + distances.OUTPUTS_TO_ARROW - place))}


def _levels(u: URows, rows: list[MapStrip], spacing: Spacing) -> list[float]:
    """Give the y of every level's middle line."""
    signs = (max(room_down(down), room_down(up)) for down, up in zip(u.downs, u.ups, strict=True))
    rooms = (spacing.level + room + signal_room(skip) for room, skip in zip(signs, u.skips, strict=True))
    facing = zip(rows[: u.depth + 1], reversed(rows), strict=False)
    return stack([(left.upright, right.upright) for left, right in facing], rooms)


def signal_room(skip: Link | None) -> float:
    """Give what the lines of gating signals to a skip take between two levels."""
    lanes = len(lanes_of(skip))
    return distances.SIGNAL_ROOM + distances.SIGNAL_TO_SIGNAL * (lanes - 1) if lanes else 0


def lanes_of(skip: Link | None) -> tuple[str, ...]:
    """Give a lane to each thing that signs on a skip listen to: the upper one to the sign at its end, so none cross."""
    badges = reversed(skip.badges) if skip is not None else ()
    return tuple(dict.fromkeys(signal.heard for badge in badges for signal in badge.signals))


# --- how closely to look at a network, so that its rows fit -----------------------------------------------------------


WIDEST_U: Final = {"units": 1360, "ops": 6000}
"""A U that is wider than this, in points, even when set tightly is not looked at as closely: by default a page can be
read at 1200 pixels, but who asks for ops wants to see them."""
BOX_AND_ARROW: Final = 25
"""What a box takes in a row where it is set tightly, with its arrow: more than most."""
LONG_STAGE: Final = 4
"""A stage of so many maps or more may be shown as a sign."""
FARTHER: Final[dict[Zoom, Zoom]] = {"ops": "steps", "steps": "units", "units": "folded"}


def find_u(
    network: Network,
    *,
    detail: Literal["units", "ops"] = "units",
    widest: float | None = None,
    tightest: Spacing = SPACINGS[-1],
) -> URows | None:
    """Find the rows of a U in a network; None when it is no U.

    Args:
        detail: Whether a box shows a unit or an op.
        widest: Up to which width in points stages are shown map by map.
        tightest: How tightly they may be set.
    """
    between = [region for region in network.regions if _branches_between_rows(region)]
    zooms: dict[str, Zoom] = {region.path: "folded" if region.role == "down" else "sign" for region in between}
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


def _too_long(regions: list[Region], figure: Figure, u: URows, widest: float, tightest: Spacing) -> frozenset[str]:
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
