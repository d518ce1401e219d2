"""HTML in a real browser: pointing and keys show the numbers of the analyses, nothing complains, nothing is fetched."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.browser import Page, open_page
from tests.drawing_samples import NASTY, SAMPLES, drawn, pair, sample
from unetgen.analyses import macs, parameters, receptive_fields
from unetgen.api import lower
from unetgen.drawing import THEMES, Drawing, draw_network
from unetgen.drawing.read.words import shape_text
from unetgen.drawing.write.html import write_html
from unetgen.ir import Shape

CONV = '.thing[data-path="encoder.1.conv2"]'
TIP = "document.getElementById('tip')"
SHOWN = "[...document.querySelectorAll('article:not([hidden])')].map(article => article.dataset.stage)"
ROOM = "(element => (({left, top, right, bottom}) => [left, top, right, bottom])(element.getBoundingClientRect()))"
FOCUS = "document.activeElement.dataset.path || document.activeElement.innerText"

DESK, FLAT, PHONE = (1200, 900), (1200, 640), (390, 780)
"""Windows: their width and height in pixels."""


@dataclass
class Site:
    """A server of one page that remembers what it was asked for."""

    address: str
    asked: list[str]
    text: str = ""


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, site: Site, *args: object) -> None:
        self.site = site
        super().__init__(*args)  # type: ignore[arg-type]  # what a server passes on

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        body = self.site.text.encode()
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    shown = Site("", [])
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, shown))
    shown.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield shown
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Start the browser."""
    with open_page(tmp_path_factory.mktemp("browser")) as page:
        yield page


@pytest.fixture
def page(browser: Page, site: Site) -> Page:
    """Show the paper's network."""
    return show(drawn("paper"), browser, site)


def show(
    drawing: Drawing, browser: Page, site: Site, *, scheme: str = "light", size: tuple[int, int] = (1300, 1000)
) -> Page:
    browser.resize(*size)
    site.text = write_html(drawing)
    site.asked.clear()
    browser.requests.clear()
    browser.complaints.clear()
    browser.open(site.address, scheme=scheme)
    return browser


def tip(page: Page) -> dict[str, str]:
    """Read what is said of a thing; nothing when nothing is said."""
    if page.run(f"{TIP}.hidden"):
        return {}
    words: list[str] = page.run(f"[...{TIP}.querySelectorAll('strong, dt, dd')].map(element => element.textContent)")
    return {"path": words[0]} | dict(zip(words[1::2], words[2::2], strict=True))


def test_pointing_at_a_map_shows_what_is_known_of_it(page: Page) -> None:
    page.point_at(CONV)
    network = sample("paper")
    node = next(node for node in network.nodes if node.path == "encoder.1.conv2")
    field = receptive_fields(network, [node.output])[node.output]
    assert field is not None and field[0].minimum == field[0].maximum == 14
    assert tip(page) == {
        "path": "encoder.1.conv2",
        "made by": "conv 3×3, ReLU",
        "shape": "128 × 280²",
        "parameters": f"{parameters(network).by_node[node.path]:,}",
        "MACs": f"{macs(network).by_node[node.path]:,}",
        "receptive field": "14² pixels",
    }


def test_a_range_is_shown_where_the_receptive_field_is_one(page: Page) -> None:
    page.point_at('.thing[data-path="head"]')
    assert tip(page)["receptive field"] == "188² to 204² pixels"


def test_pointing_elsewhere_ends_what_is_said(page: Page) -> None:
    page.point_at(CONV)
    page.point_at("nav button")
    assert tip(page) == {}


