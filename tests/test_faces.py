"""The faces that come with unetgen: they draw what names and references hold, as wide as the layout believes."""

from __future__ import annotations

import pytest

from tests.conftest import TESTS
from unetgen.drawing.model.text import text_width
from unetgen.drawing.write.faces import BOLD, EMOJI, FACES, REGULAR, Face, drawable, runs, undrawable

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))


@pytest.mark.parametrize("face", [REGULAR, BOLD], ids=lambda face: face.name)
def test_letters_are_drawn_in_both_weights(face: Face) -> None:
    assert [character for character in PRINTABLE + "éßøČłΩλжІ²³×→·–—…±≤∑∞" if not face.draws(character)] == []


@pytest.mark.parametrize("bold", [False, True])
def test_no_text_is_wider_than_the_layout_believes(bold: bool) -> None:
    """By two parts in a thousand at most: Liberation's units are those of a grid of 2048."""
    for text in (*PRINTABLE, *"²³×·–", "copy and crop 568", "31,030,658", "😀", "é"):
        width = sum(run.width for run in runs(text, bold=bold))
        assert width * 10 <= text_width(text, 10, bold=bold) * 1.002, text


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("U-Net", "U-Net"),
        ("e\u0301", "é"),
        ("👩\u200d🔬", "👩🔬"),
        ("❤\ufe0f", "❤"),
        ("漢字", "□□"),
        ("\u202eevil", "evil"),
        ("a\u20ddb", "ab"),
    ],
)
def test_texts_become_drawable(text: str, drawn: str) -> None:
    assert drawable(text) == drawn
    assert "".join(run.text for run in runs(text, bold=False)) == drawn


def test_what_no_face_draws_is_named() -> None:
    assert undrawable(["a□😀", "漢 字漢", "ع"]) == ("漢", "字", "ع")


@pytest.mark.parametrize(
    ("face", "text"), [(REGULAR, PRINTABLE + "éķ→"), (BOLD, PRINTABLE + "éķ→"), (EMOJI, "😀🚀🧠❤")]
)
def test_outlines_lie_in_their_room(face: Face, text: str) -> None:
    """From a little under the baseline to a little over a line of text, and no wider than the character."""
    for character in text:
        points = [point for curve in face.outline(character) for piece in curve for point in piece]
        assert all(-0.2 < x < face.advance(character) + 0.2 and -0.4 < y < 1.2 for x, y in points), character


def test_a_space_has_a_width_and_no_outline() -> None:
    assert REGULAR.outline(" ") == ()
    assert REGULAR.advance(" ") == pytest.approx(0.278, abs=0.001)


def test_an_accented_letter_is_a_letter_and_its_accent() -> None:
    letter, accented = REGULAR.outline("e"), REGULAR.outline("é")
    assert set(letter) < set(accented)


def test_the_licence_goes_where_the_faces_go() -> None:
    folder = TESTS.parent / "unetgen/drawing/write/fonts"
    licence = (folder / "OFL.txt").read_text("utf-8")
    assert {file.stem for file in folder.glob("*.ttf")} == {face.name for face in FACES}
    assert all(face.file.name in licence for face in FACES)
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
