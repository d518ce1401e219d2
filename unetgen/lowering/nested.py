"""The nested U: every level has a row of nodes, each of which takes all nodes before it in its row."""

from __future__ import annotations

from unetgen.ir.network import Value
from unetgen.lowering.heads import Heads
from unetgen.lowering.regions import Regions

__all__ = ["write_nested"]


def write_nested(r: Regions, heads: Heads) -> None:
    """Write UNet++ (Zhou et al. 2018, arXiv:1807.10165).

    Node (i, j) of row i and column j takes the nodes (i, 0) ... (i, j - 1) and the upsampled node (i + 1, j - 1).
    Column 0 is the encoder; nodes are computed along the diagonals, each as soon as what it takes is there.
    """
    depth = r.form.depth
    grid: dict[tuple[int, int], Value] = {}
    x = r.stem()
    for bottom in range(depth + 1):
        grid[bottom, 0] = r.encoder(bottom, x)
        for column in range(1, bottom + 1):
            row = bottom - column
            grid[row, column] = _node(r, row, column, grid)
            if row == 0:
                heads.meet(column, grid[row, column])
        if bottom < depth:
            x = r.down(bottom, grid[bottom, 0])


def _node(r: Regions, row: int, column: int, grid: dict[tuple[int, int], Value]) -> Value:
    before = tuple(grid[row, j] for j in range(column))
    below = grid[row + 1, column - 1]
    x = r.up(f"up.{row}.{column}", row, below, before[0])
    x = r.join(f"skip.{row}.{column}", row, before, x, below)
    return r.decoder(f"decoder.{row}.{column}", row, x)
