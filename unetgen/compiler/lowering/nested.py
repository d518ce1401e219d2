"""The nested U: every level has a row of nodes, each of which takes all nodes before it in its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from unetgen.compiler.forms import StageForm
from unetgen.compiler.lowering.heads import Heads
from unetgen.compiler.lowering.regions import Regions
from unetgen.ir.network import Value
from unetgen.parts.topologies import Nested

Grid = dict[tuple[int, int], Value]


def write_nested(r: Regions, heads: Heads) -> None:
    """Write UNet++ (Zhou et al. 2018, arXiv:1807.10165).

    Node (i, j) of row i and column j takes the nodes (i, 0) ... (i, j - 1) and the upsampled node (i + 1, j - 1).
    Column 0 is the encoder, the last column of each row is the decoder of a plain U. Where a row's skip is `none`, its
    nodes take the upsampled one alone; nodes that nobody takes are left out.
    """
    topology = r.form.topology
    assert isinstance(topology, Nested), "the list of topologies says so"
    grid: Grid = {}
    x = r.stem()
    for row in range(r.form.depth + 1):
        grid[row, 0] = r.encoder(row, x)
        x = r.down(row, grid[row, 0]) if row < r.form.depth else x
        if topology.along == "diagonals":
            _write(r, heads, grid, ((row - column, column) for column in range(1, row + 1)))
    if topology.along == "columns":
        _write(r, heads, grid, _by_column(r.form.depth))


def _by_column(depth: int) -> Iterator[tuple[int, int]]:
    """Go through the nodes column by column, each from the bottom up."""
    for column in range(1, depth + 1):
        for row in reversed(range(depth + 1 - column)):
            yield row, column


def _write(r: Regions, heads: Heads, grid: Grid, nodes: Iterator[tuple[int, int]]) -> None:
    taken = _taken(r)
    for row, column in filter(taken.__contains__, nodes):
        grid[row, column] = _node(r, row, column, grid)
        if row == 0:
            heads.meet(column, grid[row, column])


def _taken(r: Regions) -> set[tuple[int, int]]:
    """Find the nodes that a head stands on, or that another such node takes, by way of any others."""
    found: set[tuple[int, int]] = set()
    left = [(0, column) for column in (r.form.depth, *r.form.supervision.numbers)]
    while left:
        row, column = left.pop()
        if column == 0 or (row, column) in found:
            continue
        found.add((row, column))
        before = range(1, column) if r.form.skip[row].join.meets else ()
        left += [(row + 1, column - 1), *((row, j) for j in before)]
    return found


def _node(r: Regions, row: int, column: int, grid: Grid) -> Value:
    before = tuple(grid[row, j] for j in range(column) if (row, j) in grid)
    below = grid[row + 1, column - 1]
    x = r.up(row, below, before[0], column=column)
    x = r.join(row, before, x, below, column=column)
    return r.decoder(row, x, _stage(r, row, column), column=column)


def _stage(r: Regions, row: int, column: int) -> StageForm:
    """Give what a node does: the decoder stage of its row, with the encoder's channels where that is asked for."""
    stage, topology = r.form.decoder[row], r.form.topology
    assert isinstance(topology, Nested)
    if topology.inner == "decoder" or column == r.form.depth - row:
        return stage
    channels = r.form.encoder[row].channels
    return replace(stage, channels=channels, widths=(channels,) * len(stage.widths))
