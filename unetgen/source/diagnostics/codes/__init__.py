"""The registry of findings: what `unetgen explain CODE` prints. A new code is one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from unetgen.source.diagnostics.codes import network, spec, yaml
from unetgen.source.diagnostics.model import CodeInfo

CODES: Final[Mapping[str, CodeInfo]] = {
    row.code: row
    for row in (
        *yaml.ROWS,  # U0xx: the text and its YAML
        *spec.ROWS,  # U1xx: keys, types, ranges, lengths; U2xx: options that do not go together
        *network.ROWS,  # U3xx: sizes and shapes; U4xx: what `expect` promises; U5xx: more than we agree to work on
    )
}
