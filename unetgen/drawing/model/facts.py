"""What is known of the things drawn, as plain words and numbers: for formats that can say more than a picture shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class ThingFacts:
    """What is known of a box or a join.

    Args:
        stage: The path of the stage whose ops make it; empty for the input.
        lines: Names and texts, such as `parameters` and `36,928`.
    """

    stage: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OpFacts:
    """One op by its name inside its stage, and the id of the box or join that it helps to make."""

    name: str
    what: str
    shape: str
    parameters: int
    macs: int
    makes: str


@dataclass(frozen=True, slots=True)
class StageFacts:
    """One stage (or downsampling, upsampling, skip, head) with all its ops."""

    path: str
    level: int
    shape: str
    ops: tuple[OpFacts, ...]

    @property
    def parameters(self) -> int:
        return sum(op.parameters for op in self.ops)

    @property
    def macs(self) -> int:
        return sum(op.macs for op in self.ops)


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it: by the id of a box or join, and by stage, both in the order in which the network runs."""

    things: Mapping[str, ThingFacts]
    stages: tuple[StageFacts, ...]

    def called(self, prefix: str, remarks: Mapping[str, str]) -> Facts:
        """Give them as of one network among several, whose ids and stages begin so; a remark on a thing comes first."""
        things = {
            f"{prefix}{id}": ThingFacts(
                f"{prefix}{thing.stage}" if thing.stage else "",
                ((("compared", remarks[id]),) if id in remarks else ()) + thing.lines,
            )
            for id, thing in self.things.items()
        }
        return Facts(things, tuple(_called(stage, prefix) for stage in self.stages))


def _called(stage: StageFacts, prefix: str) -> StageFacts:
    ops = (replace(op, makes=f"{prefix}{op.makes}") for op in stage.ops)
    return replace(stage, path=f"{prefix}{stage.path}", ops=tuple(ops))
