"""Holding a compiled network against a reference: a stored vector, or an implementation that runs here.

What runs may be code that the user named on the command line, `package.module:callable`. No spec can name any.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import torch
from torch import Tensor, nn

from unetgen.api import Source, build, lower
from unetgen.ir import Network
from unetgen.source.problem import CannotVerify, TransplantError
from unetgen.verification.difference import differing_output, differing_shapes, differing_structure
from unetgen.verification.leaves import ForwardPass, run_leaves
from unetgen.verification.result import Verification
from unetgen.verification.transplant import in_eval_mode, move
from unetgen.verification.vectors import Pair, Vector, draw_input, fill, read_vector

_NO_PLACE = "all modules with weights agree in shapes and options: an activation, a join or a resize differs"
_AS_IN_KERAS = "maps are channels-last and biases are added after convolutions, as in Keras: the last bits depend on it"


def verify(
    x: Source, against: str | os.PathLike[str] | nn.Module, *, arguments: Mapping[str, object] | None = None
) -> Verification:
    """Compile a spec and compare the module with a reference, on the same weights and the same input.

    Everything runs on one thread, with contiguous maps and batch 1, where the same sums give the same bits. Where bits
    differ, both run again in float64, which tells rounding from a difference.

    Args:
        x: The spec, its path or its name in the zoo, or a network.
        against: The path of a vector (`.npz`); an installed implementation, as `package.module:callable`; or a module.
        arguments: What an installed implementation is called with.

    Raises:
        CannotVerify: There is nothing to compare with.
        SpecError: The spec is wrong.
    """
    with _one_thread():
        if isinstance(against, nn.Module):
            return _against_module(lower(x), against, type(against).__name__)
        if Path(against).suffix == ".npz":
            return _against_vector(x, read_vector(Path(against)), os.fspath(against))
        name = os.fspath(against)
        return _against_module(lower(x), build_installed(name, arguments or {}), name)


def _against_vector(x: Source, vector: Vector, called: str) -> Verification:
    network = lower(x, vector.input_shape[2:])
    module, image = build(network).train(vector.mode == "train"), draw_input(vector.input_shape)
    if vector.channels_last:
        module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stubs lack the keyword
        image = image.contiguous(memory_format=torch.channels_last)
    found = Verification(network.name, called, reference_parameters=vector.params)
    if (taken := network.input.shape.channels) != vector.input_shape[1]:
        return replace(found, problem=f"the network takes {taken} channels, the reference {vector.input_shape[1]}")
    run = run_leaves(module, image)
    found = replace(found, parameters=run.parameters, notes=(_AS_IN_KERAS,) if vector.channels_last else ())
    if problem := differing_shapes(run.leaves, vector.leaves):
        return replace(found, problem="the layers differ", first_difference=problem)
    digest = fill(run.leaves)
    if vector.fill_sha256 not in (None, digest):
        found = replace(found, notes=(*found.notes, "the weights drawn here differ from the reference's in some bit"))
    return _with_outputs(found, vector, module, image, differing_structure(run.leaves, vector.leaves))


def _with_outputs(
    found: Verification, vector: Vector, module: nn.Module, image: Tensor, structure: str
) -> Verification:
    exact = copy.deepcopy(module).double()
    with _separate_biases(module if vector.channels_last else None):
        run = run_leaves(module, image)
    shapes = tuple(tuple(output.shape) for output in run.outputs)
    if shapes != vector.output_shapes:
        problem = f"the outputs are {_shapes(shapes)}, the reference's {_shapes(vector.output_shapes)}"
        return replace(found, problem=problem, first_difference=structure)
    bitwise = all(torch.equal(pair.found, pair.wanted) for pair in vector.pairs(run, None))
    double = None if bitwise else run_leaves(exact, image.double())
    found = _measured(found, vector.pairs(run, double), vector.noise)
    if found.ok:
        return found
    return replace(found, first_difference=structure or _NO_PLACE)


def _shapes(shapes: Iterable[Sequence[int]]) -> str:
    return ", ".join(str(list(shape)) for shape in shapes)


def _against_module(network: Network, reference: nn.Module, called: str) -> Verification:
    module, image = build(network).eval(), draw_input((1, *network.input.shape.as_list()))
    reference = copy.deepcopy(reference).float()
    found = Verification(network.name, called)
    with in_eval_mode(reference):
        try:
            theirs = run_leaves(reference, image)
        except Exception as error:  # whatever a stranger's module raises, it is a finding about the two
            problem = f"the reference refuses {list(image.shape)}: {type(error).__name__}: {error}"
            return replace(found, problem=problem)
        fill(theirs.leaves)
        return _compared(found, theirs, reference, module, image)


def _compared(
    found: Verification, theirs: ForwardPass, reference: nn.Module, module: nn.Module, image: Tensor
) -> Verification:
    ours = run_leaves(module, image)
    found = replace(found, parameters=ours.parameters, reference_parameters=theirs.parameters)
    try:
        notes = move(theirs, ours)
    except TransplantError as error:
        return replace(found, problem="the layers differ", first_difference=str(error))
    found, a, b = replace(found, notes=notes), run_leaves(reference, image), run_leaves(module, image)
    shapes = [[tuple(output.shape) for output in run.outputs] for run in (b, a)]
    exact = reference.double(), module.double()
    if shapes[0] != shapes[1]:
        problem = f"the outputs are {_shapes(shapes[0])}, the reference's {_shapes(shapes[1])}"
        return replace(found, problem=problem, first_difference=differing_output(*exact, image.double()))
    a64, b64 = (run_leaves(one, image.double()).outputs for one in exact)
    pairs = [Pair(*four) for four in zip(b.outputs, a.outputs, b64, a64, strict=True)]
    noise = max(_relative(rounded.double(), exactly) for rounded, exactly in zip(a.outputs, a64, strict=True))
    found = _measured(found, pairs, noise)
    return found if found.ok else replace(found, first_difference=differing_output(*exact, image.double()))


def _measured(found: Verification, pairs: Iterable[Pair], noise: float) -> Verification:
    """Note the largest distances over all outputs."""
    pairs = list(pairs)
    bitwise = all(torch.equal(pair.found, pair.wanted) for pair in pairs)
    doubles = [_relative(pair.found64, pair.wanted64) for pair in pairs if pair.found64 is not None]
    return replace(
        found,
        bitwise=bitwise,
        max_abs=max(float((pair.found - pair.wanted).abs().max()) for pair in pairs),
        relative=max(_relative(pair.found, pair.wanted) for pair in pairs),
        relative_f64=None if bitwise else max(doubles, default=None),
        noise=noise,
    )


def _relative(found: Tensor, wanted: Tensor) -> float:
    """Give the largest difference relative to the largest value; infinite where one of them is not a number."""
    scale = max(float(wanted.abs().max()), torch.finfo(torch.float32).tiny)
    apart = float((found - wanted).abs().max()) / scale
    return apart if apart == apart else float("inf")


@contextmanager
def _one_thread() -> Iterator[None]:
    """Run torch on one thread: with more, sums are split in another way, and the last bits with them."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def _separate_biases(module: nn.Module | None) -> Iterator[None]:
    """Let convolutions add their biases afterwards, as Keras does; nothing for None.

    torch's own kernels start their sums with the bias, which rounds differently.
    """
    taken: list[tuple[nn.Module, nn.Parameter, torch.utils.hooks.RemovableHandle]] = []
    for part in module.modules() if module is not None else ():
        bias = part._parameters.get("bias")
        if isinstance(part, nn.modules.conv._ConvNd) and bias is not None:
            part._parameters["bias"] = None
            taken.append((part, bias, part.register_forward_hook(_added(bias))))
    try:
        yield
    finally:
        for part, bias, handle in taken:
            part._parameters["bias"] = bias
            handle.remove()


