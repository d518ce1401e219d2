"""The normal form: what a spec means when everything is written out."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings

from tests.conftest import TESTS
from tests.spec_strategies import specs, write_yaml
from unetgen.api import load, parse
from unetgen.compiler.forms import NormalForm, StageForm
from unetgen.compiler.normal import normalize
from unetgen.language.spec import StageOptions
from unetgen.parts.catalog import ACTIVATIONS
from unetgen.parts.topologies import Nested, U
from unetgen.source.diagnostics import SpecError

ZOO = sorted((TESTS.parent / "specs").glob("*.yaml"))
SAME = [
    ("skip: add", "skip: {join: add}"),
    ("skip: concat", "skip: [concat, concat]"),
    ("filters: 4", "filters: {base: 4, growth: 2}"),
    ("filters: 4", "filters: [4, 8, 16]"),
    ("filters: 4", "filters: [[4, 4], [8, 8], [16, 16]]"),
    ("filters: 4\nconvs: 3", "filters: [[4, 4, 4], [8, 8, 8], [16, 16, 16]]\ndecoder: {convs: 3}"),
    ("kernel_size: 5", "kernel_size: [5, 5]"),
    ("activation: relu", "activation: {relu: {}}"),
    ("activation: leaky_relu", "activation: {leaky_relu: {negative_slope: 0.01}}"),
    ("norm: batch", "norm: {batch: {momentum: 0.1}}"),
    ("dropout: 0.5", "dropout: {elementwise: 0.5}\norder: cnad"),
    ("dropout: none", "dropout: 0"),
    ("downsample: max_pool", "downsample: {max_pool: {factor: 2, kernel_size: [2, 2]}}"),
    ("upsample: transposed_conv", "upsample: [{transposed_conv: {kernel_size: 2}}, transposed_conv]"),
    ("upsample: {nearest: {after: 3}}", "upsample: {nearest: {after: {kernel_size: 3}}}"),
    ("encoder: {convs: 3}", "encoder: [{convs: 3}, {convs: 3}]"),
    ("init: he_normal", "init: {he_normal: {gain: 1.0}}"),
    ("input_size: 64", "input_size: [64, 64]"),
    ("notes: a", "notes: [a]"),
    ("padding: valid", "padding: valid\nskip: {fit: crop_skip}"),
    ("padding: same", "skip: {fit: error}"),
]


def form(text: str) -> NormalForm:
    """Write out a spec of depth 2; `filters` is 4 unless the text has its own."""
    filters = "" if "filters:" in text.split("encoder")[0] else "filters: 4\n"
    return normalize(parse(f"depth: 2\n{filters}{text}\n"))


def widths(*stages: StageForm) -> list[tuple[int, ...]]:
    return [stage.widths for stage in stages]


@pytest.mark.parametrize(("short", "long"), SAME)
def test_two_spellings_mean_the_same(short: str, long: str) -> None:
    assert form(short) == form(long)


@pytest.mark.parametrize("path", ZOO, ids=lambda path: path.stem)
def test_the_normal_form_of_a_normal_form_is_itself(path: Any) -> None:
    written = normalize(load(path))
    assert normalize(parse(write_yaml(written.to_plain()))) == written


def test_the_nearest_height_wins() -> None:
    found = form("norm: batch\nencoder: {norm: instance, stages: [{}, {norm: layer}]}\nbottleneck: {norm: none}")
    kinds = [stage.style.norm.kind for stage in (*found.encoder, found.bottleneck, *found.decoder)]
    assert kinds == ["instance", "layer", "none", "batch", "batch"]


def test_first_last_and_units_are_nearer_than_their_stage() -> None:
    text = "convs: 3\nkernel_size: 3\nfirst: {kernel_size: 5}\nlast: {kernel_size: 1}\n"
    found = form(f"{text}bottleneck: {{units: [{{}}, {{kernel_size: 7}}, {{}}]}}")
    assert [unit.kernel_size[0] for unit in found.encoder[0].units] == [5, 3, 1]
    assert [unit.kernel_size[0] for unit in found.bottleneck.units] == [5, 7, 1]


def test_filters_double_at_every_level_and_the_decoder_mirrors_them() -> None:
    found = form("filters: 4")
    assert widths(*found.encoder, found.bottleneck, *found.decoder) == [(4, 4), (8, 8), (16, 16), (4, 4), (8, 8)]


def test_filters_grow_by_a_rule_up_to_a_cap() -> None:
    found = form("filters: {base: 4, growth: 1.5, cap: 8}")
    assert widths(*found.encoder, found.bottleneck) == [(4, 4), (6, 6), (8, 8)]


def test_a_decoder_stage_has_the_last_width_of_its_encoder_stage() -> None:
    found = form("filters: [[2, 4], [4, 8], [8, 16]]")
    assert widths(*found.decoder) == [(4, 4), (8, 8)]


@pytest.mark.parametrize(
    ("text", "fit"),
    [("padding: valid", "crop_skip"), ("padding: valid\nkernel_size: 1", "error"), ("padding: same", "error")],
)
def test_skips_are_cropped_where_valid_convolutions_cost_pixels(text: str, fit: str) -> None:
    assert [skip.fit and skip.fit.word for skip in form(text).skip] == [fit, fit]


def test_a_skip_without_a_join_has_no_options() -> None:
    assert form("skip: none").to_plain()["skip"] == [{"join": "none"}, {"join": "none"}]


def test_a_head_inherits_what_surrounds_the_map_but_not_the_kernel() -> None:
    head = form("kernel_size: 5\npadding: reflect").head
    assert head is not None
    assert (head.style.kernel_size, head.style.padding, head.style.order) == ((1, 1), "reflect", "c")


def test_every_value_knows_where_it_comes_from() -> None:
    found = form("norm: instance\nencoder: {activation: elu}")
    origins = {path: origin.path for path, origin in found.origins.items()}
    assert origins["encoder", 0, "norm"] == ("norm",)
    assert origins["encoder", 0, "activation"] == ("encoder", "activation")
    assert origins["decoder", 0, "activation"] is None
    assert found.origins["decoder", 0, "activation"].reason == "default"


# --- law: an option may stand at any height -------------------------------------------------------------------------


@settings(max_examples=200)
@given(specs())
def test_an_option_of_the_spec_may_as_well_stand_in_every_stage(plain: dict[str, Any]) -> None:
    assert_options_may_stand_in_every_stage(plain)


def assert_options_may_stand_in_every_stage(plain: dict[str, Any]) -> None:
    """Move the options of a spec into its sections: the normal form stays."""
    plain = {name: value for name, value in plain.items() if name not in ("first", "last", "units")}
    found = _normalized(plain)
    assume(isinstance(found, NormalForm))
    again = _normalized(_moved(plain))
    if isinstance(again, SpecError):
        # Close to its stage, an option may turn out to be idle there, or to contradict what stands beside it.
        assert {finding.code for finding in again.diagnostics} <= {"U205", "U206"}
    else:
        assert again == found


def _normalized(plain: dict[str, Any]) -> NormalForm | SpecError:
    try:
        return normalize(parse(write_yaml(plain)))
    except SpecError as error:
        return error


def _moved(plain: dict[str, Any]) -> dict[str, Any]:
    """Move the spec's options for stages into the sections, and those that a head inherits into the head."""
    options = {name: value for name, value in plain.items() if name in StageOptions.model_fields}
    moved = deepcopy({name: value for name, value in plain.items() if name not in options})
    for name in ("encoder", "bottleneck", "decoder", *(["stem"] if "stem" in plain else [])):
        section = moved.get(name, {})
        section = {"stages": section} if isinstance(section, list) else section
        moved[name] = {**options, **section}
    head = moved.get("head", {})
    if head != "none":
        inherited = {name: options[name] for name in ("padding", "norm", "activation", "dropout") if name in options}
        moved["head"] = {**inherited, **head}
    return moved


def test_whatever_weighs_channels_against_each_other_needs_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "softmin", replace(ACTIVATIONS["softmax"], name="softmin", torch="Softmin"))
    with pytest.raises(SpecError, match='"softmin" over a single channel is constant'):
        normalize(parse("{depth: 1, filters: 4, out_channels: 1, output_activation: softmin}"))
    normalize(parse("{depth: 1, filters: 4, out_channels: 2, output_activation: softmin}"))


@pytest.mark.parametrize(("topology", "word"), [(U, "u"), (Nested, "nested")])
def test_a_path_is_first_in_whatever_topology_joins_once(
    topology: type[U | Nested], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = parse(f"{{depth: 1, filters: 4, skip: {{path: conv, path_first: true}}, topology: {word}}}")
    monkeypatch.setattr(topology, "joins_once", True)
    normalize(spec)
    monkeypatch.setattr(topology, "joins_once", False)
    with pytest.raises(SpecError, match=f"`path_first` means nothing for `topology: {word}`"):
        normalize(spec)