def test_the_tab_key_reaches_levels_and_then_the_first_map(page: Page) -> None:
    reached = []
    for _ in range(6):
        page.press("Tab")
        reached.append(page.run(FOCUS).split()[0:2])
    assert reached == [["level", str(level)] for level in range(5)] + [["input"]]
    assert tip(page)["shape"] == "1 × 572²"


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        (["ArrowRight"], "encoder.0.conv1"),
        (["ArrowRight", "ArrowRight", "ArrowLeft"], "encoder.0.conv1"),
        (["ArrowRight", "ArrowRight", "ArrowDown"], "down.0"),
        (["ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp"], "encoder.0.conv2"),
        (["End"], "head"),
        (["End", "ArrowRight"], "head"),
        (["End", "Home"], "input"),
    ],
)
def test_arrows_lead_from_map_to_map(page: Page, keys: list[str], path: str) -> None:
    page.run("document.querySelector('.thing').focus()")
    for key in keys:
        page.press(key)
    assert page.run(FOCUS) == tip(page)["path"] == path
    assert page.run("document.querySelectorAll('.thing[tabindex=\"0\"]').length") == 1


def test_enter_opens_the_ops_of_a_stage_and_escape_closes_them(page: Page) -> None:
    page.run(f"document.querySelector('{CONV}').focus()")
    page.press("Enter")
    assert page.run(SHOWN) == ["encoder.1"]
    page.press("Escape")
    assert page.run(SHOWN) == []
    assert tip(page) == {}
    assert page.run(FOCUS) == "encoder.1.conv2"


def test_a_click_on_a_map_opens_its_stage_and_a_second_click_closes_it(page: Page) -> None:
    page.click(CONV)
    assert page.run(SHOWN) == ["encoder.1"]
    page.click(CONV)
    assert page.run(SHOWN) == []


@pytest.mark.parametrize("size", [DESK, FLAT, PHONE], ids=["desk", "flat", "phone"])
@pytest.mark.parametrize("name", ["unet-2015", "unetpp", "unet-3d", "u2net"])
@pytest.mark.parametrize("place", ["input", "encoder.1", "bottleneck", "decoder.1"])
def test_what_is_said_of_an_opened_map_hides_neither_it_nor_its_ops(
    browser: Page, site: Site, name: str, place: str, size: tuple[int, int]
) -> None:
    page = show(drawn(name), browser, site, size=size)
    page.press("Tab")
    nested = f"{place.replace('.', '')}_"  # a stage of a nested network: its level and its column
    page.run(f'document.querySelector(\'[data-path^="{place}"].thing, [data-path^="{nested}"].thing\').focus()')
    page.press("Enter")
    left, top, right, bottom = page.run(f"{ROOM}({TIP})")
    assert 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]
    for other in ("document.querySelector('.thing:focus')", "document.getElementById('details')"):
        assert not meet((left, top, right, bottom), page.run(f"{ROOM}({other})"))


def test_what_is_said_of_a_map_does_not_hide_its_row(page: Page) -> None:
    page.point_at('.thing[data-path="encoder.1.conv1"]')
    said = page.run(f"{ROOM}({TIP})")
    for path in ("down.0", "encoder.1.conv2", "decoder.1.conv1"):
        thing = f"document.querySelector('.thing[data-path=\"{path}\"]')"
        assert not meet(said, page.run(f"{ROOM}({thing})"))


