"""Names of classes: what a class is, told by its ops, and where needed by what sets it apart or where it is used."""

from __future__ import annotations

import builtins
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations, takewhile
from keyword import kwlist
from typing import Final

from unetgen.backends.torch_source.classes import Kinds
from unetgen.backends.torch_source.gathering import ways_of
from unetgen.backends.torch_source.shortcuts import projects, shortcut_of
from unetgen.backends.torch_source.spelling import camel
from unetgen.backends.torch_source.text import IMPORTED
from unetgen.ir import Node, ops
from unetgen.plan import Group, Leaf, module_of

_TAKEN: Final = frozenset((*kwlist, *dir(builtins), *IMPORTED))
_LONGEST: Final = 64
"""Characters of the longest name that the network's class may get; a spec's own is no longer."""
_COUNTS: Final = {1: "Single", 2: "Double", 3: "Triple", 4: "Quadruple"}
_PARTS: Final[dict[type, str]] = {
    ops.Conv: "Conv", ops.ConvTransposed: "UpConv", ops.Norm: "Norm", ops.Activation: "Act", ops.Dropout: "Drop",
    ops.Pool: "Pool", ops.Resize: "Resize",
}  # fmt: skip


def top_name(name: str, taken: Iterable[str] = ()) -> str:
    """Make the name of the network's class from the spec's, apart from every name in `taken`.

    Example:
        >>> top_name("unet-2015"), top_name("none"), top_name("3d"), top_name('"'), top_name("head", {"Head"})
        ('UNet2015', 'NoneNet', 'UNet3D', 'UNet', 'HeadNet')
    """
    words = camel(name)[:_LONGEST]
    base = words if words[:1].isalpha() else f"UNet{words}"
    return next(_free((base,), {*_TAKEN, *taken}))


def class_names(kinds: Kinds, helpers: Iterable[str]) -> dict[Hashable, str]:
    """Name the class of each kind; of several that are alike, the simplest has the plain name."""
    rivals: dict[str, list[Hashable]] = defaultdict(list)
    for key, groups in kinds.groups.items():
        rivals[_shared(map(_base, groups))].append(key)
    taken = {*_TAKEN, *helpers}
    names: dict[Hashable, str] = {}
    for base, keys in rivals.items():
        plain, *others = sorted(keys, key=lambda key: (len(_features(kinds.groups[key])), -len(kinds.groups[key])))
        for key in (plain, *others):
            candidates = (base,) if key == plain else _candidates(base, kinds.groups[key], kinds.groups[plain])
            names[key] = next(_free(candidates, taken))
            taken.add(names[key])
    return names


def _free(candidates: Iterable[str], taken: Iterable[str]) -> Iterator[str]:
    """Give the candidates that are names and not taken; the last one also with `Net` behind it, until it is free."""
    last = ""
    for last in candidates:
        if last not in taken and last.isidentifier():
            yield last
    while last in taken:
        last += "Net"
    yield last


def _candidates(base: str, groups: tuple[Group, ...], plain: tuple[Group, ...]) -> Iterator[str]:
    """Give names that set a class apart from its plain namesake: by its ops, its parts, its size; else a number.

    What is true of some instances alone is an argument, and neither sets the class apart nor its namesake.
    """
    others = {word for group in plain for word in _features_of(group)}
    apart = [word for word in _features(groups) if word not in others]
    for count in range(1, len(apart) + 1):
        yield from ("".join(words) + base for words in combinations(apart, count))
    yield from (f"{camel(word)}{base}" for word in _parts(groups[0]) if word not in _parts(plain[0]))
    counts = {_convs(group) for group in groups}
    if groups[0].family != "scope" and counts.isdisjoint(map(_convs, plain)):
        yield f"{_COUNTS.get(counts.pop(), 'Multi') if len(counts) == 1 else 'Multi'}{base}"
    yield from (f"{word}{base}" for word in _counted(groups[0], plain[0]))
    yield from (f"{word}{base}" for word in _biased(groups[0]) if word not in _biased(plain[0]))
    yield from (f"{base}{number}" for number in range(2, 99))


