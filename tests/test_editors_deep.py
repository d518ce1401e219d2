"""Programs that people change pictures with show them as we do: Inkscape, LibreOffice and draw.io, without a screen.

Faces differ from machine to machine, so pictures are compared coarsely: what is in every square of 12 by 12 points,
without a title, whose letters are large.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.drawing_samples import drawn, sample
from tests.needed import package, program
from unetgen.drawing import Drawing, DrawOptions, draw_network
from unetgen.drawing.write.png import write_png
from unetgen.drawing.write.writers import writer_for

pytestmark = pytest.mark.deep

NAMES = ("unet-2015", "unet-3d", "unetpp", "attention-unet")
SQUARE = 12
TYPICAL, MOST = 1.5, 60
"""How much grey of 255 squares may differ in the mean, and one of them: by letters of another face, not by a box."""
Show = Callable[[Drawing, Path], Path]


def in_inkscape(drawing: Drawing, folder: Path) -> Path:
    path = drawing_file(drawing, folder, "svg")
    run("inkscape", str(path), "--export-type=png", f"--export-filename={folder / 'shown.png'}", "--export-dpi=72")
    return folder / "shown.png"


def in_libreoffice(drawing: Drawing, folder: Path) -> Path:
    package("pptx")
    path = drawing_file(drawing, folder, "pptx")
    home = f"-env:UserInstallation=file://{folder / 'home'}"
    run("soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path))
    run("pdftoppm", "-r", "72", "-png", "-singlefile", str(path.with_suffix(".pdf")), str(folder / "shown"))
    return folder / "shown.png"


def in_drawio(drawing: Drawing, folder: Path) -> Path:
    path = drawing_file(drawing, folder, "drawio")
    run("drawio", "--export", "--format", "png", "--page-index", "1", "--output", str(folder / "shown.png"), str(path))
    return folder / "shown.png"


def drawing_file(drawing: Drawing, folder: Path, form: str) -> Path:
    path = folder / f"u.{form}"
    content = writer_for(path)(drawing)  # as large as it is: `save` would draw it for paper
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def run(name: str, *args: str) -> None:
    subprocess.run([program(name), *args], check=True, capture_output=True, timeout=300)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("show", [in_inkscape, in_libreoffice, in_drawio])
def test_an_editor_shows_what_we_draw(tmp_path: Path, show: Show, name: str) -> None:
    drawing = draw_network(sample(name), DrawOptions(style="figure"))
    shown = Image.open(show(drawing, tmp_path))
    own = Image.open(io.BytesIO(write_png(drawing, scale=1)))
    # draw.io leaves the margins of the page out.
    assert show is in_drawio or shown.size == pytest.approx(own.size, abs=1)
    apart = np.abs(coarse(shown.convert("L").resize(own.size)) - coarse(own.convert("L")))
    assert apart.mean() < TYPICAL and apart.max() < MOST, (apart.mean(), apart.max())


def coarse(image: Image.Image) -> NDArray[np.float64]:
    """Give how dark every square is."""
    pixels = np.asarray(image, dtype=float)
    rows, columns = (length // SQUARE for length in pixels.shape)
    squares = pixels[: rows * SQUARE, : columns * SQUARE].reshape(rows, SQUARE, columns, SQUARE)
    return np.asarray(squares.mean(axis=(1, 3)))


def test_inkscape_finds_things_by_the_names_of_the_network(tmp_path: Path) -> None:
    path = drawing_file(drawn("unet-2015"), tmp_path, "svg")
    done = subprocess.run([program("inkscape"), "--query-all", str(path)], check=True, capture_output=True, timeout=300)
    ids = {line.partition(",")[0] for line in done.stdout.decode().splitlines()}
    assert {"encoder.0.conv1", "down.0", "encoder.0.conv1-to-encoder.0.conv2", "legend"} <= ids