def meet(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("size", [DESK, FLAT, PHONE], ids=["desk", "flat", "phone"])
@pytest.mark.parametrize("level", range(5))
def test_the_maps_of_an_opened_level_are_not_behind_its_ops(
    browser: Page, site: Site, level: int, size: tuple[int, int]
) -> None:
    page = show(drawn("paper"), browser, site, size=size)
    page.click(f'[data-level="{level}"]')
    stage = "bottleneck" if level == 4 else f"encoder.{level}"
    maps = page.run(f"[...document.querySelectorAll('.thing[data-stage=\"{stage}\"]')].map({ROOM})")
    assert maps and max(bottom for *_, bottom in maps) <= page.run(f"{ROOM}(document.querySelector('#details'))")[1]


@pytest.mark.parametrize("name", ["unet-2015", "unetpp", "unet-3d", "depth 1"])
def test_on_a_telephone_letters_can_be_read_and_the_picture_alone_is_wider_than_the_page(
    browser: Page, site: Site, name: str
) -> None:
    """It is moved under a finger instead."""
    page = show(drawn(name), browser, site, size=PHONE)
    page.click('[data-level="1"]')
    assert page.run("document.documentElement.scrollWidth") == PHONE[0]
    left, _, right, _ = page.run(f"{ROOM}(document.querySelector('figure svg'))")
    smallest = min(label.size for label in drawn(name).every_label)
    assert smallest * (right - left) / drawn(name).width >= 5.5


def test_of_many_ops_that_make_a_map_a_few_are_named(browser: Page, site: Site) -> None:
    page = show(drawn("u2net"), browser, site)
    page.point_at('.thing[data-path="encoder.1.add"]')
    assert re.fullmatch("conv 3×3, batch norm, ReLU, .*, [0-9]+ ops more, sum", tip(page)["made by"])
    assert len(tip(page)["made by"]) < 100


def test_a_level_lists_the_ops_of_all_its_stages_with_their_numbers(page: Page) -> None:
    page.click('[data-level="3"]')
    network = sample("paper")
    regions = [region for region in network.regions if region.level == 3]
    assert page.run(SHOWN) == [region.path for region in regions]
    cells: list[str] = page.run(
        "[...document.querySelectorAll('article:not([hidden]) td.number')].map(cell => cell.textContent)"
    )
    counts, work = parameters(network).by_node, macs(network).by_node
    nodes = [node.path for region in regions for node in region.nodes]
    assert cells == [text for path in nodes for text in (f"{counts[path]:,}", f"{work[path]:,}")]


def test_a_level_can_be_opened_with_the_keyboard(page: Page) -> None:
    page.press("Tab")
    page.press("Enter")
    assert set(page.run(SHOWN)) >= {"encoder.0", "skip.0", "decoder.0", "head"}
    assert page.run("document.activeElement.getAttribute('aria-pressed')") == "true"


def test_a_map_says_all_it_knows_to_those_who_cannot_see_it(page: Page) -> None:
    role, label = page.run(
        f"(e => [e.getAttribute('role'), e.getAttribute('aria-label')])(document.querySelector('{CONV}'))"
    )
    assert role == "button"
    for text in ("encoder.1.conv2", "128 × 280²", "147,584", "11,560,550,400", "14² pixels"):
        assert text in label


@pytest.mark.parametrize(("scheme", "name"), [("light", "light"), ("dark", "dark")])
def test_the_page_is_as_light_or_dark_as_the_system(browser: Page, site: Site, scheme: str, name: str) -> None:
    show(drawn("paper"), browser, site, scheme=scheme)
    theme = THEMES[name]
    colours = browser.run(
        "[getComputedStyle(document.body).backgroundColor,"
        " getComputedStyle(document.querySelector('figure svg > g > rect')).fill,"
        " getComputedStyle(document.querySelector('figure svg g[data-path] rect')).fill]"
    )
    assert colours == [rgb(theme.background), rgb(theme.background), rgb(theme.map.front)]


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(colour[1:]))})"


def test_another_theme_stays_as_it_is(browser: Page, site: Site) -> None:
    show(draw_network(sample("depth 1"), theme="paper"), browser, site, scheme="dark")
    assert browser.run("getComputedStyle(document.body).backgroundColor") == rgb(THEMES["paper"].background)


@pytest.mark.parametrize("name", ["unet-3d", "residual-add", "attention-unet", "unetpp", "unet3plus"])
def test_nothing_complains_and_nothing_is_fetched(browser: Page, site: Site, name: str) -> None:
    page = show(draw_network(lower(name)), browser, site)
    page.point_at(".thing")
    page.click("nav button")
    page.run("document.querySelectorAll('.thing').forEach(thing => thing.focus())")
    assert page.complaints == []
    assert site.asked == ["/"]
    assert set(page.requests) <= {site.address, "data:,"}


