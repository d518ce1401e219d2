"""U5xx: more than we agree to work on."""

from __future__ import annotations

from typing import Final

from unetgen.source.diagnostics.codes.info import CodeInfo

_WHY = """A spec of a few lines can ask for a network that no machine holds. The limits are far above every published
network; they keep a slip of the keyboard, or a spec from a stranger, from exhausting the machine."""

ROWS: Final[tuple[CodeInfo, ...]] = (
    CodeInfo("U501", "too many nodes", _WHY, kind="limit"),
    CodeInfo("U502", "too many parameters", _WHY, kind="limit"),
    CodeInfo("U503", "a feature map that is too large", _WHY, kind="limit"),
    CodeInfo("U504", "legal input sizes that lie too far apart", _WHY, kind="limit"),
)
