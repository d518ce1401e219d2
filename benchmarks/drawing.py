"""How long drawing takes once everything is imported: `python benchmarks/drawing.py [RUNS]`.

From a network to the text or bytes of a file, in one process; one line is the first drawing of a process of its own.
Shown are milliseconds of processor time, which a busy machine changes less than the time on the clock: the median and
the least of all runs. What is asked stands beside: the paper's network for a page of 178 mm within 15 ms, the network
of the zoo that takes longest for one within 150 ms, depth 8 with a box for every op within 200 ms.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from unetgen.api import lower, parse
from unetgen.drawing import WRITERS, Detail, Drawing, DrawOptions, draw_network
from unetgen.ir import Network
from unetgen.language.zoo import zoo_names

PAPER = lower("unet-2015")
DEEP = lower(parse("{depth: 8, filters: {base: 16, cap: 512}, input_size: 512}"))
GRID = lower("unetpp")
DRAWN = draw_network(PAPER)
PRINTED = "the paper's network to SVG of 178 mm"
SLOWEST = "the network of the zoo that takes longest, to SVG of 178 mm"
ASKED = {PRINTED: "15", SLOWEST: "150", "depth 8 to SVG in ops": "200"}
FIRST_NAME = "the paper's network to SVG, first of a process"
FIRST = """
import time
from unetgen.api import lower
from unetgen.drawing import draw_network
network = lower("unet-2015")
start = time.process_time()
draw_network(network).svg
print(time.process_time() - start)
"""


def as_svg(network: Network, detail: Detail) -> Callable[[], object]:
    return lambda: draw_network(network, DrawOptions(detail=detail)).svg


def for_paper(network: Network) -> Callable[[], object]:
    """Fit a network to paper, as for a file where nothing is said."""
    return lambda: draw_network(network, DrawOptions(width="178mm", is_wished=True)).svg


def slowest() -> Network:
    """Find the network of the zoo that takes longest, by the second run of each."""

    def second(network: Network) -> float:
        seconds(for_paper(network))
        return seconds(for_paper(network))

    return max(map(lower, zoo_names()), key=second)


def first() -> float:
    """Give the time of the first drawing of a process."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, check=True, env=environment)
    return float(done.stdout)


def written(write: Callable[[Drawing], object]) -> Callable[[], object]:
    return lambda: write(DRAWN)


TASKS: dict[str, Callable[[], object]] = {
    "the paper's network to SVG": as_svg(PAPER, "units"),
    PRINTED: for_paper(PAPER),
    "the same in blocks": as_svg(PAPER, "blocks"),
    "the same in ops": as_svg(PAPER, "ops"),
    "depth 8 to SVG": as_svg(DEEP, "units"),
    "depth 8 to SVG in ops": as_svg(DEEP, "ops"),
    "UNet++ to SVG": as_svg(GRID, "units"),
    "layout of the paper's network": lambda: draw_network(PAPER),
    **{f"its drawing as `{writer.suffix}`": written(writer.write) for writer in WRITERS},
}


def seconds(task: Callable[[], object]) -> float:
    """Give the processor time of one run."""
    before = time.process_time()
    task()
    return time.process_time() - before


def main(runs: int) -> None:
    """Time all tasks in turn, so that a busy moment of the machine hits all of them alike."""
    longest = slowest()
    gc.collect()
    gc.freeze()  # the rest of the zoo is no part of what a user draws
    tasks = TASKS | {SLOWEST: for_paper(longest)}
    found: dict[str, list[float]] = {name: [] for name in (*tasks, FIRST_NAME)}
    for _ in range(runs + 1):
        for name, task in tasks.items():
            found[name].append(seconds(task))
        found[FIRST_NAME].append(first())
    print(f"of the zoo {longest.name} takes longest\n")
    print("| what | median | least | asked for |\n|---|---|---|---|")
    for name, times in found.items():
        # The first run loads modules and faces, and fills caches.
        middle, least = statistics.median(times[1:]), min(times[1:])
        print(f"| {name} | {middle * 1e3:.1f} | {least * 1e3:.1f} | {ASKED.get(name, '')} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
