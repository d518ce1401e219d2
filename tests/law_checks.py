"""What must hold for every compiled spec, one function per law; `test_laws` draws the specs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property, partial

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from tests.drawing_checks import problems
from tests.oracle import every_value, interpret, random_state, state_shapes
from tests.spec_strategies import Drawn, write_yaml
from unetgen.analyses import legal_sizes, macs, parameters
from unetgen.api import emit, lower, parse
from unetgen.backends.run import Array, watch_module, whole_module
from unetgen.backends.torch_module import load_module
from unetgen.compiler.pipeline import compile_spec
from unetgen.drawing import draw_network
from unetgen.ir import Network, Value
from unetgen.ir.ops import CropLike, PadLike
from unetgen.ir.trace import trace_problems
from unetgen.reports.show import show_form

__all__ = ["LAWS", "TEXT_LAWS", "Subject"]


class Subject:
    """A drawn spec with what was made of it: the emitted source, a module with weights, an image."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.network = drawn.network
        self.source = emit(drawn.network)
        self.state = random_state(drawn.network)

    @cached_property
    def module(self) -> nn.Module:
        module = load_module(self.source)
        module.load_state_dict(self.state)
        return module.eval()

    def image(self, size: tuple[int, ...] | None = None, batch: int = 2) -> Tensor:
        shape = (batch, self.network.input.shape.channels, *(size or self.network.input.shape.size))
        return torch.randn(shape, generator=torch.Generator().manual_seed(1))


def handed_back(network: Network, given: Tensor | list[Tensor], *, training: bool) -> list[Tensor]:
    """Give the outputs among what a module hands back, holding it to the form that the network promises."""
    alone = network.returns.form == "last" or not (training or network.returns.in_eval == "return")
    if alone or network.returns.form == "stack":
        assert isinstance(given, Tensor)
        return [given] if alone else list(given.unbind(1))
    assert isinstance(given, list)
    return given


def wanted(network: Network, outputs: list[Tensor], *, training: bool) -> list[Tensor]:
    """Choose those outputs of the whole network that a module hands back."""
    every = network.returns.form != "last" and (training or network.returns.in_eval == "return")
    return outputs if every else [outputs[network.main]]


def _equal(found: list[Tensor], expected: list[Tensor]) -> bool:
    return len(found) == len(expected) and all(map(torch.equal, found, expected))


@torch.no_grad()
def every_value_of_a_run_is_seen(subject: Subject) -> None:
    """What is shown in boxes is, bit for bit, what the IR run node by node gives."""
    module, x = whole_module(subject.network), subject.image(batch=1)
    module.load_state_dict(subject.state)
    wanted, seen = every_value(subject.network, subject.state, x), dict[int, Tensor]()
    watch_module(module, subject.network, x[0].numpy(), lambda value, array: _keep(seen, value, array))
    assert seen.keys() == wanted.keys()
    assert all(torch.equal(seen[id], wanted[id][0]) for id in wanted)


def _keep(seen: dict[int, Tensor], value: Value, array: Array) -> None:
    # A copy: what is given is good for a moment only.
    seen[value.id] = torch.from_numpy(array.copy())


@torch.no_grad()
def emitted_module_is_the_network_in_eval_mode(subject: Subject) -> None:
    """The module gives, bit for bit, what the IR run node by node gives; each node has the shape it was traced to."""
    x, network = subject.image(), subject.network
    outputs = wanted(network, interpret(network, subject.state, x), training=False)
    assert _equal(handed_back(network, subject.module(x), training=False), outputs)


@torch.no_grad()
def emitted_module_is_the_network_in_training(subject: Subject) -> None:
    """The same in training mode, where norms use the batch and dropout draws; and MACs are half of torch's FLOPs."""
    x, network, module = subject.image(), subject.network, load_module(subject.source).train()
    module.load_state_dict(subject.state)
    torch.manual_seed(0)
    outputs = wanted(network, interpret(network, subject.state, x, training=True), training=True)
    torch.manual_seed(0)
    with FlopCounterMode(display=False) as counter:
        found = handed_back(network, module(x), training=True)
    assert _equal(found, outputs)
    assert counter.get_total_flops() == len(x) * 2 * macs(network).total


def parameters_are_counted(subject: Subject) -> None:
    counted = sum(p.numel() for p in subject.module.parameters())
    assert parameters(subject.network).total == counted


def state_keys_are_the_paths_of_nodes(subject: Subject) -> None:
    found = {key: tuple(tensor.shape) for key, tensor in subject.module.state_dict().items()}
    assert found == state_shapes(subject.network)


