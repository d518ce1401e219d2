"""How long commands take to start, side by side with importing torch: `python benchmarks/startup.py [RUNS]`.

Each command runs as a process of its own. Shown are milliseconds of processor time, user and system, which a busy
machine changes less than the time on the clock: the median and the least of all runs.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
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
    """Give the processor time of one run of Python."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(runs: int) -> None:
    """Time all commands in turn, so that a busy moment of the machine hits all of them alike."""
    found: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs + 1):
        for name, arguments in COMMANDS.items():
            found[name].append(seconds(arguments))
    whole = min(found[next(iter(COMMANDS))][1:])
    print("| what | median | least | share of importing torch |\n|---|---|---|---|")
    for name, times in found.items():
        # The first run fills caches.
        middle, least = statistics.median(times[1:]), min(times[1:])
        print(f"| `{name}` | {middle * 1e3:.0f} | {least * 1e3:.0f} | {least / whole:.1%} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
