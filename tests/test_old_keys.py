"""Weights saved before decision 16, under the keys of then, load into the modules of today."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import torch

from tests.oracle import random_state
from tests.torch_samples import smallest
from unetgen.api import build, lower, rename_keys
from unetgen.ir import Network
from unetgen.language.zoo import zoo_names
from unetgen.source.problem import CannotRun

DIGESTS: dict[str, str] = json.loads((Path(__file__).parent / "golden" / "keys.json").read_text())
"""Of the keys of each network, one per line in the order of its nodes, as they were before decision 16."""
SMALL = ("fc-densenet57", "kuc-r2unet-2d", "multiresunet", "u2netp")


def old_state(network: Network) -> dict[str, torch.Tensor]:
    """Draw weights and give them under the keys of then."""
    state = random_state(network)
    return {old: state[new] for old, new in network.old_keys.items()}


@pytest.mark.parametrize("name", zoo_names())
def test_the_keys_of_then_are_known(name: str) -> None:
    network = lower(name)
    assert hashlib.sha256("\n".join(network.old_keys).encode()).hexdigest() == DIGESTS[name]
    assert list(rename_keys(network, network.old_keys)) == list(network.old_keys.values())


@pytest.mark.parametrize("name", zoo_names())
def test_keys_of_today_stay_as_they_are(name: str) -> None:
    keys = lower(name).old_keys.values()
    assert list(rename_keys(name, dict.fromkeys(keys))) == list(keys)


@pytest.mark.parametrize("prefix", ["", "module.", "net._orig_mod."])
@pytest.mark.parametrize("part", [slice(None), slice(1, None), slice(None, 40)])
def test_a_part_of_a_state_dict_and_one_behind_a_prefix_are_renamed(prefix: str, part: slice) -> None:
    pairs = [*lower("u2netp").old_keys.items()][part]
    state = {f"{prefix}{old}": new for old, new in pairs}
    assert rename_keys("u2netp", state) == {f"{prefix}{new}": new for _, new in pairs}


def test_keys_of_a_network_are_renamed_beside_others() -> None:
    old, new = list(lower("u2netp").old_keys.items())[-9]
    assert old != new
    state = {"loss.weight": 1, f"net.{old}": 2, "step": 3}
    assert rename_keys("u2netp", state) == {"loss.weight": 1, f"net.{new}": 2, "step": 3}


def test_keys_of_a_gating_convolution_called_listen_are_renamed() -> None:
    new = [key for key in lower("attention-unet-3d").old_keys.values() if ".gating_conv." in key]
    state = {key.replace("gating_conv", "listen"): key for key in new} | {"head.bias": "head.bias"}
    assert len(new) == 7 and rename_keys("attention-unet-3d", state) == {key: key for key in (*new, "head.bias")}


def test_a_mixture_of_keys_stays_as_it_is() -> None:
    changed = [(old, new) for old, new in lower("u2netp").old_keys.items() if old != new]
    keys = [changed[0][0], changed[1][1]]
    assert list(rename_keys("u2netp", dict.fromkeys(keys))) == keys


@pytest.mark.parametrize("name", zoo_names())
def test_a_key_of_today_that_was_another_one_then_stays(name: str) -> None:
    network = lower(name)
    old = network.old_keys
    for key in (key for key in old.values() if old.get(key, key) != key):
        assert list(rename_keys(network, {key: 0})) == [key]


@pytest.mark.parametrize("name", SMALL)
def test_a_file_of_then_and_one_of_today_make_the_same_module(name: str, tmp_path: Path) -> None:
    save_file = pytest.importorskip("safetensors.torch").save_file
    network = smallest(lower(name))
    assert network is not None
    save_file(old_state(network), tmp_path / "then.safetensors")
    save_file(random_state(network), tmp_path / "today.safetensors")
    then, today = (build(network, weights=tmp_path / f"{when}.safetensors").eval() for when in ("then", "today"))
    assert all(map(torch.equal, then.state_dict().values(), today.state_dict().values()))


def test_a_file_of_another_network_is_refused(tmp_path: Path) -> None:
    save_file = pytest.importorskip("safetensors.torch").save_file
    save_file(old_state(lower("u2netp")), tmp_path / "u2netp.safetensors")
    with pytest.raises(CannotRun, match="are missing"):
        build("unet-2015", weights=tmp_path / "u2netp.safetensors")
