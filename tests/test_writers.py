"""Who writes what: the suffix says the format, Graphviz can draw some, and what is missing is named."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from tests.drawing_samples import drawn
from tests.needed import program
from unetgen.cli.app import app
from unetgen.drawing import WRITERS
from unetgen.drawing.write.dot import render_pdf, render_png, render_svg
from unetgen.drawing.write.writers import RENDERERS, Renderer, writer_for
from unetgen.source.problem import MissingTool

MAGIC = {
    ".svg": b"<",
    ".dot": b"digraph ",
    ".png": b"\x89PNG",
    ".pdf": b"%PDF-",
    ".tex": b"% ",
    ".html": b"<!DOCTYPE html>",
}
"""How some formats begin; of any other only that it holds something is looked at."""


@pytest.fixture
def dot() -> str:
    return program("dot")


def run(*args: str) -> Result:
    return CliRunner().invoke(app, args)


@pytest.mark.parametrize("suffix", [writer.suffix for writer in WRITERS])
def test_a_drawing_is_saved_in_the_format_of_its_suffix(tmp_path: Path, suffix: str) -> None:
    drawing = drawn("depth 1")
    for path in (tmp_path / f"u{suffix}", tmp_path / f"v{suffix.upper()}"):
        content = drawing.save(path).read_bytes()
        assert content and content.startswith(MAGIC.get(suffix, b""))
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted((f"u{suffix}", f"v{suffix.upper()}"))


@pytest.mark.parametrize("name", ["u.bmp", "u", ".svg", "u.svg.gz"])
def test_another_suffix_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(
        ValueError, match=r"its suffix is none of \.svg, \.dot, \.png, \.pdf, \.tex, \.drawio, \.pptx, \.html"
    ):
        writer_for(Path(name))


def test_graphviz_is_not_asked_for_what_it_cannot_draw() -> None:
    with pytest.raises(
        ValueError, match=r"cannot draw with Graphviz to 'u\.tex': its suffix is none of \.svg, \.png, \.pdf"
    ):
        writer_for(Path("u.tex"), renderer="graphviz")


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("suffix", [".svg", ".pdf"])
def test_a_scale_is_refused_where_there_are_no_pixels(renderer: Renderer, suffix: str) -> None:
    with pytest.raises(ValueError, match="a scale is for pixels"):
        writer_for(Path(f"u{suffix}"), renderer=renderer, scale=2)


@pytest.mark.usefixtures("dot")
@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_graphviz_draws_the_same_bytes_every_time(tmp_path: Path, suffix: str) -> None:
    paths = [drawn("paper").save(tmp_path / f"{n}{suffix}", renderer="graphviz") for n in (1, 2)]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[0].read_bytes().startswith(MAGIC[suffix])


@pytest.mark.usefixtures("dot")
def test_a_pdf_of_graphviz_has_a_fixed_date() -> None:
    assert b"/CreationDate (D:20000101000000" in render_pdf(drawn("depth 1"))


@pytest.mark.usefixtures("dot")
@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_graphviz_draws_as_many_pixels_as_we(scale: float) -> None:
    drawing = drawn("3D")
    size = Image.open(io.BytesIO(render_png(drawing, scale=scale))).size
    assert size == pytest.approx((drawing.width * scale, drawing.height * scale), abs=1)


def test_a_missing_dot_is_named_with_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingTool, match=r"cannot find `dot`.*`apt-get install graphviz`"):
        render_svg(drawn("depth 1"))


@pytest.mark.skipif(os.name != "posix", reason="the program is a shell script")
@pytest.mark.parametrize("script", ["echo broken >&2; exit 1", "exit 0"])
def test_a_dot_that_fails_is_no_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    program = tmp_path / "dot"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingTool, match=r"`dot` cannot draw SVG: (broken|exit code 0)"):
        render_svg(drawn("depth 1"))


# On the command line


@pytest.mark.parametrize("suffix", [writer.suffix for writer in WRITERS])
def test_the_command_draws_every_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"u{suffix}"
    done = run("draw", "unet-2015", "-o", str(path))
    assert (done.exit_code, done.stdout) == (0, "")
    assert path.stat().st_size > 1000


def test_the_command_takes_a_scale(tmp_path: Path) -> None:
    widths = []
    for scale in ("1", "3"):
        assert run("draw", "unet-2015", "-o", str(tmp_path / "u.png"), "--scale", scale).exit_code == 0
        with Image.open(tmp_path / "u.png") as image:
            widths.append(image.width)
    assert widths[1] == pytest.approx(3 * widths[0], abs=2)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-o", "u.bmp"], "none of .svg, .dot, .png, .pdf, .tex, .drawio, .pptx, .html"),
        (["-o", "u.svg", "--scale", "2"], "a scale is for pixels"),
        (["-o", "u.png", "--scale", "1000"], "more than 100,000,000"),
        (["-o", "u.png", "--scale", "0"], "has nothing to see"),
        (["-o", "u.pdf", "--fragment"], "a fragment is for a document of TeX to `\\input`: only .tex can be one"),
        (["-o", "-", "--fragment"], "only .tex can be one"),
        (["-o", "u.html", "--renderer", "graphviz"], "cannot draw with Graphviz"),
        (["-o", "u.png", "--renderer", "paint"], "'paint' is not one of"),
    ],
)
def test_what_no_format_takes_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, args: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("draw", "unet-2015", *args)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_a_fragment_as_wide_as_asked_for(tmp_path: Path) -> None:
    done = run("draw", "unet-2015", "-o", str(tmp_path / "u.tex"), "--fragment", "--width", "85mm")
    assert done.exit_code == 0
    source = (tmp_path / "u.tex").read_text()
    assert "85 mm wide" in source and "\\documentclass" not in source


def test_a_missing_program_ends_with_3_and_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    done = run("draw", "unet-2015", "-o", str(tmp_path / "u.png"), "--renderer", "graphviz")
    assert done.exit_code == 3
    assert "apt-get install graphviz" in done.stderr


def test_a_missing_package_ends_with_3_and_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "reportlab.pdfgen.canvas", None)
    done = run("draw", "unet-2015", "-o", str(tmp_path / "u.pdf"))
    assert done.exit_code == 3
    assert "pip install 'unetgen[pdf]'" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("suffix", "is_said"), [("png", True), ("pdf", True), ("tex", True), ("svg", False)])
def test_characters_that_no_face_draws_are_named(tmp_path: Path, suffix: str, is_said: bool) -> None:
    done = run("draw", "unet-2015", "--set", "reference=漢字 é 😀", "-o", str(tmp_path / f"u.{suffix}"))
    assert done.exit_code == 0
    assert ("no face here draws 漢 字;" in done.stderr) is is_said
