"""Specs that every drawing test draws: one for each thing that a picture of a U must cope with, and the zoo.

Names of samples and of specs of the zoo never agree, so that both may stand in one list.
"""

from __future__ import annotations

from functools import cache

from unetgen.api import lower, parse
from unetgen.drawing import Drawing, draw_difference, draw_network
from unetgen.ir import Network

__all__ = ["NASTY", "PAIRS", "SAMPLES", "drawn", "pair", "sample"]

NASTY = (
    "<b>bold</b>", "a & b &amp; c", r"\N \G \L \\ \x", "ends in \\", "\"quoted\" 'too'", "a:b->c{}[];",
    "]]> <!-- x -->", "ünï 漢 😀", "שלום, مرحبا 12",
)  # fmt: skip
"""Strings that some format would take for something else; the last one runs from right to left."""
LONG = "a_name_as_long_as_a_name_can_be_which_is_not_short_at_all_really"

SAMPLES: dict[str, str] = {
    "paper": "{depth: 4, filters: 64, padding: valid, norm: none, input_size: 572, skip: {fit: crop_skip}}",
    "depth 1": "{depth: 1, filters: 16}",
    "smallest": "{depth: 1, filters: 1, convs: 1, in_channels: 1, out_channels: 1}",
    "depth 8": "{depth: 8, filters: {base: 16, cap: 512}, input_size: 512}",
    "four convolutions": "{depth: 2, filters: 8, convs: 4}",
    "depth 8, four convolutions": "{depth: 8, filters: {base: 16, cap: 512}, convs: 4, input_size: 256}",
    "1D": "{dims: 1, depth: 4, filters: 16, input_size: 512}",
    "1D residual valid": "{dims: 1, depth: 3, filters: 16, block: residual, padding: valid, skip: add}",
    "3D": "{dims: 3, depth: 3, filters: 32, input_size: 64}",
    "3D, sizes differ": "{dims: 3, depth: 4, filters: {base: 32, cap: 320}, input_size: [128, 128, 64],"
    " norm: instance}",
    "3D valid": "{dims: 3, depth: 2, filters: 16, padding: valid, input_size: [92, 92, 76]}",
    "3D residual": "{dims: 3, depth: 3, filters: 16, block: residual, skip: add, input_size: 64}",
    "rectangular": "{depth: 3, filters: 16, input_size: [128, 96]}",
    "long words": f"{{depth: 2, filters: 8, name: {LONG}, reference: {'a reference that goes on ' * 20}}}",
    "mixed skips": "{depth: 4, filters: 16, skip: [concat, add, none, concat]}",
    "up first": "{depth: 3, filters: 16, skip: {join: concat, order: [up, skip]}}",
    "3D up first": "{dims: 3, depth: 2, filters: 16, skip: {order: [up, skip]}, input_size: 32}",
    "no skips": "{depth: 3, filters: 16, skip: none}",
    "mixed resampling": "{depth: 4, filters: 16, downsample: [max_pool, strided_conv, avg_pool, first_conv],"
    " upsample: [transposed_conv, nearest, {linear: {after: 3}}, pixel_shuffle]}",
    "anisotropic": "{dims: 3, depth: 2, filters: 8, input_size: [12, 32, 32],"
    " downsample: [{max_pool: {factor: [1, 2, 2]}}, max_pool]}",
    "padded": "{depth: 3, filters: 16, input_size: [100, 75], skip: {fit: pad_up}}",
    "resized sum": "{depth: 3, filters: 16, input_size: [100, 75], skip: {join: add, fit: resize_up}}",
    "cropped up": "{depth: 3, filters: 16, input_size: 97, downsample: {max_pool: {ceil: true}}, skip: {fit: crop_up}}",
    "stem and head": "{depth: 3, filters: 16, stem: {filters: 8, convs: 1, kernel_size: 7}, dropout: 0.1,"
    " head: {kernel_size: 3, order: cna}, output_activation: softmax, out_channels: 5}",
    "residual": "{depth: 3, filters: 32, block: residual, skip: add}",
    "residual valid": "{depth: 3, filters: 32, block: {residual: {project: always}}, padding: valid}",
    "residual, one convolution": "{depth: 2, filters: [16, 16, 16], in_channels: 16, convs: 1, block: residual}",
    "residual, one convolution and a crop": "{depth: 1, filters: 8, input_size: 16,"
    " decoder: {convs: 1, block: residual, padding: valid}}",
    "residual, one channel": "{depth: 3, filters: 1, out_channels: 1, block: residual, skip: add}",
    "residual, strided": "{depth: 3, filters: 16, downsample: first_conv, block: residual}",
    "residual, repeated": "{depth: 2, filters: 16, block: residual, encoder: {repeat: 3}}",
    "before the convolution": "{depth: 3, filters: 16, order: nac, block: residual, activation: prelu}",
    "widths": "{depth: 2, filters: [[8, 12], [16, 24, 32], [64]], kernel_size: [3, 5], dilation: 2}",
    "wide": "{depth: 2, filters: 8000, input_size: 4096}",
    "one map below": "{depth: 3, filters: 8, downsample: first_conv, convs: 1, decoder: {convs: 0}}",
    "gates": "{depth: 3, filters: 16, skip: {path: additive_gate}}",
    "gates that hear below": "{depth: 3, filters: 16,"
    " skip: {path: [{additive_gate: {signal: below, stride: 2}}, conv]}}",
    "steps on skips": "{depth: 4, filters: 16, skip: [{path: conv}, {path: dropout}, {path: [{blocks: {block: residual,"
    " repeat: 2}}]}, {join: add, path: [conv, additive_gate]}]}",
    "channel attention": "{depth: 3, filters: 32, attention: channel}",
    "attention at joins": "{depth: 2, filters: 32, decoder: {attention: {channel_and_spatial: {at: both}}}}",
    "recurrent": "{depth: 2, filters: [16, 16, 16], in_channels: 16, convs: 1, recurrent: 2, skip: add}",
    "dense": "{depth: 2, filters: 8, block: dense}",
    "dense, one convolution and a crop": "{depth: 1, filters: 8, order: nac, norm: none, input_size: 24,"
    " first: {padding: 0}, stem: {filters: 8, block: dense, convs: 1}}",
    "inner Us": "{depth: 2, filters: 16, block: {inner_u: {depth: 2}}, input_size: 64}",
    "inverted": "{depth: 2, filters: 16, block: inverted, downsample: first_conv, upsample: inverted}",
    "supervised": "{depth: 3, filters: 16, supervision: {levels: [1, 2], size: native}}",
    "supervised to the bottom": "{depth: 3, filters: 16, supervision: {levels: [1, 2, 3]}, output_activation: softmax}",
    "fused": "{depth: 3, filters: 16, supervision: {levels: [1, 2, 3], fuse: true}}",
    "fused, one map below": "{depth: 2, filters: 8, bottleneck: {convs: 0}, supervision: {levels: [1, 2], fuse: true}}",
    "joined after the stage": "{depth: 3, filters: 16, skip: {at: after_stage}}",
    "added after the stage": "{depth: 3, filters: 16, skip: {join: add, at: after_stage, path: additive_gate}}",
    "two gates": "{depth: 2, filters: 8, skip: {path: [additive_gate, {additive_gate: {signal: below}}]}}",
    "gate before gate": "{depth: 2, filters: 8, skip: {path: [{additive_gate: {signal: below}}, additive_gate]}}",
    "all maps of repeated blocks": "{depth: 2, filters: 8, repeat: 3, block: {plain: {gives: all}}}",
    "copies from the row above": "{depth: 1, filters: 8, downsample: {first_conv: {factor: 1}},"
    " block: {plain: {gives: all}}, input_size: 8}",
    "two ways up under a late skip": "{depth: 3, filters: 8, upsample: [pixel_shuffle, nearest, nearest],"
    " skip: {order: [up, skip], at: after_stage}}",
    "dense with a step up": "{dims: 1, depth: 1, filters: 8, block: {dense: {gives: all}},"
    " topology: {full_scale: {channels: 4}}, input_size: 8}",
    "fused without heads": "{depth: 1, filters: 4, head: none, padding: 0, input_size: [22, 32],"
    " supervision: {levels: [1], fuse: true}}",
    "no stages above": "{depth: 3, filters: 16, decoder: {convs: 0}}",
}


@cache
def sample(name: str) -> Network:
    """Lower a sample, or a spec of the zoo."""
    return lower(parse(SAMPLES[name]) if name in SAMPLES else name)


PAIRS = {
    "crops and sums": (
        SAMPLES["paper"],
        "{depth: 3, filters: 64, padding: valid, norm: none, input_size: 572,"
        " block: residual, skip: {join: add, fit: crop_skip}}",
    ),
    "signals": (SAMPLES["1D"], "{dims: 1, depth: 3, filters: 16, input_size: 512, skip: add, activation: gelu}"),
    "gated volumes": (SAMPLES["3D"], "{dims: 3, depth: 3, filters: 32, input_size: 64, skip: {path: additive_gate}}"),
    "grids": (SAMPLES["fused"], "{depth: 3, filters: 16, topology: nested, skip: [concat, none, concat]}"),
}
"""Networks that are compared: every kind of mark is in them, on boxes, signs, joins and arrows."""


@cache
def pair(name: str) -> Drawing:
    """Draw two samples on one page."""
    before, after = PAIRS[name]
    return draw_difference(lower(parse(before)), lower(parse(after)))


@cache
def drawn(name: str) -> Drawing:
    """Draw a sample, or a spec of the zoo."""
    return draw_network(sample(name))
