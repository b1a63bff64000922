"""Tasks: the runs that a worker makes at one time, and their results. Runs are simulated only here."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self
from zlib import compress, decompress

import numpy as np

from sim.base.arrays import F64, I64
from sim.engine.simulation import Simulation, Worlds
from sim.results.keys import NO_DRAW
from sim.results.rows import RowShape
from sim.runs.observing import observe
from sim.runs.request import Request
from sim.scenario import Scenario, with_values
from sim.uncertainty.draw_table import values_by_key

WIDE = 200
"""Rows of more numbers are compressed between machines."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed, and why. draw : None without draws."""

    scenario: str
    seed: int
    replicate: int
    error: str
    draw: int | None = None

    def __str__(self) -> str:
        draw = "" if self.draw is None else f"draw {self.draw}, "
        return f"run failed: scenario {self.scenario}, {draw}seed {self.seed}, replicate {self.replicate}: {self.error}"


@dataclass(frozen=True)
class Plan:
    """What all tasks of a request have in common. keys : of the draws' values."""

    scenarios: Mapping[str, Scenario]
    seed: int
    weeks: Mapping[str, int]
    keys: tuple[str, ...]
    observed: tuple[str, ...] | None

    @classmethod
    def of(cls, request: Request) -> Self:
        """Return the plan of a request."""
        weeks = {label: request.weeks_of(label) for label in request.scenarios}
        keys = () if request.draws is None else request.draws.keys
        observed = None if request.observed is None else tuple(request.observed)
        return cls(dict(request.scenarios), request.seed, weeks, keys, observed)

    @cached_property
    def shapes(self) -> dict[str, RowShape]:
        """The shape of each scenario's rows."""
        return {name: RowShape.of(one, self.weeks[name], self.observed) for name, one in self.scenarios.items()}


class Task(NamedTuple):
    """Runs: those of the scenarios `labels` for each of some pairs.

    places : of the pairs in the request. runs : (draw or `NO_DRAW`, replicate) of each pair, shape (pairs, 2). values : of
    each pair's draw, shape (pairs, keys). threads : for the villages of one run.
    """

    labels: tuple[str, ...]
    places: I64
    runs: I64
    values: F64
    threads: int = 1

    @property
    def size(self) -> int:
        """The number of runs."""
        return len(self.labels) * len(self.places)

    def singly(self) -> Iterator[Task]:
        """Yield each run as a task."""
        for label in self.labels:
            for k in range(len(self.places)):
                one = slice(k, k + 1)
                yield Task((label,), self.places[one], self.runs[one], self.values[one], self.threads)


class Done(NamedTuple):
    """A task's result: by label the places of its pairs and their rows, shape (pairs, width); failed runs; seconds."""

    rows: dict[str, tuple[I64, F64]]
    failures: list[Failure]
    seconds: float


class Packed(NamedTuple):
    """What came of a task as it travels between machines: by label (places, rows, width), as bytes.

    Wide rows are compressed.
    """

    rows: dict[str, tuple[bytes, bytes, int]]
    failures: list[Failure]
    seconds: float

    @classmethod
    def of(cls, done: Done) -> Self:
        """Pack the results of a task."""
        rows = {}
        for label, (places, numbers) in done.rows.items():
            data = np.ascontiguousarray(numbers, "<f8").tobytes()
            width = numbers.shape[1]
            rows[label] = places.astype("<i8").tobytes(), compress(data, 1) if width > WIDE else data, width
        return cls(rows, done.failures, done.seconds)

    def unpacked(self) -> Done:
        """Return what was packed."""
        rows = {}
        for label, (places, data, width) in self.rows.items():
            numbers = np.frombuffer(decompress(data) if width > WIDE else data, "<f8")
            rows[label] = np.frombuffer(places, "<i8"), numbers.reshape(-1, width)
        return Done(rows, self.failures, self.seconds)


def failure(plan: Plan, label: str, run: I64, error: str) -> Failure:
    """Return the failure of a run (draw, replicate) of a scenario."""
    return Failure(label, plan.seed, int(run[1]), error, None if run[0] == NO_DRAW else int(run[0]))


def simulate(plan: Plan, task: Task) -> Done:
    """Make the runs of a task; a failed run doesn't affect the others."""
    began = time.monotonic()
    observed: dict[str, list[tuple[int, F64]]] = {label: [] for label in task.labels}
    failures: list[Failure] = []
    for k, run in enumerate(task.runs):
        values = values_by_key(plan.keys, task.values[k])
        worlds = Worlds(plan.seed, int(run[1])) if len(task.labels) > 1 else None
        for label in task.labels:
            try:
                scenario = with_values(plan.scenarios[label], values) if values else plan.scenarios[label]
                simulation = Simulation(scenario, plan.seed, int(run[1]), plan.weeks[label], worlds)
                simulation.advance(plan.weeks[label], task.threads)
                observed[label].append((k, observe(simulation, plan.shapes[label])))
            except Exception as error:  # any error is reported with the run's scenario, draw, seed and replicate
                failures.append(failure(plan, label, run, f"{type(error).__name__}: {error}"))
    rows = {
        label: (task.places[[k for k, _ in finished]], np.array([row for _, row in finished]))
        for label, finished in observed.items()
        if finished
    }
    return Done(rows, failures, time.monotonic() - began)
