"""Words and numbers of a network as Python text: literals, identifiers, docstrings that nothing can break out of."""

from __future__ import annotations

import re
import textwrap
from keyword import iskeyword

from unetgen.backends.torch_source.layout import WIDTH
from unetgen.source.diagnostics import InternalError

IMPORTED = ("F", "Tensor", "nn", "torch")
"""What the emitted file imports, under these names."""
_TIMES = "\N{NO-BREAK SPACE}x\N{NO-BREAK SPACE}"
"""What ` x ` is while lines are broken; no such space is left in a text that is `printable`."""
Number = int | float | tuple[int, ...]
"""What a torch constructor takes; a tuple has one number per spatial axis."""


def literal(value: Number | str | bool) -> str:
    """Write a value as Python does, strings with double quotes.

    Example:
        >>> literal((1, 2, 2)), literal(1e-05), literal("reflect"), literal((2,))
        ('(1, 2, 2)', '1e-05', '"reflect"', '(2,)')
    """
    return f'"{identifier(value)}"' if isinstance(value, str) else repr(value)


def identifier(name: str) -> str:
    """Give the name back if it can be a name in Python.

    Raises:
        InternalError: It cannot.
    """
    if not name.isascii() or not name.isidentifier() or iskeyword(name):
        raise InternalError(f"{name!r} cannot be a name in Python")
    return name


def constant(name: str, text: str) -> tuple[str, ...]:
    r"""Write a text of whole lines as a constant whose lines are lines of the file.

    Nothing in the text can end it, and what cannot be seen is written as an escape.

    Example:
        >>> constant("SPEC", 'name: small\nnotes: "a\\tb"\n')[1:-1]
        ('name: small', 'notes: "a\\\\tb"')
        >>> constant("SPEC", 3 * '"' + "\n")[1]
        '\\"\\"\\"'
    """
    lines = map(_shown, text.split("\n")[:-1])
    safe = (line.replace('"', r"\"") if '"""' in line else line for line in lines)
    return (f'{name} = """\\', *safe, '"""')


def docstring(paragraphs: tuple[tuple[str, ...], ...], indent: int = 0) -> tuple[str, ...]:
    """Write a docstring of paragraphs, each of one or more lines; lines that are too long are wrapped.

    Example:
        >>> print("\\n".join(docstring((("One.",), ("Two.", "Three.")))))
        \"\"\"One.
        <BLANKLINE>
        Two.
        Three.
        \"\"\"
    """
    escaped = [[_escape(line) for line in paragraph] for paragraph in paragraphs]
    escaped[0][0] = f'"""{escaped[0][0]}'
    # What is one line with its quotes stays one; the formatter takes no closing quotes of their own behind a single
    # line.
    width = WIDTH - 3 if len(paragraphs) == len(paragraphs[0]) == 1 else WIDTH
    lines: list[str] = []
    for paragraph in escaped:
        lines += ["", *(piece for line in paragraph for piece in _wrap(line, indent, width))]
    if len(lines) == 2:
        return (f'{lines[1]}"""',)
    return (*lines[1:], f'{" " * indent}"""')


def _wrap(paragraph: str, indent: int, width: int) -> list[str]:
    """Break a paragraph into lines between words; a shape such as `3 x 32 x 32` counts as one."""
    margin = " " * indent
    lines = textwrap.wrap(
        paragraph.replace(" x ", _TIMES), width, initial_indent=margin, subsequent_indent=margin,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace(_TIMES, " x ") for line in lines]


def _escape(text: str) -> str:
    """Make text safe between triple quotes: no quote of three, no lone backslash, nothing invisible.

    Example:
        >>> print(_escape('a\\\\b, say ""\"no""\"'))
        a\\\\b, say \\"\\"\\"no\\"\\"\\"
    """
    text = printable(text)
    if '"""' in text:
        return text.replace('"', r"\"")
    return re.sub(r'^"|"$', r"\"", text)


def printable(text: str) -> str:
    """Collapse white space and write backslashes and invisible characters as escapes.

    Example:
        >>> printable("a\\u202eb \\n c")
        'a\\\\u202eb c'
    """
    return _shown(" ".join(text.split()))


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode("ascii") for c in text)
