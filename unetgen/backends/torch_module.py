"""Emitted source -> a live module: the text that was written is the text that runs.

The text is executed as a module of Python under a name of its own, and registered with `linecache`, so that tracebacks,
debuggers and `inspect.getsource` show it. Instances carry the text along when they are pickled or copied: another
process that has unetgen loads them without any file.
"""

from __future__ import annotations

import ast
import hashlib
import linecache
import sys
from types import ModuleType
from typing import Final

from torch import nn

_PREFIX: Final = "unetgen_emitted_"
"""In front of the name of each module that holds emitted source; what follows is a digest of the source."""


def load_module(source: str) -> nn.Module:
    """Execute emitted source and give an instance of the network's class, with fresh weights.

    Weights come from torch's global random numbers, as for any module: `torch.manual_seed` makes them repeatable. Under
    `with torch.device("meta")` nothing is allocated or drawn.

    Args:
        source: What `emit_source` gave; the class of the network is its last one.
    """
    *_, last = (node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    module: nn.Module = vars(_executed(source))[last]()
    return module


def _executed(source: str) -> ModuleType:
    """Give the module of Python that holds a source; the same one for the same source, so that classes are the same."""
    name = _PREFIX + hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    if name not in sys.modules:
        sys.modules[name] = _execute(source, name)
    return sys.modules[name]


def _execute(source: str, name: str) -> ModuleType:
    text = ModuleType(name)
    text.__file__ = filename = f"<{name}>"
    # No time of change: `linecache` then never looks for a file and keeps the entry.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), vars(text))
    for kind in vars(text).values():
        if isinstance(kind, type) and issubclass(kind, nn.Module) and kind.__module__ == name:
            kind.__reduce_ex__ = _reduce  # type: ignore[method-assign, assignment]  # for this class alone
    text.__dict__["__unetgen_source__"] = source
    return text


def _reduce(module: nn.Module, protocol: int) -> tuple[object, ...]:
    """Reduce an instance of an emitted class, the whole network or a part of it, to its source and its state."""
    kind = type(module)
    source = vars(sys.modules[kind.__module__])["__unetgen_source__"]
    return (_blank, (source, kind.__qualname__), vars(module).copy())


def _blank(source: str, class_name: str) -> nn.Module:
    """Give an instance of an emitted class before its state is put in; draws no weights."""
    kind = vars(_executed(source))[class_name]
    module: nn.Module = kind.__new__(kind)
    return module
