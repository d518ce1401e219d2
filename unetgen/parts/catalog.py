"""The vocabulary as rows of data: what each word is called in torch and in ONNX, its options, and its paper.

A new activation is a row here; nothing else anywhere mentions it by name. A new norm is a row here, and where it
computes something new, that in the primitive `Norm`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from unetgen.ir import ops

OptionValue = float | bool | str


@dataclass(frozen=True, slots=True)
class Option:
    """What a row may be told: a number, true or false, or a word, as its default is.

    Args:
        name: The key in YAML.
        default: What holds unless it is given; also in torch.
        summary: What it does.
        minimum: The least number, itself allowed.
        maximum: The greatest number, itself allowed.
        whole: Whether only whole numbers make sense.
        words: The words it may be; where the default is a number, beside numbers.
        torch: Torch's own default, where it is another.
    """

    name: str
    default: OptionValue
    summary: str
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    words: tuple[str, ...] = ()
    torch: OptionValue | None = None

    @property
    def torch_default(self) -> OptionValue:
        """What torch takes where nothing is given."""
        return self.default if self.torch is None else self.torch


@dataclass(frozen=True, slots=True)
class ActivationKind:
    """One activation.

    Args:
        name: The word in YAML.
        torch: The class in `torch.nn`.
        onnx: The ONNX operator.
        summary: The formula, in one line.
        options: Numbers it may be given; each is also the keyword of the torch class.
        fixed: Keywords of the torch class that are always given.
        inplace: Whether the torch class takes `inplace=True`.
        learned: Whether it trains slopes; then the torch class takes `num_parameters`, which is 1 or, where
            `per_channel` is asked for, the number of channels.
        keeps: What torch keeps of it for the gradient. In place, `either` is the result, and the input is a copy of it.
        use: Whether it may stand anywhere, or only at the end of a network.
        over_channels: Whether it sets the channels of a position against each other, so that a single one is constant.
        paper: Where it comes from.
    """

    name: str
    torch: str
    onnx: str
    summary: str
    options: tuple[Option, ...] = ()
    fixed: tuple[tuple[str, int], ...] = ()
    inplace: bool = False
    learned: bool = False
    keeps: Literal["input", "result", "either"] = "input"
    use: Literal["anywhere", "output"] = "anywhere"
    over_channels: bool = False
    paper: str = ""


_SLOPE = Option("negative_slope", 0.01, "slope for negative inputs")
_ALPHA = Option("alpha", 1.0, "value approached for very negative inputs", minimum=0.0)
_INIT = Option("init", 0.25, "first value of the trained slope")

ACTIVATIONS: dict[str, ActivationKind] = {
    row.name: row
    for row in (
        ActivationKind("relu", "ReLU", "Relu", "max(0, x)", inplace=True, keeps="result",
                       paper="Nair and Hinton 2010, ICML"),
        ActivationKind(
            "leaky_relu", "LeakyReLU", "LeakyRelu", "x if x > 0 else negative_slope * x",
            options=(_SLOPE,), inplace=True, keeps="either", paper="Maas et al. 2013, ICML workshop",
        ),
        ActivationKind(
            "prelu", "PReLU", "PRelu", "x if x > 0 else a * x, a trained",
            options=(_INIT,), learned=True, paper="He et al. 2015, arXiv:1502.01852",
        ),
        ActivationKind(
            "elu", "ELU", "Elu", "x if x > 0 else alpha * (exp(x) - 1)",
            options=(_ALPHA,), inplace=True, keeps="either", paper="Clevert et al. 2015, arXiv:1511.07289",
        ),
        ActivationKind("selu", "SELU", "Selu", "scaled ELU with fixed constants", inplace=True, keeps="either",
                       paper="Klambauer et al. 2017, arXiv:1706.02515"),
        ActivationKind("gelu", "GELU", "Gelu", "x * normal_cdf(x)",
                       paper="Hendrycks and Gimpel 2016, arXiv:1606.08415"),
        ActivationKind("silu", "SiLU", "Swish", "x * sigmoid(x)", inplace=True,
                       paper="Elfwing et al. 2017, arXiv:1702.03118"),
        ActivationKind("mish", "Mish", "Mish", "x * tanh(softplus(x))", inplace=True,
                       paper="Misra 2019, arXiv:1908.08681"),
        ActivationKind("tanh", "Tanh", "Tanh", "tanh(x)", keeps="result"),
        ActivationKind("sigmoid", "Sigmoid", "Sigmoid", "1 / (1 + exp(-x))", keeps="result"),
        ActivationKind("softmax", "Softmax", "Softmax", "exp(x) / sum over channels of exp(x)",
                       fixed=(("dim", 1),), keeps="result", use="output", over_channels=True),
        ActivationKind("log_softmax", "LogSoftmax", "LogSoftmax", "the logarithm of softmax",
                       fixed=(("dim", 1),), keeps="result", use="output", over_channels=True),
    )
}  # fmt: skip


_UNTOLD: Final = ops.Norm("batch")
"""A norm that is told nothing: its fields are the defaults of options."""
_EPS: Final = Option("eps", _UNTOLD.eps, "added to the variance", minimum=0.0, maximum=1.0)
_AFFINE: Final = Option("affine", _UNTOLD.affine, "whether it has a learned scale and shift")
_MOMENTUM: Final = Option(
    "momentum", _UNTOLD.momentum, "weight of the new value in the running mean", minimum=0.0, maximum=1.0
)
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
        op: The primitive as it is where nothing is told.
        torch: The class in `torch.nn`; `{dims}` stands for the number of spatial axes.
        onnx: The ONNX operator.
        summary: Over what it takes mean and variance.
        centres: Whether it subtracts a mean, so that a convolution right before it needs no bias.
        options: What it may be told. Each is a field of the primitive and a keyword of the torch class, but for
            `groups`, which may depend on the map, and `when_fewer`, which says how.
        given: What the torch class takes without a keyword: `channels`, `groups`, or an option.
        fixed: Keywords of the torch class that are always given.
        groups: The number of groups, where the word itself says it.
        paper: Where it comes from.
    """

    name: str
    op: ops.Norm
    torch: str
    onnx: str
    summary: str
    centres: bool = field(kw_only=True)
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
        NormKind("batch", ops.Norm("batch"), "BatchNorm{dims}d", "BatchNormalization",
                 "per channel, over the batch and all positions", centres=True,
                 options=(_EPS, _AFFINE, _MOMENTUM), paper="Ioffe and Szegedy 2015, arXiv:1502.03167"),
        NormKind("instance", ops.Norm("instance"), "InstanceNorm{dims}d", "InstanceNormalization",
                 "per channel and sample, over all positions", centres=True,
                 options=(_EPS, replace(_AFFINE, torch=False)), paper="Ulyanov et al. 2016, arXiv:1607.08022"),
        NormKind("group", ops.Norm("group"), "GroupNorm", "GroupNormalization",
                 "per sample and group of channels, over all positions", centres=True,
                 options=(_EPS, _AFFINE, _GROUPS, _WHEN_FEWER), given=("groups", "channels"),
                 paper="Wu and He 2018, arXiv:1803.08494"),
        NormKind("layer", ops.Norm("group"), "GroupNorm", "GroupNormalization",
                 "per sample, over all channels and positions (one group)", centres=True,
                 given=("groups", "channels"), groups=1, paper="Ba et al. 2016, arXiv:1607.06450"),
    )
}  # fmt: skip


def norm_row(kind: ops.NormOf, groups: int) -> NormKind:
    """Find the row of a primitive: the one whose word says its number of groups, or the one that leaves it open.

    Example:
        >>> norm_row("group", 8).name, norm_row("group", 1).name
        ('group', 'layer')
    """
    rows = [row for row in NORMS.values() if row.op.kind == kind and row.groups in (None, groups)]
    return max(rows, key=lambda row: row.groups is not None)
