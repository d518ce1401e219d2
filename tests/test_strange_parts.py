"""Any part may be registered, whatever it is called and made of: it is checked, summarized, emitted and drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from tests.renaming import rename
from tests.strange_parts import STRANGE, registered
from tests.torch_samples import image, module_of, wanted
from unetgen.api import emit, lower, parse, summarize
from unetgen.ir import Network
from unetgen.ir.verify import verify


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    with registered():
        yield


@pytest.fixture(params=STRANGE.values(), ids=[*STRANGE])
def network(request: pytest.FixtureRequest) -> Network:
    return lower(parse(request.param))


def test_a_strange_part_is_checked(network: Network) -> None:
    verify(network)


def test_a_strange_part_is_summarized(network: Network) -> None:
    summary = summarize(network)
    assert all(region.path in summary.to_json() for region in network.regions)
    assert network.name in str(summary)


def test_a_strange_part_is_emitted_and_runs_as_its_network_says(network: Network) -> None:
    x = image(network)
    given, (expected,) = module_of(network)(x), wanted(network, x)
    assert torch.equal(given, expected)


def test_a_strange_part_may_be_called_anything(network: Network) -> None:
    source, summary = emit(network), summarize(network).to_json()
    renamed = rename(network, seed=3, text=source)
    assert renamed.back(summarize(renamed.network).to_json()) == summary
    assert renamed.back_in_source(emit(renamed.network)) == source
