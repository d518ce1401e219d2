"""The text form of a network: one line per node, one block per region; what golden tests compare.

Every field of an op that differs from its natural value (stride 1, no padding, a bias, ...) is shown.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields

from unetgen.ir import ops
from unetgen.ir.network import Init, Network, Node, Region, Returns, Value

_NATURAL: dict[str, object] = {"pad_mode": "zeros", "groups": 1, "bias": True}
_NATURAL_ON_EACH_AXIS: dict[str, object] = {
    "stride": 1,
    "dilation": 1,
    "pads": (0, 0),
    "padding": 0,
    "output_padding": 0,
}


def format_network(network: Network) -> str:
    """Write a network down, traced or not; equal networks give equal text.

    Where spec text came from (`span`) is not part of it.

    Example:
        >>> from unetgen.ir import Builder, ops
        >>> b = Builder()
        >>> x = b.input(3)
        >>> with b.region("head", role="head", level=0, kind="conv", inputs=(x,)):
        ...     y = b.close(b("act", ops.Activation("relu"), x))
        >>> print(format_network(Network("tiny", 2, x, (y,), tuple(b.regions))), end="")
        network "tiny" dims 2 (%0: 3) -> (%1: 3) {
          head: head, level 0, conv (%0) -> %1 {
            layer: %1 = activation(%0) relu : 3
          }
        }
    """
    outputs = ", ".join(map(_typed, network.outputs))
    title = f"network {_quoted(network.name)} dims {network.dims} ({_typed(network.input)}) -> ({outputs}) {{"
    lines = [title, *_remarks(network)]
    for region in network.regions:
        lines += _region_lines(region)
    return "\n".join([*lines, "}", ""])


def format_op(op: ops.Op) -> str:
    """Write an op's fields down without its inputs: `out_channels 64, kernel 3x3, stride 2x2`."""
    return ", ".join(_field_text(op, field) for field in fields(op) if not _is_natural(op, field))


def _remarks(network: Network) -> list[str]:
    reference = [f"  reference {_quoted(network.reference)}"] if network.reference is not None else []
    init = [f"  init {_init(network.init)}"] if network.init != Init() else []
    return [*reference, *init, *_returns(network), *(f"  note {_quoted(note)}" for note in network.notes)]


def _init(init: Init) -> str:
    """Say how weights are drawn: the kind and its gain, and of the rest what is unusual."""
    rest = [field.name for field in fields(init) if field.name not in ("kind", "gain")]
    said = [f"{name} {getattr(init, name)!r}" for name in rest if getattr(init, name) != getattr(Init(), name)]
    return ", ".join([init.kind, f"gain {init.gain!r}", *said])


def _returns(network: Network) -> list[str]:
    main = [f"  main {network.main}"] if network.main else []
    form, in_eval = network.returns.form, network.returns.in_eval
    return main if network.returns == Returns() else [*main, f"  returns {form}, in eval {in_eval}"]


def _region_lines(region: Region) -> list[str]:
    inputs = ", ".join(map(_named, region.inputs))
    what = f"{region.role}, level {region.level}, {region.kind}"
    title = f"  {region.path}: {what} ({inputs}) -> {_named(region.output)} {{"
    return [title, *(f"    {_node_line(node, region)}" for node in region.nodes), "  }"]


def _node_line(node: Node, region: Region) -> str:
    call = f"{_op_name(node.op)}({', '.join(map(_named, node.inputs))}) {format_op(node.op)}".rstrip()
    shares = f", shares {node.shares}" if node.shares is not None else ""
    return f"{region.name_of(node)}: {_named(node.output)} = {call}{shares} : {node.output.shape}"


def _op_name(op: ops.Op) -> str:
    """Give the class name in snake case: `ConvTransposed` -> `conv_transposed`."""
    name = type(op).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("_")


def _is_natural(op: ops.Op, field: Field[object]) -> bool:
    value: object = getattr(op, field.name)
    if field.name == "stride" and isinstance(op, ops.Pool | ops.ConvTransposed):
        return value == op.kernel
    if field.name in _NATURAL_ON_EACH_AXIS and isinstance(value, tuple):
        return all(number == _NATURAL_ON_EACH_AXIS[field.name] for number in value)
    natural = _NATURAL.get(field.name, MISSING) if field.default is MISSING else field.default
    return natural is not MISSING and value == natural


def _field_text(op: ops.Op, field: Field[object]) -> str:
    value: object = getattr(op, field.name)
    if field.name == "kind":
        return str(value)
    if field.name == "options" and isinstance(value, tuple):
        return ", ".join(f"{name} {number!r}" for name, number in value)
    return f"{field.name} {_plain(value)}"


def _plain(value: object) -> str:
    """Write axes as `3x3`, pads as `1:2x1:2`, words and numbers as they are."""
    if not isinstance(value, tuple):
        return str(value)
    return "x".join(":".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in value)


def _typed(value: Value) -> str:
    return f"{_named(value)}: {value.shape}"


def _named(value: Value) -> str:
    return f"%{value.id}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