def _added(bias: Tensor) -> Callable[[nn.Module, object, Tensor], Tensor]:
    return lambda _module, _taken, given: given + bias.view(1, -1, *(1,) * (given.ndim - 2))


def build_installed(name: str, arguments: Mapping[str, object]) -> nn.Module:
    """Import a class or a function and call it with keyword arguments.

    Raises:
        CannotVerify: It cannot be imported, refuses the arguments, or gives no module.
    """
    call = f"{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"
    try:
        made = _find(name)(**arguments)  # type: ignore[operator]  # whether it is callable shows here
    except CannotVerify:
        raise
    except Exception as error:  # whatever a stranger's constructor raises, the user must see it
        raise CannotVerify(f"{call} fails: {type(error).__name__}: {error}", "give other `--arg`s") from error
    if not isinstance(made, nn.Module):
        raise CannotVerify(f"{call} gives {type(made).__name__}, which is no torch module")
    return made


def _find(name: str) -> object:
    module, colon, path = name.partition(":")
    if not (module and colon and path):
        help = "write `--against monai.networks.nets:UNet`, or the path of a vector, which ends in .npz"
        raise CannotVerify(f'"{name}" is not of the form package.module:callable', help)
    try:
        found: object = import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except ImportError as error:
        raise CannotVerify(f'cannot import "{module}": {error}', "install the package that has it") from None
    except AttributeError as error:
        raise CannotVerify(f'"{module}" has no "{path}": {error}') from None
    return found
