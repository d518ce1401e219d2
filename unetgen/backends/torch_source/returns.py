"""What a forward pass with several outputs hands back, in training and in eval mode."""

from __future__ import annotations

from unetgen.backends.torch_source.forward import Statement
from unetgen.backends.torch_source.layout import Expr, call, lay_out, listed
from unetgen.ir.network import Network

__all__ = ["result_type", "write_returns"]

Lines = tuple[str, ...]


def result_type(network: Network) -> str:
    """Annotate what `forward` gives."""
    if len(network.outputs) == 1 or network.returns.form != "list":
        return "Tensor"
    return "list[Tensor]" if network.returns.in_eval == "return" else "Tensor | list[Tensor]"


def write_returns(network: Network, lines: tuple[Statement, ...], names: dict[int, str], written: list[Lines]) -> Lines:
    """Add to the statements of a network what it hands back.

    Where the further outputs are of no use in eval mode, the main one is returned before the others are computed
    (`skip`), or after (`compute`: the order in which modules run is then the same in both modes).
    """
    main = names[network.output.id]
    early = ("        if not self.training:", f"            return {main}")
    made = next(place for place, line in enumerate(lines) if line.value == network.output) + 1
    parts = {
        "return": (*written,),
        "compute": (*written, early),
        "skip": (*written[:made], early, *written[made:]),
    }[network.returns.in_eval]
    last = lay_out(_returned(network, names), 8, before="return ")
    return tuple(text for texts in (*parts, last) for text in texts)


def _returned(network: Network, names: dict[int, str]) -> Expr:
    outputs = listed(*(names[value.id] for value in network.outputs))
    return call("torch.stack", outputs, "dim=1") if network.returns.form == "stack" else outputs
