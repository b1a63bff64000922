"""Batches as tests make them, and what a results folder holds, to be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.analysis.stored import stored_table
from sim.engine.simulation import Simulation
from sim.results.catalogue import entries
from sim.runs import Keeping, Report, Request, Runs, run
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable


def batch(
    scenarios: Mapping[str, Scenario], replicates: int, seed: int, weeks: int, keeping: Keeping = None,
    jobs: int | None = None, report: Report | None = None, *, draws: DrawTable | None = None,
    observed: Sequence[str] | None = None, scheduler: str | None = None,
) -> Runs:  # fmt: skip
    """Run every scenario with every draw and replicates 0 .. replicates - 1."""
    request = Request.of(scenarios, replicates, seed, weeks, draws, observed)
    return run(request, keeping, jobs=jobs, scheduler=scheduler, report=report)


def content(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, bytes]]:
    """Return the bytes of every column of some tables."""
    return {name: {key: column.tobytes() for key, column in table.items()} for name, table in tables.items()}


def held(root: Path) -> dict[str, dict[str, bytes]]:
    """Return the bytes of every column of every run that a results folder holds, by the folder's label."""
    kept, wrong = entries(root)
    assert not wrong, wrong
    return content({item.label: stored_table(item) for item in kept})


class Refused(Simulation):
    """A simulation that must not be made."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise AssertionError("this run was to be found, not made")


def broken(*replicates: int) -> type[Simulation]:
    """Return a simulation that fails in these replicates."""

    class Broken(Simulation):
        def advance(self, weeks: int = 1, threads: int = 1) -> None:
            if self.replicate in replicates:
                raise ZeroDivisionError("as planned")
            super().advance(weeks, threads)

    return Broken
