"""Leaves: the modules of a network that own weights, in the order in which it calls them.

Two implementations of one network call the same layers in the same order, whatever they name them. So a leaf is known
by the number of its first call; one that is called again, as in a recurrent block, counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

_FIRST = ("weight", "bias", "running_mean", "running_var")
_LAST = (nn.Sigmoid, nn.Softmax, nn.LogSoftmax, nn.Tanh)


@dataclass(frozen=True, slots=True)
class LeafModule:
    """A module that owns weights: its path, and the shapes of what it took and gave at its first call."""

    path: str
    module: nn.Module
    taken: tuple[int, ...]
    given: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.path or 'the network itself'} ({kind_of(self.module)})"


@dataclass(frozen=True, slots=True)
class ForwardPass:
    """One forward pass.

    Args:
        leaves: By first call.
        outputs: What came out, in order.
        before: For each output that comes straight from a last activation, what went into that; else None.
        uncalled: Paths of modules that own weights and were never called.
    """

    leaves: tuple[LeafModule, ...]
    outputs: tuple[Tensor, ...]
    before: tuple[Tensor | None, ...]
    uncalled: tuple[str, ...]

    @property
    def parameters(self) -> int:
        """Count the trainable numbers of the modules that were called."""
        own = {id(p): p for leaf in self.leaves for p in leaf.module.parameters(recurse=False)}
        return sum(p.numel() for p in own.values() if p.requires_grad)


Watcher = Callable[[int, LeafModule, Tensor | None, Tensor | None], None]
"""Sees each leaf at its first call: its number, what it took, what it gave."""


def run_leaves(module: nn.Module, *inputs: object, watch: Watcher | None = None) -> ForwardPass:
    """Run a module once, without gradients, in the mode it is in, and take note of its leaves.

    Raises:
        Exception: Whatever the module raises.
    """
    notes = _Notes(watch)
    with _hooked(module, notes), torch.no_grad():
        outputs = tuple(tensors_of(module(*inputs)))
    called = {id(leaf.module) for leaf in notes.leaves}
    uncalled = tuple(path for path, owner in _owners(module) if id(owner) not in called)
    return ForwardPass(tuple(notes.leaves), outputs, tuple(notes.before(output) for output in outputs), uncalled)


class _Notes:
    """What hooks see during one pass."""

    def __init__(self, watch: Watcher | None) -> None:
        self.watch = watch
        self.leaves: list[LeafModule] = []
        self._seen: set[int] = set()
        self._finished: list[tuple[Tensor, Tensor]] = []

    def leaf(self, path: str, module: nn.Module, taken: Tensor | None, given: Tensor | None) -> None:
        if id(module) in self._seen:
            return
        self._seen.add(id(module))
        leaf = LeafModule(path, module, _shape(taken), _shape(given))
        if self.watch is not None:
            self.watch(len(self.leaves), leaf, taken, given)
        self.leaves.append(leaf)

    def last(self, taken: Tensor | None, given: Tensor | None) -> None:
        # An activation in place would overwrite what it takes; none of the last ones can be.
        if taken is not None and given is not None:
            self._finished.append((given, taken))

    def before(self, output: Tensor) -> Tensor | None:
        return next((taken for given, taken in self._finished if given is output), None)


@contextmanager
def _hooked(module: nn.Module, notes: _Notes) -> Iterator[None]:
    handles = [
        owner.register_forward_hook(
            lambda m, taken, given, path=path: notes.leaf(path, m, _only(taken), _only((given,)))
        )
        for path, owner in _owners(module)
    ]
    handles += [
        last.register_forward_hook(lambda _, taken, given: notes.last(_only(taken), _only((given,))))
        for last in module.modules()
        if isinstance(last, _LAST)
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _owners(module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Find the modules without children that own weights."""
    for path, part in module.named_modules():
        if next(part.children(), None) is None and own_tensors(part):
            yield path, part


def own_tensors(module: nn.Module) -> dict[str, Tensor]:
    """List a module's own floating-point parameters and buffers: weight, bias, running statistics, others by name."""
    own = {**dict(module.named_parameters(recurse=False)), **dict(module.named_buffers(recurse=False))}
    names = [name for name in _FIRST if name in own] + sorted(own.keys() - set(_FIRST))
    return {name: own[name] for name in names if own[name].is_floating_point()}


def shapes_of(module: nn.Module) -> dict[str, list[int]]:
    """List the shapes of a module's own tensors."""
    return {name: list(tensor.shape) for name, tensor in own_tensors(module).items()}


def kind_of(module: nn.Module) -> str:
    """Name the torch class that a module is or extends; its own class where there is none."""
    names = (kind.__name__ for kind in type(module).__mro__ if kind.__module__.startswith("torch.nn.modules."))
    return next((name for name in names if name != "Module"), type(module).__name__)


def tensors_of(output: object) -> Iterator[Tensor]:
    """Find the tensors in what a forward pass gives: a tensor, a list, a mapping, or an object with a `sample`."""
    if isinstance(output, Tensor):
        yield output
    elif isinstance(output, Mapping | Sequence) and not isinstance(output, str):
        parts: Iterable[object] = output.values() if isinstance(output, Mapping) else output
        for part in parts:
            yield from tensors_of(part)
    elif hasattr(output, "sample"):
        yield from tensors_of(output.sample)


def _only(values: tuple[object, ...]) -> Tensor | None:
    """Give the first tensor among positional values."""
    return next((value for value in values if isinstance(value, Tensor)), None)


def _shape(value: Tensor | None) -> tuple[int, ...]:
    return () if value is None else tuple(value.shape)
