"""Images, weights and the command line of feature maps: what is taken as it is, what is fitted, what is refused."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import ArrayLike
from PIL import Image as Pillow
from safetensors.torch import save_file

import unetgen
from tests.command_line import folder, run
from tests.conftest import TESTS
from unetgen.api import lower, parse, show_maps
from unetgen.backends.run import SEED
from unetgen.drawing import Drawing
from unetgen.featuremaps import images
from unetgen.featuremaps.images import Fitted
from unetgen.source.problem import CannotRun, MissingTool

__all__ = ["folder"]

GREY = parse("{depth: 2, filters: 2, in_channels: 1, input_size: 16}")
RGB = parse("{depth: 2, filters: 2, in_channels: 3, input_size: 16}")
VOLUME = parse("{dims: 3, depth: 1, filters: 2, in_channels: 1, input_size: 4}")
SIGNAL = parse("{dims: 1, depth: 1, filters: 2, in_channels: 2, input_size: 8}")
RAMP = np.arange(16 * 20, dtype=np.uint8).reshape(16, 20) // 2


def fitted(spec: unetgen.Spec, image: str | Path | ArrayLike) -> Fitted:
    return show_maps(lower(spec), image).fitted


def saved(name: str, array: np.ndarray) -> Path:
    Pillow.fromarray(array).save(name)
    return Path(name)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("a.png", RAMP),
        ("a.tif", RAMP),
        ("a.png", RAMP.astype(np.uint16) * 200),
        ("a.tif", RAMP.astype(np.uint16) * 200),
        ("a.tif", RAMP.astype(np.float32) / 3),
        ("a.tif", RAMP.astype(np.int32) - 99),
        ("a.png", RAMP > 60),
    ],
    ids=str,
)
def test_grey_levels_are_read_as_they_are(name: str, array: np.ndarray) -> None:
    seen = fitted(GREY, saved(name, array)).seen[0]
    assert (seen == (array * 255 if array.dtype == bool else array)).all()


def test_a_photograph_is_read() -> None:
    seen = fitted(RGB, saved("a.jpg", np.full((16, 16, 3), (200, 100, 50), np.uint8))).seen
    assert seen.shape == (3, 16, 16)
    assert np.abs(seen[:, 8, 8] - (200, 100, 50)).max() < 4


def test_a_palette_and_an_opaque_layer_become_colours() -> None:
    array = np.full((16, 16, 3), (255, 0, 0), np.uint8)
    Pillow.fromarray(array).convert("P").save("p.png")
    Pillow.fromarray(array).convert("RGBA").save("a.png")
    for name in ("p.png", "a.png"):
        assert fitted(RGB, name).seen[:, 0, 0].tolist() == [255, 0, 0]


def test_a_photograph_stands_as_its_camera_was_held() -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    Pillow.fromarray(RAMP).save("a.jpg", exif=exif)
    assert fitted(GREY, "a.jpg").network.input.shape.size == (20, 16)


def test_grey_is_repeated_and_colours_become_luminance() -> None:
    assert "grey repeated" in fitted(RGB, RAMP).note
    colours = np.stack([RAMP, 2 * RAMP, RAMP], axis=-1)
    found = fitted(GREY, saved("a.png", colours))
    assert "luminance" in found.note
    assert found.seen[0] == pytest.approx(RAMP * 1.587, rel=1e-4)


def test_channels_of_an_array_stand_first_or_last() -> None:
    first = np.random.default_rng(0).random((3, 16, 20))
    assert (fitted(RGB, first).seen == fitted(RGB, np.moveaxis(first, 0, -1)).seen).all()


def test_volumes_come_as_arrays_and_as_pages() -> None:
    volume = (np.arange(4 * 6 * 8) % 251).astype(np.uint8).reshape(4, 6, 8)
    np.save("v.npy", volume)
    first, *others = map(Pillow.fromarray, volume)
    first.save("v.tif", save_all=True, append_images=others)
    assert (fitted(VOLUME, "v.npy").seen[0] == volume).all()
    assert (fitted(VOLUME, "v.tif").seen[0] == volume).all()


def test_of_many_pages_the_first_is_an_image() -> None:
    Pillow.fromarray(RAMP).save("v.tif", save_all=True, append_images=[Pillow.fromarray(RAMP.T)])
    assert "page 1 of 2" in fitted(GREY, "v.tif").note


def test_the_network_runs_at_the_size_of_the_image() -> None:
    found = fitted(GREY, RAMP)
    assert found.network.input.shape.size == (16, 20)
    assert (found.values.mean(), found.values.std()) == (pytest.approx(0, abs=1e-6), pytest.approx(1, rel=1e-5))


def test_what_is_not_legal_is_cut_to_the_nearest_size_in_its_middle() -> None:
    found = fitted(GREY, np.pad(RAMP, ((1, 2), (1, 1))))
    assert (found.seen[0] == RAMP).all()
    assert "16×20 from the middle of 19×22" in found.note


def test_an_image_without_contrast_is_shown() -> None:
    assert (fitted(GREY, np.full((16, 16), 7)).values == 0).all()


@pytest.mark.parametrize(
    ("spec", "image", "words"),
    [
        (GREY, np.zeros((3, 2)), "is 3×2, too small for the network: the nearest legal size is 4×4"),
        (RGB, np.zeros((5, 16, 16)), "has 5 channels, the network takes 3: .*--set in_channels=5"),
        (GREY, np.zeros(16), "is 16, the network takes 2 axes and channels"),
        (VOLUME, np.zeros((16, 16)), "is 16×16, the network takes 3 axes and channels"),
        (GREY, np.full((16, 16), np.nan), r"infinite numbers, or none at all \(NaN\)"),
        (GREY, np.array(["a", "b"]), "holds no numbers"),
        (GREY, np.zeros((0, 16)), "holds no numbers"),
    ],
    ids=["small", "channels", "signal", "plane", "nan", "words", "empty"],
)
def test_an_array_that_does_not_fit_is_refused(spec: unetgen.Spec, image: ArrayLike, words: str) -> None:
    with pytest.raises(CannotRun, match=words):
        fitted(spec, image)


def truncated(path: Path) -> None:
    saved("whole.png", np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8))
    path.write_bytes(Path("whole.png").read_bytes()[:900])


def bomb(path: Path) -> None:
    saved("small.png", RAMP)
    data = bytearray(Path("small.png").read_bytes())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    path.write_bytes(data)


def words(path: Path) -> None:
    path.write_text("no image")


def nothing(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize(
    ("make", "said"),
    [(truncated, "is broken"), (bomb, "too large to be unpacked"), (words, "is no image"), (nothing, "is no image")],
)
def test_a_broken_file_is_refused_in_one_line(make: Callable[[Path], None], said: str) -> None:
    make(Path("x.png"))
    ended = run("draw", "small.yaml", "-o", "u.svg", "--image", "x.png", "--set", "in_channels=1")
    assert (ended.exit_code, Path("u.svg").exists()) == (3, False)
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "content", [b"", b"no array", b"\x93NUMPY\x01\x00v\x00{'descr': 'O', 'fortran_order': False, }"]
)
def test_a_broken_array_is_refused(content: bytes) -> None:
    Path("x.npy").write_bytes(content)
    with pytest.raises(CannotRun, match="is no array"):
        fitted(GREY, "x.npy")


def test_an_array_of_objects_is_not_unpickled() -> None:
    np.save("x.npy", np.array([{}]), allow_pickle=True)
    with pytest.raises(CannotRun, match="is no array"):
        fitted(GREY, "x.npy")


def test_other_kinds_of_pictures_are_named() -> None:
    saved("a.gif", RAMP)
    with pytest.raises(CannotRun, match=r"PNG, JPEG, TIFF or \.npy"):
        fitted(GREY, "a.gif")


@pytest.mark.parametrize(("spec", "said"), [(SIGNAL, "the network takes a signal"), (VOLUME, "takes a volume")])
def test_an_image_is_neither_a_signal_nor_a_volume(spec: unetgen.Spec, said: str) -> None:
    with pytest.raises(CannotRun, match=said):
        fitted(spec, saved("a.png", RAMP))


def test_what_would_run_for_hours_is_refused_before_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_MACS", 1000)
    with pytest.raises(CannotRun, match="multiply-accumulates, the limit is 1 k: cut out or shrink the image"):
        fitted(GREY, RAMP)
    monkeypatch.undo()
    monkeypatch.setattr(images, "MAX_MEMORY", 1)
    with pytest.raises(CannotRun, match="GiB for maps and weights"):
        fitted(GREY, RAMP)


def test_a_limit_has_an_exit_code_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_MACS", 1000)
    Path("small.yaml").write_text("{depth: 1, filters: 2, norm: none}")
    saved("cell.png", RAMP)
    ended = run("draw", "small.yaml", "-o", "u.svg", "--image", "cell.png", "--set", "in_channels=1")
    assert ended.exit_code == 4
    assert not Path("u.svg").exists()


def drawn(weights: str | None = None) -> Drawing:
    return unetgen.draw(GREY, image=RAMP, weights=weights)


def test_weights_of_a_file_are_those_that_run() -> None:
    torch.manual_seed(SEED)
    save_file(unetgen.build(lower(GREY, (16, 20))).state_dict(), "w.safetensors")
    pictures = [picture.png for picture in drawn("w.safetensors").thumbnails]
    assert pictures == [picture.png for picture in drawn().thumbnails]
    assert "w.safetensors" in {label.text for label in drawn("w.safetensors").labels}
    torch.manual_seed(SEED + 1)
    save_file(unetgen.build(GREY).state_dict(), "other.safetensors")
    assert pictures != [picture.png for picture in drawn("other.safetensors").thumbnails]


def test_half_precision_is_read() -> None:
    state = {key: tensor.bfloat16() for key, tensor in unetgen.build(GREY).state_dict().items()}
    save_file(state, "w.safetensors")
    assert drawn("w.safetensors").thumbnails


def test_what_is_missing_unknown_and_of_another_shape_is_counted_and_named() -> None:
    state = unetgen.build(GREY).state_dict()
    del state["head.weight"]
    state["head.more"] = torch.ones(1)
    state["head.bias"] = torch.ones(7)
    save_file(state, "w.safetensors")
    with pytest.raises(CannotRun) as caught:
        drawn("w.safetensors")
    assert f"1 of {len(unetgen.build(GREY).state_dict())} tensors are missing (head.weight)" in caught.value.headline
    assert "1 are unknown (head.more)" in caught.value.headline
    assert "1 have another shape (head.bias: 7, not 2)" in caught.value.headline


@pytest.mark.parametrize("prefix", ["module.", "model.net."])
def test_a_prefix_is_recognised(prefix: str) -> None:
    save_file({f"{prefix}{key}": tensor for key, tensor in unetgen.build(GREY).state_dict().items()}, "w.safetensors")
    with pytest.raises(CannotRun, match=f'did you mean these keys without "{prefix}"'):
        drawn("w.safetensors")


def test_a_pickle_is_never_opened_but_can_be_converted() -> None:
    Path("w.pth").write_bytes(b"cos\nsystem\n(S'touch broken'\ntR.")
    with pytest.raises(CannotRun, match=r"may hold code.*torch\.load\('w\.pth', weights_only=True\), 'w\.safetensors'"):
        drawn("w.pth")


@pytest.mark.parametrize("content", [b"", b"\xff" * 64, b"\x02\0\0\0\0\0\0\0{}trailing"])
def test_a_broken_file_of_weights_is_refused(content: bytes) -> None:
    Path("w.safetensors").write_bytes(content)
    with pytest.raises(CannotRun, match=r"is no safetensors file|are not those of this network"):
        drawn("w.safetensors")


def test_numbers_that_overflow_are_named_by_their_place() -> None:
    state = unetgen.build(GREY).state_dict()
    state["encoder.0.conv1.weight"].fill_(3e38)
    save_file(state, "w.safetensors")
    with pytest.raises(CannotRun, match=r"encoder\.0\.conv1 gives infinite numbers"):
        drawn("w.safetensors")


def test_weights_alone_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="give `image` too"):
        unetgen.draw(GREY, weights="w.safetensors")
    ended = run("draw", "small.yaml", "-o", "u.svg", "--weights", "w.safetensors")
    assert ended.exit_code == 2
    assert "give `--image` too" in ended.stderr


def test_the_command_draws_what_python_draws() -> None:
    saved("cell.png", RAMP)
    ended = run("draw", "small.yaml", "-o", "u.svg", "--image", "cell.png", "--set", "in_channels=1")
    assert (ended.exit_code, ended.stdout) == (0, "")
    assert ended.stderr.startswith("running small on cell.png (")
    spec = parse(Path("small.yaml").read_text() + "in_channels: 1\n")
    assert Path("u.svg").read_text("utf-8") == unetgen.draw(spec, image="cell.png", width="178mm").svg


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (
            ["-o", "u.tex", "--image", "cell.png"],
            2,
            "a .tex file cannot hold pictures of maps; .svg, .png, .pdf, .drawio, .pptx, .html can",
        ),
        (["-o", "u.svg", "--image", "none.png"], 3, 'cannot read "none.png": No such file'),
        (["-o", "u.svg", "--image", "cell.png", "--weights", "no.safetensors"], 3, 'cannot read "no.safetensors"'),
        (["-o", "u.svg", "--image", "cell.png", "--renderer", "graphviz"], 2, "Graphviz draws cannot hold pictures"),
    ],
)
def test_the_command_says_what_is_in_the_way(args: list[str], code: int, said: str) -> None:
    saved("cell.png", RAMP)
    ended = run("draw", "small.yaml", *args)
    assert ended.exit_code == code
    assert said in " ".join(ended.stderr.split())


@pytest.mark.parametrize("package", ["PIL", "numpy", "safetensors"])
def test_what_is_not_installed_is_named_with_the_command(package: str) -> None:
    saved("cell.png", RAMP)
    save_file({"x": torch.ones(1)}, "w.safetensors")
    program = (
        f"import sys; sys.modules[{package!r}] = None\nfrom unetgen.cli.app import app\n"
        "app.main(['draw', 'small.yaml', '-o', 'u.svg', '--image', 'cell.png', '--weights', 'w.safetensors'])"
    )
    path = {"PYTHONPATH": str(TESTS.parent)}
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, env=path)
    assert ended.returncode == 3
    assert "pip install 'unetgen[images]'" in ended.stderr


def test_an_image_in_memory_needs_no_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert drawn().thumbnails
    with pytest.raises(MissingTool, match="without Pillow"):
        fitted(GREY, "a.png")


def test_a_spec_names_no_images() -> None:
    with pytest.raises(unetgen.SpecError):
        parse("{depth: 1, filters: 2, drawing: {image: cell.png}}")


def test_pictures_stay_small() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (256, 256, 3)).astype(np.uint8)
    drawing = unetgen.draw(parse("{depth: 4, filters: 2, in_channels: 3}"), image=noise)
    assert len(drawing.svg) < 300_000
    assert all(max(Pillow.open(io.BytesIO(p.png)).size) <= 200 for p in drawing.thumbnails)
