"""The U: down through the encoder, up through the decoder, one skip per level."""

from __future__ import annotations

from unetgen.compiler.lowering.heads import Heads
from unetgen.compiler.lowering.regions import Regions
from unetgen.ir.network import Value


def write_u(r: Regions, heads: Heads) -> None:
    """Write the U-Net of Ronneberger et al. 2015, arXiv:1505.04597, with whatever stages, skips and resamplings."""
    x = r.stem()
    taps: list[Value] = []
    for level in range(r.form.depth):
        x = r.encoder(level, x)
        taps.append(r.path(level, x))
        x = r.down(level, x)
    x = r.encoder(r.form.depth, x)
    heads.meet(r.form.depth, x)
    for level in reversed(range(r.form.depth)):
        x = _climb(r, level, taps[level], x)
        heads.meet(level, x)


def _climb(r: Regions, level: int, tap: Value, below: Value) -> Value:
    """Write one level of the decoder: upsample, join, convolve; or join last where the skip says so."""
    x = r.up(level, below, tap)
    if r.form.skip[level].at == "after_stage":
        x = r.decoder(level, x)
        return r.join(level, (tap,), x, below)
    x = r.join(level, (tap,), x, below)
    return r.decoder(level, x)
