"""U0xx: the text and its YAML."""

from __future__ import annotations

from typing import Final

from unetgen.diagnostics.codes.info import CodeInfo

ROWS: Final[tuple[CodeInfo, ...]] = (
    CodeInfo("U001", "the spec is too large", "", kind="limit"),
    CodeInfo("U002", "the spec is not UTF-8 text", ""),
    CodeInfo("U003", "a hidden character", ""),
    CodeInfo("U004", "the text is not YAML", ""),
    CodeInfo("U005", "the spec is empty", ""),
    CodeInfo("U006", "the top level is not a mapping", ""),
    CodeInfo("U007", "more than one YAML document", ""),
    CodeInfo("U008", "a YAML directive", ""),
    CodeInfo("U009", "a YAML tag", ""),
    CodeInfo("U010", "a YAML anchor or alias", ""),
    CodeInfo("U011", "a YAML merge key", ""),
    CodeInfo("U012", "a key is written twice", ""),
    CodeInfo("U013", "an ambiguous value", ""),
    CodeInfo("U014", "a key is not a word", ""),
    CodeInfo("U015", "nested too deeply", "", kind="limit"),
    CodeInfo("U016", "too many values", "", kind="limit"),
    CodeInfo("U017", "a value is too long", "", kind="limit"),
    CodeInfo("U018", "an integer is too long", "", kind="limit"),
    CodeInfo("U019", "a number is not finite", ""),
)
