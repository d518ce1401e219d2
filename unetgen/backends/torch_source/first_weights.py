"""How fresh weights are drawn: the function of the emitted file that is applied to every module."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from unetgen.analyses import last_norms
from unetgen.backends.torch_source.classes import ClassPlan
from unetgen.backends.torch_source.text import docstring
from unetgen.ir import ops
from unetgen.ir.network import Init, InitKind, Network
from unetgen.parts.catalog import norm_row

Lines = tuple[str, ...]
Conv = ops.Conv | ops.ConvTransposed
_DRAWN: Final[dict[InitKind, str]] = {
    "he_normal": "as He et al. 2015 do",
    "he_uniform": "as He et al. 2015 do",
    "xavier_normal": "as Glorot and Bengio 2010 do",
    "xavier_uniform": "as Glorot and Bengio 2010 do",
    "orthogonal": "as orthogonal matrices",
    "normal": "from a normal distribution",
}
_HE: Final[dict[InitKind, str]] = {"he_normal": "nn.init.kaiming_normal_", "he_uniform": "nn.init.kaiming_uniform_"}
"""What draws weights by the fan-in, which torch counts for a convolution alone."""


def init_lines(network: Network, last_norms: Mapping[str, Lines]) -> Lines:
    """Write `init_weights`; nothing where torch's own initialisation stays, or where nothing is to be drawn.

    Args:
        network: The network.
        last_norms: By class of the file, where in it the norms are whose scales start at zero.
    """
    init, convs = network.init, [node.op for node in network.nodes if isinstance(node.op, Conv)]
    if init.kind == "torch" or not convs:
        return ()
    return (
        "def init_weights(module: nn.Module) -> None:",
        *_docstring(init),
        *(_norms(network) if init.norm_std else ()),
        *(line for name, norms in last_norms.items() for line in _last_norms(name, norms)),
        *_drawn(init, network.dims, convs),
    )


def last_norms_by_class(network: Network, plans: Sequence[ClassPlan], top: str) -> dict[str, Lines]:
    """Find out how each class of the file reaches the norms that end its residual blocks; none if these start at one.

    Example: `ResidualBlock` has `module.norm2.weight`. Where instances of a class differ in it, the network's own class
    `top` reaches each norm.
    """
    if not network.init.zero_last_norm:
        return {}
    classes = {group.path: plan for plan in plans for group in plan.groups}
    reached: dict[str, dict[str, None]] = defaultdict(dict)
    for sum, norm in last_norms(network):
        path = norm.shares or norm.path
        owner = max((one for one in classes if _holds(one, sum.path) and _holds(one, path)), key=len, default="")
        reached[owner][path] = None
    by_class: dict[str, Lines] = {}
    alone: list[str] = []
    for plan in plans:
        within = {tuple(path[len(group.path) + 1 :] for path in reached[group.path]) for group in plan.groups}
        if len(within) > 1:
            alone += (path for group in plan.groups for path in reached[group.path])
        elif norms := within.pop():
            by_class[plan.name] = tuple(map(_scale, norms))
    alone += reached[""]
    return by_class | ({top: tuple(map(_scale, alone))} if alone else {})


def _holds(group: str, path: str) -> bool:
    return path.startswith(f"{group}.")


def _scale(path: str) -> str:
    """Write how a module reaches the scale of a norm inside."""
    names = path.split(".")
    inside = f".{path}" if all(map(str.isidentifier, names)) else f'.get_submodule("{path}")'
    return f"module{inside}.weight"


def _docstring(init: Init) -> Lines:
    parts = (
        f"Draw the weights of convolutions {_DRAWN[init.kind]}",
        *(("those of transposed ones as torch does",) if init.transposed == "torch" else ()),
        *(("scales of norms around one",) if init.norm_std else ()),
    )
    biases = "; biases start at zero" if init.bias == "zero" else ""
    norms = ("Residual blocks start as their shortcuts: the scale of their last norm is zero.",)
    return docstring(((f"{', '.join(parts)}{biases}.",), *((norms,) if init.zero_last_norm else ())), 4)


def _norms(network: Network) -> Iterator[str]:
    """Draw the scales of norms around one."""
    norms = [node.op for node in network.nodes if isinstance(node.op, ops.Norm)]
    kinds = sorted({norm_row(op.kind, op.groups).torch.format(dims=network.dims) for op in norms if op.affine})
    some = "" if all(op.affine for op in norms) else " and module.weight is not None"
    yield f"    if isinstance(module, {_either(kinds)}){some}:"
    yield f"        nn.init.normal_(module.weight, 1.0, {network.init.norm_std!r})"


def _last_norms(name: str, norms: Lines) -> Iterator[str]:
    yield f"    if isinstance(module, {name}):"
    for norm in norms:
        yield f"        nn.init.zeros_({norm})"


def _either(kinds: list[str]) -> str:
    names = [f"nn.{kind}" for kind in kinds]
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


def _drawn(init: Init, dims: int, convs: list[Conv]) -> Lines:
    """Draw the weights of convolutions; everything else is left alone."""
    drawn = [op for op in convs if isinstance(op, ops.Conv) or init.transposed != "torch"]
    if not drawn:
        return ()
    zeros = "nn.init.zeros_(module.bias)"
    has_bias = all(op.bias for op in drawn)
    bias = (f"    {zeros}",) if has_bias else ("    if module.bias is not None:", f"        {zeros}")
    rule = _by_inputs if init.kind in _HE and init.transposed == "inputs" else _alike
    after = (*_gain(init), *(bias if init.bias == "zero" and any(op.bias for op in drawn) else ()))
    return rule(init, dims, drawn, after)


def _alike(init: Init, dims: int, convs: list[Conv], after: Lines) -> Lines:
    """Draw by a rule that is the same for both kinds of convolutions, which store (out, in, ...) and (in, out, ...).

    Neither Glorot's mean of both fans nor an orthogonal matrix cares; He's rule, as torch has it, counts the second.
    """
    kinds = _either(sorted({f"{_name(op)}{dims}d" for op in convs}))
    by_outputs = init.kind in _HE and any(isinstance(op, ops.ConvTransposed) for op in convs)
    comment = ("        # For a transposed convolution torch counts the outputs of a neuron.",) if by_outputs else ()
    inside = (*comment, f"        {_draw(init)}", *(f"    {line}" for line in after))
    return (f"    if isinstance(module, {kinds}):", *inside)


def _draw(init: Init) -> str:
    """Write the call that draws a weight."""
    if init.kind == "normal":
        return f"nn.init.normal_(module.weight, 0.0, {init.std!r})"
    if init.kind in _HE:
        spread = f"a={init.slope!r}" if init.slope else 'nonlinearity="relu"'
        return f"{_HE[init.kind]}(module.weight, {spread})"
    return f"nn.init.{init.kind}_(module.weight{'' if init.gain == 1 else f', gain={init.gain!r}'})"


def _gain(init: Init) -> Lines:
    """Scale what He's rule has drawn, which takes no gain."""
    if init.kind not in _HE or init.gain == 1:
        return ()
    return ("    with torch.no_grad():", f"        module.weight.mul_({init.gain!r})")


