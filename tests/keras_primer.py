"""The primer's network as the primer writes it, in Keras 3 on torch; only tests that need Keras import this file.

`KERAS_BACKEND` must be `torch` before Keras is imported, which this file sees to.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from unetgen.verification.leaves import own_tensors, run_leaves

__all__ = ["keras_output", "primer"]

os.environ["KERAS_BACKEND"] = "torch"
keras: Any = import_module("keras")  # no types: Keras is a dependency of one test alone


def primer(input_size: tuple[int, int, int] = (256, 256, 1)) -> Any:
    """Build `unet_model` of the primer."""
    layers = keras.layers

    def conv(filters: int, x: Any) -> Any:
        return layers.Conv2D(filters, 3, activation="relu", padding="same", kernel_initializer="he_normal")(x)

    inputs = layers.Input(input_size)
    conv1 = conv(64, conv(64, inputs))
    pool1 = layers.MaxPooling2D(pool_size=(2, 2))(conv1)
    conv2 = conv(128, conv(128, pool1))
    pool2 = layers.MaxPooling2D(pool_size=(2, 2))(conv2)
    conv3 = conv(256, pool2)
    up1 = layers.UpSampling2D(size=(2, 2))(conv3)
    merge1 = layers.concatenate([conv2, up1], axis=3)
    conv4 = conv(128, conv(128, merge1))
    up2 = layers.UpSampling2D(size=(2, 2))(conv4)
    merge2 = layers.concatenate([conv1, up2], axis=3)
    conv5 = conv(64, conv(64, merge2))
    output = layers.Conv2D(1, 1, activation="sigmoid")(conv5)
    return keras.Model(inputs=inputs, outputs=output)


@torch.no_grad()
def keras_output(module: nn.Module, x: Tensor) -> Tensor:
    """Run the primer's network on an image `n c h w` with the weights of a module that has the same layers."""
    model = primer((*x.shape[2:], x.shape[1]))
    ours = [tensor for leaf in run_leaves(module, x).leaves for tensor in own_tensors(leaf.module).values()]
    # Keras keeps kernels as height, width, in, out.
    model.set_weights([np.asarray(t.permute(2, 3, 1, 0) if t.ndim == 4 else t) for t in ours])
    output: Tensor = model(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    return output
