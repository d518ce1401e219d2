"""Where lines of emitted docstrings break."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from unetgen.backends.torch_source.layout import WIDTH
from unetgen.backends.torch_source.text import docstring


@given(st.lists(st.lists(st.integers(1, 4096), min_size=2, max_size=4), min_size=1, max_size=9))
def test_lines_of_a_docstring_break_between_shapes_only(shapes: list[list[int]]) -> None:
    said = " and ".join(" x ".join(map(str, shape)) for shape in shapes)
    lines = docstring((("Output", said),), 4)
    assert not any(line.lstrip().startswith("x ") or line.endswith(" x") for line in lines)
    assert max(map(len, lines)) <= WIDTH
    assert said in " ".join(map(str.strip, lines))
