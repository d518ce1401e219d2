"""What a module holds while it runs and keeps for the backward pass, seen from outside, held to what unetgen says."""

from __future__ import annotations

import ast
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from unetgen.analyses import memory
from unetgen.api import emit
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import class_name
from unetgen.ir import Network

__all__ = ["holds_what_is_said", "keeps_what_is_said", "releases_what_it_deletes"]

CLOSE = 0.02
"""How far, as a share of what is said, it may be from what torch does."""


class Live(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's own annotations are incomplete
    """Adds up the storages that are alive, and notes the most that ever was."""

    def __init__(self, own: set[int]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.now = self.peak = 0
        self.own = own
        self._alive: dict[int, weakref.ref[torch.UntypedStorage]] = {}

    def note(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        key, size = storage._cdata, storage.nbytes()
        if key in self.own or key in self._alive:
            return
        self.now += size
        self.peak = max(self.peak, self.now)
        self._alive[key] = weakref.ref(storage, lambda _: self._gone(key, size))

    def _gone(self, key: int, size: int) -> None:
        self.now -= size
        del self._alive[key]

    def __torch_dispatch__(
        self, func: Callable[..., Any], types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        given = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(given):
            if isinstance(tensor, Tensor):
                self.note(tensor)
        return given


def on_meta(network: Network) -> tuple[nn.Module, Tensor]:
    """Give the emitted module and an input for it, without memory for either."""
    with torch.device("meta"):
        module = load_module(emit(network))
    return module, torch.empty(1, *network.input.shape.as_list(), device="meta")


def storages(tensors: Iterable[Tensor]) -> set[int]:
    return {tensor.untyped_storage()._cdata for tensor in tensors}


def own(module: nn.Module) -> set[int]:
    return storages([*module.parameters(), *module.buffers()])


def holds_what_is_said(network: Network) -> None:
    """In eval mode the module never holds more maps than is said, and at some moment as many."""
    module, x = on_meta(network)
    with torch.no_grad(), Live(own(module)) as live:
        live.note(x)
        module.eval()(x)
    assert live.peak == pytest.approx(memory(network).peak, rel=CLOSE)


def keeps_what_is_said(network: Network) -> None:
    """In training, autograd keeps as much for the backward pass as is said."""
    module, x = on_meta(network)
    weights, kept = own(module), dict[int, Tensor]()

    def keep(tensor: Tensor) -> Tensor:
        if not storages([tensor]) <= weights:
            kept[tensor.untyped_storage()._cdata] = tensor
        return tensor

    with saved_tensors_hooks(keep, lambda tensor: tensor):
        module.train()(x)
    found = sum(tensor.untyped_storage().nbytes() for tensor in kept.values())
    assert found == pytest.approx(memory(network).kept, rel=CLOSE)


class Watched(ast.NodeTransformer):
    """Says after each variable that is deleted how many bytes went with it: `noted(line, name, held)`."""

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        lines = (f"_held = now(); del {name}; noted({node.lineno}, {name!r}, _held)" for name in names)
        return [statement for line in lines for statement in ast.parse(line).body]


def releases_what_it_deletes(network: Network) -> None:
    """In eval mode each `del` frees memory, in every module of a class."""
    freed: dict[tuple[int, str], list[int]] = defaultdict(list)
    tree = ast.fix_missing_locations(Watched().visit(ast.parse(emit(network))))
    live = Live(set())
    scope: dict[str, Any] = {"__name__": "watched", "now": lambda: live.now}
    scope["noted"] = lambda line, name, held: freed[line, name].append(held - live.now)
    exec(compile(tree, network.name, "exec"), scope)
    with torch.device("meta"):
        module: nn.Module = scope[class_name(network)]().eval()
    live.own |= own(module)
    x = torch.empty(1, *network.input.shape.as_list(), device="meta")
    with torch.no_grad(), live:
        live.note(x)
        module(x)
    assert not {place: sizes for place, sizes in freed.items() if min(sizes) <= 0}
