"""How long the worst takes that a spec can ask for: `python benchmarks/worst.py [RUNS]`.

Thousands of mistakes in one list, each limit, and legal sizes where they repeat latest. Shown are milliseconds of
processor time, which a busy machine changes less than the time on the clock: the median and the least of all runs.
That none of this takes more work than it must is counted in the tests, which know no time.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections.abc import Callable

from unetgen.analyses import legal_sizes
from unetgen.api import lower, parse
from unetgen.compiler.pipeline import compile_spec
from unetgen.source.diagnostics import SpecError

SPECS = {
    "9,000 unknown words in a list": f"{{depth: 4, filters: 8, skip: [{', '.join(['cocat'] * 9_000)}]}}",
    "too many nodes": "{depth: 1, filters: 8, convs: 64, repeat: 64}",
    "too many parameters": "{depth: 2, filters: 16384, kernel_size: 9}",
    "a map that is too large": "{depth: 1, filters: 8192, input_size: 65536}",
    "sizes that lie too far apart": "{depth: 6, filters: 8, downsample: {max_pool: {factor: 10}}}",
    "depth 13, compiled": "{depth: 13, filters: {base: 8, cap: 64}, input_size: 8192}",
}
DEEPEST = lower(parse(SPECS["depth 13, compiled"]))


def compiled(text: str) -> Callable[[], object]:
    def task() -> None:
        with contextlib.suppress(SpecError):
            compile_spec(parse(text))

    return task


TASKS: dict[str, Callable[[], object]] = {
    **{name: compiled(text) for name, text in SPECS.items()},
    "depth 13, its legal sizes": lambda: legal_sizes(DEEPEST),
}


def seconds(task: Callable[[], object]) -> float:
    """Give the processor time of one run."""
    before = time.process_time()
    task()
    return time.process_time() - before


def main(runs: int) -> None:
    """Time all tasks in turn, so that a busy moment of the machine hits all of them alike."""
    found: dict[str, list[float]] = {name: [] for name in TASKS}
    for _ in range(runs + 1):
        for name, task in TASKS.items():
            found[name].append(seconds(task))
    print("| what | median | least |\n|---|---|---|")
    for name, times in found.items():
        # The first run loads what explains mistakes.
        print(f"| {name} | {statistics.median(times[1:]) * 1e3:.0f} | {min(times[1:]) * 1e3:.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
