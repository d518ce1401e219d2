"""Normalisations: the words of the language and what they become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["NORMS", "NormKind"]


@dataclass(frozen=True, slots=True)
class NormKind:
    """One normalisation.

    Args:
        name: The word in YAML.
        op: The primitive it is made of.
        torch: The class in `torch.nn`; `{dims}` stands for the number of spatial axes.
        onnx: The ONNX operator.
        summary: Over what it takes mean and variance.
        affine: Whether it has a learned scale and shift unless told otherwise.
        options: The further options it takes: `momentum`, `groups`.
        paper: Where it comes from.
    """

    name: str
    op: Literal["batch", "instance", "group"]
    torch: str
    onnx: str
    summary: str
    affine: bool
    options: tuple[str, ...]
    paper: str


NORMS: dict[str, NormKind] = {
    row.name: row
    for row in (
        NormKind("batch", "batch", "BatchNorm{dims}d", "BatchNormalization",
                 "per channel, over the batch and all positions", True, ("momentum",),
                 "Ioffe and Szegedy 2015, arXiv:1502.03167"),
        NormKind("instance", "instance", "InstanceNorm{dims}d", "InstanceNormalization",
                 "per channel and sample, over all positions", True, (), "Ulyanov et al. 2016, arXiv:1607.08022"),
        NormKind("group", "group", "GroupNorm", "GroupNormalization",
                 "per sample and group of channels, over all positions", True, ("groups",),
                 "Wu and He 2018, arXiv:1803.08494"),
        NormKind("layer", "group", "GroupNorm", "GroupNormalization",
                 "per sample, over all channels and positions (one group)", True, (),
                 "Ba et al. 2016, arXiv:1607.06450"),
    )
}  # fmt: skip
