"""What is known to be equal to what: the recorded verdicts on reference vectors, by network of the zoo."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from unetgen.language.zoo import zoo_names

if TYPE_CHECKING:
    from unetgen.verification import Verification

__all__ = ["Proof", "keep", "proofs", "recorded"]

_ROOT = Path(__file__).parents[2]
_SPECS, _VECTORS = _ROOT / "tests" / "specs", _ROOT / "tests" / "vectors"
_RECORD = _ROOT / "docs" / "proofs.json"
"""What the tests found, vector by vector, where the pages were made."""

Json = dict[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Proof:
    """One vector that holds a network against its original.

    Args:
        vector: Its name, and that of the spec that was compared.
        network: The network of the zoo that the spec extends.
        source: Where the original is from, with its version.
        changed: The keys that the spec changes, but for the input's size.
        bitwise: Whether every float32 number is the same.
        float64: Else the largest difference in float64, relative to the largest value.
    """

    vector: str
    network: str
    source: str
    changed: tuple[str, ...]
    bitwise: bool
    float64: float | None


def recorded() -> Json:
    """Read what was found, by vector."""
    found: Json = json.loads(_RECORD.read_text()) if _RECORD.exists() else {}
    return found


def keep(vector: str, found: Verification) -> None:
    """Write down what was found; of a number that rounding makes, the first digit."""
    exact = None if found.relative_f64 is None else float(f"{found.relative_f64:.0e}")
    known = {**recorded(), vector: {"parameters": found.parameters, "bitwise": found.bitwise, "float64": exact}}
    lines = (f"  {json.dumps(name)}: {json.dumps(known[name])}" for name in sorted(known))
    _RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n")


@cache
def proofs() -> dict[str, tuple[Proof, ...]]:
    """Give the proofs of every network of the zoo that has some."""
    found: dict[str, list[Proof]] = defaultdict(list)
    for proof in map(_proof, sorted(path.stem for path in _SPECS.glob("*.yaml"))):
        found[proof.network].append(proof)
    return {name: tuple(found[name]) for name in zoo_names() if name in found}


def _proof(vector: str) -> Proof:
    chain = list(_chain(f"{vector}.yaml"))
    written = dict.fromkeys(key for spec in reversed(chain) for key in spec)
    result, original = recorded()[vector], _originals()[vector]
    return Proof(
        vector=vector,
        network=str(chain[-1]["extends"]),
        source=f"{original['source']} {original['version']}",
        changed=tuple(key for key in written if key not in ("extends", "name", "expect", "input_size")),
        bitwise=bool(result["bitwise"]),
        float64=float(str(result["float64"])) if result["float64"] is not None else None,
    )


def _chain(name: str) -> Iterator[dict[str, object]]:
    """Read a spec and what it extends, down to the one that extends a network of the zoo."""
    spec = yaml.safe_load((_SPECS / name).read_text())
    yield spec
    if str(spec["extends"]).endswith(".yaml"):
        yield from _chain(spec["extends"])


@cache
def _originals() -> dict[str, dict[str, str]]:
    models = json.loads((_VECTORS / "index.json").read_text())["models"]
    return {model["slug"]: model for model in models}
