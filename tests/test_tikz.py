"""TikZ: compiles with plain TeX, draws one page of the right size, and every string literally."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.drawing_samples import SAMPLES, drawn, sample
from tests.test_drawing_formats import NASTY
from unetgen.api import lower
from unetgen.drawing import Drawing, draw_network
from unetgen.drawing.tikz import write_tikz

TEX = [name for name in ("pdflatex", "lualatex") if shutil.which(name)]
NASTIER = ("50% $x_1$ #1 ~a^b", "a--b---c,,d", "?`!`", r"\input{x} \end{document}", "èçñÅłøß", "Ωж ∑ 🚀", "^^M")


def compile_tex(drawing: Drawing, folder: Path, engine: str = "pdflatex") -> bytes:
    """Compile without asking anything, and give the PDF; TeX must have nothing to complain of."""
    if engine not in TEX:
        pytest.skip(f"no {engine} on this machine: install TeX Live with its pictures (texlive-pictures)")
    (folder / "u.tex").write_text(write_tikz(drawing), encoding="utf-8")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "u.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
    log = (folder / "u.log").read_text("utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert "Missing character" not in log
    assert "Overfull" not in log
    return (folder / "u.pdf").read_bytes()


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_it_compiles_to_one_page_of_the_size_of_the_drawing(tmp_path: Path, engine: str) -> None:
    drawing = drawn("paper")
    compile_tex(drawing, tmp_path, engine)
    if shutil.which("pdfinfo") is None:
        pytest.skip("no `pdfinfo` on this machine: install poppler-utils")
    info = subprocess.run(["pdfinfo", "u.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages: +1\n", info)
    width, height = re.findall(r"Page size: +([\d.]+) x ([\d.]+)", info)[0]
    assert (float(width), float(height)) == pytest.approx((drawing.width, drawing.height), abs=0.1)


@pytest.mark.parametrize("name", ["3D", "residual", "1D", "smallest", "long words", "attention-unet", "unetpp"])
def test_every_kind_of_drawing_compiles(tmp_path: Path, name: str) -> None:
    compile_tex(drawn(name) if name in SAMPLES else draw_network(lower(name), theme="dark"), tmp_path)


@pytest.mark.parametrize("nasty", [*NASTY, *NASTIER])
def test_any_string_compiles(tmp_path: Path, nasty: str) -> None:
    compile_tex(draw_network(replace(sample("depth 1"), name=nasty, reference=nasty)), tmp_path)


@pytest.mark.parametrize("text", ["a--b---c,,d 50%", "abc # & fi ffl"])
def test_letters_can_be_read_out_of_the_page(tmp_path: Path, text: str) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("no `pdftotext` on this machine: install poppler-utils")
    pdf = compile_tex(draw_network(replace(sample("depth 1"), name=text)), tmp_path)
    read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert read.splitlines()[0] == text


# Without TeX


@pytest.mark.parametrize("nasty", [*NASTY, *NASTIER])
def test_no_string_reaches_tex_as_a_command(nasty: str) -> None:
    """Commands in the text of a title are those of letters and shapes alone."""
    source = write_tikz(draw_network(replace(sample("depth 1"), name=nasty)))
    title = next(line for line in source.splitlines() if "\\bfseries" in line)
    commands = set(re.findall(r"\\([a-zA-Z]+|.)", title))
    assert commands <= {
        "node", "fontsize", "selectfont", "bfseries", "kern", "tikz", "useasboundingbox", "fill", "l", "o", "ss",
        "i", "&", "%", "#", '"', "`", "'", "~", "r", "c", "v",
    }  # fmt: skip
    assert source.isascii()
    assert [line for line in source.splitlines() if "{document}" in line][-2:] == [
        "\\begin{document}",
        "\\end{document}",
    ]


def test_a_description_stays_in_its_comment() -> None:
    drawing = replace(drawn("depth 1"), description="one\ntwo\r\\input{x}\u2028three")
    first, second = write_tikz(drawing).splitlines()[:2]
    assert first == r"% one two \input{x} three"
    assert second == r"\documentclass{article}"


def test_the_source_is_the_same_every_time() -> None:
    assert write_tikz(drawn("paper")) == write_tikz(drawn("paper"))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_has_a_node_for_every_text(name: str) -> None:
    drawing = drawn(name)
    assert write_tikz(drawing).count("\\node[") == len(list(drawing.every_label))
