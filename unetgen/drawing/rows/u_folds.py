"""Network -> a U that fits: how closely each stage is looked at, so that the rows are no wider than they may be.

# NOTE: [Stages fold one by one]
Where a U is too wide even when it is set as tightly as can be, stages become signs: first those with the most maps, and
of those with as many the lower ones, for it is in the upper rows that a reader looks how a block is made. No more of
them fold than must; but blocks with shortcuts or gates are all signs or all drawn, as one kind of thing looks one way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final, Literal

from unetgen.drawing.kit.distances import SPACINGS, Spacing
from unetgen.drawing.model.figure import Figure, Item, Zoom
from unetgen.drawing.read.branches import MEETINGS
from unetgen.drawing.read.figure_reader import read_figure
from unetgen.drawing.read.shape_words import NUMBERS, ShapeWords
from unetgen.drawing.read.signs import with_distinct_signs, with_second_look
from unetgen.drawing.rows.levels import facing, leveled
from unetgen.drawing.rows.u import as_u, plan_of, unchained
from unetgen.drawing.rows.u_places import Placing, UPlaces
from unetgen.ir import Network, Region

WIDEST_U: Final = {"units": 1450, "ops": 6090}
"""A U that is wider than this, in points, even when set tightly is not looked at as closely: by default a page can be
read at 1200 pixels, but who asks for ops wants to see them."""
LONG_STAGE: Final = 3
"""A stage of so many maps or more may be shown as a sign."""
SIGN_AND_ARROW: Final = 22
"""What a sign takes in a row besides an arrow that would be there without it: less than most do, so that no more stages
fold than must."""
WORTH: Final = 20
"""A stage that spares less is folded last."""
MOST_ROWS: Final = 8
"""What a legend has room for."""
FARTHER: Final[dict[Zoom, Zoom]] = {"ops": "steps", "steps": "units", "units": "folded"}


class UFinder:
    """Looks for the rows of a U in a network, once or several times; what it has read it keeps.

    Args:
        detail: Whether a box shows a unit or an op.
        words: What is written for channels and sizes.
    """

    def __init__(
        self, network: Network, detail: Literal["units", "ops"] = "units", *, words: ShapeWords = NUMBERS
    ) -> None:
        self._network = network
        self._detail = detail
        self._words = words
        self._seen: dict[tuple[Zoom, ...], tuple[Figure, Placing | None]] = {}

    def find(self, widest: float | None = None, tightest: Spacing = SPACINGS[-1]) -> Placing | None:
        """Find the rows of a U; None where the network is none.

        Args:
            widest: Up to which width in points stages are shown map by map.
            tightest: How tightly they may be set.
        """
        zooms, limit, folded = self._usual(), widest or WIDEST_U[self._detail], 0
        while True:
            figure, placing = self._look(zooms)
            regions = [region for region in self._network.regions if _can_go_farther(region, zooms[region.path])]
            if placing is None:
                more = _too_tangled(regions, figure)
            else:
                more = _too_long(regions, zooms, placing.at(tightest), limit) or _too_motley(regions, zooms, placing)
                folded += sum(zooms[path] == "units" for path in more)
            if not more:
                return placing and placing.with_folded(folded)
            zooms.update({path: FARTHER[zooms[path]] for path in more})

    def _usual(self) -> dict[str, Zoom]:
        """Say how closely each region is looked at first; no row has room for ways that meet between levels."""
        zooms: dict[str, Zoom] = {region.path: self._detail for region in self._network.regions}
        for region in self._network.regions:
            if region.role in ("down", "up") and any(isinstance(node.op, MEETINGS) for node in region.nodes):
                zooms[region.path] = "folded" if region.role == "down" else "sign"
        return zooms

    def _look(self, zooms: Mapping[str, Zoom]) -> tuple[Figure, Placing | None]:
        seen = tuple(zooms.values())
        if seen not in self._seen:
            figure = with_second_look(with_distinct_signs(read_figure(self._network, zooms, self._detail, self._words)))
            u = as_u(facing(leveled(figure))) or as_u(facing(figure))
            self._seen[seen] = figure, None if u is None else Placing(plan_of(u, self._words))
        return self._seen[seen]


def _too_tangled(regions: list[Region], figure: Figure) -> frozenset[str]:
    """Name the regions that keep rows from being chains; all there are where no row is to blame."""
    strands = unchained(figure)
    owners = _owners(regions, (item for item in figure.items if item.strand in strands))
    return frozenset(owners or _owners(regions, figure.items))


def _too_long(regions: list[Region], zooms: Mapping[str, Zoom], places: UPlaces, widest: float) -> frozenset[str]:
    """Name the regions that go farther so that a U which is too wide becomes slimmer.

    Those shown op by op go all at once; of those shown by units no more than must, see [Stages fold one by one].
    """
    excess = places.width - widest
    if excess <= 0:
        return frozenset()
    owners = _owners(regions, (piece.item for piece in places.pieces.values()))
    long = [region for region in regions if owners[region.path] >= LONG_STAGE]
    by_op = frozenset(region.path for region in long if zooms[region.path] != "units")
    if by_op:
        return by_op
    taken = _taken(regions, places)
    spared = {r.path: taken[r.path] * (1 - 1 / owners[r.path]) - SIGN_AND_ARROW for r in long}
    worth = WORTH if max(spared.values(), default=0) >= WORTH else 0
    folded = set[str]()
    for region in sorted(long, key=lambda region: (-owners[region.path], -region.level)):
        if excess > 0 and spared[region.path] > worth:
            folded.add(region.path)
            excess -= spared[region.path]
    kinds = {region.kind for region in long if region.path in folded and _branches(region)}
    return frozenset(folded | {region.path for region in long if region.kind in kinds})


def _branches(region: Region) -> bool:
    return any(isinstance(node.op, MEETINGS) for node in region.nodes)


def _too_motley(regions: list[Region], zooms: Mapping[str, Zoom], placing: Placing) -> frozenset[str]:
    """Name the long stages that are left where others are signs and a legend has no rows for both kinds."""
    if "folded" not in zooms.values() or len({entry.shared for entry in placing.entries}) <= MOST_ROWS:
        return frozenset()
    owners = _owners(regions, (item for row in placing.plan.u.rows for item in row.items))
    return frozenset(r.path for r in regions if zooms[r.path] == "units" and owners[r.path] >= LONG_STAGE)


def _owners(regions: Iterable[Region], items: Iterable[Item]) -> Counter[str]:
    """Count items by the region of the node that they are called after."""
    homes = _homes(regions)
    return Counter(homes[item.path] for item in items if item.path in homes)


def _homes(regions: Iterable[Region]) -> dict[str, str]:
    return {node.path: region.path for region in regions for node in region.nodes}


def _taken(regions: Iterable[Region], places: UPlaces) -> Counter[str]:
    """Measure what the items of each region take of the length of their row, with the arrows that lead to them."""
    homes, taken = _homes(regions), Counter[str]()
    for before, piece in pairwise(places.pieces.values()):
        if before.item.strand == piece.item.strand and piece.item.path in homes:
            taken[homes[piece.item.path]] += round(piece.hull.right - before.hull.right)
    return taken


def _can_go_farther(region: Region, zoom: Zoom) -> bool:
    """Say whether a region can be looked at less closely: a skip or a head is never a sign."""
    return zoom in ("ops", "steps") or (
        zoom == "units" and region.role not in ("skip", "head") and len(region.nodes) > 1
    )
