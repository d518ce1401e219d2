"""The guard of the emitted file: one ValueError that says what is legal, before anything runs.

It has as few lines as its network needs. It is read by TorchScript, and holds under `torch.compile` and `torch.export`,
where comparisons of sizes become guards. While `torch.jit.trace` runs it steps aside, because a trace would keep the
outcome of each comparison as a constant. Only where a batch norm may be left without a variance does it ask for the
batch, and that in training alone: in eval mode a batch of any size is exported.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from unetgen.analyses import AxisSizes, LegalSizes
from unetgen.backends.torch_source.helpers import axis_words
from unetgen.backends.torch_source.layout import WIDTH, lay_out, listed

Lines = tuple[str, ...]


def guard_lines(sizes: LegalSizes, channels: int | None) -> Lines:
    """Write `check_input`.

    Args:
        sizes: The legal sizes; they are said in the words of `sizes.describe()`, as everywhere.
        channels: The channels of the input; None where they are an argument of `check_input`.
    """
    picky = [run for run in _runs(sizes.axes) if not _takes_all(run[0])]
    loops = [_Loop(axis, place, word, sizes.describe()) for axis, place, word in picky]
    shared = len(loops) > 1 or bool(sizes.too_small) or any(loop.is_wide for loop in loops)
    return (
        *_check_input(axis_words(len(sizes.axes)), channels, training=bool(sizes.describe_training())),
        *(_legal(sizes.describe()) if shared else ()),
        *(line for loop in loops for line in loop.lines(shared=shared)),
        *(line for corner in sizes.too_small for line in _corner(corner)),
        *_alone(sizes),
    )


def _runs(axes: tuple[AxisSizes, ...]) -> Iterator[tuple[AxisSizes, str, str]]:
    """Give axes that behave alike together: what is legal, where they stand in the shape, and what they are called."""
    words, start = axis_words(len(axes)), 0
    for axis, run in groupby(axes):
        stop = start + len(list(run))
        whole = stop - start == len(axes)
        place = "2:" if whole else f"{start + 2}:{stop + 2}"
        yield axis, place, "size" if whole and len(axes) > 1 else " or ".join(words[start:stop])
        start = stop


def _takes_all(axis: AxisSizes) -> bool:
    return axis == AxisSizes(axis.minimum, 1, (0,)) and axis.minimum <= 1


def _check_input(axes: tuple[str, ...], channels: int | None, *, training: bool) -> Lines:
    argument, f, said = (", channels: int", "f", "{channels}") if channels is None else ("", "", f"{channels}")
    return (
        f"def check_input(x: Tensor{argument}{', training: bool' if training else ''}) -> None:",
        '    """Raise a ValueError that says what is legal, instead of failing deep inside."""',
        "    if torch.jit.is_tracing():",
        "        return  # a trace would turn the outcome of each check into a constant",
        f"    if not x.is_floating_point() or x.ndim != {len(axes) + 2} or x.shape[1] != {channels or 'channels'}:",
        f'        wanted = {f}"floats, batch x {said} x {" x ".join(axes)}"',
        '        raise ValueError(f"expected {wanted}, found {list(x.shape)} of {x.dtype}")',
    )


def _legal(words: str) -> Lines:
    """Write the legal sizes down for several sentences, over several lines where one is too short."""
    text = f"legal sizes: {words}"
    line = f'    legal = "{text}"'
    if len(line) <= WIDTH:
        return (line,)
    room = WIDTH - len('        ""')
    pieces = [text[start : start + room] for start in range(0, len(text), room)]
    return ("    legal = (", *(f'        "{piece}"' for piece in pieces), "    )")


def _corner(corner: tuple[int, ...]) -> Lines:
    """Refuse inputs that leave a single position to a norm."""
    return (f"    if {' and '.join(_within(corner))}:", _RAISE_NORM)


def _within(corner: tuple[int, ...]) -> Lines:
    """Write the conditions under which no size is larger than that of a corner."""
    if len(corner) > 1 and len(set(corner)) == 1:
        return (f"max(x.shape[2:]) <= {corner[0]}",)
    return tuple(f"x.shape[{place}] <= {size}" for place, size in enumerate(corner, start=2))


_RAISE_NORM = '        raise ValueError(f"a norm needs more than one position; {legal}")'


def _alone(sizes: LegalSizes) -> Iterator[str]:
    """Refuse one image in training that leaves a single position to a batch norm.

    The batch is asked for before the sizes: a batch that may change is more than 1 for `torch.export`, which then
    demands nothing of the sizes.
    """
    corners = sizes.too_small_alone
    for corner in ((),) if corners is None else corners:  # no size will do: no size is asked for
        asked = ("training", "x.shape[0] == 1", *_within(corner))
        line = f"    if {' and '.join(asked)}:"
        if len(line) > WIDTH:
            yield f"    alone = {' and '.join(asked[:2])}"
            line = f"    if {' and '.join(('alone', *asked[2:]))}:"
        yield from (line, f'        legal = "in training {sizes.describe_training()}"', _RAISE_NORM)


def _in_a_row(offsets: tuple[int, ...]) -> bool:
    """Say whether legal sizes follow each other without a gap at the start of each period."""
    return offsets == tuple(range(len(offsets)))


class _Loop:
    """The check of axes that behave alike, on its way to text."""

    def __init__(self, axis: AxisSizes, place: str, word: str, words: str) -> None:
        self._axis = axis
        self._place = place
        self._word = word
        self._words = words

    @property
    def is_wide(self) -> bool:
        """Whether its sentence has no room for the legal sizes."""
        return max(map(len, self.lines(shared=False))) > WIDTH

    def lines(self, *, shared: bool) -> Lines:
        """Write it; with `shared`, `legal` holds the legal sizes already."""
        near = self._nearest()
        return (
            *self._lists(),
            f"    for n in x.shape[{self._place}]:",
            f"        if {self._refuses('n')}:",
            *(f"            {line}" for line in near[:-1]),
            *self._sentence(near[-1], shared=shared),
        )

    def _lists(self) -> Lines:
        """Write down what follows no simple rule; a U of any kind has nothing of this."""
        axis = self._axis
        named = {"offsets": () if _in_a_row(axis.offsets) else axis.offsets, "strays": axis.strays}
        laid_out = (lay_out(listed(*map(str, some)), 4, before=f"{name} = ") for name, some in named.items() if some)
        return tuple(line for lines in laid_out for line in lines)

    def _sentence(self, near: str, *, shared: bool) -> Lines:
        start = f"{self._word} {{n}} is not legal"
        if not near:
            said = "{legal}" if shared else f"legal sizes: {self._words}"
            return (f'            raise ValueError(f"{start}; {said}")',)
        if shared:
            return (
                f'            near = f"nearest {near}"',
                f'            raise ValueError(f"{start}; {{legal}}; {{near}}")',
            )
        return (
            f'            legal = f"{self._words}; nearest {near}"',
            f'            raise ValueError(f"{start}; legal sizes: {{legal}}")',
        )

    def _nearest(self) -> Lines:
        """Write how the legal sizes around `n` are found, and last how they are said; below all, the two smallest."""
        axis, smallest = self._axis, min((*self._axis.strays, self._axis.minimum))
        last = len(axis.offsets) - 1
        if not axis.offsets or (axis.period == 1 and not axis.strays):
            return ("",)  # the words name them
        if axis.offsets == (0,) and not axis.strays:
            return (f"low = max({smallest}, n - {self._over('n')})", f"{{low}} and {{low + {axis.period}}}")
        if _in_a_row(axis.offsets) and not axis.strays:
            return (
                f"start = n - {self._over('n')}",
                f"low, high = max({smallest}, start + {last}), max({smallest + 1}, start + {axis.period})",
                "{low} and {high}",
            )
        return (
            f"low = max({smallest}, n)",
            f"while {self._refuses('low', smallest=smallest)}:",
            "    low -= 1",
            "high = low + 1",
            f"while {self._refuses('high', smallest=smallest)}:",
            "    high += 1",
            "{low} and {high}",
        )

    def _refuses(self, n: str, *, smallest: int = 0) -> str:
        """Write the condition under which a size is not legal, where it is known to be `smallest` at least."""
        axis = self._axis
        parts = [f"{n} < {axis.minimum}"] if axis.offsets and smallest < axis.minimum else []
        parts += [self._misses(n)] if axis.offsets and axis.period > 1 else []
        text = " or ".join(parts)
        if not axis.strays:
            return text
        strays = f"{n} not in strays"
        return strays if not parts else f"{strays} and {f'({text})' if len(parts) > 1 else text}"

    def _misses(self, n: str) -> str:
        """Write the condition under which a size lies between those of the pattern."""
        offsets = self._axis.offsets
        if _in_a_row(offsets):
            return f"{self._over(n)} {'!= 0' if len(offsets) == 1 else f'> {offsets[-1]}'}"
        return f"{self._over(n)} not in offsets"

    def _over(self, n: str) -> str:
        """Write by how much a size is over the pattern's last start."""
        minimum, period = self._axis.minimum, self._axis.period
        return f"{n} % {period}" if minimum % period == 0 else f"({n} - {minimum}) % {period}"
