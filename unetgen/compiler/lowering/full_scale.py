"""Full-scale skips: every decoder stage takes a map of every level, brought to its own resolution."""

from __future__ import annotations

from unetgen.compiler.lowering.heads import Heads
from unetgen.compiler.lowering.regions import Place, Regions
from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.topologies import FullScale
from unetgen.parts.units import write_unit


def write_full_scale(r: Regions, heads: Heads) -> None:
    """Write UNet 3+ (Huang et al. 2020, arXiv:2004.08790).

    The decoder stage of a level takes the encoder's maps of the levels above it, max-pooled, that of its own level, and
    the decoder's maps (or the bottleneck's) of the levels below, enlarged linearly; each goes through one unit to the
    same number of channels, and all are concatenated, finest level first.
    """
    depth = r.form.depth
    x = r.stem()
    maps: dict[int, Value] = {}
    for level in range(depth + 1):
        maps[level] = r.encoder(level, x)
        x = r.down(level, maps[level]) if level < depth else x
    heads.meet(depth, maps[depth])
    for level in reversed(range(depth)):
        x = _gather(r, level, maps)
        maps[level] = r.decoder(level, x)
        heads.meet(level, maps[level])


def _gather(r: Regions, level: int, maps: dict[int, Value]) -> Value:
    """Write the join of a level; `maps` holds the encoder's maps above and the decoder's below."""
    inputs = tuple(maps[source] for source in sorted(maps))
    place = Place(f"skip.{level}", "skip", level, "concat", ("skip", level))

    def write(b: Builder) -> Value:
        brought = [_bring(b, r, level, source, x) for source, x in enumerate(inputs)]
        with b.scope(kind="join"):
            return b("concat", ops.Concat(), *brought)

    return r.region(place, inputs, _channels(r) * len(inputs), write)


def _bring(b: Builder, r: Regions, level: int, source: int, x: Value) -> Value:
    """Write the way of one map to a level: resample, then one unit of the decoder's style."""
    style = r.form.decoder[level].style.once
    with b.scope(f"from{source}", kind="step", number=source + 1, sign="conv", word="from"):
        factor = _factor(r, min(level, source), max(level, source))
        if source < level:
            x = b("pool", ops.Pool("max", factor, factor, (0,) * len(factor), ceil=True), x)
        elif source > level:
            x = b("resize", ops.Resize(factor, "linear"), x)
        return write_unit(b, x, _channels(r), style)


def _channels(r: Regions) -> int:
    topology = r.form.topology
    assert isinstance(topology, FullScale), "the list of topologies says so"
    return topology.channels


def _factor(r: Regions, upper: int, lower: int) -> ops.Axes:
    """Multiply the factors of the ways down between two levels."""
    total = (1,) * r.form.dims
    for level in range(upper, lower):
        total = tuple(a * b for a, b in zip(total, r.form.downsample[level].factors(r.form.dims), strict=True))
    return total
