"""U3xx to U5xx: networks whose sizes do not fit, that are not the expected ones, or that are too large."""

from __future__ import annotations

from typing import Final

from unetgen.source.diagnostics.model import CodeInfo

_EXPECTED = """`expect` holds what is known of a network, from its paper or from its original implementation. A
difference means that some option is not what it is there: an up-convolution that keeps its channels, a bias beside a
norm, a bottleneck with one convolution."""
_TOO_MUCH = """A spec of a few lines can ask for a network that no machine holds. The limits are far above every
published network; they keep a slip of the keyboard, or a spec from a stranger, from exhausting the machine."""

ROWS: Final[tuple[CodeInfo, ...]] = (
    # U3xx: sizes and shapes
    CodeInfo(
        "U301",
        "a skip and the upsampled map differ in size",
        """Every halving of an odd size drops a pixel that doubling does not bring back, so the map that comes up is
        smaller than the encoder's map of that level. Choose a legal input size (the message names the nearest,
        `unetgen sizes` names all), or say with `fit` how unequal maps are to be reconciled. A centred crop needs an
        even difference: an odd one would shift the maps by half a pixel, which `fit: {crop_skip: {uneven: floor}}`
        accepts.""",
        "depth: 5\ninput_size: [100, 100]\n",
        "depth: 5\ninput_size: [96, 96]\n",
    ),
    CodeInfo(
        "U302",
        "a map is too small for what is done to it",
        """Pooling and convolutions without padding make maps smaller; somewhere nothing is left to compute on.
        Choose a larger input, less depth, or padding.""",
        "depth: 4\npadding: valid\ninput_size: [100, 100]\n",
        "depth: 4\npadding: valid\ninput_size: [188, 188]\n",
    ),
    CodeInfo(
        "U303",
        "no input size is legal",
        """The maps of some level differ by a fixed amount whatever the input, so no size can be right. Say with
        `fit` how they are to be reconciled, or change the kernel, the padding or the upsampling that makes the
        difference.""",
        "padding: valid\nskip: {join: concat, fit: error}\n",
        "padding: valid\nskip: {join: concat, fit: crop_skip}\n",
    ),
    # U4xx: what `expect` promises
    CodeInfo(
        "U401",
        "another number of parameters than expected",
        _EXPECTED,
        "depth: 1\nfilters: 4\nexpect: {params: 1}\n",
        "depth: 1\nfilters: 4\nexpect: {params: 1682}\n",
    ),
    CodeInfo("U402", "another number of multiply-accumulates than expected", _EXPECTED),
    CodeInfo(
        "U403",
        "another output size than expected",
        _EXPECTED,
        "padding: valid\nexpect: {output_size: [572, 572]}\n",
        "padding: valid\nexpect: {output_size: [388, 388]}\n",
    ),
    # U5xx: more than we agree to work on
    CodeInfo("U501", "too many nodes", _TOO_MUCH, kind="limit"),
    CodeInfo("U502", "too many parameters", _TOO_MUCH, kind="limit"),
    CodeInfo("U503", "a feature map that is too large", _TOO_MUCH, kind="limit"),
    CodeInfo("U504", "legal input sizes that lie too far apart", _TOO_MUCH, kind="limit"),
)
