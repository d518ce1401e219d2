"""U1xx: keys, types, ranges and lengths."""

from __future__ import annotations

from typing import Final

from unetgen.diagnostics.codes.info import CodeInfo

ROWS: Final[tuple[CodeInfo, ...]] = (
    CodeInfo("U101", "an unknown key", ""),
    CodeInfo("U102", "a key in the wrong place", ""),
    CodeInfo("U103", "a key is missing", ""),
    CodeInfo("U104", "a value of the wrong type", ""),
    CodeInfo("U105", "a value that is not in the catalogue", ""),
    CodeInfo("U106", "a number out of range", ""),
    CodeInfo("U107", "a list or text of the wrong length", ""),
    CodeInfo("U108", "text of the wrong form", ""),
    CodeInfo("U109", "a value that does not fit", ""),
)
