"""Second road: the primer's network, run in Keras 3 on torch.

The stored vectors were made with keras 3.15.1 on torch 2.13.0 and numpy 2.4.6, one thread, weights and inputs drawn by the
scheme of `tests/vectors.py`. The test marked `keras` runs Keras itself, wherever it is installed (`pip install .[keras]`), and
holds the stored vector to it too.
"""

from __future__ import annotations

from importlib.util import find_spec

import pytest
import torch

import unetgen
from tests.vectors import compare, fill, image, stored_output

needs_keras = pytest.mark.skipif(find_spec("keras") is None, reason="Keras is not installed")


@pytest.fixture
def primer() -> torch.nn.Module:
    # Keras keeps maps channels-last. In torch's usual layout the same sums are added in another order.
    return unetgen.build("specs/keras-primer.yaml").to(memory_format=torch.channels_last).eval()


def test_the_primer_has_the_parameters_that_keras_counts(primer: torch.nn.Module) -> None:
    assert sum(p.numel() for p in primer.parameters()) == 1_291_905


@pytest.mark.parametrize("name", ["keras-seed-example", "keras-seed-example-256"])
def test_the_primer_gives_what_keras_gave(primer: torch.nn.Module, name: str) -> None:
    found = compare(primer, name)
    assert found.bitwise or found.relative < 1e-9


@pytest.mark.keras
@needs_keras
def test_the_primer_is_bit_for_bit_what_keras_gives(primer: torch.nn.Module) -> None:
    from tests.keras_primer import keras_output

    torch.set_num_threads(1)
    x = image("keras-seed-example").contiguous(memory_format=torch.channels_last)
    fill(primer, x)
    given = keras_output(primer, x)
    assert torch.equal(primer(x), given)
    assert torch.allclose(given.reshape(-1), stored_output("keras-seed-example"), rtol=0, atol=1e-6)


@pytest.mark.keras
@needs_keras
def test_in_torch_s_own_layout_the_primer_differs_from_keras_by_rounding_alone(primer: torch.nn.Module) -> None:
    from tests.keras_primer import keras_output

    x = image("keras-seed-example")
    ours = primer.to(memory_format=torch.contiguous_format)
    fill(ours, x)
    # 2.3e-6 was measured, as much as float32 differs from float64 in this network.
    assert torch.allclose(ours(x), keras_output(ours, x), rtol=0, atol=1e-5)
