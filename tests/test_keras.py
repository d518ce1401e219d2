"""Second road: the primer's network, run in Keras 3 on torch.

The stored vectors were made once with keras 3.15.1 on torch 2.13.0 and numpy 2.4.6, one thread; weights and inputs come
from the scheme of `unetgen.verification.vectors`. Where Keras is installed, the primer's own code runs, and the stored
vector is held to it too.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import unetgen
from tests.conftest import TESTS
from tests.needed import package
from unetgen.verification.leaves import run_leaves
from unetgen.verification.vectors import draw_input, fill

PRIMER, VECTORS = TESTS.parent / "specs/keras-primer.yaml", TESTS / "vectors"


@pytest.fixture
def keras() -> None:
    package("keras")


def filled_primer(memory: torch.memory_format) -> tuple[nn.Module, Tensor]:
    """Give the compiled primer with drawn weights and the image that belongs to them, both in a memory format."""
    x = draw_input((1, 1, 64, 64)).contiguous(memory_format=memory)
    module = unetgen.build(PRIMER).eval()
    module.to(memory_format=memory)  # type: ignore[call-overload]  # torch's annotations leave this keyword out
    fill(run_leaves(module, x).leaves)
    return module, x


def test_the_primer_has_the_parameters_that_keras_counts() -> None:
    assert unetgen.summarize(PRIMER).params == 1_291_905
    assert sum(p.numel() for p in unetgen.build(PRIMER).parameters()) == 1_291_905


@pytest.mark.parametrize("name", ["keras-seed-example", "keras-seed-example-256"])
def test_the_primer_gives_what_keras_gave(name: str) -> None:
    found = unetgen.verify(PRIMER, VECTORS / f"{name}.npz")
    assert found.ok, found.to_text()


@pytest.mark.usefixtures("keras")
@torch.no_grad()
def test_the_primer_is_bit_for_bit_what_keras_gives() -> None:
    from tests.keras_primer import keras_output

    # Keras keeps maps channels-last. In torch's usual layout the same sums are added in another order.
    module, x = filled_primer(torch.channels_last)
    torch.set_num_threads(1)
    given = keras_output(module, x)
    assert torch.equal(module(x), given)
    stored = np.load(VECTORS / "keras-seed-example.npz")["output"]
    assert np.allclose(given.numpy(), stored.reshape(given.shape), rtol=0, atol=1e-6)


@pytest.mark.usefixtures("keras")
@torch.no_grad()
def test_in_the_usual_layout_the_primer_differs_from_keras_by_rounding_alone() -> None:
    from tests.keras_primer import keras_output

    module, x = filled_primer(torch.contiguous_format)
    # 2.3e-6 was measured, as much as float32 differs from float64 in this network.
    assert torch.allclose(module(x), keras_output(module, x), rtol=0, atol=1e-5)
