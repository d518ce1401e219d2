"""The pipeline in a few lines: what the command line and Python users both call."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, Unpack

from unetgen.analyses import legal_sizes
from unetgen.compiler.forms import NormalForm
from unetgen.compiler.pipeline import compile_like, compile_spec, compile_structure
from unetgen.drawing.model.options import CHOICES, USUAL, DrawChoices, DrawOptions, takes_choices
from unetgen.ir import Network, ops, trace
from unetgen.language.extends import extended
from unetgen.language.overrides import Override, override
from unetgen.language.spec import Spec
from unetgen.language.validate import validate
from unetgen.language.zoo import find_source
from unetgen.notebook import Shown, show_with
from unetgen.source.diagnostics import SpecError
from unetgen.source.files import write_file
from unetgen.source.text import SourceFile
from unetgen.source.version import __version__
from unetgen.source.yamltree import parse_yaml

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
    from torch import Tensor, nn

    from unetgen.drawing import Drawing, Theme
    from unetgen.featuremaps.picture import Prepared
    from unetgen.reports import Summary

T = TypeVar("T")
FARTHEST = 128
"""How far the size at which two networks are compared may be from that of the first, in pixels."""
Source = str | os.PathLike[str] | Spec | Network
"""A path of a spec or its name in the zoo, a spec, or a network."""


def load(path: str | os.PathLike[str]) -> Spec:
    """Read and validate the spec in a file, or the spec of that name in the zoo.

    Raises:
        SpecError: The spec is wrong, with a place for everything that is.
        OSError: The file cannot be read.
    """
    return validated(find_source(os.fspath(path)))


def parse(text: str, *, name: str = "<spec>") -> Spec:
    """Validate a spec written in a string; `name` stands for the file in messages.

    Raises:
        SpecError: The spec is wrong.
    """
    return validated(SourceFile(name, text))


def validated(source: SourceFile, changes: Sequence[Override] = ()) -> Spec:
    """Validate the spec of a source file, laid over what it extends, with some of its values changed before.

    Raises:
        SpecError: The spec is wrong.
    """
    tree = override(extended(parse_yaml(source), source), changes)
    return validate(tree, Spec).located(tree)


def _spec(x: str | os.PathLike[str] | Spec) -> Spec:
    return x if isinstance(x, Spec) else load(x)


def normal_form(x: str | os.PathLike[str] | Spec) -> NormalForm:
    """Write a spec out in full, the input size it is compiled for included.

    Raises:
        SpecError: The spec is wrong.
    """
    return compile_spec(_spec(x))[0]


def lower(x: Source, input_size: int | ops.Axes | None = None) -> Network:
    """Compile a spec to a network with the shapes it has at `input_size` (the spec's own unless given).

    Args:
        x: A path, a name of the zoo, a spec or a network.
        input_size: Pixels, for all axes or for each.

    Raises:
        SpecError: The spec is wrong, or the size is not legal for it.
        ValueError: The size is not one whole number per axis, or not legal for a network.
    """
    if input_size is None:
        return x if isinstance(x, Network) else compile_spec(_spec(x))[1]
    if isinstance(x, Network):
        return _at(x, _axes(input_size, x.dims))
    spec = _spec(x)
    return compile_spec(spec, _axes(input_size, spec.dims))[1]


def _axes(size: int | ops.Axes, dims: int) -> ops.Axes:
    """Spread a size over the axes, or hold it to their number."""
    sizes = (size,) * dims if isinstance(size, int) else tuple(size)
    if len(sizes) != dims or not all(type(n) is int and n > 0 for n in sizes):
        raise ValueError(f"an input size is one whole number for each of {dims} spatial axes, found {size!r}")
    return sizes


def _at(network: Network, size: ops.Axes) -> Network:
    """Give a network the shapes it has at another size."""
    legal = legal_sizes(network)
    if not legal.allows(size):
        near = [" or ".join(str(n) for n in dict.fromkeys(pair) if n is not None) for pair in legal.nearest(size)]
        words = f"legal are {legal.describe()}; nearest, axis by axis: {', '.join(near)}"
        raise ValueError(f"an input of {' x '.join(map(str, size))} is not legal: {words}")
    return trace(network, size)


def at_one_size(before: Network, after: Network) -> tuple[Network, Network]:
    """Give two networks the shapes that they have at one size: the next to that of the first that is legal for both.

    They stay as they are where no size near it is, as of an unpadded network and a padded one.
    """
    size, legal = before.input.shape.size, (legal_sizes(before), legal_sizes(after))
    if before.dims != after.dims or size == after.input.shape.size:
        return before, after
    near = (tuple(n + far for n in size) for far in sorted(range(-FARTHEST, FARTHEST), key=abs))
    one = next((near_by for near_by in near if all(sizes.allows(near_by) for sizes in legal)), None)
    return (before, after) if one is None else (trace(before, one), trace(after, one))


def emit(x: Source) -> str:
    """Write the network as one Python file that needs torch alone.

    The file carries the spec that it was made of, so that it can be given wherever a spec is asked for; that of a
    network carries none.
    """
    from unetgen.backends.torch_source import Maker, emit_source

    if isinstance(x, Network):
        return emit_source(x, Maker(__version__))
    spec = _spec(x)
    return emit_compiled(spec, *compile_spec(spec))


def emit_compiled(spec: Spec, form: NormalForm, network: Network) -> str:
    """Write a spec that is compiled already, as `emit` does."""
    from unetgen.backends.torch_source import Maker, emit_source
    from unetgen.reports.carried import spec_to_carry

    return emit_source(network, Maker(__version__, spec_to_carry(spec, form)), partial(compile_like, spec, network))


def build(x: Source, *, weights: str | os.PathLike[str] | None = None) -> nn.Module:
    """Load what `emit` writes: a module, `n c s... -> n out s'...`.

    Args:
        x: The network.
        weights: A `.safetensors` file of the module's state dict, under the keys of today or those from before decision
            16; fresh weights unless given.

    Raises:
        CannotRun: The weights are not those of the module.
    """
    from unetgen.backends.torch_module import load_module

    module = load_module(emit(x))
    if weights is not None:
        from unetgen.backends.weights import load_weights

        load_weights(module, lower(x), Path(weights))
    return module


def rename_keys(x: Source, state: Mapping[str, T]) -> dict[str, T]:
    """Give a state dict that was saved before decision 16 the keys that its network has now.

    Some may be missing, and all may stand behind a prefix such as `module.`, which stays. Keys of today stay as they
    are, and so do those of anything else.

    Example:
        >>> list(rename_keys("unet-2015", dict.fromkeys(lower("unet-2015").old_keys)))[-1]
        'head.bias'
    """
    names = lower(x).new_keys(state)
    return {names[key]: tensor for key, tensor in state.items()}


def export(
    x: Source, path: str | os.PathLike[str], *, weights: str | os.PathLike[str] | Mapping[str, Tensor] | None = None
) -> Path:
    """Write the network as an ONNX model for inference, `n c s... -> n out s'...`, of any batch and any legal size.

    The file is there whole or not at all; the same network with the same weights gives the same bytes.

    Args:
        path: Where to, such as "net.onnx".
        weights: A safetensors file of the module's state dict, or the state dict itself (`net.state_dict()`); random
            weights, the same ones every time, unless given.

    Raises:
        SpecError: The spec is wrong.
        CannotRun: The weights of a file are not those of this network.
        RuntimeError: Those of a state dict are not; these are torch's words.
        TooLarge: The weights do not fit into one file of ONNX, which holds 2 GiB.
        MissingTool: What writes ONNX is not installed; the message says how to get it.
        OSError: A file cannot be read or written.
    """
    return write_file(os.fspath(path), onnx_bytes(lower(x), weights))


def onnx_bytes(network: Network, weights: str | os.PathLike[str] | Mapping[str, Tensor] | None = None) -> bytes:
    """Give what `export` writes."""
    try:
        from unetgen.backends.onnx import export_network
    except ImportError as error:
        from unetgen.source.problem import MissingTool

        raise MissingTool(f"cannot write ONNX without {error.name}", "`pip install 'unetgen[onnx]'`") from None
    return export_network(network, weights)


@takes_choices
def draw(
    x: Source,
    *,
    image: str | os.PathLike[str] | ArrayLike | None = None,
    weights: str | os.PathLike[str] | None = None,
    **choices: Unpack[DrawChoices],
) -> Drawing:
    """Draw the network as a U; what is not chosen is as the spec's `drawing` says.

    Args:
        image: What the network runs on, to show its maps in the boxes: a file (PNG, JPEG, TIFF, .npy), or an array.
        weights: What it runs with: a safetensors file of the module's state dict; random weights unless given.
        choices: What is chosen about the picture, as `drawing` in a spec; a theme may be a file of one's own.

    Raises:
        SpecError: The spec, or the theme's file, is wrong.
        ValueError: There is no such theme or detail, or there are weights and nothing to run on.
        CannotRun: The image or the weights are not what the network takes.
        MissingTool: What reads the image is not installed; the message says how to get it.
        OSError: A file cannot be read.
    """
    from unetgen.drawing import draw_network

    source = x if isinstance(x, Network) else _spec(x)
    options = _usual(source).changed(_themed(choices))
    if image is not None:
        return show_maps(lower(source), image, weights).draw(options)
    if weights is not None:
        raise ValueError("weights are for showing what the network makes of an image: give `image` too")
    return draw_network(lower(source), options)


def show_maps(
    network: Network, image: str | os.PathLike[str] | ArrayLike, weights: str | os.PathLike[str] | None = None
) -> Prepared:
    """Make ready what a drawing with feature maps needs: the image is read, nothing has run.

    Raises:
        CannotRun: The image is not what the network takes.
        MissingTool: What reads it is not installed.
        OSError: A file cannot be read.
    """
    try:
        from unetgen.featuremaps.picture import prepare
    except ImportError as error:
        from unetgen.source.problem import MissingTool

        raise MissingTool(f"cannot show feature maps without {error.name}", "`pip install 'unetgen[images]'`") from None
    return prepare(network, image, weights)


@takes_choices
def draw_difference(
    before: Source,
    after: Source,
    *,
    names: tuple[str, str] | None = None,
    own_sizes: bool = False,
    **choices: Unpack[DrawChoices],
) -> Drawing:
    """Draw two networks on one page, each by itself, and mark what changed, what is new and what was removed.

    Args:
        names: What the networks are called over their panels, in place of their own names.
        own_sizes: Whether each is drawn at its own nominal size, rather than both at one that is legal for both.
        choices: What is chosen about the picture, as for `draw`.

    What is not chosen is as the `drawing` of the first spec says, but for the title.

    Raises:
        SpecError: One of the specs, or the theme's file, is wrong.
        ValueError: There is no such theme or detail.
    """
    from unetgen.drawing import draw_difference as draw_networks

    one, other = (x if isinstance(x, Network) else _spec(x) for x in (before, after))
    options = replace(_usual(one), title=None).changed(_themed(choices))
    pair = lower(one), lower(other)
    return draw_networks(*(pair if own_sizes else at_one_size(*pair)), options, names=names)


def _usual(source: Spec | Network) -> DrawOptions:
    return USUAL if isinstance(source, Network) else draw_options(source)


def draw_options(spec: Spec) -> DrawOptions:
    """Give what a spec says about its picture."""
    return USUAL.changed({name: getattr(spec.drawing, name) for name in CHOICES})


def _themed(choices: DrawChoices) -> DrawChoices:
    """Read the theme, where one is chosen; warn of what is deprecated."""
    if choices.get("max_width") is not None:
        warnings.warn('`max_width` is deprecated: write `width="178mm"`', DeprecationWarning, stacklevel=3)
    theme = choices.get("theme")
    return choices if theme is None else {**choices, "theme": find_theme(theme)}


def find_theme(theme: str | os.PathLike[str] | Theme) -> str | Theme:
    """Give a theme as it is, or read it where it is the name of a YAML file.

    Raises:
        SpecError: The file is wrong.
        OSError: It cannot be read.
    """
    if isinstance(theme, os.PathLike) or (isinstance(theme, str) and theme.endswith((".yaml", ".yml"))):
        from unetgen.language.theme_file import load_theme

        return load_theme(theme)
    return theme


def summarize(x: Source) -> Summary:
    """Count what every stage gives and costs."""
    from unetgen.reports import summarize_network

    return summarize_network(lower(x))


def valid_sizes(x: Source, near: int = 256, *, count: int = 5) -> tuple[int, ...]:
    """List input side lengths close to `near` pixels that the network accepts, nearest first.

    The spec's own input size need not be among them: this is how to find a better one.

    Raises:
        SpecError: The spec is wrong.
    """
    network = x if isinstance(x, Network) else compile_structure(_spec(x))[1]
    return legal_sizes(network).alike().around(near, count)


def _shown(x: Shown) -> dict[str, str]:
    """Give what a notebook shows of a spec or a network: its picture, or what is wrong with it."""
    if not isinstance(x, Spec | Network) or (isinstance(x, Network) and not x.input.shape.size):
        return {}
    try:
        drawing = draw(x)
    except SpecError as error:
        return {"text/plain": str(error)}
    return {"image/svg+xml": drawing.svg, "text/plain": drawing.description}


show_with(_shown)
