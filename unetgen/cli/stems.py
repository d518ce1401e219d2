"""What the files of a network are called: always a name that Python can import, beside whatever else it imports."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from keyword import iskeyword
from typing import Final

_OTHERS: Final = frozenset(
    {
        "filelock", "fsspec", "functorch", "jinja2", "networkx", "numpy", "setuptools", "sitecustomize", "sympy",
        "torch", "torchgen", "triton", "typing_extensions", "unetgen", "usercustomize",
    }
)  # fmt: skip
"""What a script that uses a network imports, by way of torch as a rule: a file of that name beside it would hide it."""
_DEVICES: Final = frozenset(
    {"aux", "con", "nul", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
"""What Windows takes for a device, whatever the ending and however it is written."""


@dataclass(frozen=True, slots=True)
class Stem:
    """What the files of a network are called, without their endings.

    Args:
        text: A name of a module in Python.
        reason: Why it is not simply the network's own name; empty where it is, but for `_` in place of `-`.
    """

    text: str
    reason: str = ""


def stem_of(name: str) -> Stem:
    """Make a name for files of the name of a network.

    Example:
        >>> stem_of("unet-2015").text, stem_of("torch").text, stem_of("class").text, stem_of("Con").text
        ('unet_2015', 'torch_net', 'class_net', 'Con_net')
        >>> stem_of("random").reason
        'random.py would hide a module of Python'
    """
    text = name.replace("-", "_")
    reason = _why_not(text)
    return Stem(f"{text}_net", reason) if reason else Stem(text)


def _why_not(text: str) -> str:
    if iskeyword(text):
        return f"{text} is a word of Python, which cannot be imported"
    if text in sys.stdlib_module_names:
        return f"{text}.py would hide a module of Python"
    if text in _OTHERS:
        return f"{text}.py would hide the package {text}"
    return f"Windows has no files called {text}" if text.lower() in _DEVICES else ""
