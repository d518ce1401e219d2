"""TikZ: compiles with plain TeX, draws one page of the right size, and every string literally."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.drawing_samples import NASTY, SAMPLES, drawn, sample
from tests.needed import program
from unetgen.api import lower
from unetgen.drawing import THEMES, Drawing, draw_network
from unetgen.drawing.write.tikz import PLAIN, WRITTEN, write_tikz
from unetgen.language.zoo import zoo_names

ENGINES = ("pdflatex", "lualatex")
PARTS = 4
NASTIER = ("50% $x_1$ #1 ~a^b", "a--b---c,,d", "?`!`", r"\input{x} \end{document}", "èçñÅłøß", "Ωж ∑ 🚀", "^^M")


def compile_tex(source: str, folder: Path, engine: str = "pdflatex") -> Path:
    """Compile without asking anything, and give the PDF; TeX must have nothing to complain of."""
    (folder / "u.tex").write_text(source, encoding="utf-8")
    command = [program(engine), "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "u.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
    log = (folder / "u.log").read_text("utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    for trouble in ("Missing character", "Overfull", "Font Warning"):
        assert trouble not in log
    return folder / "u.pdf"


def page_sizes(pdf: Path) -> list[tuple[float, float]]:
    """Give the width and the height of every page, in points."""
    command = [program("pdfinfo"), "-f", "1", "-l", "-1", str(pdf)]
    info = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [(float(w), float(h)) for w, h in re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", info)]


def in_another_document(drawings: list[Drawing], engine: str) -> str:
    """Copy what stands between the ends of every drawing's document into one, a page for each, as a paper would."""
    sources = list(map(write_tikz, drawings))
    preamble, pages = sources[0].partition("\\begin{document}")[0], []
    page = "\\pdfpage" if engine == "pdflatex" else "\\page"
    for drawing, source in zip(drawings, sources, strict=True):
        size = f"{page}width={drawing.width:g}bp{page}height={drawing.height:g}bp"
        picture = source.partition("\\begin{document}")[2].partition("\\end{document}")[0]
        pages.append(f"{size}{picture}\\newpage")
    # The text block has to be as large as the largest picture.
    wide = re.sub(r"paper(width|height)=[\d.]+bp", r"paper\1=5000bp", preamble)
    return "\n".join((wide, "\\begin{document}", *pages, "\\end{document}", ""))


@pytest.mark.parametrize("engine", ENGINES)
def test_it_compiles_to_one_page_of_the_size_of_the_drawing(tmp_path: Path, engine: str) -> None:
    drawing = drawn("paper")
    pdf = compile_tex(write_tikz(drawing), tmp_path, engine)
    assert page_sizes(pdf) == [pytest.approx((drawing.width, drawing.height), abs=0.1)]


@pytest.mark.parametrize("part", range(PARTS))
def test_the_whole_zoo_compiles(tmp_path: Path, part: int) -> None:
    the_zoo_compiles(zoo_names()[part::PARTS], tmp_path, "pdflatex")


@pytest.mark.deep
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_whole_zoo_compiles_with_every_engine_and_theme(tmp_path: Path, engine: str, theme: str) -> None:
    the_zoo_compiles(zoo_names(), tmp_path, engine, theme)


def the_zoo_compiles(names: Sequence[str], folder: Path, engine: str, theme: str = "light") -> None:
    """Compile drawings as one document: starting TeX takes longer than a page."""
    drawings = [draw_network(lower(name), theme=theme) for name in names]
    sizes = [pytest.approx((drawing.width, drawing.height), abs=0.1) for drawing in drawings]
    assert page_sizes(compile_tex(in_another_document(drawings, engine), folder, engine)) == sizes


@pytest.mark.parametrize("name", ["3D", "residual", "1D", "smallest", "long words", "attention-unet", "unetpp"])
def test_every_kind_of_drawing_compiles(tmp_path: Path, name: str) -> None:
    drawing = drawn(name) if name in SAMPLES else draw_network(lower(name), theme="dark")
    compile_tex(write_tikz(drawing), tmp_path)


@pytest.mark.parametrize("nasty", [*NASTY, *NASTIER])
def test_any_string_compiles(tmp_path: Path, nasty: str) -> None:
    drawing = draw_network(replace(sample("depth 1"), name=nasty, reference=nasty))
    compile_tex(write_tikz(drawing), tmp_path)


@pytest.mark.parametrize("text", ["a--b---c,,d 50%", "abc # & fi ffl", *NASTY, *NASTIER])
def test_what_is_set_as_letters_can_be_read_out_of_the_page(tmp_path: Path, text: str) -> None:
    """All but what is drawn as a shape, in its order; without accents, which readers put together as they please."""
    text = "".join(letter for letter in text if letter.isascii())
    pdf = compile_tex(write_tikz(draw_network(replace(sample("paper"), name=text, reference=""))), tmp_path)
    command = [program("pdftotext"), "-raw", str(pdf), "-"]
    read = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    letters = "".join(letter for letter in text if letter in PLAIN or letter in WRITTEN)
    assert "".join(read.split()).startswith("".join(letters.split()))


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
