"""Names of classes: what a class is, told by its ops, and where needed by what sets it apart or where it is used."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from keyword import kwlist
from typing import Final

from unetgen.backends.torch_source.classes import Kinds
from unetgen.backends.torch_source.groups import Group, Leaf
from unetgen.backends.torch_source.text import camel
from unetgen.ir.ops import Activation, Conv, ConvTransposed, Dropout, Multiply, Norm, PixelShuffle, Resize

__all__ = ["class_names", "top_name"]

_TAKEN: Final = frozenset((*kwlist, *dir(builtins), "F", "Tensor", "nn", "torch"))
_COUNTS: Final = {1: "Single", 2: "Double", 3: "Triple", 4: "Quadruple"}


def top_name(name: str, taken: Iterable[str] = ()) -> str:
    """Make the name of the network's class from the spec's, apart from every name in `taken`.

    Example:
        >>> top_name("unet-2015"), top_name("none"), top_name("3d"), top_name('"'), top_name("head", {"Head"})
        ('UNet2015', 'NoneNet', 'UNet3D', 'UNet', 'HeadNet')
    """
    words = camel(name)
    base = words if words[:1].isalpha() else f"UNet{words}"
    return next(_free((base,), {*_TAKEN, *taken}))


def class_names(kinds: Kinds, helpers: Iterable[str]) -> dict[Hashable, str]:
    """Name the class of each structure; of several that are alike, the simplest has the plain name."""
    rivals: dict[str, list[Hashable]] = defaultdict(list)
    for key, groups in kinds.groups.items():
        rivals[_base(groups[0])].append(key)
    taken = {*_TAKEN, *helpers}
    names: dict[Hashable, str] = {}
    for base, keys in rivals.items():
        plain, *others = sorted(keys, key=lambda key: (len(_features(kinds.groups[key][0])), -len(kinds.groups[key])))
        for key in (plain, *others):
            candidates = (base,) if key == plain else _candidates(base, kinds.groups[key], kinds.groups[plain])
            names[key] = next(_free(candidates, taken))
            taken.add(names[key])
    return names


def _free(candidates: Iterable[str], taken: Iterable[str]) -> Iterator[str]:
    """Give the candidates that are not taken; the last one also with `Net` behind it, until it is free."""
    last = ""
    for last in candidates:
        if last not in taken:
            yield last
    while last in taken:
        last += "Net"
    yield last


def _candidates(base: str, groups: tuple[Group, ...], plain: tuple[Group, ...]) -> Iterator[str]:
    """Give names that set a class apart from its plain namesake: by its ops, by its roles, by its place."""
    apart = [word for word in _features(groups[0]) if word not in _features(plain[0])]
    if apart:
        yield "".join(apart) + base
    roles = {group.region.role for group in groups if group.region}
    if not roles & {group.region.role for group in plain if group.region}:
        yield "".join(camel(role) for role in sorted(roles)) + base
    if len(groups) > 1 and apart:
        yield "".join(camel(role) for role in sorted(roles)) + "".join(apart) + base
    yield camel(groups[0].path.replace(".", "_")) + base


def _features(group: Group) -> tuple[str, ...]:
    """List what a reader would notice first."""
    ops = [step.node.op for step in group.steps if isinstance(step, Leaf)]
    convs = [op for op in ops if isinstance(op, Conv)]
    found = {
        "Projected": any(isinstance(step, Group) and step.name == "shortcut" for step in group.steps),
        "Strided": any(set(op.stride) != {1} for op in convs),
        "Dilated": any(set(op.dilation) != {1} for op in convs),
        "Grouped": any(op.groups > 1 for op in convs),
        "Dropout": any(isinstance(op, Dropout) for op in ops),
        "Norm": any(isinstance(op, Norm) for op in ops),
        "Linear": not any(isinstance(op, Activation) for op in ops),
    }
    return tuple(word for word, true in found.items() if true)


def _base(group: Group) -> str:
    """Say what a group is."""
    ops = [step.node.op for step in group.steps if isinstance(step, Leaf)]
    match group.family:
        case "stage" if group.region and group.region.role == "stem":
            return "Stem"
        case "stage":
            return _stage(group.region.kind if group.region else "", sum(isinstance(op, Conv) for op in ops))
        case "up":
            return _up(group)
        case "down":
            return "DownConv" if any(isinstance(op, Conv) for op in ops) else "Down"
        case "skip":
            return "AttentionGate" if any(isinstance(op, Multiply) for op in ops) else "SkipBlock"
        case family:
            return camel(family) or "Block"


def _stage(kind: str, convs: int) -> str:
    if kind == "plain":
        return f"{_COUNTS.get(convs, 'Multi')}Conv"
    name = camel(kind)
    return name if name.endswith("Block") else f"{name}Block"


def _up(group: Group) -> str:
    ops = [step.node.op for step in group.steps if isinstance(step, Leaf)]
    if any(isinstance(op, ConvTransposed) for op in ops):
        return "UpConv"
    if any(isinstance(op, PixelShuffle) for op in ops):
        return "PixelShuffleUp"
    return "UpsampleConv" if any(isinstance(op, Resize) for op in ops) else "Up"
