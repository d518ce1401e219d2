"""The list of joins."""

from __future__ import annotations

from unetgen.parts.skips.add import AddJoin
from unetgen.parts.skips.base import Join
from unetgen.parts.skips.concat import ConcatJoin
from unetgen.parts.skips.none import NoJoin

JOINS: tuple[type[Join], ...] = (
    ConcatJoin,
    AddJoin,
    NoJoin,
)
