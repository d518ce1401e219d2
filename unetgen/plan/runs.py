"""Runs of steps that repeat: found by their places in lists, checked by the flow of data, and written once.

chain   blocks.0, blocks.1, ...: each takes what the one before gave      x = self.blocks(x)
dense   layers.0, layers.1, ...: each takes the input and all maps        maps.append(layer(torch.cat(maps, dim=1)))
loop    rounds of several steps; what the last of them gives goes on to   for encoder, down in zip(...):
the next round, and other maps may be kept for a later loop,          skips.append(encoder(x))
which takes them back, the last one first                             ...
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from unetgen.ir import Value, ops
from unetgen.plan.modules import is_module
from unetgen.plan.steps import Flow, Leaf, Run, Source, Step, list_of, place_of

_LONGEST = 8
"""Steps of a round that one can still read as one."""


def find_runs(steps: Sequence[Step], outputs: Sequence[Value]) -> tuple[Step | Run, ...]:
    """Give the steps of a module in run order, those that repeat as runs; `outputs` leave the module."""
    return _Finder(tuple(steps), tuple(outputs)).parts()


@dataclass(frozen=True, slots=True)
class _Found:
    """A run and the steps that it stands for, from a first to before an end."""

    run: Run
    first: int
    end: int


class _Finder:
    """The steps of one module, and who takes what."""

    def __init__(self, steps: tuple[Step, ...], outputs: tuple[Value, ...]) -> None:
        self._steps = steps
        self._takers: dict[int, set[int]] = defaultdict(set)
        for place, step in enumerate(steps):
            for value in step.inputs:
                self._takers[value.id].add(place)
        for value in outputs:
            self._takers[value.id].add(len(steps))
        self._lengths = Counter(filter(None, map(list_of, steps)))
        self._found: list[_Found] = []

    def parts(self) -> tuple[Step | Run, ...]:
        """Find all runs and give what stands between them, too."""
        first = 0
        while first < len(self._steps):
            found = self._dense(first) or self._chain(first) or self._loop(first)
            if found is not None:
                self._found.append(found)
            first = found.end if found else first + 1
        while wrong := [found for found in self._found if not self._holds(found)]:
            self._found = [found for found in self._found if found not in wrong]
        return tuple(self._parts())

    def _parts(self) -> Iterator[Step | Run]:
        at = {found.first: found for found in self._found}
        place = 0
        while place < len(self._steps):
            found = at.get(place)
            yield found.run if found else self._steps[place]
            place = found.end if found else place + 1

    def _begins(self, first: int) -> str:
        """Give the list of several items that begins with a step; empty if none does."""
        found = place_of(self._steps[first])
        return found[0] if found and found[1] == 0 and self._lengths[found[0]] > 1 else ""

    # Chains

    def _chain(self, first: int) -> _Found | None:
        name = self._begins(first)
        end = first + self._lengths[name] if name else first
        steps = self._steps[first:end]
        if not name or any(len(step.inputs) != 1 for step in steps):
            return None
        for number, (step, place) in enumerate(zip(steps, range(first, end), strict=False)):
            on = number == 0 or (step.inputs[0] == steps[number - 1].output and self._alone(place - 1, {place}))
            if place_of(step) != (name, number) or not on:
                return None
        rounds = tuple((step,) for step in steps)
        return _Found(Run("chain", rounds, (name,), steps[0].inputs, steps[-1].output), first, end)

    def _alone(self, place: int, takers: set[int]) -> bool:
        """Say whether nobody but these takes what a step gives."""
        return self._takers[self._steps[place].output.id] <= takers

    # Dense runs

    def _dense(self, first: int) -> _Found | None:
        name = self._begins(first)
        if not name or len(self._steps[first].inputs) != 1:
            return None
        maps, layers, place = [self._steps[first].inputs[0]], [first], first + 1
        while len(layers) < self._lengths[name]:
            maps.append(self._steps[layers[-1]].output)
            if not self._goes_on(place, maps, (name, len(layers))):
                return None
            layers.append(place + 1)
            place += 2
        maps.append(self._steps[layers[-1]].output)
        gives = self._given(place, maps)
        end = place if gives == "last" else place + 1
        inside = set(range(first, end))
        if not all(self._alone(layer, inside) for layer in layers[:-1]):
            return None
        rounds = tuple((self._steps[layer],) for layer in layers)
        output = self._steps[end - 1].output
        return _Found(Run("dense", rounds, (name,), (maps[0],), output, gives=gives), first, end)

    def _goes_on(self, place: int, maps: list[Value], item: tuple[str, int]) -> bool:
        """Say whether an item of the list alone takes all maps so far: `layers[1](torch.cat([x, y]))`."""
        if place + 1 >= len(self._steps):
            return False
        concat, layer = self._steps[place : place + 2]
        stacked = _stacks(concat, maps) and self._alone(place, {place + 1})
        return stacked and place_of(layer) == item and layer.inputs == (concat.output,)

    def _given(self, place: int, maps: list[Value]) -> Literal["all", "new", "last"]:
        if place < len(self._steps):
            alone = self._alone(place - 1, {place})
            if alone and _stacks(self._steps[place], maps):
                return "all"
            if alone and _stacks(self._steps[place], maps[1:]):
                return "new"
        return "last"

    # Loops

    def _loop(self, first: int) -> _Found | None:
        for length in range(1, _LONGEST + 1):
            steps = self._steps[first : first + length]
            lists = [place[0] for place in map(place_of, steps) if place and place[1] == 0]
            counts = {self._lengths[name] for name in lists}
            if len(counts) != 1 or len(set(lists)) < len(lists) or counts == {1}:
                continue
            end = first + length * counts.pop()
            rounds = [self._steps[start : start + length] for start in range(first, end, length)]
            if end <= len(self._steps) and all(map(_Alike(steps), rounds, range(len(rounds)))):
                flow = _FlowFinder(rounds, self._found).flow()
                if flow is not None:
                    return self._looped(rounds, tuple(lists), flow, first)
        return None

    def _looped(
        self, rounds: list[tuple[Step, ...]], lists: tuple[str, ...], flow: _InFlow, first: int
    ) -> _Found | None:
        length = len(rounds[0])
        end = first + length * len(rounds)
        keeps: set[int] = set()
        for number, steps in enumerate(rounds):
            start = first + number * length
            for place, step in enumerate(steps):
                inside = set(range(start, start + length * (2 if place == length - 1 else 1)))
                outside = self._takers[step.output.id] - inside
                if outside and (place, number) != (length - 1, len(rounds) - 1):
                    keeps.add(place)
        run = Run(
            "loop", tuple(rounds), lists, flow.inputs, rounds[-1][-1].output, flow.flow, keeps=tuple(sorted(keeps))
        )
        return _Found(run, first, end)

    def _holds(self, found: _Found) -> bool:
        """Say whether a loop finds what it takes back, and a later loop takes back all that it keeps.

        Example: the way up of an inner U takes the maps that the way down kept; neither can be a loop alone.
        """
        run = found.run
        if run.form != "loop":
            return True
        loops = {other.run.lists[0]: other for other in self._found if other.run.form == "loop"}
        if any(source.list not in loops for source in run.taken_back):
            return False
        return all(self._is_taken_back(found, place, list(loops.values())) for place in run.keeps)

    def _is_taken_back(self, found: _Found, place: int, loops: list[_Found]) -> bool:
        source = Source("kept", place, found.run.lists[0])
        takers = [other for other in loops if source in other.run.taken_back]
        if len(takers) != 1:
            return False
        allowed = set(range(found.first, found.end)) | set(range(takers[0].first, takers[0].end))
        kept = [steps[place].output for steps in found.run.rounds]
        # What the loop gives in the end has a variable, so anybody may take it.
        return all(self._takers[value.id] <= allowed for value in kept if value != found.run.output)


def _stacks(step: Step, maps: Sequence[Value]) -> bool:
    return isinstance(step, Leaf) and isinstance(step.node.op, ops.Concat) and step.inputs == tuple(maps)


class _Alike:
    """Says whether a round does what the first one does, with the next items of the same lists.

    Example: `pools[1](convs[1](x))` does what `pools[0](convs[0](x))` does. What is no item must be an equal op.
    """

    def __init__(self, first: Sequence[Step]) -> None:
        self._first = first

    def __call__(self, steps: Sequence[Step], number: int) -> bool:
        return all(_alike(one, other, number) for one, other in zip(self._first, steps, strict=True))


def _alike(first: Step, step: Step, number: int) -> bool:
    if place := place_of(first):
        return place_of(step) == (place[0], number)
    if not isinstance(first, Leaf) or not isinstance(step, Leaf):
        return False
    return first.node.op == step.node.op and not is_module(first.node.op)


@dataclass(frozen=True, slots=True)
class _InFlow:
    """The flow of a round, and what comes in from outside."""

    flow: Flow
    inputs: tuple[Value, ...]


class _FlowFinder:
    """Looks for one flow that is true of all rounds."""

    def __init__(self, rounds: Sequence[tuple[Step, ...]], before: Sequence[_Found]) -> None:
        self._rounds = rounds
        self._given = {step.output.id: (n, p) for n, steps in enumerate(rounds) for p, step in enumerate(steps)}
        self._kept = {
            step.output.id: (found.run.lists[0], len(found.run.rounds) - 1 - number, place)
            for found in before
            if found.run.form == "loop" and len(found.run.rounds) == len(rounds)
            for number, steps in enumerate(found.run.rounds)
            for place, step in enumerate(steps)
        }
        self._inputs: list[Value] = []

    def flow(self) -> _InFlow | None:
        """Give the flow, None if there is none; one map alone goes from round to round, given by the last step."""
        first, *_ = self._rounds
        starts = [
            step.inputs[at]
            for place, step in enumerate(first)
            for at in range(len(step.inputs))
            if self._is_before(place, at)
        ]
        if len(set(starts)) != 1:
            return None
        self._inputs = [starts[0]]
        flow: list[tuple[Source, ...]] = []
        for place, step in enumerate(first):
            sources = [self._source(place, at) for at in range(len(step.inputs))]
            known = tuple(source for source in sources if source is not None)
            if len(known) < len(sources):
                return None
            flow.append(known)
        return _InFlow(tuple(flow), tuple(self._inputs))

    def _values(self, place: int, at: int) -> list[Value]:
        return [steps[place].inputs[at] for steps in self._rounds]

    def _is_before(self, place: int, at: int) -> bool:
        """Say whether an input is what the round before gave in the end."""
        last = len(self._rounds[0]) - 1
        first, *others = self._values(place, at)
        goes_on = all(self._given.get(value.id) == (n, last) for n, value in enumerate(others))
        return goes_on and first.id not in self._given

    def _source(self, place: int, at: int) -> Source | None:
        values = self._values(place, at)
        if self._is_before(place, at):
            return Source("before")
        inside = {self._given.get(value.id, (-1, -1))[1] for value in values}
        own = all(self._given.get(value.id, (-1, -1))[0] == number for number, value in enumerate(values))
        if own and len(inside) == 1:
            return Source("place", inside.pop())
        if len(set(values)) == 1 and values[0].id not in self._given:
            if values[0] not in self._inputs[1:]:
                self._inputs.append(values[0])
            return Source("input", self._inputs.index(values[0], 1))
        kept = [self._kept.get(value.id) for value in values]
        names = {(one[0], one[2]) for one in kept if one}
        if len(names) == 1 and [one[1] if one else -1 for one in kept] == list(range(len(kept))):
            name, kept_place = names.pop()
            return Source("kept", kept_place, name)
        return None
