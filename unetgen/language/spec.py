"""The language: what a spec may say, as Pydantic models. What it means is worked out in `normal` and `lower`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, PrivateAttr, Tag, create_model

from unetgen.drawing.model.options import CHOICES, Choice
from unetgen.notebook import Shown
from unetgen.parts.attention import AttentionWord
from unetgen.parts.blocks import BlockWord
from unetgen.parts.downsampling import DownWord, MaxPool
from unetgen.parts.extra_convolutions import HeadConv, grow_side_conv
from unetgen.parts.skips import Skip, SkipWord
from unetgen.parts.topologies import TopologyWord, U
from unetgen.parts.unit_words import ActivationWord, DropoutWord, InitWord, NormWord, RecurrentWord, UnitActivationWord
from unetgen.parts.upsampling import TransposedConv, UpWord
from unetgen.parts.words import Items, OneOrEach, Order, Padding, PerAxis, Size, SpecModel, refuse
from unetgen.source.diagnostics import InternalError
from unetgen.source.text import Span, SpecPath
from unetgen.source.yamltree import Mapping as YamlMapping
from unetgen.source.yamltree import Node, child_of, span_at

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
"""What a name looks like: it becomes the name of files and of a class."""
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
Text = Annotated[str, Field(max_length=2000)]
MAX_CHANNELS = 65536
"""Most channels of one level."""
Channels = Annotated[int, Field(ge=1, le=MAX_CHANNELS)]
MAX_DEPTH = 13
"""Most downsamplings: the Wave-U-Net has 12 and the raw audio above them. Legal sizes are still found in a second."""
Rung = Annotated[int, Field(ge=1, le=MAX_DEPTH)]


def _some(widths: int | tuple[int, ...]) -> int | tuple[int, ...]:
    if widths == ():
        help = "write one number for each convolution; `convs: 0` leaves a stage out"
        raise refuse("U107", "a list of widths without a width", label="empty", help=help)
    return widths


Widths = Annotated[OneOrEach[Channels], AfterValidator(_some)]


class UnitOptions(SpecModel):
    """How units look. Each option may stand in the spec, in a section or in a stage; the nearest one wins."""

    kernel_size: PerAxis | None = None
    """Size of the kernel in pixels (default 3)."""
    padding: Padding | None = None
    """What surrounds a map before a convolution: `valid` (nothing), `same` (zeros; default), `reflect`, `replicate`,
    `circular`, or a number of zeros per side."""
    dilation: PerAxis | None = None
    """Distance between the taps of the kernel in pixels (default 1)."""
    groups: Annotated[int, Field(ge=1, le=65536)] | Literal["depthwise"] | None = None
    """Groups of channels that a convolution keeps apart (default 1)."""
    bias: bool | Literal["auto"] | None = None
    """Whether convolutions have a bias; `auto` (default): unless a norm comes right after."""
    norm: NormWord | None = None
    """Normalisation (default `batch`)."""
    activation: UnitActivationWord | None = None
    """Activation (default `relu`)."""
    order: Order | None = None
    """Order of convolution, norm, activation and dropout in a unit (default `cna`; `cnad` with dropout)."""
    dropout: DropoutWord | None = None
    """Share of values zeroed in training (default 0)."""
    recurrent: RecurrentWord | None = None
    """How often a unit runs again on its input plus what it gave last (default 0); with the same weights unless
    `{times: 2, shared: false}` says otherwise."""


class StageOptions(UnitOptions):
    """How stages look: their units, single units among them, and how they are put together."""

    block: BlockWord | None = None
    """How the units of a stage are put together (default `plain`)."""
    convs: Annotated[int, Field(ge=0, le=64)] | None = None
    """How many convolutions a block has (default 2); 0 leaves the stage out."""
    attention: AttentionWord | None = None
    """Whether maps are weighed by channel, by position or both (default `none`)."""
    repeat: Annotated[int, Field(ge=1, le=64)] | None = None
    """How many blocks a stage has, one after the other (default 1)."""
    first: UnitOptions | None = None
    """What is different in the first unit of a block."""
    last: UnitOptions | None = None
    """What is different in the last unit of a block."""
    units: Items[UnitOptions] | None = None
    """What is different in each unit of a block, one entry per convolution."""


class Stage(StageOptions):
    """One stage of a section."""

    filters: Widths | None = None
    """Channels of the stage, or one width for each of its convolutions."""


class Section(StageOptions):
    """The encoder or the decoder: options for all of its stages, and the stages themselves."""

    filters: OneOrEach[Widths] | None = None
    """Channels of every stage, or of each, level 0 first, each a number or one width per convolution."""
    stages: Items[Stage] | None = None
    """The stages, level 0 first."""


class Head(UnitOptions):
    """The last convolution, from the decoder's map to the output's channels.

    Its kernel is 1, its order `c` and it has a bias unless it says otherwise itself; padding, norm, activation and
    dropout are the spec's unless given here.
    """

    transposed: bool = False
    """Whether it is a transposed convolution (of stride 1)."""
    before: Annotated[HeadConv | None, BeforeValidator(grow_side_conv)] = None
    """A convolution in front of it; none unless given."""


class Filters(SpecModel):
    """Channels by rule: `base` at full resolution, times `growth` at every lower level, never above `cap`."""

    base: Channels
    """Channels of level 0."""
    growth: Annotated[float, Field(ge=1, le=8)] = 2
    """By how much a level has more channels than the one above it; rounded to whole channels."""
    cap: Channels | None = None
    """The most channels of any level; no limit unless given."""


class Expect(SpecModel):
    """What the spec's author knows of the network; checked whenever it is compiled."""

    params: Annotated[int, Field(ge=0)] | None = None
    """Trainable parameters."""
    macs: Annotated[int, Field(ge=0)] | None = None
    """Multiply-accumulates of one forward pass at the nominal size."""
    output_size: OneOrEach[Size] | None = None
    """Size of the output at the nominal size, for all axes or for each."""


