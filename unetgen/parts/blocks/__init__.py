"""Blocks: recipes of units inside a stage. A new one is a file here and a line in `BLOCKS`."""

from __future__ import annotations

from typing import Annotated

from unetgen.parts.blocks.base import Block, StagePlan, UnitRecipe, write_blocks
from unetgen.parts.blocks.chain import Dense, Plain
from unetgen.parts.blocks.inner_u import InnerU
from unetgen.parts.blocks.inverted import Inverted
from unetgen.parts.blocks.residual import Residual
from unetgen.parts.words import WordChoice

__all__ = ["BLOCKS", "Block", "BlockWord", "Plain", "StagePlan", "UnitRecipe", "write_blocks"]

BLOCKS: tuple[type[Block], ...] = (
    Plain,
    Residual,
    Dense,
    Inverted,
    InnerU,
)

BlockWord = Annotated[Block, WordChoice("block", BLOCKS)]
"""The type of a field that holds a block."""
