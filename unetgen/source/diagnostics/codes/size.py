"""U3xx: sizes that do not fit."""

from __future__ import annotations

from typing import Final

from unetgen.source.diagnostics.codes.info import CodeInfo

ROWS: Final[tuple[CodeInfo, ...]] = (
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
)
