"""A worker: one entrant in a process of its own, driven by lines of JSON; run as ``python -m race.worker <module>``.

Every input line is an order, every output line its answer. ``{"do": "build", "problem": path}`` builds the model and returns
the seconds; ``{"do": "run", "weeks": w, "repeats": k}`` runs it k times from the start and returns the seconds of one run
and the adopters at the end of each week; ``{"do": "batch", "problems": [...], "weeks": w, "threads": t}`` builds and runs a
model for each of the problems and returns the seconds for all. The first output line says what is running.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, NamedTuple

from .problem import Problem, read


class Seconds(NamedTuple):
    """Time taken: by the clock on the wall, and of processors by this process with all its threads."""

    wall: float
    cpu: float


def timed(work: Callable[[], Any]) -> tuple[Any, Seconds]:
    """Return what the work gives, and the seconds it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, Seconds(time.perf_counter() - wall, time.process_time() - cpu)


class Worker:
    """The entrant's class, and the model that was built last."""

    def __init__(self, module: str) -> None:
        self.entrant = import_module(f"{__package__}.peers.{module}").ThresholdModel
        self.model: Any = None

    def build(self, problem: str) -> dict[str, Any]:
        given = read(Path(problem))
        self.model = None
        self.model, seconds = timed(lambda: self.entrant(given))
        return seconds._asdict()

    def run(self, weeks: int, repeats: int) -> dict[str, Any]:
        took, found = [], []
        for _ in range(repeats):
            self.model.restart()
            adopters, seconds = timed(lambda: self.model.run(weeks))
            took.append(seconds)
            found.append(adopters)
        if any(adopters != found[0] for adopters in found):
            raise RuntimeError("two runs from the same start gave different adopters")
        wall, cpu = (sum(x) / repeats for x in zip(*took, strict=True))
        return {"wall": wall, "cpu": cpu, "adopters": found[0]}

    def batch(self, problems: list[str], weeks: int, threads: int) -> dict[str, Any]:
        given = [read(Path(problem)) for problem in problems]

        def replicate(problem: Problem) -> list[int]:
            model = self.entrant(problem)
            found: list[int] = model.run(weeks)
            return found

        def all_of_them() -> list[list[int]]:
            if threads == 1:
                return [replicate(problem) for problem in given]
            with ThreadPoolExecutor(threads) as pool:
                return list(pool.map(replicate, given))

        adopters, seconds = timed(all_of_them)
        return {**seconds._asdict(), "adopters": adopters}


def version_of(package: str) -> str:
    """Return the installed version of a distribution, "" for one that isn't installed as such."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def main(module: str, package: str) -> None:
    """Answer orders until the input ends."""
    out, sys.stdout = sys.stdout, sys.stderr  # an entrant that prints must not be taken for an answer
    worker = Worker(module)
    print(json.dumps({"version": version_of(package), "python": platform.python_version()}), file=out, flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        answer = getattr(worker, order.pop("do"))(**order)
        print(json.dumps(answer), file=out, flush=True)
    os._exit(0)  # taking a hundred thousand objects apart one by one takes seconds, and nobody would look at them again


if __name__ == "__main__":
    main(*sys.argv[1:3])
