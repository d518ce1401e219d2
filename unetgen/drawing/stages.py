"""Network -> stages: what a picture with one box per stage shows, and what leads from stage to stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from unetgen.drawing.grouping import Step, describe, steps_of
from unetgen.drawing.shapes import ArrowKind
from unetgen.drawing.wording import chain_text, op_text, shape_text
from unetgen.ir import Network, Region, Shape
from unetgen.ir.ops import Add, Concat, CropLike, Maximum, Multiply, PadLike, ResizeLike

__all__ = ["Stage", "StageGraph", "StageLink", "read_stages"]

STAGES: Final = ("stem", "encoder", "bottleneck", "decoder", "head")
FINISHING: Final = ("resized.", "outputs.")
"""The regions that make outputs of what heads give."""
MEETINGS: Final = (Concat, Add, Maximum, Multiply)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage (or the input, or a head): where it stands, what it gives, what it is made of.

    Args:
        words: What is written in it under its name.
        ops: What it does, one by one, where that is asked for.
        cell: Its row and column in a nested network.
        finished: What becomes of an output after its head.
    """

    path: str
    role: str
    level: int
    shape: Shape
    made_of: str
    words: str
    ops: tuple[str, ...] = ()
    cell: tuple[int, int] | None = None
    finished: str = ""

    @property
    def is_output(self) -> bool:
        """Whether it is a head, which gives an output."""
        return self.role == "head"


@dataclass(frozen=True, slots=True)
class StageLink:
    """What leads from one stage to another; `resampled` says that a map joins from another level by itself."""

    source: str
    target: str
    kind: ArrowKind
    text: str
    resampled: bool = False