def field_of(choice: Choice) -> tuple[Any, Any]:
    """Give the type of what a spec may write for an option of a drawing, and its default.

    Raises:
        InternalError: No spec can say what the option is.
    """
    kind: Any = Literal[choice.words] if choice.words else _type_of(choice)
    kind = Annotated[kind, BeforeValidator(choice.of_flag)] if choice.flags else kind
    return kind if choice.default is not None else kind | None, Field(choice.default, description=choice.meaning)


def _type_of(choice: Choice) -> Any:
    low, high = choice.bounds or (None, None)
    if choice.type is bool:
        return bool
    if choice.type is int:
        return Annotated[int, Field(ge=low, le=high)]
    if choice.type is float:
        return Annotated[float, Field(ge=low, le=high, allow_inf_nan=False)]
    if choice.type is str:
        return Text if choice.check is None else Annotated[Text, AfterValidator(partial(_checked, choice.check))]
    raise InternalError(f"a spec cannot say an option of the type {choice.type.__name__}")


def _checked(check: Callable[[str], object], value: str) -> str:
    """Hold a text to what may be written; what is wrong and what to write are apart in what `check` says."""
    try:
        check(value)
    except ValueError as error:
        headline, _, help = str(error).partition("; ")
        raise refuse("U108", headline, help=help) from None
    return value


if TYPE_CHECKING:

    class DrawingOptions(SpecModel):
        """How the picture looks; nothing here changes the network."""

else:
    DrawingOptions = create_model(
        "DrawingOptions",
        __base__=SpecModel,
        __module__=__name__,
        __doc__="How the picture looks; nothing here changes the network.",
        **{name: field_of(choice) for name, choice in CHOICES.items()},
    )


class Supervision(SpecModel):
    """Deep supervision: heads on further maps than the last one, and what the network hands back.

    References:
        Lee et al. 2014, "Deeply-Supervised Nets", arXiv:1409.5185.
    """

    levels: Items[Rung] | None = None
    """Levels whose decoder maps get a head of their own (level `depth` is the bottleneck)."""
    columns: Items[Rung] | None = None
    """For `topology: nested`: columns of the top row whose maps get a head of their own."""
    size: Literal["native", "full"] = "full"
    """Whether outputs keep the size of their level or are resized to that of the main output."""
    resize: Literal["nearest", "linear"] = "linear"
    """How they are resized."""
    returns: Literal["last", "list", "stack"] = "list"
    """What the network hands back: the main output alone, a list (finest first), or all stacked on a new axis 1."""
    in_eval: Literal["return", "compute", "skip"] = "return"
    """What happens to the further outputs in eval mode: handed back too, computed and dropped, or not computed."""
    fuse: bool = False
    """Whether a 1×1 convolution over all outputs makes one more, which then is the main one and stands first."""
    order: Literal["with_level", "finest_first", "coarsest_first"] = "with_level"
    """When heads are computed: with their map, or at the end; it changes the order of weights, never the result."""


def _stages(value: object) -> object:
    return {"stages": value} if isinstance(value, list | tuple) else value


def _base(value: object) -> object:
    return {"base": value} if isinstance(value, int) and not isinstance(value, bool) else value


def _form(value: object) -> str:
    return "each" if isinstance(value, list | tuple) else "rule"


def _not_here(value: str) -> str:
    # Files are laid over their bases before they are read as a spec: nothing of `extends` is left by then.
    raise refuse("U111", "`extends` is followed in a file alone", help="write it into the spec itself")


