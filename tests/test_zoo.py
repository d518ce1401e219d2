"""The specs that come with the package."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest
import torch

import unetgen
from tests.conftest import TESTS
from unetgen.api import normal_form
from unetgen.language.zoo import find_source, starter, zoo_entries, zoo_names, zoo_path, zoo_source

SPECS = TESTS.parent / "specs"


def test_the_zoo_is_what_stands_in_its_folder() -> None:
    assert zoo_names() == tuple(sorted(path.stem for path in SPECS.iterdir()))
    assert {"unet-2015", "keras-primer", "residual-add", "unet-same-bn", "unet-3d"} <= set(zoo_names())


@pytest.mark.parametrize("name", zoo_names())
def test_a_spec_is_called_as_its_file(name: str) -> None:
    assert unetgen.load(name).name == name


@pytest.mark.parametrize("name", zoo_names())
def test_a_spec_says_what_it_expects_and_meets_it(name: str) -> None:
    form = normal_form(name)
    assert form.input_size is not None
    assert form.expect.params is not None
    assert form.expect.output_size is not None


# torch says so of every even kernel with `padding="same"`, which is what Keras does there.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("name", zoo_names())
def test_torch_finds_what_a_spec_expects(name: str) -> None:
    expect = normal_form(name).expect
    with torch.device("meta"):  # shapes and counts without a single multiplication
        module = unetgen.build(name).eval()
        given = module(torch.empty(1, *unetgen.summarize(name).input_shape))
    main = given if isinstance(given, torch.Tensor) else given[0]
    assert sum(parameter.numel() for parameter in module.parameters()) == expect.params
    assert tuple(main.shape[2:]) == expect.output_size


def test_specs_are_short() -> None:
    assert median(len(path.read_text().splitlines()) for path in SPECS.iterdir()) <= 25


def test_every_spec_begins_with_what_it_is() -> None:
    assert all(len(entry.about) > 20 for entry in zoo_entries())
    assert all(zoo_source(name).text.startswith("# ") for name in zoo_names())


def test_an_unknown_name_is_met_with_a_question() -> None:
    with pytest.raises(LookupError, match='did you mean "unet-2015"'):
        zoo_path("unet-2051")


def test_a_name_is_no_path() -> None:
    for name in ("../specs/unet-2015", "unet-2015.yaml", ""):
        with pytest.raises(LookupError):
            zoo_path(name)


def test_a_file_at_hand_comes_before_the_zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("unet-2015").write_text("depth: 1\nfilters: 4\n")
    assert find_source("unet-2015").text == "depth: 1\nfilters: 4\n"


def test_a_folder_does_not_hide_the_zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("unet-2015").mkdir()
    assert unetgen.load("unet-2015").reference == "arXiv:1505.04597"


def test_the_starter_says_no_more_than_the_defaults_do() -> None:
    plain = unetgen.parse("name: cells\ndepth: 4\nfilters: 64\ninput_size: 256\nbottleneck: {dropout: 0.5}\n")
    assert normal_form(unetgen.parse(starter())) == normal_form(plain)
