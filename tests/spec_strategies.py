"""Hypothesis strategies of specs: plain mappings over the whole language, read from its models and its registries.

A word that is registered, an option that is added to a model, a row of the catalogue: all are drawn once they exist.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml
from annotated_types import Ge, Gt, Le
from hypothesis import assume
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from tests.word_strategies import activations, dropouts, inits, norms, orders, sixteenths
from unetgen.analyses import legal_sizes
from unetgen.api import parse
from unetgen.compiler.forms import NormalForm
from unetgen.compiler.pipeline import compile_spec
from unetgen.ir import Network, trace
from unetgen.ir.ops import Axes
from unetgen.language.spec import Spec, StageOptions
from unetgen.parts.skips import Skip
from unetgen.parts.unit_words import ActivationWord, DropoutWord, InitWord, NormWord
from unetgen.parts.words import Order, SpecModel, Word, WordChoice
from unetgen.source.diagnostics import SpecError

__all__ = ["Drawn", "corrupted_specs", "legal_specs", "specs", "write_yaml"]

Plain = dict[str, Any]  # what YAML holds: anything
Values = st.SearchStrategy[Any]

MOST = {"kernel_size": 4, "factor": 3, "dilation": 2, "groups": 2, "padding": 2, "output_padding": 1, "convs": 3}
"""The largest number drawn for an option, by its name; for any other it is four more than the smallest."""
PIXELS = {1: 1000, 2: 2500, 3: 14000}
"""Positions of the largest input that is drawn, by number of axes: small enough to run thousands."""


class _Dumper(yaml.SafeDumper):
    """Writes a value that stands in several places out in each of them."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def write_yaml(plain: Plain) -> str:
    """Write a spec as the text that a person might have written."""
    text: str = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, default_flow_style=None, allow_unicode=True)
    return text


# --- values, read from types ------------------------------------------------------------------------------------------


