"""U0xx: the text and its YAML."""

from __future__ import annotations

from typing import Final

from unetgen.source.diagnostics.model import CodeInfo

_NAMED_ONCE: Final = "depth: 4\nfilters: 64\nencoder: {norm: batch}\ndecoder: {norm: batch}\n"

ROWS: Final[tuple[CodeInfo, ...]] = (
    CodeInfo(
        "U001",
        "the spec is too large",
        """A spec has at most 1 MiB; those of the deepest published networks have a few thousand bytes. So
        this is most likely another file: check its name.""",
        kind="limit",
    ),
    CodeInfo(
        "U002",
        "the spec is not UTF-8 text",
        """Specs are text in UTF-8, with or without a byte order mark. Editors on Windows may save as
        UTF-16 or in a code page of their own; choose UTF-8 when saving. A file that is no text at all,
        such as a checkpoint, ends here too.""",
    ),
    CodeInfo(
        "U003",
        "a hidden character",
        """Control characters and characters that change the direction of text cannot be seen in most
        editors, so a spec that holds them may read differently from what it says. They are refused
        everywhere, in comments too, and also as escapes in quoted text. Messages show them by number,
        such as <U+202E>. Line breaks and tabs are fine.""",
        'name: "unet\\u202etset"\n',
        "name: unettest\n",
    ),
    CodeInfo(
        "U004",
        "the text is not YAML",
        """The text cannot be split into keys and values. The usual causes are a missing space after a
        colon, tabs in the indentation, lines of one mapping that are not indented alike, and brackets or
        quotes that are not closed. The message says what was probably meant; the mistake may be on the
        line above the marked one.""",
        "depth:4\nfilters: 64\n",
        "depth: 4\nfilters: 64\n",
    ),
    CodeInfo(
        "U005",
        "nothing is written",
        """There is nothing to read: the file, or the value given on the command line, is empty or holds
        only comments. `unetgen init` writes a spec to start from.""",
        "# my network\n",
        "# my network\ndepth: 4\nfilters: 64\n",
    ),
    CodeInfo(
        "U006",
        "the top level is not a mapping",
        """A spec consists of `key: value` lines. A list, or text without a colon and a space, is no spec.""",
        "- depth: 4\n- filters: 64\n",
        "depth: 4\nfilters: 64\n",
    ),
    CodeInfo(
        "U007",
        "more than one YAML document",
        """A line `---` starts a new document, and one file holds one spec. A `---` before the first key
        is fine.""",
        "depth: 4\n---\ndepth: 3\n",
        "depth: 4\n",
    ),
    CodeInfo(
        "U008",
        "a YAML directive",
        """Lines that start with `%` instruct a YAML parser. Specs need none: they are read as YAML 1.2,
        with scalars of its core schema.""",
        "%YAML 1.1\n---\ndepth: 4\n",
        "depth: 4\n",
    ),
    CodeInfo(
        "U009",
        "a YAML tag",
        """Tags (`!!float`, `!python/object`) name types, in some programs even code to run. A spec can do
        neither: the type of each value follows from its key. Text that starts with an exclamation mark
        needs quotes.""",
        "depth: !!int 4\n",
        "depth: 4\n",
    ),
    CodeInfo(
        "U010",
        "a YAML anchor or alias",
        """With `&name` and `*name`, a few lines can stand for billions, and a reader cannot see what a
        line says without searching. Write the value out, or set it at a greater height, where it holds
        for all stages. Text that starts with `&` or `*` needs quotes.""",
        "depth: 4\nfilters: 64\nencoder: &side {norm: batch}\ndecoder: *side\n",
        _NAMED_ONCE,
    ),
    CodeInfo(
        "U011",
        "a YAML merge key",
        """`<<` copies the keys of another mapping in some versions of YAML, and is a plain key in others.
        Write the keys out, or set them at a greater height, where they hold for all stages.""",
        "depth: 4\nfilters: 64\nencoder: {norm: batch}\ndecoder: {<<: {norm: batch}}\n",
        _NAMED_ONCE,
    ),
    CodeInfo(
        "U012",
        "a key is written twice",
        """Many YAML readers silently take the last of two values for one key, so one of the two lines
        would do nothing. Keep the one that is meant.""",
        "depth: 4\nfilters: 64\ndepth: 3\n",
        "depth: 3\nfilters: 64\n",
    ),
    CodeInfo(
        "U013",
        "an ambiguous value",
        """Some words mean different things to different YAML readers: `no` and `off` are false in YAML
        1.1 and text in YAML 1.2, `017` is fifteen or seventeen, `1:30` is ninety or text, `1_000` a
        number or text. Write what every reader takes alike; in quotes, a value is always text.""",
        "norm: no\n",
        "norm: none\n",
    ),
    CodeInfo(
        "U014",
        "a key is not a word",
        """Keys of a spec are words. Numbers, truth values and `null` are no keys unless quoted; lists and
        mappings never are.""",
        "4: depth\n",
        "depth: 4\n",
    ),
    CodeInfo(
        "U015",
        "nested too deeply",
        """Lists and mappings may stand in each other 32 levels deep; the language needs six. The limit
        keeps a hostile file from exhausting the machine.""",
        kind="limit",
    ),
    CodeInfo(
        "U016",
        "too many values",
        """A spec may hold 20,000 values and brackets in all, a hundred times what the longest spec of a
        published network has. The limit keeps a hostile file from exhausting the machine.""",
        kind="limit",
    ),
    CodeInfo(
        "U017",
        "a value is too long",
        """One value or key has at most 4,096 characters. Long remarks can be a list of several texts.""",
        kind="limit",
    ),
    CodeInfo(
        "U018",
        "an integer is too long",
        """Integers have at most 18 digits, so that they fit 64 bits. No size, channel or parameter count
        of a network that can be built is larger.""",
        f"expect: {{params: {'9' * 20}}}\n",
        "expect: {params: 31030658}\n",
        kind="limit",
    ),
    CodeInfo(
        "U019",
        "a number is not finite",
        """`.inf`, `.nan` and numbers beyond the range of 64-bit floats, such as `1e999`, are no sensible
        value of any option.""",
        "dropout: .nan\n",
        "dropout: 0.5\n",
    ),
    CodeInfo(
        "U020",
        "a file of Python that carries no spec",
        """A file that `unetgen build` has written carries the spec that it was made of, as the text called
        SPEC near its top, and can be given wherever a spec is asked for. It is read without being run. Files
        of earlier versions carry none, and neither do those that were made of a network in Python.""",
    ),
)
