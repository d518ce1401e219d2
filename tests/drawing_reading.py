"""Reads drawings as a person does: which maps lie side by side, which label belongs to which, what a skip says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from tests.drawing_samples import drawn, sample
from unetgen.drawing.model.shapes import Arrow, Box, Rect, TextLabel
from unetgen.drawing.read.words import size_text
from unetgen.ir import Region
from unetgen.ir.ops import Add, Concat, CropLike, PadLike, ResizeLike
from unetgen.language.zoo import zoo_names

GRIDS = ("monai-basicunet-pp", "smp-unetplusplus-resnet18", "unet3plus", "unetpp", "unetpp-supervised")
"""What of the zoo is no single U."""
KINDS = ("depth 1", "smallest", "depth 8", "1D", "3D", "3D valid", "rectangular", "four convolutions", "long words")
"""Point 11: pictures that are unlike the paper's."""
US = [*(name for name in zoo_names() if name not in GRIDS), *KINDS]
VERBS = {CropLike: "crop", PadLike: "pad", ResizeLike: "resize"}
DONE = {CropLike: "cropped", PadLike: "padded", ResizeLike: "resized"}
SIZE = re.compile(r"\d+[²³]?(×\d+[²³]?)*")


@cache
def regions(name: str) -> dict[str, Region]:
    """Give the region of every node, and of every region, by path."""
    every = sample(name).regions
    return {region.path: region for region in every} | {node.path: r for r in every for node in r.nodes}


def level(name: str, path: str) -> int:
    """Give the row that a map belongs to: what leads down gives one of the level below."""
    region = regions(name).get(path)
    return 0 if region is None else row_of(name, region.level + (region.role == "down"))


@cache
def row_of(name: str, level: int) -> int:
    """Count the levels above one that have another resolution: levels of one resolution share a row."""
    return level - sum(_stays(name, above) for above in range(level))


def _stays(name: str, level: int) -> bool:
    """Say whether maps of the encoder keep their size on the way down from a level, other levels being smaller."""
    left = [r for r in sample(name).regions if r.role in ("stem", "encoder", "down", "bottleneck")]
    ends = {r.level + (r.role == "down"): r.output.shape.size for r in left}
    ends = {0: sample(name).input.shape.size} | ends
    return len({*ends.values()}) > 1 and ends[level] == ends[level + 1]


def depth(name: str) -> int:
    """Count the rows below the uppermost."""
    return row_of(name, sample(name).depth)


def maps(name: str) -> list[Box]:
    return [box for box in drawn(name).boxes if box.kind in ("map", "copied")]


@cache
def groups(name: str) -> dict[str, tuple[Rect, list[Box]]]:
    """Give maps with those that lie beside them in one concatenation, and the room of all."""
    found: dict[str, list[Box]] = {}
    for box in maps(name):
        found.setdefault(half(box.id), []).append(box)
    return {id: (around(boxes), boxes) for id, boxes in found.items()}


def half(id: str) -> str:
    """Give the id without the number of a half."""
    return re.sub(r" \d+$", "", id)


def around(boxes: list[Box]) -> Rect:
    first, last = boxes[0], boxes[-1]
    top = min(box.hull.y for box in boxes)
    bottom = max(box.frame.bottom for box in boxes)
    return Rect(first.frame.x, top, last.hull.right - first.frame.x, bottom - top)


def of_role(name: str, *roles: str) -> list[Box]:
    return [box for box in maps(name) if box.path in regions(name) and regions(name)[box.path].role in roles]


def arrows(name: str, *kinds: str) -> list[Arrow]:
    return [arrow for arrow in drawn(name).arrows if arrow.kind in kinds]


def rooms_of(name: str) -> dict[str, Rect]:
    """Give the front of every box and the circle of every sign."""
    return {box.id: box.frame for box in drawn(name).boxes} | {join.id: join.hull for join in drawn(name).joins}


def nearest(label: TextLabel, name: str, is_at: Callable[[Rect, Rect], bool]) -> str:
    """Name the maps that a label belongs to: the nearest of those that it stands over or under."""
    hull, near = label.hull, {id: room for id, (room, _) in groups(name).items() if is_at(label.hull, room)}
    return min(near, key=lambda id: abs(near[id].cx - hull.cx), default="")


def is_over(label: Rect, room: Rect) -> bool:
    return 0 <= room.y - label.bottom <= 6 and is_beside(label, room)


def is_under(label: Rect, room: Rect) -> bool:
    return 0 <= label.y - room.bottom <= 6 and is_beside(label, room)


def is_beside(label: Rect, room: Rect) -> bool:
    return room.x - label.width - 6 <= label.x <= room.right + 6


def sizes(name: str) -> list[TextLabel]:
    return [label for label in drawn(name).labels if label.ink == "muted" and SIZE.fullmatch(label.text)]


def skips(name: str) -> Iterator[list[Arrow]]:
    """Give every skip as its arrows, from sign to sign."""
    pieces = arrows(name, "skip")
    before = {arrow.target: arrow for arrow in pieces if not arrow.head}
    for last in (arrow for arrow in pieces if arrow.head):
        way = [last]
        while way[0].source in before:
            way.insert(0, before[way[0].source])
        yield way


def join_of(way: list[Arrow]) -> str:
    return re.sub(" (join|sign|[0-9]+)$", "", way[-1].target)


def joined(name: str) -> list[Region]:
    return [
        region for region in sample(name).regions if region.role == "skip" and len(region.inputs) > 1 and region.nodes
    ]


def words_on(way: list[Arrow], name: str) -> str:
    """Read what is written on a skip, in one line or two; over its level piece where it rises first."""
    (start, y), (end, _) = way[0].points[0], way[-1].points[-1]
    y = way[0].points[1][1]
    on = [label for label in drawn(name).labels if start < label.x < end and abs(label.y - y) < 9]
    return " ".join(label.text for label in sorted(on, key=lambda label: label.y) if label.ink == "muted")


def words_for(name: str, region: Region) -> str:
    """Say what a skip does, from the ops of its region and the sizes of their maps."""
    skip, up, *_ = region.inputs
    fits = [node for node in region.nodes if isinstance(node.op, CropLike | PadLike | ResizeLike)]
    own = [node for node in fits if node.inputs[0] == skip and node.output.shape != skip.shape]
    others = [node for node in fits if node.inputs[0] == up and node.output.shape != up.shape]
    is_sum = any(isinstance(node.op, Add) and node.path == f"{region.path}.add" for node in region.nodes)
    is_plain = skip in {sample(name).input, *(r.output for r in sample(name).regions if r.role in ("encoder", "stem"))}
    is_copied = is_plain and {type(node.op) for node in region.nodes} <= {CropLike, PadLike, ResizeLike, Concat}
    verb = "sum" if is_sum else "copy" if is_copied else "skip"
    verbs = [VERBS[type(node.op)] for node in own]
    first = " and ".join([*verbs, verb] if is_sum else [verb, *verbs])
    done = "".join(f"; up {DONE[type(node.op)]}" for node in others)
    sizes = [
        f" {size_text(node.inputs[0].shape.size)} → {size_text(node.output.shape.size)}" for node in (*own, *others)
    ]
    return first + done + ",".join(sizes)
