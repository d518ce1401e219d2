"""The registry of findings: what `unetgen explain CODE` prints. One file per block of codes; a new code is one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from unetgen.source.diagnostics.codes import budget, combination, expectation, language, size, yaml
from unetgen.source.diagnostics.codes.info import CodeInfo, Kind

__all__ = ["CODES", "CodeInfo", "Kind"]

CODES: Final[Mapping[str, CodeInfo]] = {
    row.code: row
    for row in (
        *yaml.ROWS,  # U0xx: the text and its YAML
        *language.ROWS,  # U1xx: keys, types, ranges, lengths
        *combination.ROWS,  # U2xx: options that do not go together
        *size.ROWS,  # U3xx: sizes and shapes
        *expectation.ROWS,  # U4xx: what `expect` promises
        *budget.ROWS,  # U5xx: more than we agree to work on
    )
}
