"""How long commands take to start, side by side with importing torch: `python benchmarks/startup.py [RUNS]`.

Each command runs as a process of its own; shown are the median and the fastest run, in milliseconds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SPEC = "specs/unet-2015.yaml"
STACK = "import click, yaml; from pydantic import BaseModel; type('M', (BaseModel,), {'__annotations__': {'x': int}})"

COMMANDS = {
    'python -c "import torch"': ["-c", "import torch"],
    f"unetgen check {SPEC}": ["-m", "unetgen", "check", SPEC],
    f"unetgen summary {SPEC}": ["-m", "unetgen", "summary", SPEC],
    f"unetgen draw {SPEC} -o -": ["-m", "unetgen", "draw", SPEC, "-o", "-"],
    "unetgen --version": ["-m", "unetgen", "--version"],
    "import unetgen": ["-c", "import unetgen"],
    "click, PyYAML and one Pydantic model": ["-c", STACK],
    "python itself": ["-c", "pass"],
}


def seconds(arguments: list[str]) -> float:
    """Time one run of Python."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def main(runs: int) -> None:
    """Time all commands in turn, so that a busy moment of the machine hits all of them alike."""
    found: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs + 1):
        for name, arguments in COMMANDS.items():
            found[name].append(seconds(arguments))
    whole = statistics.median(found[next(iter(COMMANDS))][1:])
    print("| what | median | fastest | share of importing torch |\n|---|---|---|---|")
    for name, times in found.items():
        # The first run fills caches.
        middle, fastest = statistics.median(times[1:]), min(times[1:])
        print(f"| `{name}` | {middle * 1e3:.0f} | {fastest * 1e3:.0f} | {middle / whole:.1%} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
