"""Activations. A new one is a row here; nothing else anywhere mentions it by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from unetgen.parts.catalog.options import Option


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
        use: Whether it may stand anywhere, or only at the end of a network.
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
    use: Literal["anywhere", "output"] = "anywhere"
    paper: str = ""


_SLOPE = Option("negative_slope", 0.01, "slope for negative inputs")
_ALPHA = Option("alpha", 1.0, "value approached for very negative inputs", minimum=0.0)
_INIT = Option("init", 0.25, "first value of the trained slope")

ACTIVATIONS: dict[str, ActivationKind] = {
    row.name: row
    for row in (
        ActivationKind("relu", "ReLU", "Relu", "max(0, x)", inplace=True, paper="Nair and Hinton 2010, ICML"),
        ActivationKind(
            "leaky_relu", "LeakyReLU", "LeakyRelu", "x if x > 0 else negative_slope * x",
            options=(_SLOPE,), inplace=True, paper="Maas et al. 2013, ICML workshop",
        ),
        ActivationKind(
            "prelu", "PReLU", "PRelu", "x if x > 0 else a * x, a trained",
            options=(_INIT,), learned=True, paper="He et al. 2015, arXiv:1502.01852",
        ),
        ActivationKind(
            "elu", "ELU", "Elu", "x if x > 0 else alpha * (exp(x) - 1)",
            options=(_ALPHA,), inplace=True, paper="Clevert et al. 2015, arXiv:1511.07289",
        ),
        ActivationKind("selu", "SELU", "Selu", "scaled ELU with fixed constants", inplace=True,
                       paper="Klambauer et al. 2017, arXiv:1706.02515"),
        ActivationKind("gelu", "GELU", "Gelu", "x * normal_cdf(x)",
                       paper="Hendrycks and Gimpel 2016, arXiv:1606.08415"),
        ActivationKind("silu", "SiLU", "Swish", "x * sigmoid(x)", inplace=True,
                       paper="Elfwing et al. 2017, arXiv:1702.03118"),
        ActivationKind("mish", "Mish", "Mish", "x * tanh(softplus(x))", inplace=True,
                       paper="Misra 2019, arXiv:1908.08681"),
        ActivationKind("tanh", "Tanh", "Tanh", "tanh(x)"),
        ActivationKind("sigmoid", "Sigmoid", "Sigmoid", "1 / (1 + exp(-x))"),
        ActivationKind("softmax", "Softmax", "Softmax", "exp(x) / sum over channels of exp(x)",
                       fixed=(("dim", 1),), use="output"),
        ActivationKind("log_softmax", "LogSoftmax", "LogSoftmax", "the logarithm of softmax",
                       fixed=(("dim", 1),), use="output"),
    )
}  # fmt: skip
