"""A U-Net as somebody else would write it: other names, another order of construction, functions in `forward`."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["TwoLevels", "with_dead_head"]


class TwoLevels(nn.Module):
    """`depth: 2` with batch norm; the last convolution may be a linear layer, and a layer may be dead."""

    def __init__(
        self, width: int = 4, *, swapped: bool = False, leak: float = 0.0, linear: bool = False, dead: bool = False
    ) -> None:
        super().__init__()
        self.swapped, self.leak = swapped, leak
        self.head: nn.Module = nn.Linear(width, 2) if linear else nn.Conv2d(width, 2, 1)
        self.raise2 = nn.ConvTranspose2d(2 * width, width, 2, 2)
        self.raise1 = nn.ConvTranspose2d(4 * width, 2 * width, 2, 2)
        self.right = nn.ModuleList([_double(4 * width, 2 * width), _double(2 * width, width)])
        self.left = nn.ModuleList([_double(3, width), _double(width, 2 * width), _double(2 * width, 4 * width)])
        if dead:
            self.dead = nn.Conv2d(width, 7, 1)

    def forward(self, x: Tensor) -> Tensor:
        top = self._both(self.left[0], x)
        middle = self._both(self.left[1], F.max_pool2d(top, 2))
        x = self._both(self.left[2], F.max_pool2d(middle, 2))
        x = self._both(self.right[0], self._join(middle, self.raise1(x)))
        x = self._both(self.right[1], self._join(top, self.raise2(x)))
        if isinstance(self.head, nn.Linear):
            return self.head(x.movedim(1, -1)).movedim(-1, 1)  # type: ignore[no-any-return]  # modules are untyped
        return self.head(x)  # type: ignore[no-any-return]  # modules are untyped

    def _both(self, layers: nn.Module, x: Tensor) -> Tensor:
        assert isinstance(layers, nn.ModuleList)
        for conv, norm in zip(layers[::2], layers[1::2], strict=True):
            x = F.leaky_relu(norm(conv(x)), self.leak)
        return x

    def _join(self, skip: Tensor, up: Tensor) -> Tensor:
        return torch.cat([up, skip] if self.swapped else [skip, up], 1)


def _double(taken: int, given: int) -> nn.ModuleList:
    first = [nn.Conv2d(taken, given, 3, padding=1, bias=False), nn.BatchNorm2d(given)]
    return nn.ModuleList([*first, nn.Conv2d(given, given, 3, padding=1, bias=False), nn.BatchNorm2d(given)])


def with_dead_head(width: int) -> nn.Module:
    """Build one of which a layer is never called."""
    return TwoLevels(width, dead=True)