def _by_inputs(init: Init, dims: int, convs: list[Conv], after: Lines) -> Lines:
    """Draw by He's rule, which counts the inputs of a neuron for both kinds of convolutions."""
    kinds = {_name(op) for op in convs}
    transposed = [op for op in convs if isinstance(op, ops.ConvTransposed)]
    branches = {"Conv": (_draw(init),), "ConvTranspose": _transposed(init, transposed)}
    return _branches([(name, lines) for name, lines in branches.items() if name in kinds], dims, after)


def _transposed(init: Init, convs: list[ops.ConvTransposed]) -> Lines:
    """Draw by the inputs of a neuron, which for a kernel of 2 and a stride of 2 are as many as there are channels."""
    strides = {math.prod(op.stride) for op in convs}
    parts = ["module.weight[:, 0].numel()", *(["module.groups"] if any(op.groups > 1 for op in convs) else [])]
    comment = "# Stored as (in, out, ...)"
    if strides != {1}:
        comment += "; an output meets one weight in `stride` per axis"
        parts.append(str(*strides) if len(strides) == 1 else "torch.Size(module.stride).numel()")
    variance = f"{2 / (1 + init.slope**2):.6g} / fan"
    before = (f"{comment}.", f"fan = {' / '.join(parts)}")
    if init.kind == "he_uniform":
        return (*before, f"bound = (3 * {variance}) ** 0.5", "nn.init.uniform_(module.weight, -bound, bound)")
    return (*before, f"nn.init.normal_(module.weight, 0.0, ({variance}) ** 0.5)")


def _branches(branches: list[tuple[str, Lines]], dims: int, after: Lines) -> Lines:
    """Write one branch for each kind of convolution, and what comes `after`; everything else is left alone."""
    if len(branches) == 1:
        name, body = branches[0]
        inside = (*(f"        {text}" for text in body), *(f"    {line}" for line in after))
        return (f"    if isinstance(module, nn.{name}{dims}d):", *inside)
    lines: list[str] = []
    for word, (name, body) in zip(("if", "elif"), branches, strict=True):
        lines += (f"    {word} isinstance(module, nn.{name}{dims}d):", *(f"        {text}" for text in body))
    return (*lines, *(("    else:", "        return", *after) if after else ()))


def _name(op: Conv) -> str:
    return "Conv" if isinstance(op, ops.Conv) else "ConvTranspose"
