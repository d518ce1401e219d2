"""Feature maps in boxes: each box shows its own tensor, stretched as is said, wherever a picture can be."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from tests.drawing_checks import problems
from tests.drawing_samples import SAMPLES, sample
from tests.needed import package
from tests.oracle import every_value
from tests.pictures import with_pictures
from unetgen.api import lower, parse
from unetgen.backends.run import Array, whole_module
from unetgen.drawing import DETAILS, Detail, Drawing, DrawOptions
from unetgen.drawing.model.shapes import Box
from unetgen.drawing.model.thumbnails import WITHOUT
from unetgen.featuremaps.picture import prepare
from unetgen.featuremaps.pixels import Plane, busiest, resampled, stretched
from unetgen.ir import Network, Node
from unetgen.ir.ops import Activation, Concat, Dropout, Norm
from unetgen.language.zoo import zoo_names

SHOWN = {
    "plain": "{depth: 2, filters: 3, input_size: 16}",
    "cropped": "{depth: 1, filters: 3, padding: valid, norm: none, input_size: 28, skip: {fit: crop_skip}}",
    "padded": "{depth: 2, filters: 3, input_size: [13, 18], skip: {fit: pad_up}}",
    "residual": "{depth: 2, filters: 3, block: residual, skip: add, input_size: 16}",
    "recurrent": "{depth: 1, filters: [4, 4], in_channels: 4, convs: 1, recurrent: 2, skip: add, input_size: 16}",
    "dense": "{depth: 1, filters: 3, block: dense, input_size: 16}",
    "gates": "{depth: 2, filters: 4, skip: {path: additive_gate}, input_size: 16}",
    "supervised": "{depth: 2, filters: 3, input_size: 16, supervision: {levels: [1], size: native, in_eval: skip}}",
    "nested": "{depth: 2, filters: 3, topology: nested, input_size: 16}",
    "full scale": "{depth: 2, filters: 3, topology: full_scale, input_size: 16}",
    "signal": "{dims: 1, depth: 2, filters: 3, input_size: 32}",
    "volume": "{dims: 3, depth: 1, filters: 3, input_size: [4, 8, 6]}",
}
"""One small network for each thing that a box may stand for."""
CROPPED = parse("{depth: 2, filters: 4, padding: valid, input_size: [60, 92], skip: {fit: crop_skip}}")


def network(name: str) -> Network:
    return lower(parse(SHOWN[name]))


def noise(network: Network, seed: int = 0) -> Array:
    shape = network.input.shape
    return np.random.default_rng(seed).standard_normal((shape.channels, *shape.size)).astype(np.float32)


def shown(name: str, detail: Detail = "units") -> Drawing:
    net = network(name)
    return prepare(net, noise(net)).draw(DrawOptions(theme="mono", detail=detail))


def oracle(network: Network) -> Mapping[int, Tensor]:
    """Give all values by the second road, for the weights and the input that a drawing without weights has."""
    given = noise(network)
    x = torch.from_numpy((given - given.mean()) / given.std())[None]
    with torch.no_grad():
        return every_value(network, whole_module(network).state_dict(), x)


def pixels(png: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", SHOWN)
def test_every_box_shows_a_channel_of_its_own_tensor(name: str, detail: Detail) -> None:
    net, drawing = network(name), shown(name, detail)
    values, pictures = oracle(net), {picture.of: picture for picture in drawing.thumbnails}
    for box in (box for box in drawing.boxes if box.kind not in WITHOUT):
        value = values[value_id(box, net)][0].numpy()
        assert value.shape == box.shape
        given = pixels(pictures[box.id].png)
        channels = [int(n) for n in re.findall(r"\d+", pictures[box.id].note)]
        if pictures[box.id].note != "the image":
            assert np.abs(given - wanted(value, channels, given.shape)).max() < 9, box.id


def value_id(box: Box, network: Network) -> int:
    """Say which value a box stands for, from its path and the number of its part alone."""
    if box.path == "input":
        return network.input.id
    regions = {region.path: region.output.id for region in network.regions}
    if box.path in regions:
        return regions[box.path]
    nodes = {node.path: node for node in network.nodes}
    whole, _, part = box.id.rpartition(" ")
    if part.isdigit() and isinstance(nodes[whole].op, Concat) and int(part) < len(nodes[whole].inputs):
        return nodes[whole].inputs[int(part)].id
    assert box.value in (shown := follow(nodes[box.path], network)), shown
    return box.value


def follow(node: Node, network: Network) -> list[int]:
    """List what a node gives, and the same after its norm, its activation and its dropout."""
    found = [node.output.id]
    for other in network.nodes:
        if other.inputs[0].id == found[-1] and isinstance(other.op, Norm | Activation | Dropout):
            found.append(other.output.id)
    return found


def wanted(value: Array, channels: list[int], shape: tuple[int, ...]) -> Plane:
    """Work out the picture of a map that is smaller than the picture, from 0 to 255."""
    front = value[channels] if value.ndim < 4 else value[channels, value.shape[1] // 2]
    plane = front.T if value.ndim == 2 else front[0]
    rows, columns = (np.arange(count) * size // count for count, size in zip(shape, plane.shape, strict=True))
    large: Plane = plane.astype(np.float64)[rows]
    if value.ndim == 2:
        return 255 * np.hstack([stretched(strip[:, None]) for strip in large.T])[:, columns]
    return 255 * stretched(large[:, columns])


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_has_room_for_pictures(name: str, detail: Detail) -> None:
    drawing = with_pictures(sample(name), DrawOptions(detail=detail))
    assert len(drawing.thumbnails) == sum(box.kind not in WITHOUT for box in drawing.boxes)
    assert problems(drawing) == []


@pytest.mark.parametrize("name", zoo_names())
def test_every_network_of_the_zoo_has_room_for_pictures(name: str) -> None:
    assert problems(with_pictures(lower(name))) == []


def test_a_face_has_the_sides_of_its_map() -> None:
    for box in with_pictures(lower(CROPPED)).boxes:
        assert box.frame.width / box.frame.height == pytest.approx(box.shape[2] / box.shape[1], rel=0.06)


def test_what_a_crop_leaves_is_outlined_to_scale() -> None:
    drawing = with_pictures(lower(CROPPED))
    (box,) = (box for box in drawing.boxes if box.id == "encoder.0.conv2")
    (outline,) = (outline for outline in drawing.outlines if outline.of == box.id)
    (part,) = (box for box in drawing.boxes if box.id == "skip.0.concat 0")
    assert outline.frame.width / box.frame.width == pytest.approx(part.shape[2] / box.shape[2])
    assert outline.frame.height / box.frame.height == pytest.approx(part.shape[1] / box.shape[1])


def test_a_copy_looks_like_what_was_copied() -> None:
    pictures = {picture.of: picture.png for picture in shown("plain").thumbnails}
    assert pictures["skip.0.concat 0"] == pictures["encoder.0.conv2"]


def test_a_crop_is_shown_by_the_channel_of_what_was_cropped() -> None:
    notes = {picture.of: picture.note for picture in shown("cropped").thumbnails}
    assert notes["skip.0.concat 0"] == notes["encoder.0.conv2"]


def test_a_picture_is_the_same_every_time_and_leaves_random_numbers_alone() -> None:
    state = torch.get_rng_state()
    assert shown("plain").svg == shown("plain").svg
    assert torch.equal(torch.get_rng_state(), state)


def test_the_picture_says_what_is_shown() -> None:
    words = {label.text for label in shown("plain").labels}
    assert {"the channel that varies most, 1st to 99th percentile", "random (seed 0)"} <= words
    assert "an array, 16×16, mean 0, deviation 1" in words
    assert "Weights: random (seed 0)." in shown("plain").description


def test_what_is_the_same_everywhere_is_grey() -> None:
    assert (stretched(np.full((4, 5), 7.0)) == 0.5).all()


def test_a_single_bright_spot_is_seen() -> None:
    plane = np.zeros((40, 40))
    plane[20, 20] = 3
    assert (stretched(plane)[20, 20], stretched(plane).sum()) == (1, 1)


def test_the_border_does_not_choose_the_channel() -> None:
    values = np.zeros((2, 20, 20), np.float32)
    values[0, 0], values[1, 10] = 100, 1
    assert busiest(values) == (1,)


@pytest.mark.parametrize(("size", "pixels"), [(100, 7), (7, 100), (10, 10), (1, 5), (9, 8)])
def test_resampling_keeps_the_mean(size: int, pixels: int) -> None:
    plane = np.random.default_rng(0).random((size, size))
    small = resampled(plane, pixels, pixels)
    assert small.mean() == pytest.approx(plane.mean())
    assert pixels / 2 <= len(small) <= pixels * 1.5


def test_svg_png_and_html_hold_the_pictures(tmp_path: Path) -> None:
    drawing = shown("plain")
    images = re.findall(r'href="data:image/png;base64,([^"]+)"', drawing.svg)
    assert [base64.b64decode(data) for data in images] == [picture.png for picture in drawing.thumbnails]
    assert drawing.save(tmp_path / "u.html").read_text("utf-8").count("<image ") == len(images)
    found = np.asarray(Image.open(drawing.save(tmp_path / "u.png", scale=2)).convert("L")).astype(float)
    face = drawing.thumbnails[1].frame
    x, y, width, height = (round(2 * n) for n in (face.x, face.y, face.width, face.height))
    own = np.asarray(Image.open(io.BytesIO(drawing.thumbnails[1].png)).convert("L").resize((width, height)))
    assert np.corrcoef(found[y : y + height, x : x + width].ravel(), own.ravel())[0, 1] > 0.9


def test_pdf_holds_the_pictures(tmp_path: Path) -> None:
    package("reportlab")
    drawing = shown("plain")
    pdf = drawing.save(tmp_path / "u.pdf").read_bytes()
    assert pdf.count(b"/Subtype /Image") == len({picture.png for picture in drawing.thumbnails})
    assert drawing.save(tmp_path / "v.pdf").read_bytes() == pdf


@pytest.mark.parametrize("name", ["u.dot", "u.tex"])
def test_formats_without_pixels_say_which_have_them(name: str, tmp_path: Path) -> None:
    drawing = with_pictures(sample("depth 1"))
    with pytest.raises(
        ValueError,
        match=rf"a \{name[1:]} file cannot hold pictures of maps; \.svg, \.png, \.pdf, \.drawio, \.pptx, \.html can",
    ):
        drawing.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_graphviz_draws_no_pictures(tmp_path: Path) -> None:
    drawing = with_pictures(sample("depth 1"))
    with pytest.raises(ValueError, match="a picture that Graphviz draws cannot hold pictures of maps"):
        drawing.save(tmp_path / "u.svg", renderer="graphviz")
    with pytest.raises(ValueError, match="cannot hold pictures"):
        _ = drawing.dot
