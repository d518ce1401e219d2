"""Fresh weights of emitted modules: what the language says of them, the drawn numbers have."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from tests.torch_samples import conv, network_of
from unetgen.analyses import last_norms
from unetgen.api import lower, parse
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import emit_source
from unetgen.ir import Init, Network, Op
from unetgen.ir.network import FanOfTransposed, InitKind
from unetgen.ir.ops import ConvTransposed, Norm
from unetgen.language.zoo import zoo_names
from unetgen.parts.unit_words import INITS
from unetgen.source.diagnostics import SpecError

SPREADS = {
    "he_normal": (2 / 300) ** 0.5,
    "he_uniform": (2 / 300) ** 0.5,
    "xavier_normal": (2 / 400) ** 0.5,
    "xavier_uniform": (2 / 400) ** 0.5,
    "orthogonal": (1 / 300) ** 0.5,
}
ONE_TO_ONE = ((1, 1), (1, 1), (0, 0), (0, 0))
TRANSPOSED = ConvTransposed(100, *ONE_TO_ONE, 1, True)
BATCH = Norm("batch", 1e-5, True)


@pytest.mark.parametrize("kind", SPREADS)
@pytest.mark.parametrize("op", [conv(100, kernel=1), TRANSPOSED])
@pytest.mark.parametrize("gain", [1.0, 0.5])
def test_weights_have_the_spread_that_was_asked_for(kind: InitKind, op: Op, gain: float) -> None:
    weight, bias = drawn(op, Init(kind, gain))
    assert weight.std().item() == pytest.approx(gain * SPREADS[kind], rel=0.05)
    assert not bias.any()


def test_the_fan_of_a_grouped_transposed_convolution_is_that_of_one_group() -> None:
    weight, _ = drawn(ConvTransposed(100, *ONE_TO_ONE, 2, True), Init("he_normal"))
    assert weight.std().item() == pytest.approx((2 / 150) ** 0.5, rel=0.05)


@pytest.mark.parametrize("kind", ["he_normal", "he_uniform"])
@pytest.mark.parametrize(("kernel", "stride", "fan"), [(2, 2, 300), (4, 2, 1200), (3, 2, 675), (3, 1, 2700)])
def test_only_weights_that_meet_in_an_output_count(kind: InitKind, kernel: int, stride: int, fan: int) -> None:
    """Of a kernel of 2 with a stride of 2, one weight for each input channel: the N of Ronneberger et al. 2015."""
    up = ConvTransposed(100, (kernel,) * 2, (stride,) * 2, (0, 0), (0, 0), 1, True)
    weight, _ = drawn(up, Init(kind))
    assert weight.std().item() == pytest.approx((2 / fan) ** 0.5, rel=0.02)


@pytest.mark.parametrize("op", [conv(100, kernel=1), TRANSPOSED])
def test_a_normal_has_the_deviation_that_was_asked_for(op: Op) -> None:
    weight, bias = drawn(op, Init("normal", std=0.03))
    assert weight.std().item() == pytest.approx(0.03, rel=0.05)
    assert not bias.any()


@pytest.mark.parametrize("kind", ["he_normal", "he_uniform"])
@pytest.mark.parametrize("op", [conv(100, kernel=1), TRANSPOSED])
def test_the_rule_makes_up_for_a_slope(kind: InitKind, op: Op) -> None:
    weight, _ = drawn(op, Init(kind, slope=0.5))
    assert weight.std().item() == pytest.approx((2 / (1 + 0.25) / 300) ** 0.5, rel=0.05)


@pytest.mark.parametrize(("counted", "spread"), [("inputs", 2 / 300), ("outputs", 2 / 100), ("torch", 1 / 3 / 100)])
def test_what_counts_at_a_transposed_convolution(counted: FanOfTransposed, spread: float) -> None:
    # torch itself draws uniformly up to one over the root of the fan, a third of that in variance.
    weight, bias = drawn(TRANSPOSED, Init("he_normal", transposed=counted))
    assert weight.std().item() == pytest.approx(spread**0.5, rel=0.05)
    assert bool(bias.any()) == (counted == "torch")


def test_biases_may_stay_as_torch_draws_them() -> None:
    assert drawn(conv(100, kernel=1), Init("he_normal", bias="torch"))[1].any()


@pytest.mark.parametrize("norm", [BATCH, Norm("instance", 1e-5, True), Norm("group", 1e-5, True, groups=2)])
def test_scales_of_norms_are_drawn_around_one(norm: Norm) -> None:
    network = network_of(conv(900, kernel=1), norm, replace(norm, affine=False))
    scale = made(network, Init("normal", norm_std=0.1)).state_dict()["encoder.0.op2.weight"]
    assert scale.mean().item() == pytest.approx(1, abs=0.02) and scale.std().item() == pytest.approx(0.1, rel=0.1)


def drawn(op: Op, init: Init) -> list[nn.Parameter]:
    """Draw weight and bias of one op that takes 300 channels."""
    return list(made(network_of(op, channels=300), init).parameters())


def made(network: Network, init: Init) -> nn.Module:
    torch.manual_seed(0)
    return load_module(emit_source(replace(network, init=init)))


# Norms that start at zero

RESIDUAL = "depth: 2\nfilters: 4\nnorm: batch\nblock: residual\ninit: {he_normal: {zero_last_norm: true}}\n"


@pytest.mark.parametrize(
    "more",
    [
        "",
        "repeat: 3\n",
        "order: cnad\ndropout: 0.5\n",
        "order: cna\nattention: channel\n",
        "encoder: [{block: plain}, {}]\n",
        "skip: {join: add}\n",
        "encoder: {repeat: 2}\nbottleneck: {norm: instance}\ndecoder: {block: plain}\n",
    ],
)
def test_the_last_norms_of_residual_blocks_start_at_zero_and_no_others(more: str) -> None:
    network = lower(parse(RESIDUAL + more))
    assert scales_of_zero(network) == {norm.path for _, norm in last_norms(network)} != set()


def scales_of_zero(network: Network) -> set[str]:
    """Name the norms of the emitted module whose scales are zero; all others are one."""
    state = load_module(emit_source(network)).state_dict()
    scales = {
        node.path: state[f"{node.path}.weight"]
        for node in network.nodes
        if isinstance(node.op, Norm) and node.op.affine and node.shares is None
    }
    assert all(set(scale.unique().tolist()) in ({0.0}, {1.0}) for scale in scales.values())
    return {path for path, scale in scales.items() if not scale.any()}


@pytest.mark.parametrize("name", [name for name in zoo_names() if lower(name).init.zero_last_norm])
def test_residual_blocks_of_the_zoo_start_as_their_shortcuts(name: str) -> None:
    network = lower(name)
    ends = {sum.inputs[0].id: norm for sum, norm in last_norms(network)}
    assert len(ends) == sum(node.name == "add" for node in network.nodes)
    assert scales_of_zero(network) == {norm.path for norm in ends.values()}


@pytest.mark.parametrize(
    ("spec", "option"),
    [
        ("norm: batch\ninit: {he_normal: {zero_last_norm: true}}\n", "zero_last_norm"),
        ("block: residual\nnorm: {batch: {affine: false}}\ninit: {normal: {zero_last_norm: true}}\n", "zero_last_norm"),
        ("block: residual\norder: nac\nnorm: batch\ninit: {normal: {zero_last_norm: true}}\n", "zero_last_norm"),
        ("norm: {instance: {affine: false}}\ninit: {he_normal: {norm_std: 0.02}}\n", "norm_std"),
        ("norm: none\nbias: false\nupsample: nearest\nhead: none\ninit: {he_normal: {bias: torch}}\n", "bias"),
        ("upsample: {nearest: {after: 1}}\ninit: {he_uniform: {transposed: torch}}\n", "transposed"),
    ],
)
def test_an_option_that_changes_nothing_is_refused(spec: str, option: str) -> None:
    with pytest.raises(SpecError) as error:
        lower(parse(f"depth: 1\nfilters: 8\n{spec}"))
    assert [one.code for one in error.value.diagnostics] == ["U201"]
    assert error.value.diagnostics[0].headline.startswith(f"`{option}` means nothing here: ")


def test_defaults_of_the_language_are_those_of_a_network() -> None:
    usual = Init()
    assert all(option.default == getattr(usual, option.name) for rows in INITS.values() for option in rows)
