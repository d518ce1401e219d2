"""U2xx: options that do not go together."""

from __future__ import annotations

from typing import Final

from unetgen.source.diagnostics.codes.info import CodeInfo

ROWS: Final[tuple[CodeInfo, ...]] = (
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
        shortcut needs a projection, a 1x1 convolution.""",
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
