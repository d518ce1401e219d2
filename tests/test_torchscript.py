"""What `torch.jit.script` makes of emitted modules: the same shapes, and the same refusals."""

from __future__ import annotations

import re
import warnings

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from torch import Tensor

from tests.spec_strategies import Drawn, legal_specs
from unetgen.api import lower, parse
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


OUTPUTS = "out_channels: 2\noutput_activation: sigmoid\nsupervision: {{levels: [1, 2], {more}}}\n"


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is:DeprecationWarning")
@pytest.mark.parametrize("returns", ["list", "stack"])
@pytest.mark.parametrize("in_eval", ["return", "compute", "skip"])
@pytest.mark.parametrize("fuse", [False, True])
def test_all_outputs_go_through_one_last_activation(returns: str, in_eval: str, fuse: bool) -> None:
    if fuse and in_eval == "skip":
        return
    more = f"fuse: {str(fuse).lower()}, returns: {returns}, in_eval: {in_eval}"
    network = lower(parse(f"depth: 2\nfilters: [4, 8, 16]\n{OUTPUTS.format(more=more)}"))
    text = emit_source(network)
    assert text.count("nn.Sigmoid()") == 1 + fuse and "self.outputs" not in text
    module, x = load_module(text), torch.rand(1, *network.input.shape.as_list())
    for mode in (True, False):
        expected, found = module.train(mode)(x), torch.jit.script(module)(x)
        assert all(map(torch.equal, expected, found))
