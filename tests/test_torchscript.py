"""What `torch.jit.script` makes of emitted modules: the same shapes, and the same refusals."""

from __future__ import annotations

import re
import warnings

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from torch import Tensor

from tests.spec_strategies import Drawn, legal_specs
from unetgen.api import lower
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import emit_source
from unetgen.ir import Network
from unetgen.language.zoo import zoo_names


@pytest.mark.parametrize("name", ["unet-2015", "linknet", "monai-unet", "unetpp-supervised", "unet-3d", "wave-u-net"])
def test_torchscript_reads_a_module_of_the_zoo(name: str) -> None:
    scripts(lower(name))


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@settings(max_examples=20, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(legal_specs())
def test_torchscript_reads_a_module_of_any_spec(drawn: Drawn) -> None:
    scripts(drawn.network)


@pytest.mark.deep
@pytest.mark.parametrize("name", zoo_names())
def test_torchscript_reads_every_module_of_the_zoo(name: str) -> None:
    scripts(lower(name))


def scripts(network: Network) -> None:
    """Hold a scripted module to the one it was made of: it refuses the same sizes, in the same words."""
    with torch.device("meta"):
        module = load_module(emit_source(network)).eval()
    x = torch.empty(1, *network.input.shape.as_list(), device="meta")
    with warnings.catch_warnings():
        # Torch calls TorchScript itself deprecated.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        scripted = torch.jit.script(module)
    for other in (x[0], torch.cat((x, x[:, :, :1]), 2)):
        try:
            module(other)
        except ValueError as error:
            # To TorchScript a dtype is a number, and said as one.
            said = str(error).removesuffix("torch.float32")
            with pytest.raises(torch.jit.Error, match=re.escape(said)):
                scripted(other)
    given, wanted = scripted(x), module(x)
    assert isinstance(given, Tensor) == isinstance(wanted, Tensor)
    assert [y.shape for y in given] == [y.shape for y in wanted]
