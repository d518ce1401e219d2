"""Weights from a file: safetensors alone, for that format holds numbers and nothing that runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from torch import Tensor, nn

from unetgen.ir import Network
from unetgen.source.diagnostics import visible
from unetgen.source.problem import CannotRun

PICKLES: Final = (".pt", ".pth", ".ckpt", ".bin", ".pkl")
WRITE: Final = "write it with `safetensors.torch.save_file(net.state_dict(), path)`"
LISTED: Final = 3
"""How many keys an error names."""
Shapes = Mapping[str, tuple[int, ...]]


def load_weights(module: nn.Module, network: Network, path: Path) -> None:
    """Give a module the weights of a file, whose keys must be those of its state dict, now or before decision 16.

    Args:
        module: The emitted module.
        network: Its network.
        path: The file.

    Raises:
        CannotRun: The file is no safetensors file, or its tensors are not those of the module.
        OSError: It cannot be read.
    """
    if path.suffix.lower() in PICKLES:
        raise CannotRun(f'"{path}" may hold code, which is not run here: weights are .safetensors', _conversion(path))
    try:
        from safetensors import SafetensorError
    except ImportError:
        raise CannotRun("cannot read weights without safetensors", "`pip install 'unetgen[images]'`") from None
    with path.open("rb"):
        pass  # the system's own words for a file that cannot be read
    try:
        wanted = {key: tuple(tensor.shape) for key, tensor in module.state_dict().items()}
        module.load_state_dict(_read(path, wanted, network))
    except SafetensorError as error:
        raise CannotRun(f'"{path}" is no safetensors file: {visible(str(error))}', WRITE) from None


def _read(path: Path, wanted: Shapes, network: Network) -> dict[str, Tensor]:
    """Read the tensors of a file, once their names and shapes are known to be right."""
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        names = network.new_keys(file.keys())
        found = {names[key]: tuple(file.get_slice(key).get_shape()) for key in file.keys()}  # noqa: SIM118
        problems = "; ".join(_differences(found, wanted))
        if problems:
            raise CannotRun(
                f'the weights of "{path}" are not those of this network: {problems}', _way_out(found, wanted)
            )
        return {names[key]: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118


def _conversion(path: Path) -> str:
    load = f"torch.load('{path.name}', weights_only=True)"
    save = f"s.save_file({load}, '{path.with_suffix('.safetensors').name}')"
    return f'convert a state dict: `python -c "import torch, safetensors.torch as s; {save}"`'


def _differences(found: Shapes, wanted: Shapes) -> Iterator[str]:
    missing = [key for key in wanted if key not in found]
    unknown = [visible(key) for key in found if key not in wanted]
    differing = [key for key, shape in wanted.items() if found.get(key, shape) != shape]
    if missing:
        yield f"{len(missing)} of {len(wanted)} tensors are missing ({_listed(missing)})"
    if unknown:
        yield f"{len(unknown)} are unknown ({_listed(unknown)})"
    if differing:
        shapes = [f"{key}: {_shape(found[key])}, not {_shape(wanted[key])}" for key in differing]
        yield f"{len(differing)} have another shape ({_listed(shapes)})"


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "one number"


def _listed(words: list[str]) -> str:
    rest = len(words) - LISTED
    return f"{', '.join(words[:LISTED])}{f' and {rest} more' if rest > 0 else ''}"


def _way_out(found: Shapes, wanted: Shapes) -> str:
    counts = Counter(_prefix(key, wanted) for key in found)
    prefix, count = counts.most_common(1)[0] if counts else ("", 0)
    if prefix and count > len(found) / 2:
        keys = f"{{key.removeprefix('{prefix}'): tensor for key, tensor in state.items()}}"
        return f'did you mean these keys without "{prefix}"? Save `{keys}`'
    return "take weights of `unetgen.build(spec)`; `unetgen.transplant` moves those of another implementation into it"


def _prefix(key: str, wanted: Shapes) -> str:
    """Give what stands in front of a key that would else be known."""
    known = max((name for name in wanted if key.endswith(f".{name}")), key=len, default="")
    return visible(key.removesuffix(known)) if known else ""
