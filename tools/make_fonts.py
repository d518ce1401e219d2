"""Make the faces that unetgen draws with, from the fonts they are parts of.

    python tools/make_fonts.py LIBERATION_FOLDER NOTO_EMOJI_FILE

The folder holds LiberationSans-Regular.ttf and -Bold.ttf of version 2.1.5 (Debian: fonts-liberation2), the file is the
variable Noto Emoji 3.002. Needs fonttools. What is written has no hints and no layout features, so that a text is as
wide in every format, one table of characters, which `faces.py` reads, and families have names of their own, as the
licence demands of a part.
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).parents[1] / "unetgen/drawing/write/fonts"

BLOCKS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x024F),  # Latin
    (0x02B0, 0x036F),  # modifiers, combining marks
    (0x0370, 0x045F),  # Greek, Cyrillic
    (0x0490, 0x0491),
    (0x1E00, 0x1EFF),  # Latin
    (0x2000, 0x23FF),  # punctuation, super- and subscripts, letter-like signs, arrows, mathematics
    (0x2500, 0x26FF),  # shapes
    (0xFFFD, 0xFFFD),
)

INVISIBLE = {"Cc", "Cf"}

SIGNS = {"Liberation": "Unetgen", "Noto Emoji": "Unetgen Emoji", "NotoEmoji": "UnetgenEmoji"}


def main(liberation: Path, emoji: Path) -> None:
    """Write the three faces."""
    letters = {code for first, last in BLOCKS for code in range(first, last + 1)}
    for style in ("Regular", "Bold"):
        font = TTFont(liberation / f"LiberationSans-{style}.ttf")
        write(font, letters & set(font.getBestCmap()), f"UnetgenSans-{style}.ttf")
    font = instantiateVariableFont(TTFont(emoji), {"wght": 400})
    # An emoji is 1.27 font sizes wide, which is more than layouts expect of any character: 1.08 will do.
    # Digits and their like belong to the text; here they would only serve sequences.
    write(
        font,
        {code for code in font.getBestCmap() if code > 0xFF and unicodedata.category(chr(code)) != "Mn"},
        "UnetgenEmoji-Regular.ttf",
        size=512,
    )


def write(font: TTFont, codes: set[int], name: str, *, size: int = 2048, em: int = 2048) -> None:
    """Write the part of a font that draws some characters, in `size` units, of which a font size then has `em`."""
    options = subset.Options(hinting=False, layout_features=[], glyph_names=False, notdef_outline=True)
    options.drop_tables += ["FFTM", "GPOS", "GSUB", "GDEF", "STAT", "kern", "meta", "vhea", "vmtx", "gasp"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = subset.Subsetter(options)
    # What has no look of its own serves sequences, which need layout features.
    subsetter.populate(unicodes={code for code in codes if unicodedata.category(chr(code)) not in INVISIBLE})
    subsetter.subset(font)
    scale_upem(font, size)
    font["head"].unitsPerEm = em
    groups = CmapSubtable.newSubtable(12)
    groups.platformID, groups.platEncID, groups.language, groups.cmap = 3, 10, 0, font.getBestCmap()
    font["cmap"].tables = [groups]
    rename(font)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(FONTS / name)


def rename(font: TTFont) -> None:
    """Give the family a name of its own; the copyright notice and the licence stay."""
    for record in font["name"].names:
        text = record.toUnicode()
        if record.nameID in (1, 3, 4, 6):
            for theirs, ours in SIGNS.items():
                text = text.replace(theirs, ours)
            record.string = text


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
