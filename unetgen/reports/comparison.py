"""What differs between two specs: options of their normal forms, regions, counts and sizes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from unetgen.analyses.op_names import axes_text
from unetgen.compiler.forms import NormalForm
from unetgen.ir import Network
from unetgen.reports import RegionSummary, summarize_network
from unetgen.reports.costs import exact
from unetgen.source.text import SpecPath

Setting = str | int | float | bool | tuple[object, ...] | None
_STAGES = ("encoder", "decoder", "downsample", "upsample", "skip")
_SAID = ("what", "output_shape", "params")
"""What a person reads about a region that differs, as far as it does."""
_TITLES = ("name", "reference", "notes", "expect")
"""What a spec says of itself: it differs between any two specs and changes no network."""


@dataclass(frozen=True, slots=True)
class Change:
    """One option that differs: where it stands (all places that change alike), and its value before and after.

    A place is a section and perhaps a level, `("encoder", 0)` or `("head",)`; empty for what the whole spec says. A
    value is None where the other spec has no such option or no such level.
    """

    option: str
    places: tuple[SpecPath, ...]
    before: Setting
    after: Setting


@dataclass(frozen=True, slots=True)
class RegionChange:
    """One region that differs; `before` or `after` is None where only one network has it."""

    path: str
    before: RegionSummary | None
    after: RegionSummary | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two specs; `counts` holds (name, before, after), equal ones included."""

    names: tuple[str, str]
    options: tuple[Change, ...]
    regions: tuple[RegionChange, ...]
    counts: tuple[tuple[str, str, str], ...]

    @property
    def same(self) -> bool:
        """Whether both specs say the same network, whatever they call it."""
        return not self.options and not self.regions and all(a == b for _, a, b in self.counts)

    def to_text(self) -> str:
        """Say it in lines for a person."""
        return "\n".join(_lines(self)) + "\n"

    def to_json(self) -> str:
        """Write it as JSON; ends in a line break."""
        options = [
            {"option": c.option, "places": list(map(_dotted, c.places)), "before": c.before, "after": c.after}
            for c in self.options
        ]
        regions = [{"path": r.path, "before": _region(r.before), "after": _region(r.after)} for r in self.regions]
        counts = {name: {"before": a, "after": b} for name, a, b in self.counts}
        whole = {"names": self.names, "same": self.same, "options": options, "regions": regions, "counts": counts}
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def compare_networks(before: tuple[NormalForm, Network], after: tuple[NormalForm, Network]) -> Comparison:
    """Compare two compiled specs."""
    one, other = summarize_network(before[1]), summarize_network(after[1])
    counts = (
        ("parameters", exact(one.params), exact(other.params)),
        ("MACs", exact(one.macs), exact(other.macs)),
        ("input", axes_text(one.input_shape), axes_text(other.input_shape)),
        ("output", axes_text(one.output_shape), axes_text(other.output_shape)),
        ("legal sizes", one.sizes.describe(), other.sizes.describe()),
    )
    return Comparison(
        names=(one.name, other.name),
        options=_options(before[0], after[0]),
        regions=tuple(_regions(one.stages, other.stages)),
        counts=counts,
    )


def _options(before: NormalForm, after: NormalForm) -> tuple[Change, ...]:
    one, other = dict(_leaves(before.to_plain(), ())), dict(_leaves(after.to_plain(), ()))
    found: dict[str, dict[tuple[str, str], Change]] = {}
    for path in dict.fromkeys((*one, *other)):
        values = one.get(path), other.get(path)
        if values[0] != values[1] and not _told_above(path, one, other):
            place, option = _split(path)
            alike, kind = found.setdefault(option, {}), (repr(values[0]), repr(values[1]))
            known = alike.get(kind, Change(option, (), *values))
            alike[kind] = replace(known, places=(*known.places, place))
    return tuple(alike[kind] for alike in found.values() for kind in sorted(alike))


def _told_above(path: SpecPath, one: Mapping[SpecPath, Setting], other: Mapping[SpecPath, Setting]) -> bool:
    """Say whether a value differs only because something around it does: another word, or a level that is not there.

    Example: with `block: dense` in place of `residual`, options of residual blocks are gone, which goes without saying.
    """
    above = [path[:length] for length in range(1, len(path))]
    another_word = any(q in one and q in other and one[q] != other[q] for q in above)
    stage = path[:2] if len(path) > 1 and isinstance(path[1], int) else ()
    missing = bool(stage) and not (_has(one, stage) and _has(other, stage))
    return another_word or missing


