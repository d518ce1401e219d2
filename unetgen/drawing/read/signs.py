"""Signs of one text and several meanings, told apart; and what is told together of several signs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from unetgen.drawing.model.figure import Badge, Figure
from unetgen.drawing.read.words import counted_together, lettered, one_text, said_together, without_numbers

_Sign = tuple[str, str]
"""A text and its meaning."""


def with_distinct_signs(figure: Figure) -> Figure:
    """Tell signs of one text and several meanings apart by letters; the most frequent meaning has none.

    What differs in less is one meaning: where a norm has as many groups as channels, each level has another number of
    groups, and a stage of residual blocks may have a convolution on one of its shortcuts or none.
    """
    badges = [badge for link in figure.links for badge in link.badges]
    meanings = _common_meanings(badges)
    counted: dict[str, Counter[str]] = {}
    for badge in badges:
        counted.setdefault(badge.text, Counter())[meanings[badge]] += 1
    # What stands in one row of the legend is counted together: of `res ×3`, that which is like `res ×4` has no letter.
    rows_of = Counter(_alike(badge.text, meanings[badge]) for badge in badges)
    texts = {
        (text, meaning): lettered(text, number)
        for text, found in counted.items()
        for number, (meaning, _) in enumerate(
            sorted(found.most_common(), key=lambda pair: -rows_of[_alike(text, pair[0])])
        )
    }
    rows = _rows(texts)

    def named(badge: Badge) -> Badge:
        sign = badge.text, meanings[badge]
        row, meaning = rows[sign]
        return replace(badge, text=texts[sign], meaning=meaning, family=without_numbers(badge.text), row=row)

    links = (replace(link, badges=tuple(map(named, link.badges))) for link in figure.links)
    return Figure(figure.items, tuple(links))


def with_second_look(figure: Figure) -> Figure:
    """Give the units that are the second most frequent kind a look of their own: it says more than a letter.

    Example: `conv 3×3, batch norm, ReLU` along all rows, and `conv 3×3, batch norm` in front of every sum.
    """
    kinds = Counter(link.text for link in figure.links if link.kind == "conv" and link.text)
    if len(kinds) < 2:
        return figure
    (_, _), (second, _), *_ = kinds.most_common()
    return replace(
        figure,
        links=tuple(
            replace(link, dashed=True) if link.kind == "conv" and link.text == second else link for link in figure.links
        ),
    )


def _common_meanings(badges: Sequence[Badge]) -> dict[Badge, str]:
    """Give the meaning of each sign, for all that are one meaning."""
    kinds: dict[tuple[str, str], list[Badge]] = {}
    for badge in badges:
        kinds.setdefault((badge.text, badge.alike), []).append(badge)
    found = {}
    for same in kinds.values():
        texts = said_together(dict.fromkeys(badge.meaning for badge in same))
        shortcuts = on_shortcuts([badge.shortcut.text for badge in same])
        for badge in same:
            found[badge] = "; ".join(filter(None, (texts[badge.meaning], shortcuts)))
    return found


def _rows(texts: Mapping[_Sign, str]) -> dict[_Sign, tuple[str, str]]:
    """Give the sign that stands for each sign in the legend, with its meaning: one for all that differ in numbers."""
    alike: dict[_Sign, list[_Sign]] = {}
    for text, meaning in texts:
        alike.setdefault(_alike(text, meaning), []).append((text, meaning))
    rows: dict[_Sign, tuple[str, str]] = {}
    for same in alike.values():
        # Signs of one text that differ in a number, such as that of a kernel, have letters: they stay apart.
        is_one = len(same) > 1 and len({text for text, _ in same}) == len(same)
        rows |= dict.fromkeys(same, counted_together(dict(same))) if is_one else {s: (texts[s], s[1]) for s in same}
    return rows


def _alike(text: str, meaning: str) -> _Sign:
    """Give what a sign has in common with those that differ from it in numbers alone."""
    return without_numbers(text), without_numbers(meaning)


def on_shortcuts(shortcuts: Iterable[str]) -> str:
    """Say what several things do on their shortcuts, where some of them may do nothing."""
    found = tuple(shortcuts)
    texts = one_text(tuple(dict.fromkeys(filter(None, found))))
    some = "some shortcuts" if not all(found) or len(texts) > 1 else "shortcut"
    return f"{some}: {' or '.join(texts)}" if texts else ""
