"""Graphviz as the renderer: `dot` reads our DOT file, and we write what it gives."""

from __future__ import annotations

import os
import re
import shutil
from typing import Final

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.write.dot import write_dot
from unetgen.drawing.write.png import SCALE, check_scale
from unetgen.source.problem import MissingTool

SECONDS: Final = 120
"""More than the largest drawing takes by far."""
WAYS_OUT: Final = (
    "install it: `apt-get install graphviz`, `brew install graphviz`, `conda install graphviz`",
    "or leave out `--renderer graphviz`",
)
DATE: Final = re.compile(rb"(?<=/CreationDate \(D:)\d{14}")


def render_svg(drawing: Picture) -> bytes:
    """Let `dot` draw SVG.

    Raises:
        MissingTool: There is no `dot`, or it fails.
    """
    return _run(drawing, "svg")


def render_png(drawing: Picture, *, scale: float = SCALE) -> bytes:
    """Let `dot` draw PNG, `scale` pixels per point; raises as `write_png` does."""
    check_scale(drawing, scale)
    return _run(drawing, "png", f"-Gdpi={72 * scale:g}")


def render_pdf(drawing: Picture) -> bytes:
    """Let `dot` draw PDF; the date in it is set to 1 January 2000, so that the file is always the same."""
    return DATE.sub(b"20000101000000", _run(drawing, "pdf"))


def _run(drawing: Picture, form: str, *options: str) -> bytes:
    import subprocess  # costs 10 ms: whoever draws without Graphviz does not pay for it

    # Neither by `-o`, which says nothing of a full disk, nor by a file that another might read meanwhile.
    program = shutil.which("dot")
    if program is None:
        raise MissingTool("cannot find `dot`, the program of Graphviz", *WAYS_OUT)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "946684800"}
    command = [program, f"-T{form}", *options]
    text = write_dot(drawing).encode()
    done = subprocess.run(command, input=text, capture_output=True, check=False, env=environment, timeout=SECONDS)
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise MissingTool(f"`dot` cannot draw {form.upper()}: {said[0]}", *WAYS_OUT)
    return done.stdout
