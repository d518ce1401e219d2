"""U1xx: keys, types, ranges and lengths; U2xx: options that do not go together."""

from __future__ import annotations

from typing import Final

from unetgen.source.diagnostics.model import CodeInfo

ROWS: Final[tuple[CodeInfo, ...]] = (
    # U1xx: keys, types, ranges and lengths
    CodeInfo(
        "U101",
        "an unknown key",
        """A key that the language does not have would change nothing, and a network that differs from
        what its spec seems to say is worse than a message. Check the spelling; the message names the
        nearest keys.""",
        "depth: 4\nfilters: 64\nactivatoin: relu\n",
        "depth: 4\nfilters: 64\nactivation: relu\n",
    ),
    CodeInfo(
        "U102",
        "a key in the wrong place",
        """The key exists in the language, but not in this mapping. Check the indentation: a key belongs
        to the mapping whose other keys start in the same column.""",
        "depth: 4\nfilters: 64\nfit: crop_skip\n",
        "depth: 4\nfilters: 64\nskip: {join: concat, fit: crop_skip}\n",
    ),
    CodeInfo(
        "U103",
        "a key is missing",
        """Most keys have a default; this one has none, because every choice would be a guess.""",
        "depth: 4\nfilters: {growth: 2}\n",
        "depth: 4\nfilters: {base: 64, growth: 2}\n",
    ),
    CodeInfo(
        "U104",
        "a value of the wrong type",
        """Types are taken literally. `"4"` is text, `4.0` is no whole number, `true` is not 1, and a key
        with nothing after its colon has no value.""",
        'depth: "4"\nfilters: 64\n',
        "depth: 4\nfilters: 64\n",
    ),
    CodeInfo(
        "U105",
        "a value that is not in the catalogue",
        """The option takes one of a fixed set of words or numbers. `unetgen list` shows the words with
        what they mean.""",
        "depth: 4\nfilters: 64\nactivation: rleu\n",
        "depth: 4\nfilters: 64\nactivation: relu\n",
    ),
    CodeInfo(
        "U106",
        "a number out of range",
        """The number is of the right type, but below or above what the option can be.""",
        "depth: 0\nfilters: 64\n",
        "depth: 1\nfilters: 64\n",
    ),
    CodeInfo(
        "U107",
        "a list or text of the wrong length",
        """A single value holds for all levels, stages or axes; a list has one value for each of them, no
        more and no fewer. A network of depth 4 has five levels, counted from 0, and so five widths.""",
        "depth: 4\nfilters: [64, 128, 256, 512]\n",
        "depth: 4\nfilters: [64, 128, 256, 512, 1024]\n",
    ),
    CodeInfo(
        "U108",
        "text of the wrong form",
        """Some texts become names of files and classes, or are made of letters with a meaning each, so
        they have a fixed form. The message says which.""",
        "depth: 4\nfilters: 64\nname: 2015 unet\n",
        "depth: 4\nfilters: 64\nname: unet-2015\n",
    ),
    CodeInfo(
        "U109",
        "a value that does not fit",
        """The value is refused for a reason of its own, which the message gives.""",
    ),
    CodeInfo(
        "U110",
        "an override that leads nowhere",
        """`--set encoder.norm=none` walks the keys of the spec as they are written, and the items of lists
        by their index from 0. An option of a word stands under that word, as in `--set norm.batch.eps=0.001`;
        where another word is written, set the whole value.""",
    ),
    CodeInfo(
        "U111",
        "a base that cannot be found",
        """`extends` names a file in the folder of the spec, or below it, with its ending; or a spec of the zoo by
        its name. A path that leads out of the folder is refused, by `..` or by a link: a spec from a stranger reads
        nothing that came with another one.""",
        "extends: ../base.yaml\n",
        "extends: unet-2015\n",
    ),
    CodeInfo(
        "U112",
        "specs that extend each other in a circle",
        """Each spec starts from its base, so a base cannot start from the spec.""",
    ),
    CodeInfo(
        "U113",
        "too many specs that extend each other",
        """A spec may extend one that extends another, and so on, up to eight bases. Nobody can follow more.""",
        kind="limit",
    ),
    # U2xx: options that do not go together
    CodeInfo(
        "U201",
        "an option that means nothing here",
        """An option is only accepted where it changes the network. The order of two maps matters to a concatenation
        and not to a sum; a fit matters where two maps meet and not where there is no join.""",
        "skip: {join: add, order: [up, skip]}\n",
        "skip: {join: add}\n",
    ),
    CodeInfo(
        "U202",
        "the maps of an additive skip differ in channels",
        """A sum needs as many channels from below as from the encoder. A transposed convolution gives them by
        itself (`channels: skip`); an interpolation keeps the channels it gets, so it needs a convolution.""",
        "skip: add\nupsample: nearest\n",
        "skip: add\nupsample: {nearest: {after: 1}}\n",
    ),
    CodeInfo(
        "U203",
        "channels that do not divide",
        """Grouped convolutions, group norms and half of the channels all divide the number of channels. Choose
        numbers that divide, or other filters.""",
        "filters: 20\nnorm: {group: {groups: 8}}\n",
        "filters: 24\nnorm: {group: {groups: 8}}\n",
    ),
    CodeInfo(
        "U204",
        "a residual block without the projection it needs",
        """The sum of a residual block needs equal channels before and after. Where a stage changes them, its
        shortcut needs a projection, a 1×1 convolution.""",
        "block: {residual: {project: never}}\n",
        "block: {residual: {project: when_needed}}\n",
    ),
    CodeInfo(
        "U205",
        "an option without effect",
        """A norm, an activation or a dropout was written, but no unit that it reaches has its letter in `order`: n
        for the norm, a for the activation, d for dropout.""",
        "order: ca\nnorm: batch\n",
        "order: cna\nnorm: batch\n",
    ),
    CodeInfo(
        "U206",
        "two numbers of convolutions that contradict each other",
        """A list of widths says how many convolutions a stage has; `convs` beside it must agree or go.""",
        "bottleneck: {filters: [256, 512], convs: 3}\n",
        "bottleneck: {filters: [256, 512]}\n",
    ),
    CodeInfo(
        "U207",
        "a change of resolution that nobody makes",
        """Where a level is coarser than the one above it, something must shrink the map on the way down and enlarge
        it on the way up. `first_conv` leaves it to the stage below, which then needs a convolution; `none` enlarges
        nothing.""",
        "downsample: max_pool\nupsample: none\n",
        "downsample: max_pool\nupsample: nearest\n",
    ),
    CodeInfo(
        "U208",
        "a recurrent unit that changes its channels",
        """A recurrent unit runs again on the sum of its input and its output, so both need the same channels and
        size. A residual block with `project: always, shared: true` brings the channels there first.""",
        "recurrent: 2\nblock: plain\n",
        "recurrent: 2\nblock: {residual: {project: always, shared: true}}\n",
    ),
    CodeInfo(
        "U209",
        "deep supervision of a map that does not exist",
        """Heads stand on decoder maps by `levels`, 1 to `depth`; in a nested topology they stand on the top row's
        maps by `columns`, 1 to `depth - 1`. The main head is always there and is not listed.""",
        "depth: 3\nsupervision: {levels: [1, 7]}\n",
        "depth: 3\nsupervision: {levels: [1, 2]}\n",
    ),
    CodeInfo(
        "U210",
        "a block that cannot make its map smaller",
        """`downsample: first_conv` lets the first convolution of a stage move in larger steps. A block that
        concatenates its input with its own maps cannot do that, as its input keeps its size. Let a pool stand
        between the levels.""",
        "block: dense\ndownsample: first_conv\n",
        "block: dense\ndownsample: max_pool\n",
    ),
    CodeInfo(
        "U211",
        "a residual block whose sum has no channels to agree on",
        """With `shared: true` the units start from the projected input, with `gives: all` their result holds what
        they started from and more. Then it has more channels than the projection, whatever that has.""",
        "block: {residual: {project: always, shared: true, gives: all}}\n",
        "block: {residual: {project: always, shared: true, gives: new}}\n",
    ),
    CodeInfo(
        "U212",
        "as many channels as a stage that has yet more",
        """`channels: next` gives a map as many channels as the stage below has. A dense stage that keeps its input
        gives the channels it takes and its own, so no number answers that.""",
        "block: dense\ndownsample: {strided_conv: {channels: next}}\n",
        "block: dense\ndownsample: {strided_conv: {channels: same}}\n",
    ),
    CodeInfo(
        "U213",
        "a softmax over one channel",
        """A softmax makes the channels of each position sum to one, so a single channel is one everywhere. For one
        class against the background write `sigmoid`, or give each class a channel of its own.""",
        "out_channels: 1\noutput_activation: softmax\n",
        "out_channels: 1\noutput_activation: sigmoid\n",
    ),
    CodeInfo(
        "U214",
        "outputs that cannot be stacked",
        """`returns: stack` lays all outputs on a new axis, so they need the same channels and the same size. Heads give
        them the same channels, `size: full` the same size.""",
        "filters: 8\nhead: none\nsupervision: {levels: [1], returns: stack}\n",
        "filters: 8\nsupervision: {levels: [1], returns: stack}\n",
    ),
)
