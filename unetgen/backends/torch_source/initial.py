"""How fresh weights are drawn: the emitted function that the network applies to all its modules."""

from __future__ import annotations

from collections.abc import Iterable

from unetgen.ir.network import Init, Network
from unetgen.ir.ops import Conv, ConvTransposed

__all__ = ["init_lines"]

_WORDS = {
    "he": "as He et al. 2015 do",
    "xavier": "as Glorot and Bengio 2010 do",
    "orthogonal": "as orthogonal matrices",
}


def init_lines(network: Network) -> tuple[str, ...]:
    """Write `init_weights`; nothing where torch's own initialisation stays, or where nothing is to be drawn."""
    kind = network.init.kind
    convs = [node.op for node in network.nodes if isinstance(node.op, Conv | ConvTransposed)]
    if kind == "torch" or not convs:
        return ()
    family = kind.partition("_")[0]
    bias = ("    if module.bias is not None:", "        nn.init.zeros_(module.bias)")
    return (
        "def init_weights(module: nn.Module) -> None:",
        f'    """Draw the weights of convolutions {_WORDS[family]}; biases start at zero."""',
        *(_he(network.init, network.dims, convs) if family == "he" else _other(network.init, network.dims, convs)),
        *(bias if any(op.bias for op in convs) else ()),
    )


def _other(init: Init, dims: int, convs: Iterable[Conv | ConvTransposed]) -> tuple[str, ...]:
    gain = "" if init.gain == 1 else f", gain={init.gain!r}"
    # Stored (in, out, ...) or (out, in, ...): neither Glorot's mean of both fans nor an orthogonal matrix cares.
    kinds = sorted({f"nn.{_name(op)}{dims}d" for op in convs})
    kind = kinds[0] if len(kinds) == 1 else f"({', '.join(kinds)})"
    return (
        f"    if not isinstance(module, {kind}):",
        "        return",
        f"    nn.init.{init.kind}_(module.weight{gain})",
    )


def _he(init: Init, dims: int, convs: list[Conv | ConvTransposed]) -> tuple[str, ...]:
    draw = init.kind.replace("he", "nn.init.kaiming") + "_"
    plain = (f'{draw}(module.weight, nonlinearity="relu")',)
    transposed = _he_transposed(draw, grouped=any(isinstance(op, ConvTransposed) and op.groups > 1 for op in convs))
    kinds = {_name(op) for op in convs}
    branches = [(name, lines) for name, lines in (("Conv", plain), ("ConvTranspose", transposed)) if name in kinds]
    gain = ("    with torch.no_grad():", f"        module.weight.mul_({init.gain!r})") if init.gain != 1 else ()
    return (*_branches(branches, dims), *gain)


def _he_transposed(draw: str, *, grouped: bool) -> tuple[str, ...]:
    comment = "# Stored as (in, out, ...), so its fan-in is what torch calls fan_out."
    if not grouped:
        return (comment, f'{draw}(module.weight, mode="fan_out", nonlinearity="relu")')
    return (
        comment,
        "for weight in module.weight.chunk(module.groups):",
        f'    {draw}(weight, mode="fan_out", nonlinearity="relu")',
    )


def _branches(branches: list[tuple[str, tuple[str, ...]]], dims: int) -> tuple[str, ...]:
    """Write one branch for each kind of convolution; everything else is left alone."""
    if len(branches) == 1:
        name, body = branches[0]
        guard = (f"    if not isinstance(module, nn.{name}{dims}d):", "        return")
        return (*guard, *(f"    {text}" for text in body))
    words = ("if", *("elif" for _ in branches[1:]))
    lines = [
        line
        for word, (name, body) in zip(words, branches, strict=True)
        for line in (f"    {word} isinstance(module, nn.{name}{dims}d):", *(f"        {text}" for text in body))
    ]
    return (*lines, "    else:", "        return")


def _name(op: Conv | ConvTransposed) -> str:
    return "Conv" if isinstance(op, Conv) else "ConvTranspose"
