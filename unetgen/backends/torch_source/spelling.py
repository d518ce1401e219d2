"""Names of classes out of words, networks of the field spelled as the field spells them."""

from __future__ import annotations

import re
from typing import Final

_OF_THE_FIELD: Final = (
    "AttentionUNet", "BasicUNet", "DenseNet", "DynUNet", "LinkNet", "MedNeXt", "MultiResUNet", "NNUNet", "R2UNet",
    "ResidualUNet", "ResEnc", "ResNet", "ResUNet", "SegResNet", "U2Net", "U2NetP", "UNet", "UNet3Plus", "UNetPlusPlus",
    "VNet", "MONAI", "Pix2Pix", "PyTorch", "SMP", "BN", "DSV", "FC", "SE",
)  # fmt: skip
_SPELLED: Final = {
    **{name.lower(): name for name in _OF_THE_FIELD},
    "pp": "PlusPlus",
    "unetpp": "UNetPlusPlus",
}
"""How networks, libraries and short forms are written, by their small letters."""


def camel(words: str) -> str:
    """Make a class name of words, keeping only letters and digits; empty if there are none.

    Example:
        >>> camel("unet-2015"), camel("unet-3d"), camel("strided_conv"), camel("attention unet")
        ('UNet2015', 'UNet3D', 'StridedConv', 'AttentionUNet')
        >>> camel("unetpp"), camel("fc-densenet103"), camel("mednext-s"), camel("pytorch-3dunet-2d")
        ('UNetPlusPlus', 'FCDenseNet103', 'MedNeXtS', 'PyTorch3DUNet2D')
    """
    return "".join(map(_capital, re.findall("[A-Za-z0-9]+", words)))


def _capital(word: str) -> str:
    """Write a word with a capital letter, or as it is spelled, with an axis count before it or a number behind it."""
    small = word.lower()
    if small in _SPELLED:
        return _SPELLED[small]
    if axes := re.match("[123]d", small):
        return axes[0].upper() + _capital(word[2:])
    if (plain := small.rstrip("0123456789")) in _SPELLED:
        return _SPELLED[plain] + word[len(plain) :]
    return f"UNet{_capital(word[4:])}" if small.startswith("unet") else word[:1].upper() + word[1:]
