"""U1xx: keys, types, ranges and lengths."""

from __future__ import annotations

from typing import Final

from unetgen.source.diagnostics.codes.info import CodeInfo

ROWS: Final[tuple[CodeInfo, ...]] = (
    CodeInfo(
        "U101",
        "an unknown key",
        """A key that the language does not have would change nothing, and a network that differs from
        what its spec seems to say is worse than a message. Check the spelling; the message names the
        nearest keys.""",
        "depth: 4\nfilters: 64\nactivatoin: relu\n",
        "depth: 4\nfilters: 64\nactivation: relu\n",
    ),
    CodeInfo(
        "U102",
        "a key in the wrong place",
        """The key exists in the language, but not in this mapping. Check the indentation: a key belongs
        to the mapping whose other keys start in the same column.""",
        "depth: 4\nfilters: 64\nfit: crop_skip\n",
        "depth: 4\nfilters: 64\nskip: {join: concat, fit: crop_skip}\n",
    ),
    CodeInfo(
        "U103",
        "a key is missing",
        """Most keys have a default; this one has none, because every choice would be a guess.""",
        "depth: 4\nfilters: {growth: 2}\n",
        "depth: 4\nfilters: {base: 64, growth: 2}\n",
    ),
    CodeInfo(
        "U104",
        "a value of the wrong type",
        """Types are taken literally. `"4"` is text, `4.0` is no whole number, `true` is not 1, and a key
        with nothing after its colon has no value.""",
        'depth: "4"\nfilters: 64\n',
        "depth: 4\nfilters: 64\n",
    ),
    CodeInfo(
        "U105",
        "a value that is not in the catalogue",
        """The option takes one of a fixed set of words or numbers. `unetgen list` shows the words with
        what they mean.""",
        "depth: 4\nfilters: 64\nactivation: rleu\n",
        "depth: 4\nfilters: 64\nactivation: relu\n",
    ),
    CodeInfo(
        "U106",
        "a number out of range",
        """The number is of the right type, but below or above what the option can be.""",
        "depth: 0\nfilters: 64\n",
        "depth: 1\nfilters: 64\n",
    ),
    CodeInfo(
        "U107",
        "a list or text of the wrong length",
        """A single value holds for all levels, stages or axes; a list has one value for each of them, no
        more and no fewer. A network of depth 4 has five levels, counted from 0, and so five widths.""",
        "depth: 4\nfilters: [64, 128, 256, 512]\n",
        "depth: 4\nfilters: [64, 128, 256, 512, 1024]\n",
    ),
    CodeInfo(
        "U108",
        "text of the wrong form",
        """Some texts become names of files and classes, or are made of letters with a meaning each, so
        they have a fixed form. The message says which.""",
        "depth: 4\nfilters: 64\nname: 2015 unet\n",
        "depth: 4\nfilters: 64\nname: unet-2015\n",
    ),
    CodeInfo(
        "U109",
        "a value that does not fit",
        """The value is refused for a reason of its own, which the message gives.""",
    ),
    CodeInfo(
        "U110",
        "an override that leads nowhere",
        """`--set encoder.norm=none` walks the keys of the spec as they are written, and the items of lists
        by their index from 0. An option of a word stands under that word, as in `--set norm.batch.eps=0.001`;
        where another word is written, set the whole value.""",
    ),
    CodeInfo(
        "U111",
        "a base that cannot be found",
        """`extends` names a file in the folder of the spec, or below it, with its ending; or a spec of the zoo by
        its name. A path that leads out of the folder is refused, by `..` or by a link: a spec from a stranger reads
        nothing that came with another one.""",
        "extends: ../base.yaml\n",
        "extends: unet-2015\n",
    ),
    CodeInfo(
        "U112",
        "specs that extend each other in a circle",
        """Each spec starts from its base, so a base cannot start from the spec.""",
    ),
    CodeInfo(
        "U113",
        "too many specs that extend each other",
        """A spec may extend one that extends another, and so on, up to eight bases. Nobody can follow more.""",
        kind="limit",
    ),
)
