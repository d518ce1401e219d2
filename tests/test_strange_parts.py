"""Any part may be registered, whatever it is called and made of: it is checked, summarized, emitted and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import get_args

import pytest
import torch

from tests.drawing_checks import problems
from tests.renaming import rename
from tests.strange_parts import STRANGE, registered
from tests.torch_samples import conv, image, module_of, wanted
from unetgen.api import draw, draw_difference, emit, lower, parse, summarize
from unetgen.drawing.model.options import Detail
from unetgen.drawing.write.html import write_html
from unetgen.ir import Builder, Network, Node, Region, ops, trace
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


@pytest.mark.parametrize("detail", get_args(Detail))
def test_a_strange_part_is_drawn(network: Network, detail: Detail) -> None:
    drawing = draw(network, detail=detail)
    assert problems(drawing) == []
    assert drawing.svg.startswith("<svg ") and drawing.dot.startswith("digraph ")
    page = write_html(drawing)
    assert all(escape(node.path.removeprefix(f"{region.path}.")) in page for region, node in nodes(network))


def test_a_strange_part_is_compared_with_another(network: Network) -> None:
    other = lower(parse("depth: 2\nfilters: 8\ninput_size: 32\n"))
    assert problems(draw_difference(other, network)) == []


def nodes(network: Network) -> Iterator[tuple[Region, Node]]:
    yield from ((region, node) for region in network.regions for node in region.nodes)


def test_a_word_that_is_taken_is_refused_and_stays() -> None:
    # The strange parts are known while these tests run, so each of their words is taken.
    with pytest.raises(ValueError, match=r"the words again, named, .* are taken"), registered():
        pass
    assert all(lower(parse(text)) for text in STRANGE.values())


def test_a_strange_part_is_called_what_it_says() -> None:
    drawn = {name: draw(lower(parse(text))).svg for name, text in STRANGE.items()}
    assert "each channel weighed by its mean" in drawn["an attention without weights"]
    assert "gate with blocks" in drawn["a block inside a gate"]
    assert "gate" in drawn["a gate without convolutions"]
    assert "runs 2 times" in drawn["the same, repeated and with units that run again"]


def test_several_that_say_nothing_of_many_are_counted() -> None:
    network = lower(parse(STRANGE["the same, repeated and with units that run again"]))
    assert "2 × way of # 3; blocks" in draw(network, detail="blocks").svg


def test_a_sum_makes_no_residual_block() -> None:
    said = draw(lower(parse(STRANGE["a block with the names of other things"])), detail="blocks").svg
    assert "ReLU; sum" in said and "residual" not in said


@pytest.mark.parametrize("name", ["torch", "F", "self", "crop_like", "x"])
def test_a_node_may_be_called_as_a_name_of_the_file(name: str) -> None:
    b = Builder()
    given = b.input(4)
    with b.region("encoder.0", role="encoder", level=0, kind="plain", inputs=(given,)):
        kept = b(name, conv(4), given)
        small = b("second", conv(4, kernel=1), b("first", conv(4), kept))
        both = b("both", ops.Concat(), kept, small)
        y = b.close(b("fit", ops.ResizeLike("linear"), b("crop", ops.CropLike(), both, small), small))
    network = trace(Network("named", 2, given, (y,), tuple(b.regions)), (8, 8))
    assert torch.equal(module_of(network)(image(network)), *wanted(network, image(network)))
