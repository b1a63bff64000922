"""The runs of a batch, each made by itself: on a thread here or on a worker elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.base.arrays import F64
from sim.engine.outcomes import GROUPS, Columns
from sim.engine.simulation import Simulation
from sim.results.parts import NO_DRAW, Key
from sim.results.rows import RowShape
from sim.results.table import Array
from sim.runs.single import result_of, villages_table
from sim.scenario import Scenario, with_values


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed, and why. draw : None in a batch without draws."""

    scenario: str
    seed: int
    replicate: int
    error: str
    draw: int | None = None

    def __str__(self) -> str:
        draw = "" if self.draw is None else f"draw {self.draw}, "
        return f"run failed: scenario {self.scenario}, {draw}seed {self.seed}, replicate {self.replicate}: {self.error}"


class Task(NamedTuple):
    """Some runs of a scenario with the values of one draw.

    draw : its number, or `NO_DRAW`. values : of the draw by key.
    """

    name: str
    scenario: Scenario
    draw: int
    values: Mapping[str, float]
    seed: int
    weeks: int
    replicates: tuple[int, ...]

    def failure(self, replicate: int, error: str) -> Failure:
        """Return the failure of one of its runs."""
        return Failure(self.name, self.seed, replicate, error, None if self.draw == NO_DRAW else self.draw)


class Done(NamedTuple):
    """What came of a task: numbers by run (see `RowShape`), and the runs that failed."""

    rows: list[tuple[Key, F64]]
    failures: list[Failure]


def run_task(task: Task) -> Done:
    """Make the runs of a task; one that fails doesn't lose the others."""
    done = Done([], [])
    shape = RowShape.of(task.scenario, task.weeks, task.draw != NO_DRAW)
    for replicate in task.replicates:
        try:
            scenario = with_values(task.scenario, task.values) if task.values else task.scenario
            simulation = Simulation(scenario, task.seed, replicate, task.weeks)
            simulation.advance(task.weeks)
            result = result_of(simulation)
            villages = villages_table(simulation) if shape.villages else None
            done.rows.append(((task.draw, replicate), shape.row(result.totals, result.columns, villages)))
        except Exception as error:  # whatever it is, it is reported by name
            done.failures.append(task.failure(replicate, f"{type(error).__name__}: {error}"))
    return done


class Chunk(NamedTuple):
    """Some runs of a scenario in memory; a failed run has no rows.

    runs : see `sim.results.table.Table`. villages : in a world of several, a row a run and village.
    """

    runs: Columns
    villages: Columns
    failures: list[Failure]


def run_chunk(scenario: Scenario, name: str, seed: int, weeks: int, replicates: Iterable[int]) -> Chunk:
    """Run some replicates here and now; the name is for telling failures."""
    done = run_task(Task(name, scenario, NO_DRAW, {}, seed, weeks, tuple(replicates)))
    if not done.rows:
        return Chunk({}, {}, done.failures)
    keys = np.array([key for key, _ in done.rows], np.int64)
    tables = RowShape.of(scenario, weeks).tables(keys, np.array([row for _, row in done.rows]))
    return Chunk(*tables, done.failures)


def weekly_of(table: Mapping[str, Array], outcome: str, group: str) -> F64:
    """Return a weekly outcome of a group from a table of runs, shape (runs, weeks)."""
    values = np.asarray(table[f"weekly.{outcome}"], np.float64)
    return values.reshape(values.shape[0], -1, len(GROUPS))[:, :, GROUPS.index(group)]
