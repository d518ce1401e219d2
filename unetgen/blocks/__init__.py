"""Blocks: recipes of units inside a stage. A new one is a file here and a line in `BLOCKS`."""

from __future__ import annotations

from typing import Annotated

from unetgen.blocks.base import Block, StagePlan, UnitRecipe, write_blocks
from unetgen.blocks.dense import Dense
from unetgen.blocks.inner_u import InnerU
from unetgen.blocks.inverted import Inverted
from unetgen.blocks.plain import Plain
from unetgen.blocks.residual import Residual
from unetgen.words import Choice

__all__ = ["BLOCKS", "Block", "BlockWord", "Plain", "StagePlan", "UnitRecipe", "write_blocks"]

BLOCKS: tuple[type[Block], ...] = (
    Plain,
    Residual,
    Dense,
    Inverted,
    InnerU,
)

BlockWord = Annotated[Block, Choice("block", BLOCKS)]
"""The type of a field that holds a block."""
