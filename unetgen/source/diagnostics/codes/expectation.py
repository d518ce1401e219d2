"""U4xx: a network that is not the one its author expects."""

from __future__ import annotations

from typing import Final

from unetgen.source.diagnostics.codes.info import CodeInfo

_WHY = """`expect` holds what is known of a network, from its paper or from its original implementation. A difference
means that some option is not what it is there: an up-convolution that keeps its channels, a bias beside a norm, a
bottleneck with one convolution."""

ROWS: Final[tuple[CodeInfo, ...]] = (
    CodeInfo("U401", "another number of parameters than expected", _WHY,
             "depth: 1\nfilters: 4\nexpect: {params: 1}\n", "depth: 1\nfilters: 4\nexpect: {params: 1682}\n"),
    CodeInfo("U402", "another number of multiply-accumulates than expected", _WHY),
    CodeInfo("U403", "another output size than expected", _WHY,
             "padding: valid\nexpect: {output_size: [572, 572]}\n",
             "padding: valid\nexpect: {output_size: [388, 388]}\n"),
)  # fmt: skip