SectionWord = Annotated[Section, BeforeValidator(_stages)]
FiltersWord = Annotated[
    Annotated[Filters, BeforeValidator(_base), Tag("rule")] | Annotated[Items[Widths], Tag("each")],
    Discriminator(_form),
]


class Spec(Shown, StageOptions):
    """A U-Net. `depth` and `filters` are all it must say."""

    # Defaults are made as the note [One validator] says.
    extends: Annotated[Text, AfterValidator(_not_here)] | None = None
    """The spec that this one starts from: a file beside it, such as `other.yaml`, or a spec of the zoo by name. What is
    written here goes over what stands there, key by key; its `name`, `expect` and `drawing.title` do not pass on."""
    name: Name = "unet"
    """What the network is called; files and the emitted class take it."""
    reference: Text | None = None
    """The paper, as `arXiv:1505.04597`."""
    notes: OneOrEach[Text] | None = None
    """Remarks that go into the emitted source."""
    dims: Literal[1, 2, 3] = 2
    """Spatial axes."""
    in_channels: Channels = 1
    """Channels of the input image."""
    out_channels: Channels = 2
    """Channels of the output, one per class as a rule."""
    input_size: OneOrEach[Size] | None = None
    """Nominal input size in pixels, for all axes or for each; for the picture and the report, never baked in.
    Default: the legal size nearest to 1024 (1D), 256 (2D; 572 with valid padding) or 64 (3D)."""
    depth: Rung
    """Number of downsamplings; there are depth + 1 levels. The U-Net of 2015 has depth 4."""
    filters: FiltersWord | None = None
    """Channels per level: a base that doubles, `{base, growth, cap}`, or a list of depth + 1."""
    skip: OneOrEach[SkipWord] = Skip.model_construct()
    """How encoder maps reach the decoder, for all levels or for each, level 0 first."""
    downsample: OneOrEach[DownWord] = MaxPool.model_construct()
    """The way to the next lower level, for all levels or for each, level 0 first."""
    upsample: OneOrEach[UpWord] = TransposedConv.model_construct()
    """The way to the next higher level, for all levels or for each, level 0 first."""
    stem: Stage | None = None
    """Convolutions at full resolution before the encoder; none unless given."""
    encoder: SectionWord = Section.model_construct()
    """The stages on the way down, levels 0 to depth - 1."""
    bottleneck: Stage = Stage.model_construct()
    """The stage at the lowest level."""
    decoder: SectionWord = Section.model_construct()
    """The stages on the way up, levels 0 to depth - 1."""
    head: Head | Literal["none"] = Head.model_construct()
    """The last convolution; `none` where the decoder already gives the output."""
    output_activation: ActivationWord = ActivationWord("none")
    """What is applied to the output: `none`, `sigmoid`, `softmax`, or another activation."""
    init: InitWord = InitWord()
    """How fresh weights are drawn: `torch`'s defaults, `he_normal`, `he_uniform`, `xavier_normal`, ..."""
    expect: Expect = Expect.model_construct()
    """What is known of the network; checked whenever it is compiled."""
    drawing: DrawingOptions = DrawingOptions.model_construct()
    """How its picture looks; the network is the same whatever stands here."""

    topology: TopologyWord = U.model_construct()
    """Which maps meet: one skip per level, all maps of a level (`nested`), or maps of all levels (`full_scale`)."""
    supervision: Supervision | None = None
    """Heads on further maps; none unless given."""

    _tree: YamlMapping | None = PrivateAttr(default=None)

    @property
    def tree(self) -> YamlMapping | None:
        """What the spec was read from; None for a spec made in Python."""
        return self._tree

    def span(self, path: SpecPath, at: Literal["key", "value"] = "value") -> Span | None:
        """Find the place of a path in the file the spec was read from; None for a spec made in Python.

        Steps that the file leaves out are passed over: `skip: add` is where `("skip", 2, "join")` stands.
        """
        if self._tree is None:
            return None
        return span_at(self._tree, _written_path(self._tree, path), at)

    def located(self, tree: YamlMapping) -> Spec:
        """Remember the tree the spec was read from, so that later findings have a place."""
        self._tree = tree
        return self


def _written_path(root: Node, path: SpecPath) -> SpecPath:
    """Keep the steps of a path that a tree has."""
    kept: list[str | int] = []
    node = root
    for step in path:
        found = child_of(node, step)
        if found is None and isinstance(node, YamlMapping) and len(node.entries) == 1:
            # The word of a choice, which a path may leave out: `max_pool` in `downsample: {max_pool: {padding: 2}}`.
            found = child_of(node.entries[0].value, step)
            kept += [str(node.entries[0].key.value)] if found is not None else []
        if found is not None:
            kept.append(step)
            node = found
    return tuple(kept)
