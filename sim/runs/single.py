"""Run a scenario once: `run` and its `RunResult`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base.arrays import I64
from sim.base.showing import LINES, html_table, shortened
from sim.base.whole import WEEKS, whole
from sim.engine.outcomes import (
    BY_VILLAGE,
    EFFECTS,
    Columns,
    label_of,
    total_outcomes,
    unit_of,
    village_outcomes,
    weekly_table,
)
from sim.engine.simulation import Simulation
from sim.engine.tallies import row
from sim.engine.world.columns import State
from sim.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RunResult:
    """The result of a run.

    Attributes
    ----------
    scenario, seed, replicate : what was run.
    columns : the weekly table as a dict of arrays (see `sim.engine.outcomes.WEEKLY` for names and units).
    totals : the run's outcomes by name (see `sim.engine.outcomes.TOTALS`); NaN where an outcome did not occur.
    simulation : the finished simulation, with every column and the record by village.
    """

    scenario: Scenario
    seed: int
    replicate: int
    columns: Columns
    totals: dict[str, float]
    simulation: Simulation = field(repr=False)

    def __repr__(self) -> str:
        """Return what was run and its main outcomes, a line each."""
        return "\n".join([self._heading(), *(f"  {name}: {value}" for name, value in self._outcomes())])

    def _repr_html_(self) -> str:
        """Return the same as a table, for notebooks."""
        return html_table(self._heading(), ("outcome", "value"), self._outcomes())

    def _heading(self) -> str:
        run = f"seed {self.seed}, replicate {self.replicate}, {self.simulation.week} weeks"
        return shortened(f"RunResult: {self.scenario.title} ({run})")

    def _outcomes(self) -> list[tuple[str, str]]:
        return [
            (label_of(name), f"{self.totals[name]:.1%}" if unit == "share" else f"{self.totals[name]:,.0f} {unit}")
            for name, unit in ((name, unit_of(name)) for name in EFFECTS[: LINES - 1])
        ]

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """The weekly table: one row per week and group (all, local, newcomer, member), shares and sums of the world."""
        import pandas as pd

        return pd.DataFrame(self.columns)

    @cached_property
    def by_village(self) -> pd.DataFrame:
        """The weekly table of each village, with a first column ``village``."""
        import pandas as pd

        simulation = self.simulation
        parts = []
        for v, village in enumerate(self.scenario.villages):
            part = pd.DataFrame(village_table(simulation, v))
            part.insert(0, "village", village.name)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def villages(self) -> pd.DataFrame:
        """The results by village: one row each, with its name and the outcomes of `sim.engine.outcomes.BY_VILLAGE`."""
        import pandas as pd

        columns = villages_table(self.simulation)
        return pd.DataFrame({name: columns[name] for name in ("village", *(o.name for o in BY_VILLAGE))})


def village_table(simulation: Simulation, v: int) -> Columns:
    """Return the weekly table of one village, by its position in the scenario."""
    weeks = slice(0, simulation.week)
    return weekly_table(simulation.counts[weeks, v], simulation.totals[weeks, v], simulation.public_plots(v))


def villages_table(simulation: Simulation) -> Columns:
    """Return one row per village: its name, and the columns of `sim.engine.outcomes.village_outcomes`."""
    weeks = slice(0, simulation.week)
    names = np.array([village.name for village in simulation.scenario.villages])
    return {"village": names, **village_outcomes(simulation.counts[weeks], simulation.totals[weeks])}


def world_table(simulation: Simulation) -> Columns:
    """Return the weekly table of all villages together."""
    weeks = slice(0, simulation.week)
    counts, totals = simulation.counts[weeks].sum(axis=1), simulation.totals[weeks].sum(axis=1)
    return weekly_table(counts, totals, simulation.public_plots(), len(simulation.scenario.villages))


def visits_made(simulation: Simulation, weeks: int) -> I64:
    """Return members' visits of the first weeks, shape (villages,)."""
    visits: I64 = simulation.counts[:weeks, :, row("visits")].sum(axis=0)
    return visits


def result_of(simulation: Simulation) -> RunResult:
    """Return the result of a simulation as far as it has run, at least one week."""
    columns = world_table(simulation)
    totals = total_outcomes(columns, simulation.scenario, visits_made(simulation, simulation.week))
    return RunResult(simulation.scenario, simulation.seed, simulation.replicate, columns, totals, simulation)


def run(
    scenario: Scenario | str | Path, seed: int = 0, replicate: int = 0, weeks: int | None = None, overrides: Any = (),
    threads: int = 1,
) -> RunResult:  # fmt: skip
    """Run a scenario once.

    Parameters
    ----------
    scenario : a `Scenario`, or a name or path for `load_scenario`.
    seed, replicate : the run's luck; the same pair gives the same bytes on every machine.
    weeks : weeks to run, at least 1; the scenario's own if None.
    overrides : for `load_scenario`, where `scenario` is a name or path.
    threads : number of threads for the villages of a large world; the result doesn't depend on it.

    Raises
    ------
    InputError : the scenario can't be loaded, or seed, replicate or weeks is out of range. TypeError : one of these isn't a
        whole number.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario, overrides)
    horizon = whole("weeks", scenario.weeks if weeks is None else weeks, 1, WEEKS)
    simulation = Simulation(scenario, seed, replicate, horizon)
    simulation.advance(horizon, threads)
    return result_of(simulation)


def states(scenario: Scenario, seed: int, replicate: int, weeks: Iterable[int]) -> Iterator[tuple[int, State]]:
    """Run a scenario once and yield (week, the columns after it) at given weeks, for maps; the next step changes them."""
    ordered = sorted(weeks)
    simulation = Simulation(scenario, seed, replicate, ordered[-1])
    for week in ordered:
        simulation.advance(week - simulation.week)
        yield week, simulation.state