@dataclass(frozen=True, slots=True)
class StageGraph:
    """All stages in the order in which they run, and all links."""

    stages: tuple[Stage, ...]
    links: tuple[StageLink, ...]

    @property
    def is_nested(self) -> bool:
        """Whether rows have more than a first and a last stage."""
        return any(stage.cell is not None for stage in self.stages)

    def __getitem__(self, path: str) -> Stage:
        return next(stage for stage in self.stages if stage.path == path)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a value comes from a stage: through which kind of region, and what happened."""

    source: str
    kind: ArrowKind = "skip"
    words: tuple[str, ...] = ()

    def through(self, kind: ArrowKind, words: str) -> _Way:
        return _Way(self.source, kind, (*self.words, words) if words else self.words)


def read_stages(network: Network, *, ops: bool = False, sizes: bool = True) -> StageGraph:
    """Read the stages of a network of any wiring; with what they do one by one, and with sizes, if asked for."""
    return _Reader(network, ops, sizes).read()


class _Reader:
    """The stages and links so far, and how each value comes from a stage."""

    def __init__(self, network: Network, ops: bool, sizes: bool) -> None:
        self.network = network
        self.ops, self.sizes = ops, sizes
        self.depth = max(region.level for region in network.regions)
        self.nested = any(region.path.count(".") == 2 and region.role == "decoder" for region in network.regions)
        image = network.input
        self.stages: dict[str, Stage] = {"input": Stage("input", "input", 0, image.shape, "", self._size(image.shape))}
        self.links: list[StageLink] = []
        self.ways: dict[int, tuple[_Way, ...]] = {image.id: (_Way("input"),)}

    def read(self) -> StageGraph:
        for region in self.network.regions:
            if region.path.startswith(FINISHING):
                self._finish(region)
            elif region.role in STAGES:
                self._stage(region)
            else:
                self._follow(region)
        return StageGraph(tuple(self.stages.values()), tuple(self.links))

    def _stage(self, region: Region) -> None:
        shape = region.output.shape
        self.stages[region.path] = Stage(
            region.path,
            region.role,
            region.level,
            shape,
            describe(region).meaning,
            self._size(shape),
            tuple(map(op_text, region.nodes)) if self.ops else (),
            self._cell(region) if self.nested else None,
        )
        for way in dict.fromkeys(way for value in region.inputs for way in self.ways[value.id]):
            self.links.append(self._link(way, region))
        for node in region.nodes:
            self.ways[node.output.id] = (_Way(region.path),)

    def _size(self, shape: Shape) -> str:
        return shape_text(shape) if self.sizes else f"{shape.channels} channels"

    def _cell(self, region: Region) -> tuple[int, int] | None:
        """Give row and column of a stage of a nested network."""
        if region.role in ("encoder", "bottleneck"):
            return region.level, 0
        numbers = region.path.split(".")[1:]
        return (int(numbers[0]), int(numbers[1])) if region.role == "decoder" else None

    def _link(self, way: _Way, region: Region) -> StageLink:
        kind = self._kind(way, region)
        text = ", ".join(way.words)
        if kind == "skip":
            text = ", ".join(("copy" if not text else "skip", *way.words))
        resampled = way.kind == "skip" and kind in ("down", "up") and bool(way.words)
        return StageLink(way.source, region.path, kind, text or self._plain(kind, region), resampled)

    def _kind(self, way: _Way, region: Region) -> ArrowKind:
        if region.role in ("head", "stem"):
            # Where maps meet after a stage, the head takes the encoder's map beside the decoder's.
            return "skip" if way.source.startswith("encoder") else "head" if region.role == "head" else "flow"
        if way.source in ("input", "stem") and region.level == 0:
            return "flow"
        if way.kind == "skip" and self.stages[way.source].level != region.level:
            return "down" if self.stages[way.source].level < region.level else "up"
        return way.kind

    def _plain(self, kind: ArrowKind, region: Region) -> str:
        """Speak of a link on which nothing happens."""
        return {
            "down": "strided first convolution of the stage",
            "up": "no resampling",
            "flow": "input",
            "head": _words(region) if region.path != "fuse" else "output, brought to full size",
        }.get(kind, "copy")

    def _finish(self, region: Region) -> None:
        """Note what becomes of an output, at the stage that gave it."""
        (way, *_) = self.ways[region.inputs[0].id]
        stage = self.stages[way.source]
        words = ", ".join(filter(None, (stage.finished, _words(region))))
        self.stages[way.source] = replace(stage, finished=words)
        self.ways[region.output.id] = (way,)

    def _follow(self, region: Region) -> None:
        """Carry every way through a region that is no stage."""
        kind: ArrowKind | None = "down" if region.role == "down" else "up" if region.role == "up" else None
        branches = kind is not None and any(isinstance(node.op, MEETINGS) for node in region.nodes)
        for step in (Step(region.nodes, describe(region)),) if branches else steps_of(region):
            node = step.nodes[-1]
            if step.badge is None and isinstance(node.op, MEETINGS):
                self.ways[node.output.id] = tuple(
                    dict.fromkeys(way for value in node.inputs for way in self.ways[value.id])
                )
                continue
            words = _step_words(step)
            given = self.ways[step.given.id]
            self.ways[step.output.id] = tuple(way.through(kind or way.kind, words) for way in given)


def _step_words(step: Step) -> str:
    """Say what a step does; a change of size that changes nothing here is not spoken of."""
    if step.badge is not None and any(isinstance(node.op, MEETINGS) for node in step.nodes):
        return step.badge.meaning
    if len(step.nodes) > 1:
        return chain_text(step.nodes)
    (node,) = step.nodes
    is_idle = isinstance(node.op, CropLike | PadLike | ResizeLike) and node.output.shape == node.inputs[0].shape
    return "" if is_idle else chain_text(step.nodes)


def _words(region: Region) -> str:
    """Name what a head does; of one that branches, the most frequent parts."""
    branches = any(isinstance(node.op, MEETINGS) for node in region.nodes)
    return describe(region).meaning if branches else chain_text(region.nodes)