def _parts(group: Group) -> tuple[str, ...]:
    """List what the groups inside a group are called."""
    inside = [step for step in group.steps if isinstance(step, Group) and step.scopes]
    return tuple(word for step in inside for word in (step.scopes[-1].name, *_parts(step)) if word.isidentifier())


def _counted(group: Group, plain: Group) -> Iterator[str]:
    """Say how many norms, activations and dropouts there are, where a plain namesake has other numbers of them."""
    for kind, word in _PARTS.items():
        count, others = (sum(isinstance(op, kind) for op in _main_path(one)) for one in (group, plain))
        if count != others:
            yield f"{_COUNTS.get(count, 'Multi') if count else 'No'}{word}"


def _biased(group: Group) -> tuple[str, ...]:
    """Say whether all convolutions have a bias, or none."""
    biases = {op.bias for op in _modules(group) if isinstance(op, ops.Conv)}
    return ("Biased",) if biases == {True} else ("Unbiased",) if biases == {False} else ()


def _features(groups: tuple[Group, ...]) -> tuple[str, ...]:
    """List what a reader would notice first of all groups of one kind."""
    found = [_features_of(group) for group in groups]
    return tuple(word for word in found[0] if all(word in features for features in found))


def _features_of(group: Group) -> tuple[str, ...]:
    """List what a reader would notice first; in a row of blocks it is the first that differs."""
    first = group.steps[0]
    if isinstance(first, Group) and _is_row(group):
        return _features_of(first)
    modules = _modules(group)
    convs = [op for op in modules if isinstance(op, ops.Conv)]
    found = {
        "Projected": projects([shortcut_of(group)])
        or any(isinstance(step, Group) and step.is_a("shortcut") for step in group.steps),
        "Repeating": any(len(leaf.inputs) > len(set(leaf.inputs)) for leaf in group.leaves),
        "Strided": any(set(op.stride) != {1} for op in convs),
        "Dilated": any(set(op.dilation) != {1} for op in convs),
        "Dropout": any(isinstance(op, ops.Dropout) for op in modules),
        "Pointwise": bool(convs) and all(set(op.kernel) == {1} for op in convs),
        "Growth": _gives_growth_alone(group),
        "Linear": _convs(group) > 0 and not any(isinstance(op, ops.Activation) for op in modules),
    }
    return tuple(word for word, true in found.items() if true)


def _gives_growth_alone(group: Group) -> bool:
    """Say whether a block concatenates what it made and leaves out what it took, as dense blocks may."""
    last = group.steps[-1]
    concatenates = isinstance(last, Leaf) and isinstance(last.node.op, ops.Concat)
    return group.family == "stage" and concatenates and not any(value in group.inputs for value in last.inputs)


def _modules(group: Group) -> list[ops.Op]:
    """List the ops of the steps that need no class of their own."""
    return [leaf.node.op for step in group.steps if (leaf := module_of(step)) is not None]


def _main_path(group: Group) -> list[ops.Op]:
    """List the ops of the steps that need no class of their own, but for a shortcut."""
    shortcut = shortcut_of(group)
    return [leaf.node.op for leaf in group.leaves if leaf is not shortcut]


def _convs(group: Group) -> int:
    return sum(isinstance(op, ops.Conv | ops.ConvTransposed) for op in _main_path(group))


def _is_row(group: Group) -> bool:
    """Say whether a group is nothing but blocks one after the other."""
    return len(group.steps) > 1 and all(isinstance(step, Group) and step.family == "stage" for step in group.steps)


def _shared(names: Iterable[str]) -> str:
    """Give the name of all groups of one kind; where they have several, what all of these end in, else begin with.

    Example:
        >>> _shared(["UpResidualBlock", "ResidualBlock"]), _shared(["Conv1x1", "Conv3x3"]), _shared(["Head", "Fuse"])
        ('ResidualBlock', 'Conv', 'Block')
    """
    found = [re.findall("[A-Z][a-z]*|[^A-Z]+", name) for name in dict.fromkeys(names)]
    ends = takewhile(lambda words: len(set(words)) == 1, zip(*map(reversed, found), strict=False))
    starts = takewhile(lambda words: len(set(words)) == 1, zip(*found, strict=False))
    return "".join(words[0] for words in reversed([*ends])) or "".join(words[0] for words in starts) or "Block"