@pytest.mark.parametrize("nasty", NASTY)
def test_strings_are_shown_as_they_are(browser: Page, site: Site, nasty: str) -> None:
    show(draw_network(replace(sample("depth 1"), name=nasty, reference=nasty)), browser, site)
    texts = browser.run("[...document.querySelectorAll('text')].map(text => text.textContent)")
    assert browser.run("document.title").split() == nasty.split()
    assert texts.count(nasty) == 2
    assert browser.complaints == []


def test_a_script_that_came_in_some_other_way_would_not_run(browser: Page, site: Site) -> None:
    """The page's own policy forbids it, so a string that were not escaped could still do nothing."""
    site.text = write_html(drawn("depth 1")).replace("</main>", "<script>window.ran = 1</script></main>")
    browser.open(site.address)
    assert browser.run("window.ran === undefined")


def test_things_of_two_networks_say_their_own_numbers(browser: Page, site: Site) -> None:
    page = show(pair("signals"), browser, site)
    said = []
    for place in (0, 1):
        page.run(f"document.querySelectorAll('{CONV}')[{place}].focus()")
        said.append(tip(page))
    assert [one["compared"] for one in said] == ["changed", "changed"]
    assert [one["made by"] for one in said] == ["conv 3, batch norm, ReLU", "conv 3, batch norm, GELU"]
    page.press("Enter")
    assert page.run(SHOWN) == ["after encoder.1"]
    assert page.complaints == []


# Without a browser


def policy(page: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_the_page_allows_its_own_script_and_style_and_nothing_else() -> None:
    page = write_html(drawn("paper"))
    assert policy(page).startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy(page)
    assert page.count("<script") == page.count("<style") == 1
    assert not re.search(r"\son\w+=|javascript:|eval\(|innerHTML", page)
    assert set(re.findall(r"https?://[^\"' ]*", page)) == {
        "http://www.w3.org/2000/svg",
        "http://www.inkscape.org/namespaces/inkscape",
    }


@pytest.mark.parametrize(
    "name", [*SAMPLES, "unetpp", "unet3plus", "attention-unet", "fc-densenet57", "vnet", "linknet"]
)
def test_the_numbers_of_all_things_add_up_to_those_of_the_network(name: str) -> None:
    network = sample(name) if name in SAMPLES else lower(name)
    drawing = draw_network(network)
    assert drawing.facts is not None
    facts = drawing.facts()
    assert {*facts.things} == {thing.id for thing in drawing.things}
    for word, total in (("parameters", parameters(network).total), ("MACs", macs(network).total)):
        assert sum(int(dict(thing.lines).get(word, "0").replace(",", "")) for thing in facts.things.values()) == total


@pytest.mark.parametrize("name", SAMPLES)
def test_the_shape_that_is_said_of_a_box_is_the_one_it_is_drawn_with(name: str) -> None:
    drawing = drawn(name)
    assert drawing.facts is not None
    said = drawing.facts().things
    for box in drawing.boxes:
        assert dict(said[box.id].lines)["shape"] == shape_text(Shape(box.shape[0], box.shape[1:]))


def test_a_drawing_without_facts_still_says_what_its_boxes_are() -> None:
    page = write_html(replace(drawn("depth 1"), facts=None))
    assert "<dt>this is</dt>" in page
    assert "<nav" not in page


def test_the_picture_in_the_page_is_the_svg() -> None:
    drawing = drawn("3D")
    page = write_html(drawing)
    inside = ElementTree.fromstring(page[page.index("<svg ") : page.index("</svg>") + 6])
    alone = ElementTree.fromstring(drawing.svg)
    assert [element.tag for element in inside.iter()] == [element.tag for element in alone.iter()]
    assert not re.search("#[0-9a-f]{6}", ElementTree.tostring(inside, "unicode"))


def test_the_page_is_the_same_every_time(tmp_path: Path) -> None:
    assert write_html(drawn("paper")) == drawn("paper").save(tmp_path / "u.html").read_text("utf-8")
