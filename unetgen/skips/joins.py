"""The list of joins."""

from __future__ import annotations

from unetgen.skips.add import AddJoin
from unetgen.skips.base import Join
from unetgen.skips.concat import ConcatJoin
from unetgen.skips.none import NoJoin

__all__ = ["JOINS"]

JOINS: tuple[type[Join], ...] = (
    ConcatJoin,
    AddJoin,
    NoJoin,
)
