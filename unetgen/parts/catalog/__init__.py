"""The vocabulary as rows of data: what each word is called in torch and in ONNX, its options, and its paper."""

from unetgen.parts.catalog.activations import ACTIVATIONS, ActivationKind
from unetgen.parts.catalog.norms import NORMS, NormKind, norm_row
from unetgen.parts.catalog.options import Option, OptionValue

__all__ = ["ACTIVATIONS", "NORMS", "ActivationKind", "NormKind", "Option", "OptionValue", "norm_row"]
