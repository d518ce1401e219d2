"""Any part may be registered, whatever it is called and made of: it is checked, summarized, emitted and drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.strange_parts import STRANGE, registered
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


def test_a_strange_part_is_emitted(network: Network) -> None:
    compile(emit(network), "emitted", "exec")