def _has(leaves: Mapping[SpecPath, Setting], stage: SpecPath) -> bool:
    return any(path[: len(stage)] == stage for path in leaves)


def _leaves(value: object, path: SpecPath) -> Iterator[tuple[SpecPath, Setting]]:
    """Walk a spelled form down to its values.

    A list of numbers counts as one value, a list of stages does not; a word with options is the word and its options.
    """
    match value:
        case Mapping() if len(value) == 1 and path and isinstance(next(iter(value.values())), Mapping):
            (word, options), *_ = value.items()
            yield path, word
            for name, item in options.items():
                yield from _leaves(item, (*path, word, name))
        case Mapping():
            for name, item in value.items():
                if path or name not in _TITLES:
                    yield from _leaves(item, (*path, name))
        case list() if any(isinstance(item, Mapping) for item in value) or (len(path) == 1 and path[0] in _STAGES):
            for index, item in enumerate(value):
                yield from _leaves(item, (*path, index))
        case list():
            yield path, tuple(value)
        case None | str() | int() | float():
            yield path, value


def _split(path: SpecPath) -> tuple[SpecPath, str]:
    """Take the place out of a path: what is left is the option, which many stages may have in common."""
    if len(path) > 1 and isinstance(path[1], int):
        return path[:2], _dotted(path[2:] or path[:1])
    if len(path) > 1 and path[0] in ("stem", "bottleneck", "head"):
        return path[:1], _dotted(path[1:])
    return (), _dotted(path)


def _dotted(path: SpecPath) -> str:
    return ".".join(map(str, path))


def _regions(before: Sequence[RegionSummary], after: Sequence[RegionSummary]) -> Iterator[RegionChange]:
    one, other = {r.path: r for r in before}, {r.path: r for r in after}
    for path in dict.fromkeys((*one, *other)):
        if one.get(path) != other.get(path):
            yield RegionChange(path, one.get(path), other.get(path))


def _region(region: RegionSummary | None) -> dict[str, object] | None:
    if region is None:
        return None
    shape = {"output_shape": list(region.output_shape)}
    return {"what": region.what, **shape, "params": region.params, "macs": region.macs}


def _lines(found: Comparison) -> Iterator[str]:
    if found.same:
        yield f"{found.names[0]} and {found.names[1]} are the same network"
        return
    yield f"{found.names[0]} → {found.names[1]}"
    sections = {
        "options": [_option_row(change) for change in found.options],
        "regions": [_region_row(change) for change in found.regions],
        "counts": [(name, a, "=" if a == b else b) for name, a, b in found.counts],
    }
    for title, rows in sections.items():
        if rows:
            yield ""
            yield title
            yield from _table(rows)


def _option_row(change: Change) -> tuple[str, str, str]:
    places = ", ".join(_ranges(change.places))
    name = f"{change.option} ({places})" if places else change.option
    return name, _spelled(change.before), _spelled(change.after)


def _spelled(value: Setting) -> str:
    match value:
        case None:
            return "—"
        case bool():
            return str(value).lower()
        case tuple():
            return f"[{', '.join(map(str, value))}]"
    return str(value)


def _ranges(places: Sequence[SpecPath]) -> Iterator[str]:
    """Shorten neighbouring levels: `encoder.0`, `encoder.1`, `encoder.2` are `encoder.0-2`."""
    for section, items in groupby(places, key=lambda place: place[:1]):
        stages = list(items)
        levels = [level for stage in stages for level in stage if isinstance(level, int)]
        if len(levels) > 2 and levels == list(range(levels[0], levels[-1] + 1)):
            yield f"{_dotted(section)}.{levels[0]}-{levels[-1]}"
        else:
            yield from filter(None, map(_dotted, stages))


def _region_row(change: RegionChange) -> tuple[str, str, str]:
    one, other = change.before, change.after
    is_whole = one is None or other is None
    said = [name for name in _SAID if is_whole or getattr(one, name) != getattr(other, name)]
    return change.path, _parts(one, said), _parts(other, said)


def _parts(region: RegionSummary | None, names: Sequence[str]) -> str:
    if region is None:
        return "—"
    words = {
        "what": region.what,
        "output_shape": axes_text(region.output_shape),
        "params": f"{exact(region.params)} parameters",
    }
    return ", ".join(words[name] for name in names) or f"{exact(region.macs)} MACs"


def _table(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    name, before = (max(len(row[column]) for row in rows) for column in (0, 1))
    for row in rows:
        yield (
            f"  {row[0]:<{name}}  {row[1]:<{before}}  →  {row[2]}" if row[2] != "=" else f"  {row[0]:<{name}}  {row[1]}"
        )