def values(hint: Any, dims: int, name: str = "") -> Values:
    """Draw what a type of the language accepts; lists have one item for each axis."""
    leaves: dict[Any, Values] = {
        bool: st.booleans(),
        str: st.sampled_from(("a", "B-2_c")),
        int: st.integers(1, 4),
        float: st.sampled_from((0.5, 1, 2.0)),
        InitWord: inits(),
        NormWord: norms(),
        ActivationWord: activations(),
        DropoutWord: dropouts(),
        Order: orders(),
    }
    if hint in leaves:
        return leaves[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(args[0], args[1:], dims, name)
    if origin is Literal:
        return st.sampled_from(args)
    if origin in (Union, UnionType):
        return st.one_of([values(arg, dims, name) for arg in args if arg is not NoneType])
    if origin is tuple and get_origin(args[0]) is Literal:
        return st.permutations(get_args(args[0]))
    if origin is tuple:
        return st.lists(values(args[0], dims, name), min_size=dims, max_size=dims)
    return _options(hint, dims)


def _annotated(hint: Any, marks: tuple[Any, ...], dims: int, name: str) -> Values:
    if choice := next((mark for mark in marks if isinstance(mark, WordChoice)), None):
        return st.one_of([_word(model, dims) for model in choice.models.values()])
    if hint in (int, float):
        return _number(hint, _bounds(marks), name)
    return values(hint, dims, name)


def _bounds(marks: Iterable[Any]) -> dict[type, float]:
    flat = [m for mark in marks for m in (mark.metadata if isinstance(mark, FieldInfo) else (mark,))]
    bounds: dict[type, float] = {}
    for mark in flat:
        match mark:
            case Ge(ge=int() | float() as least):
                bounds[Ge] = least
            case Gt(gt=int() | float() as below):
                bounds[Ge] = below + 1 / 16
            case Le(le=int() | float() as most):
                bounds[Le] = most
    return bounds


def _number(kind: type, bounds: dict[type, float], name: str) -> Values:
    low, high = bounds.get(Ge, 0), bounds.get(Le, math.inf)
    most = min(MOST.get(name, low + 4), high)
    return st.integers(int(low), int(most)) if kind is int else sixteenths(low, most)


@cache
def _fields(model: type[SpecModel], dims: int) -> Mapping[str, Values]:
    """Give, for every option of a model, what it accepts."""
    hints = get_type_hints(model, include_extras=True)
    return {name: values(hints[name], dims, name) for name in model.model_fields}


def _word(model: type[Word], dims: int) -> Values:
    """Draw a word of a registry, bare or with some of its options."""
    bare = st.just(model.word)
    return bare | _options(model, dims).map(lambda given: {model.word: given}) if model.model_fields else bare


def _options(model: type[SpecModel], dims: int) -> Values:
    """Draw a mapping of a model's options that the model accepts."""
    needed = tuple(name for name, field in model.model_fields.items() if field.is_required())

    def fits(plain: Plain) -> bool:
        try:
            model.model_validate(plain)
        except ValidationError:
            return False
        return True

    return st.deferred(lambda: _some(_fields(model, dims), needed)).filter(fits)


@st.composite
def _some(draw: st.DrawFn, fields: Mapping[str, Values], needed: tuple[str, ...] = (), most: int = 3) -> Plain:
    """Draw what is needed and a few further options, and nothing about the rest."""
    count = draw(st.integers(0, min(most, len(fields))))
    names = draw(st.lists(st.sampled_from(sorted(fields)), unique=True, min_size=count, max_size=count))
    return {name: draw(fields[name]) for name in dict.fromkeys((*needed, *names))}


# --- specs ------------------------------------------------------------------------------------------------------------


@st.composite
def specs(draw: st.DrawFn) -> Plain:
    """Draw a spec without an input size; most can be compiled."""
    dims = draw(st.sampled_from((1, 2, 2, 3)))
    depth = draw(st.integers(1, {1: 5, 2: 3, 3: 2}[dims]))
    if dims == 1 and draw(st.integers(0, 9)) == 0:
        depth += 3
    even = draw(st.booleans())
    widths = st.sampled_from((2, 4, 8)) if even else st.integers(1, 6)
    channels = st.just(2) if even else st.integers(1, 3)
    spec: Plain = {"dims": dims, "depth": depth, "filters": draw(_filters(depth, widths))}
    spec |= draw(st.fixed_dictionaries({}, optional={"in_channels": channels, "out_channels": channels}))
    between = _between(dims)
    for name in draw(st.lists(st.sampled_from(sorted(between)), unique=True)):
        spec[name] = draw(_each(between[name], depth))
    for name in draw(st.lists(st.sampled_from(_SECTIONS), unique=True)):
        spec[name] = draw(_section(name, depth, dims, widths))
    spec |= draw(_some(_rest(dims), most=4))
    if "supervision" in spec:
        spec["supervision"] = draw(
            _supervision(spec["supervision"], depth, nested="nested" in spec.get("topology", ()))
        )
    return spec | draw(_some(_stage_options(dims), most=4))


@st.composite
def _supervision(draw: st.DrawFn, drawn: Plain, depth: int, *, nested: bool) -> Plain:
    """Let deep supervision name maps that there are, in most cases."""
    key, highest = ("columns", depth - 1) if nested else ("levels", depth)
    options = {name: value for name, value in drawn.items() if name not in ("levels", "columns")}
    numbers = st.lists(st.integers(1, max(1, highest)), unique=True, min_size=1, max_size=3)
    return {key: draw(numbers), **options}


_BETWEEN = ("skip", "downsample", "upsample")
_SECTIONS = ("stem", "encoder", "bottleneck", "decoder")
_BY_HAND = (*_BETWEEN, *_SECTIONS, "dims", "depth", "filters", "in_channels", "out_channels", "input_size", "expect")


@cache
def _between(dims: int) -> Mapping[str, Values]:
    """Give the values of one level for what stands between the levels."""
    hints = get_type_hints(Spec, include_extras=True)
    found = {name: values(get_args(get_args(hints[name])[0])[0], dims, name) for name in _BETWEEN}
    # How sizes are fitted matters most where they are odd: half of the skips say it.
    return found | {"skip": found["skip"] | st.fixed_dictionaries({"fit": _fields(Skip, dims)["fit"]})}


@cache
def _rest(dims: int) -> Mapping[str, Values]:
    """Give the values of all options of a spec that `specs` has no rule of its own for."""
    left_out = (*_BY_HAND, *StageOptions.model_fields, "extends", "output_activation")
    found = {name: value for name, value in _fields(Spec, dims).items() if name not in left_out}
    return found | {"output_activation": activations(use=("anywhere", "output"))}


@cache
def _stage_options(dims: int) -> Mapping[str, Values]:
    """Give the values of options that suit many stages at once: a stage's, but for those its widths must agree with."""
    return {name: value for name, value in _fields(StageOptions, dims).items() if name not in ("recurrent", "units")}


def _each(one: Values, count: int) -> Values:
    return one | st.lists(one, min_size=count, max_size=count)


def _filters(depth: int, widths: st.SearchStrategy[int]) -> Values:
    each = st.lists(_widths(widths), min_size=depth + 1, max_size=depth + 1)
    growth = st.sampled_from((1, 1.5, 2))
    rule = st.fixed_dictionaries({"base": widths, "growth": growth}, optional={"cap": st.integers(2, 16)})
    return widths.filter(lambda n: n << depth <= 64) | rule | each


def _widths(widths: st.SearchStrategy[int]) -> Values:
    return widths | st.lists(widths, min_size=1, max_size=3)


@st.composite
def _section(draw: st.DrawFn, name: str, depth: int, dims: int, widths: st.SearchStrategy[int]) -> Any:
    stage = _stage(dims, widths)
    if name == "stem":
        return {"filters": draw(_widths(widths)), **draw(stage)}
    if name == "bottleneck":
        return draw(stage)
    stages = st.lists(stage, min_size=depth, max_size=depth)
    if draw(st.booleans()):
        return draw(stages)
    section: Plain = draw(_some(_stage_options(dims)))
    if draw(st.booleans()):
        section["filters"] = draw(st.lists(_widths(widths), min_size=depth, max_size=depth))
    if draw(st.booleans()):
        section["stages"] = draw(stages)
    return section


@st.composite
def _stage(draw: st.DrawFn, dims: int, widths: st.SearchStrategy[int]) -> Plain:
    stage: Plain = draw(_some(_fields(StageOptions, dims), most=2))
    if draw(st.integers(0, 3)) == 0:
        stage["filters"] = draw(_widths(widths))
    return stage


# --- specs that compile -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawn:
    """A legal spec: as plain values, as a normal form, and as a network at a small legal size."""

    plain: Plain
    form: NormalForm
    network: Network

    def __repr__(self) -> str:
        return f"input {list(self.network.input.shape.size)} for\n{write_yaml(self.plain)}"


@st.composite
def legal_specs(draw: st.DrawFn, *, dropout: bool = True) -> Drawn:
    """Draw a spec that compiles and that some small input size is legal for."""
    plain = draw(specs())
    try:
        form, network = compile_spec(parse(write_yaml(plain)))
    except SpecError:
        assume(False)
        raise
    size = draw(_small_sizes(network))
    assume(dropout or not any(stage.style.dropout.p for stage in form.stages))
    return Drawn({**plain, "input_size": list(size)}, form.at(size), trace(network, size))


@st.composite
def _small_sizes(draw: st.DrawFn, network: Network) -> Axes:
    legal = legal_sizes(network)
    wanted = draw(st.tuples(*[st.integers(1, 12)] * network.dims))
    above = tuple(n for _, n in legal.nearest(wanted) if n is not None)
    assume(len(above) == network.dims and math.prod(above) <= PIXELS[network.dims])
    return above


# --- specs that went wrong --------------------------------------------------------------------------------------------

_JUNK: Values = (
    st.none() | st.booleans() | st.integers(-2, 70000) | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.sampled_from(("relu", "none", "skip", "c", "", "conv: 3", "ünknown", "2"))
    | st.lists(st.integers(-1, 3), max_size=4) | st.just({}) | st.just({"max_pool": {"factor": 0}}) | st.just([[]])
)  # fmt: skip


@st.composite
def corrupted_specs(draw: st.DrawFn) -> Plain:
    """Draw a spec in which a few values, keys or items are not what they should be."""
    plain: Plain = deepcopy(draw(specs()))
    for _ in range(draw(st.integers(1, 3))):
        _corrupt(draw, plain)
    return plain


def _corrupt(draw: st.DrawFn, plain: Plain) -> None:
    containers = list(_containers(plain))
    one = containers[draw(st.integers(0, len(containers) - 1))]
    if isinstance(one, list):
        at = draw(st.integers(0, len(one)))
        one[at : at + draw(st.integers(0, 1))] = deepcopy(draw(st.lists(_JUNK, max_size=1)))
        return
    known = st.sampled_from((*Spec.model_fields, "stages", "kernel", "fit", "Depth"))
    key = draw(st.sampled_from(sorted(one)) | known) if one else draw(known)
    if draw(st.integers(0, 3)):
        one[key] = deepcopy(draw(_JUNK))
    else:
        one.pop(key, None)


def _containers(value: Any) -> Iterable[Any]:
    """List every non-scalar inside a value, itself first."""
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _containers(item)
