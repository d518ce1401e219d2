"""Signs of one text and several meanings, told apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from unetgen.drawing.model.figure import Badge, Figure
from unetgen.drawing.read.words import lettered, said_together


def with_distinct_signs(figure: Figure) -> Figure:
    """Tell signs of one text and several meanings apart by letters; the most frequent meaning has none.

    Where a norm has as many groups as channels, each level has another number of groups: that is one meaning.
    """
    badges = [badge for link in figure.links for badge in link.badges]
    kinds: dict[str, dict[str, None]] = {}
    for badge in badges:
        kinds.setdefault(badge.alike, {})[badge.meaning] = None
    common = {meaning: text for same in kinds.values() for meaning, text in said_together(same).items()}
    counted: dict[str, Counter[str]] = {}
    for badge in badges:
        counted.setdefault(badge.text, Counter())[common[badge.meaning]] += 1
    texts = {
        (text, meaning): lettered(text, number)
        for text, meanings in counted.items()
        for number, (meaning, _) in enumerate(meanings.most_common())
    }

    def named(badge: Badge) -> Badge:
        meaning = common[badge.meaning]
        return replace(badge, text=texts[badge.text, meaning], meaning=meaning)

    links = (replace(link, badges=tuple(map(named, link.badges))) for link in figure.links)
    return Figure(figure.items, tuple(links))
