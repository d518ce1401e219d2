"""The gallery: every network of the zoo with its figure, its numbers, and what it was proven equal to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import unetgen
from tools.pages.markdown import anchor, code, linked, listed, section, table
from tools.pages.proofs import Proof, proofs
from unetgen.language.zoo import ZooEntry, zoo_entries, zoo_source
from unetgen.reports import Summary
from unetgen.reports.costs import exact, short

__all__ = ["gallery_page", "unproven"]

_UNPROVEN = Path(__file__).parents[2] / "docs" / "unproven.md"


def gallery_page() -> str:
    """Make the page; ends in a line break."""
    entries = list(zoo_entries())
    head = ("network", "axes", "input", "output", "parameters", "MACs", "proof")
    overview = table(head, map(_row, entries))
    parts = [_INTRODUCTION.format(count=len(entries), proven=len(proofs())), overview, *map(_entry, entries)]
    return "\n\n".join(parts) + "\n"


_INTRODUCTION = """\
# The zoo

{count} networks, each one a short spec at the size it was published with. `unetgen build NAME` writes its source and
its picture, `unetgen summary NAME` its numbers, `unetgen init --from NAME` copies the spec, `extends: NAME` starts
another spec from it.

{proven} of them are proven: the spec, or one that extends it, gives the same numbers as the original implementation on
the same weights and the same input. *Bit for bit* means that every float32 number is the same one; otherwise the
largest difference in float64 is given, relative to the largest value. Where a proof ran with fewer channels or levels
than the network has, it says which keys it changed; `input_size` is not counted, since it is part of no module. For the
others, the reason why there is no proof stands where the proof would."""


def _row(entry: ZooEntry) -> tuple[str, ...]:
    found = unetgen.summarize(entry.name)
    shapes = f"{len(found.input_shape) - 1}D", _shape(found.input_shape), _shape(found.output_shape)
    name = f"[{entry.name}](#{anchor(entry.name)})"
    return name, *shapes, exact(found.params), short(found.macs), _in_a_word(entry.name)


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _in_a_word(name: str) -> str:
    """Give the proof that changes the least."""
    found = proofs().get(name, ())
    if not found:
        return "none"
    nearest = min(found, key=lambda proof: len(proof.changed))
    equal = "bit for bit" if nearest.bitwise else f"{nearest.float64:.0e} in float64"
    return f"{equal}, other {_keys(nearest, most=2)}" if nearest.changed else equal


def _keys(proof: Proof, most: int = 99) -> str:
    return listed([code(key) for key in proof.changed], most)


def _entry(entry: ZooEntry) -> str:
    found, spec = unetgen.summarize(entry.name), unetgen.load(entry.name)
    notes = (spec.notes,) if isinstance(spec.notes, str) else spec.notes or ()
    return section(
        entry.name,
        entry.about,
        f"![{entry.name}](figures/{entry.name}.svg)",
        "\n".join(f"* {line}" for line in (*_facts(entry, found), *map(linked, notes), *_proven(entry.name))),
        f"```yaml\n{_spec_text(entry.name)}```",
    )


def _facts(entry: ZooEntry, found: Summary) -> Iterator[str]:
    if entry.reference:
        yield f"paper: {linked(entry.reference)}"
    yield f"{_shape(found.input_shape)} → {_outputs(found)}"
    yield f"{exact(found.params)} parameters, {exact(found.macs)} MACs ({short(found.macs)})"
    output, training = found.sizes.describe_output(), found.sizes.describe_training()
    more = f"{output and f'; output size: {output}'}{training and f'; in training {training}'}"
    yield f"legal sizes: {found.sizes.describe()}{more}"


def _outputs(found: Summary) -> str:
    return ", ".join(map(_shape, dict.fromkeys((found.output_shape, *found.output_shapes))))


def _proven(name: str) -> Iterator[str]:
    found = proofs().get(name, ())
    if not found:
        yield f"no proof: {unproven()[name]}"
    for proof in found:
        others = f", with other {_keys(proof)}" if proof.changed else ""
        equal = "equal bit for bit" if proof.bitwise else f"equal up to rounding, {proof.float64:.0e} in float64"
        yield f"proof {code(proof.vector)}: {equal} to {proof.source}{others}"


def unproven() -> dict[str, str]:
    """Read why a network of the zoo has no proof from the page that lists them."""
    text = _UNPROVEN.read_text(encoding="utf-8").partition("## Of the zoo")[2]
    return dict(re.findall(r"^\* `([\w-]+)`: (.+)$", text, re.MULTILINE))


def _spec_text(name: str) -> str:
    return zoo_source(name).text.partition("\n")[2]