def _base(group: Group) -> str:
    """Say what a group is, before kinds of one name are told apart.

    Example: two kinds are `DoubleConv`; that of larger steps becomes `StridedDoubleConv`.
    """
    use = group.region.use if group.region else None
    if group.is_unit:
        return _unit(group) or "Unit"
    match group.family:
        case "stage":
            return _stage(group)
        case "up":
            return _up(group)
        case "down":
            return "DownConv" if _convs(group) else "Down"
        case "skip":
            if ways_of(group):
                return "FullScaleSkip"
            return "GatedSkip" if _is_gated(group) else "Path" if use == "path" else "SkipBlock"
        case "head" | "network":
            return "Fuse" if use == "fuse" else "Head"
        case "scope":
            return _scope(group)


def _stage(group: Group) -> str:
    """Name a block by its title or word, and a row of blocks after the last of them.

    A block that says nothing of itself is named by its convolutions: `DoubleConv`, where one of residual units is a
    `ResidualBlock`. Attention may stand before the block, so the first node need not lie in it.
    """
    last = group.steps[-1]
    if isinstance(last, Group) and _is_row(group):
        in_skip = group.region is not None and group.region.role == "skip"
        return f"{_stage(last).removesuffix('Block')}{'Path' if in_skip else 'Stage'}"
    if group.is_unit:
        return _unit(group)
    block = next(filter(None, (node.within("block") for node in _nodes(group))), None)
    if _convs(group) and (block is None or not block.says):
        return f"{_COUNTS.get(_convs(group), 'Multi')}Conv"
    if block is not None and block.title:
        return f"{_way(group)}{block.title}"
    name = camel(block.word) if block else ""
    return f"{_way(group)}{name}" if name.endswith("Block") else f"{_way(group)}{name}Block"


def _way(group: Group) -> str:
    """Say between which stages a block leads if it is all that stands there: `Up`, `Down`."""
    region = group.region
    return camel(region.role) if region is not None and region.is_between and region.path == group.path else ""


def _nodes(group: Group) -> Iterator[Node]:
    """List the nodes of a group and of those inside it."""
    for step in group.steps:
        yield from _nodes(step) if isinstance(step, Group) else (step.node,)


def _up(group: Group) -> str:
    types = {type(leaf.node.op) for leaf in group.leaves}
    words = {ops.ConvTransposed: "UpConv", ops.PixelShuffle: "PixelShuffleUp", ops.Resize: "UpsampleConv"}
    return next((word for type_, word in words.items() if type_ in types), "Up")


def _is_gated(group: Group) -> bool:
    return any(
        _is_gated(step) if isinstance(step, Group) else isinstance(step.node.op, ops.Multiply) for step in group.steps
    )


def _scope(group: Group) -> str:
    """Name a unit after its parts, anything else after its scope."""
    if unit := _unit(group):
        return unit
    name = camel(group.word) or "Block"
    weighs = group.is_a("part") and any(leaf.node.within("attention") for leaf in group.leaves)
    return f"{name}Gate" if weighs else name


def _unit(group: Group) -> str:
    """Name a unit after its parts, `ConvNormAct`, or a convolution alone after its kernel, `Conv1x1`; nothing else."""
    modules = _modules(group)
    parts = [_PARTS.get(type(op), "") for op in modules]
    if len(parts) != len(set(parts)) or len(parts) != len(group.steps) or "" in parts or not _convs(group):
        return ""
    return "".join(parts) if len(parts) > 1 else f"Conv{'x'.join(map(str, _kernel(modules[0])))}"


def _kernel(op: ops.Op) -> tuple[int, ...]:
    return op.kernel if isinstance(op, ops.Conv) else ()
