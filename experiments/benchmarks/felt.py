"""What users wait for: commands of this checkout and of another one in turn, each a first time and again.

    PYTHONPATH=experiments python -m benchmarks.felt --against ../before [--pairs 3] [--only compare-100]

Every command runs in a process of its own, in an empty results folder; "again" is the same command once more in that folder.
Both checkouts run with this Python, and with code that each compiled before the clock starts. The figures are medians over
pairs, because one wall-clock time on a busy machine means little: seconds here and there, and the ratio of the two, also of
processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parents[2]
COMPARE = ["compare", "baseline", "donation", "--replicates"]
COMMANDS = {"compare-100": [*COMPARE, "100"], "compare-1000": [*COMPARE, "1000"], "calibrate": ["calibrate"]}
"""The timed commands by name."""
WARM = ["compare", "baseline", "donation", "--replicates", "2", "--weeks", "2"]


class Seconds(NamedTuple):
    """Seconds of a command: on the wall, and of processors."""

    wall: float
    cpu: float


def timed(checkout: Path, cache: Path, arguments: Sequence[str], results: Path) -> Seconds:
    """Run a command of a checkout to its end. Raises CalledProcessError if it fails."""
    command = [sys.executable, "-m", "sim.cli", *arguments, "--results", str(results)]
    variables = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    variables |= {"PYTHONPATH": str(checkout), "GRASSROOTS_CACHE": str(cache), "PYTHONPYCACHEPREFIX": str(cache)}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=results, env=variables, check=True, capture_output=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Seconds(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def both_times(checkout: Path, cache: Path, arguments: Sequence[str]) -> tuple[Seconds, Seconds]:
    """Run a command in an empty results folder, and again."""
    with tempfile.TemporaryDirectory() as results:
        first, again = (timed(checkout, cache, arguments, Path(results)) for _ in range(2))
        return first, again


def measure(against: Path, cache: Path, name: str, pairs: int) -> dict[str, float]:
    """Run a command in pairs, the other checkout first in every second one, and return medians."""
    turns: dict[Path, list[tuple[Seconds, Seconds]]] = {HERE: [], against: []}
    for pair in range(pairs):
        for checkout in (HERE, against) if pair % 2 else (against, HERE):
            turns[checkout].append(both_times(checkout, cache / checkout.name, COMMANDS[name]))
    row = {}
    for k, which in enumerate(("first", "again")):
        ours, theirs = [turn[k] for turn in turns[HERE]], [turn[k] for turn in turns[against]]
        ratios = [(a.wall / b.wall, a.cpu / b.cpu) for a, b in zip(ours, theirs, strict=True)]
        row |= {
            f"{which}_s": statistics.median(one.wall for one in ours),
            f"{which}_against_s": statistics.median(one.wall for one in theirs),
            f"{which}_ratio": statistics.median(wall for wall, _ in ratios),
            f"{which}_cpu_ratio": statistics.median(cpu for _, cpu in ratios),
        }
    return {key: round(value, 3) for key, value in row.items()}


def main() -> None:
    """Measure, and print a line of JSON for each command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, required=True, help="another checkout")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--only", choices=COMMANDS, action="append")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        cache = Path(place)
        for checkout in (HERE, options.against.resolve()):
            both_times(checkout, cache / checkout.name, WARM)
        for name in options.only or COMMANDS:
            row = measure(options.against.resolve(), cache, name, options.pairs)
            print(json.dumps({"command": name, **row}), flush=True)


if __name__ == "__main__":
    main()
