"""Normalisations. A new one is a row here, and where it computes something new, that in the primitive `Norm`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from unetgen.ir.ops import NormOf
from unetgen.parts.catalog.options import Option

_EPS: Final = Option("eps", 1e-5, "added to the variance", minimum=0.0, maximum=1.0)
_AFFINE: Final = Option("affine", True, "whether it has a learned scale and shift")
_MOMENTUM: Final = Option("momentum", 0.1, "weight of the new value in the running mean", minimum=0.0, maximum=1.0)
_GROUPS: Final = Option(
    "groups", 8, "number of groups of channels, or `channels` for one group each",
    minimum=1, maximum=65536, whole=True, words=("channels",),
)  # fmt: skip
_WHEN_FEWER: Final = Option(
    "when_fewer", "error", "what a map of fewer channels than groups means; `one`: one group", words=("error", "one")
)


@dataclass(frozen=True, slots=True)
class NormKind:
    """One normalisation.

    Args:
        name: The word in YAML, and with "norm" behind it what reports and pictures call it.
        op: What the primitive takes mean and variance over.
        torch: The class in `torch.nn`; `{dims}` stands for the number of spatial axes.
        onnx: The ONNX operator.
        summary: Over what it takes mean and variance.
        options: What it may be told. Each is a field of the primitive and a keyword of the torch class, but for
            `groups`, which may depend on the map, and `when_fewer`, which says how.
        given: What the torch class takes without a keyword: `channels`, `groups`, or an option.
        fixed: Keywords of the torch class that are always given.
        groups: The number of groups, where the word itself says it.
        paper: Where it comes from.
    """

    name: str
    op: NormOf
    torch: str
    onnx: str
    summary: str
    options: tuple[Option, ...] = (_EPS, _AFFINE)
    given: tuple[str, ...] = ("channels",)
    fixed: tuple[tuple[str, int], ...] = ()
    groups: int | None = None
    paper: str = ""

    def takes(self, name: str) -> bool:
        """Say whether it may be told something by that name."""
        return any(option.name == name for option in self.options)


NORMS: dict[str, NormKind] = {
    row.name: row
    for row in (
        NormKind("batch", "batch", "BatchNorm{dims}d", "BatchNormalization",
                 "per channel, over the batch and all positions",
                 options=(_EPS, _AFFINE, _MOMENTUM), paper="Ioffe and Szegedy 2015, arXiv:1502.03167"),
        NormKind("instance", "instance", "InstanceNorm{dims}d", "InstanceNormalization",
                 "per channel and sample, over all positions",
                 options=(_EPS, replace(_AFFINE, torch=False)), paper="Ulyanov et al. 2016, arXiv:1607.08022"),
        NormKind("group", "group", "GroupNorm", "GroupNormalization",
                 "per sample and group of channels, over all positions",
                 options=(_EPS, _AFFINE, _GROUPS, _WHEN_FEWER), given=("groups", "channels"),
                 paper="Wu and He 2018, arXiv:1803.08494"),
        NormKind("layer", "group", "GroupNorm", "GroupNormalization",
                 "per sample, over all channels and positions (one group)",
                 given=("groups", "channels"), groups=1, paper="Ba et al. 2016, arXiv:1607.06450"),
    )
}  # fmt: skip


def norm_row(op: NormOf, groups: int) -> NormKind:
    """Find the row of a primitive: the one whose word says its number of groups, or the one that leaves it open.

    Example:
        >>> norm_row("group", 8).name, norm_row("group", 1).name
        ('group', 'layer')
    """
    rows = [row for row in NORMS.values() if row.op == op and row.groups in (None, groups)]
    return max(rows, key=lambda row: row.groups is not None)
