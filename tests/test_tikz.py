"""TikZ: compiles with plain TeX, draws one page of the right size, and every string literally."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.drawing_samples import NASTY, SAMPLES, drawn, sample
from tests.needed import package, program
from unetgen.api import lower
from unetgen.drawing import THEMES, Drawing, DrawOptions, draw_network
from unetgen.drawing.model.shapes import Rect
from unetgen.drawing.model.thumbnails import Thumbnail
from unetgen.drawing.write.tex_text import PLAIN, WRITTEN
from unetgen.drawing.write.tikz import write_tikz
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


ARTICLE = r"""\documentclass[twocolumn,10pt]{article}
\usepackage{tikz}
\usetikzlibrary{arrows.meta}
\usepackage{fix-cm}
\usepackage[a4paper,hmargin=16mm,vmargin=20mm,columnsep=8mm]{geometry}
\begin{document}
\begin{figure*}\centering\includegraphics{wide.pdf}\caption{As wide as the page.}\end{figure*}
Some words before the first figure, in the face of this document.
\begin{figure}\centering\input{fragment.tex}\caption{In the face of this document.}\end{figure}
\begin{figure}\centering\includegraphics{column.pdf}\caption{As wide as a column.}\end{figure}
\end{document}
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_paper_of_two_columns_takes_a_fragment_and_pictures_of_both_widths(tmp_path: Path, engine: str) -> None:
    """Nothing is wider than its column, which TeX would say, and every word can be read out of the page."""
    package("reportlab")
    network = lower("unet-2015")
    for name, width in (("wide.pdf", "178mm"), ("column.pdf", "85mm")):
        draw_network(network, DrawOptions(width=width)).save(tmp_path / name)
    column = draw_network(network, DrawOptions(width="85mm"))
    column.save(tmp_path / "fragment.tex", fragment=True)
    pdf = compile_tex(ARTICLE, tmp_path, engine)
    read = subprocess.run([program("pdftotext"), str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    for label in column.every_label:
        for word in re.findall("[a-z]{3,}", label.text):
            assert word in read


def test_styles_of_a_document_are_laid_over_those_of_a_fragment(tmp_path: Path) -> None:
    own = r"\tikzset{my unetgen/.style={unetgen map/.append style={fill=red},unetgen in encoder/.style={draw=blue}}}"
    draw_network(sample("depth 1"), DrawOptions(width="85mm")).save(tmp_path / "fragment.tex", fragment=True)
    source = "\\documentclass{article}\\usepackage{tikz,fix-cm}\\usetikzlibrary{arrows.meta}%s\\pdfcompresslevel=0"
    source += "\\begin{document}\\input{fragment}\\end{document}"
    plain, restyled = (compile_tex(source % more, tmp_path).read_bytes().count(b"1 0 0 rg") for more in ("", own))
    assert plain == 0 and restyled > 0


# Without TeX


def test_a_fragment_is_the_picture_of_the_document_alone(tmp_path: Path) -> None:
    drawing = draw_network(sample("paper"), DrawOptions(width="85mm"))
    fragment, document = (drawing.save(tmp_path / "u.tex", fragment=fragment).read_text() for fragment in (True, False))
    assert "document" not in re.sub("(?m)^%.*", "", fragment)
    assert "85 mm wide" in fragment and r"\usetikzlibrary{arrows.meta}" in fragment
    picture = fragment[fragment.index("\\scalebox") :].rstrip()
    assert picture in document


def test_boxes_are_nodes_of_the_networks_own_names() -> None:
    source = write_tikz(drawn("paper"))
    names = re.findall(r"\\node\[unetgen (?:map|copied),.*?\] \((.+?)\)", source)
    assert len(names) == len(set(names)) == len(drawn("paper").boxes)
    assert {"input", "encoder-0-conv1", "skip-0-concat-0", "head"} <= {*names}


@pytest.mark.parametrize("name", [*SAMPLES, *zoo_names()])
def test_all_looks_are_styles_and_all_colours_have_names(name: str) -> None:
    head, picture = write_tikz(drawn(name)).split("\\begin{tikzpicture}")
    defined, used = (
        re.findall(pattern, text)
        for pattern, text in ((r"  (unetgen [^/]+)/\.style", head), (r"unetgen [a-z0-9_. ]+(?=[,\]])", picture))
    )
    assert set(used) == set(defined) and len(defined) == len(set(defined))
    colours = re.findall(r"\\definecolor\{(\w+)\}", head)
    assert len(colours) == len(set(colours))
    assert "fill=#" not in picture and "draw=" not in picture and "line width" not in picture.partition("\n")[2]


def test_a_drawing_with_pictures_of_maps_is_refused() -> None:
    thumbnail = Thumbnail("input", Rect(0, 0, 1, 1), b"", "the image")
    with pytest.raises(ValueError, match="a TeX file could only name pictures of maps"):
        write_tikz(replace(drawn("depth 1"), thumbnails=(thumbnail,)))


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
    labels = re.findall(r"\\node\[unetgen [a-z]+ label,", write_tikz(drawn(name)))
    assert len(labels) == len(list(drawn(name).every_label))
