"""How the words of the language are read: choices that grow into mappings, values per axis and per level."""

from unetgen.words.base import AxisCountError, Choice, Items, OneOrEach, SpecModel, Word, below, plain, refuse, spread
from unetgen.words.unit import (
    ActivationWord,
    DropoutWord,
    InitWord,
    Margin,
    NormWord,
    Order,
    Padding,
    PerAxis,
    Recurrent,
    RecurrentWord,
    Size,
    UnitActivationWord,
)

__all__ = [
    "ActivationWord",
    "AxisCountError",
    "Choice",
    "DropoutWord",
    "InitWord",
    "Items",
    "Margin",
    "NormWord",
    "OneOrEach",
    "Order",
    "Padding",
    "PerAxis",
    "Recurrent",
    "RecurrentWord",
    "Size",
    "SpecModel",
    "UnitActivationWord",
    "Word",
    "below",
    "plain",
    "refuse",
    "spread",
]