def emission_is_deterministic(subject: Subject) -> None:
    """The same text gives the same file, byte for byte."""
    text = write_yaml(subject.drawn.plain)
    assert emit(lower(parse(text))) == subject.source
    assert emit(parse(text)) == emit(parse(text))


@torch.no_grad()
def legal_sizes_are_those_at_which_the_module_runs(subject: Subject) -> None:
    """Around the size in use, a size is legal if and only if the module takes it; a refusal names what is legal."""
    legal = legal_sizes(subject.network)
    for size in _around(subject.network.input.shape.size):
        if legal.allows(size):
            subject.module(subject.image(size, batch=1))
            continue
        refusal = _refusal(partial(subject.module, subject.image(size, batch=1)))
        assert isinstance(refusal, ValueError), f"{size} is not legal"
        assert any(character.isdigit() for character in str(refusal))


def _around(size: tuple[int, ...]) -> list[tuple[int, ...]]:
    alike = [tuple(max(1, n + step) for n in size) for step in (-3, -2, -1, 1, 2, 3)]
    return [*alike, *(tuple(max(1, n - (axis == i)) for i, n in enumerate(size)) for axis in range(len(size)))]


@torch.no_grad()
def torch_refuses_what_the_guard_refuses(subject: Subject) -> None:
    """Without its guard, a module runs at each legal size and fails at each other one."""
    network, module = subject.network, load_module(subject.source).eval()
    emitted = sys.modules[type(module).__module__]
    guard = vars(emitted).pop("check_input")
    setattr(emitted, "check_input", lambda *_: None)  # noqa: B010  # the name exists in emitted source alone
    try:
        for size in filter(lambda size: not _torch_goes_on(network, size), _around(network.input.shape.size)):
            fails = _refusal(partial(module, subject.image(size, batch=1))) is not None
            assert fails != legal_sizes(network).allows(size), size
    finally:
        setattr(emitted, "check_input", guard)  # noqa: B010


@torch.no_grad()
def one_image_trains_where_the_words_say_so(subject: Subject) -> None:
    """Of one image in training the guard refuses what torch would refuse, with a sentence of its own."""
    legal, source = legal_sizes(subject.network), subject.source
    module = load_module(source).to("meta").train()
    sizes = (subject.network.input.shape.size, *_around(subject.network.input.shape.size))
    for size in filter(legal.allows, sizes):
        refusal = _refusal(partial(module, subject.image(size, batch=1).to("meta")))
        assert (refusal is None) == legal.allows_alone(size), size
        assert refusal is None or str(refusal) == (
            f"a norm needs more than one position; in training {legal.describe_training()}"
        )


def _torch_goes_on(network: Network, size: tuple[int, ...]) -> bool:
    """Say whether torch computes nonsense where a size is wrong: a shifted crop, a negative pad, a broadcast."""
    wrong = trace_problems(network, size)
    return any(isinstance(one.node.op, CropLike | PadLike) or 1 in one.sizes for one in wrong)


def _refusal(run: Callable[[], object]) -> Exception | None:
    try:
        run()
    except (RuntimeError, ValueError) as error:
        return error
    return None


def normal_form_shown_is_a_spec_of_the_same_network(subject: Subject) -> None:
    """What `show` writes has itself as its normal form, and its network is emitted to the same file."""
    spec = parse(write_yaml(subject.drawn.plain))
    form, _ = compile_spec(spec)
    again, network = compile_spec(parse(show_form(form, spec)))
    assert again == form
    assert again.to_plain() == form.to_plain()
    assert emit(network) == subject.source


def drawing_is_clean(subject: Subject) -> None:
    """No box and no text overlaps another, everything lies on the page, arrows end where they should."""
    assert problems(draw_network(subject.network)) == []


LAWS: tuple[Callable[[Subject], None], ...] = (
    emitted_module_is_the_network_in_eval_mode,
    every_value_of_a_run_is_seen,
    emitted_module_is_the_network_in_training,
    parameters_are_counted,
    state_keys_are_the_paths_of_nodes,
    legal_sizes_are_those_at_which_the_module_runs,
    torch_refuses_what_the_guard_refuses,
    one_image_trains_where_the_words_say_so,
)
"""Laws about what runs."""
TEXT_LAWS: tuple[Callable[[Subject], None], ...] = (
    emission_is_deterministic,
    normal_form_shown_is_a_spec_of_the_same_network,
    drawing_is_clean,
)
"""Laws about what is written and drawn."""
