"""U2xx: options that do not go together."""

from __future__ import annotations

from typing import Final

from unetgen.diagnostics.codes.info import CodeInfo

ROWS: Final[tuple[CodeInfo, ...]] = ()
