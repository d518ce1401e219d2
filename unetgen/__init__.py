"""unetgen: a U-Net in a few lines of YAML becomes a PyTorch module and a picture of the U.

Importing this package costs next to nothing: names are looked up when they are first used, and torch is imported
only by `build`, `export`, `transplant`, `verify`, and `draw` when it is given an image.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from unetgen.source.version import __version__ as __version__

if TYPE_CHECKING:
    from unetgen.api import (
        build,
        draw,
        draw_difference,
        emit,
        export,
        load,
        lower,
        normal_form,
        parse,
        rename_keys,
        summarize,
        valid_sizes,
    )
    from unetgen.drawing import Drawing
    from unetgen.ir import Network
    from unetgen.language.spec import Spec
    from unetgen.reports import Summary
    from unetgen.source.diagnostics import SpecError
    from unetgen.verification import Verification
    from unetgen.verification.proof import verify
    from unetgen.verification.transplant import transplant

__all__ = [
    "Drawing",
    "Network",
    "Spec",
    "SpecError",
    "Summary",
    "Verification",
    "build",
    "draw",
    "draw_difference",
    "emit",
    "export",
    "load",
    "lower",
    "normal_form",
    "parse",
    "rename_keys",
    "summarize",
    "transplant",
    "valid_sizes",
    "verify",
]

_ROOMS = {
    "Drawing": "unetgen.drawing",
    "Network": "unetgen.ir",
    "Spec": "unetgen.language.spec",
    "SpecError": "unetgen.source.diagnostics",
    "Summary": "unetgen.reports",
    "Verification": "unetgen.verification",
    "transplant": "unetgen.verification.transplant",
    "verify": "unetgen.verification.proof",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'unetgen' has no attribute {name!r}")
    return getattr(import_module(_ROOMS.get(name, "unetgen.api")), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
