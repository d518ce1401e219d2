"""PDF: vectors and text, one page of the drawing's size, faces inside, no date."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.drawing_samples import NASTY, SAMPLES, drawn, sample
from tests.needed import package, program
from unetgen.drawing import draw_network
from unetgen.drawing.write.faces import drawable
from unetgen.drawing.write.pdf import write_pdf
from unetgen.source.problem import MissingTool

SAVE = "import sys, unetgen; unetgen.draw('unet-2015').save(sys.argv[1])"


@pytest.fixture(autouse=True)
def reportlab() -> None:
    package("reportlab")


def test_the_page_is_as_large_as_the_drawing() -> None:
    drawing = drawn("paper")
    assert f"/MediaBox [ 0 0 {drawing.width:g} {drawing.height:g} ]".encode() in write_pdf(drawing)


def test_every_face_is_inside() -> None:
    names = re.findall(rb"/BaseFont /(\S+)", write_pdf(drawn("paper")))
    assert {name.partition(b"+")[2] for name in names} == {b"UnetgenSans", b"UnetgenSans-Bold"}


def test_there_is_no_date_but_a_fixed_one() -> None:
    pdf = write_pdf(drawn("paper"))
    assert set(re.findall(rb"Date \((D:\d{14})", pdf)) == {b"D:20000101000000"}


def test_the_file_is_the_same_in_every_process(tmp_path: Path) -> None:
    found = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.pdf"
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])}
        subprocess.run([sys.executable, "-c", SAVE, str(path)], env=environment, check=True)
        found.append(path.read_bytes())
    assert found[0] == found[1]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_drawn(name: str) -> None:
    assert write_pdf(drawn(name)).startswith(b"%PDF-")


@pytest.mark.parametrize("nasty", NASTY)
def test_words_can_be_read_out_of_the_file(nasty: str) -> None:
    reader = program("pdftotext")
    drawing = draw_network(replace(sample("depth 1"), name=nasty, reference=nasty))
    done = subprocess.run([reader, "-", "-"], input=write_pdf(drawing), capture_output=True, check=True)
    wanted = drawable(nasty).replace("😀", "")  # emoji are shapes
    assert done.stdout.decode().replace("\n", " ").count(" ".join(wanted.split())) >= 2


def test_what_is_missing_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reportlab.pdfgen.canvas", None)
    with pytest.raises(MissingTool, match=r"without reportlab: `pip install 'unetgen\[pdf\]'`; .*--renderer graphviz"):
        write_pdf(drawn("depth 1"))
