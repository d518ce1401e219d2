"""The figure of feature maps in the README: cells are drawn, a small U-Net learns to find them, and is drawn at work.

`python -m tools.feature_maps` writes it, in a few minutes. Everything comes from fixed seeds, but other processors
round otherwise, so the pixels may differ a little from those that stand here.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

import unetgen

__all__ = ["FIGURE", "SPEC", "cells", "main"]

FIGURE: Final = Path(__file__).parents[1] / "docs" / "figures" / "feature-maps.svg"
SPEC: Final = "{extends: unet-2015, name: cells, filters: 16, norm: batch, input_size: 572}"
STEPS: Final = 160
SMALL: Final = 284
"""The size at which it learns."""


def cells(size: int, count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Draw cells with bright nuclei on an uneven ground, and say where they are."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:size, :size].astype(float)
    image, where = 0.25 + 0.08 * np.sin(x / 190) * np.cos(y / 150), np.zeros((size, size), bool)
    for _ in range(count):
        radius = _radius(x - random.uniform(0, size), y - random.uniform(0, size), random)
        body, rim, nucleus = 1 / (1 + np.exp((radius - 1) * 14)), np.exp(-(((radius - 1) * 9) ** 2)), radius * 3.2
        light = 0.35 * body * random.uniform(0.6, 1) - 0.12 * rim + 0.18 * np.exp(-(nucleus**2))
        image += light * (1 - 0.5 * where)
        where |= radius < 1
    image += 0.05 * random.standard_normal((size, size))
    return (255 * image.clip(0, 1)).astype(np.uint8), where


def _radius(x: NDArray[np.float64], y: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Give how far from the middle of an ellipse each place is; its edge is at 1."""
    long, short, turn = random.uniform(18, 40), random.uniform(14, 28), random.uniform(0, np.pi)
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    radius: NDArray[np.float64] = np.hypot(u / long, v / short)
    return radius


def main() -> None:
    """Train, draw and write."""
    torch.manual_seed(0)
    spec = unetgen.parse(SPEC)
    net = _trained(unetgen.build(spec))
    with tempfile.TemporaryDirectory() as folder:
        weights, image = Path(folder) / "cells.safetensors", Path(folder) / "cells.npy"
        save_file(net.state_dict(), weights)
        np.save(image, cells(572, 30, seed=3)[0])
        drawing = unetgen.draw(spec, image=image, weights=weights, theme="paper", title="A small U-Net at work")
    drawing.save(FIGURE)


def _trained(net: nn.Module) -> nn.Module:
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    for step in range(STEPS):
        image, where = cells(SMALL, 10, seed=1000 + step)
        loss = F.cross_entropy(net(_standardised(image)), _middle(where))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return net


def _standardised(image: NDArray[np.uint8]) -> Tensor:
    x = torch.from_numpy(image.astype(np.float32))[None, None]
    return (x - x.mean()) / x.std()


def _middle(where: NDArray[np.bool_]) -> Tensor:
    """Cut out what the network gives of an input."""
    border = (572 - 388) // 2
    return torch.from_numpy(where[border:-border, border:-border].astype(np.int64))[None]


if __name__ == "__main__":
    main()
