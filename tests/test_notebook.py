"""In a notebook specs, networks and drawings are pictures, without a script and without torch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import unetgen
from tests.networks import U, sample_u
from unetgen.notebook import Shown

SPEC = "{depth: 2, filters: 8, name: small}"


@pytest.mark.parametrize("what", ["spec", "network", "drawing"])
def test_a_notebook_shows_the_picture(what: str) -> None:
    spec = unetgen.parse(SPEC)
    values: dict[str, Shown | unetgen.Drawing] = {
        "spec": spec,
        "network": unetgen.lower(spec),
        "drawing": unetgen.draw(spec),
    }
    bundle = values[what]._repr_mimebundle_()
    assert bundle["image/svg+xml"] == unetgen.draw(spec).svg
    assert bundle["text/plain"].startswith("small: a 2D network of depth 2")
    assert set(bundle) == {"image/svg+xml", "text/plain"}


def test_the_picture_in_a_notebook_runs_nothing_and_refers_to_nothing() -> None:
    svg = unetgen.parse(SPEC)._repr_mimebundle_()["image/svg+xml"]
    assert "<script" not in svg
    assert "href" not in svg


def test_a_spec_that_compiles_to_nothing_shows_what_is_wrong() -> None:
    bundle = unetgen.parse("{depth: 2, filters: 8, padding: valid, skip: {fit: error}}")._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert "U303" in bundle["text/plain"]


def test_a_network_without_sizes_is_left_to_its_repr() -> None:
    assert sample_u(U())._repr_mimebundle_() == {}


def test_what_nobody_can_draw_is_left_to_its_repr() -> None:
    assert Shown()._repr_mimebundle_() == {}


@pytest.mark.parametrize("value", ["spec", "unetgen.lower(spec)", "unetgen.draw(spec)"])
def test_showing_does_not_import_torch(value: str) -> None:
    show = f"spec = unetgen.parse('{SPEC}'); {value}._repr_mimebundle_()"
    code = f"import sys, unetgen; {show}; print('torch' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert ended.stdout == "False\n"
