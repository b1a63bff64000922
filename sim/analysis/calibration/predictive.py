"""Posterior predictive checks: the course of adoption, and every pattern of the documents, over draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.calibration.evaluation import Stage
from sim.analysis.calibration.fit_patterns import BANDS, adopted
from sim.analysis.pattern_measures import MEASURES, Measure, Setting
from sim.analysis.patterns import judge, wanted
from sim.engine.simulation import Simulation
from sim.evidence import Register
from sim.runs import Pairs, Request, Table, run
from sim.scenario import Scenario, with_values
from sim.uncertainty.draw_table import DrawTable

if TYPE_CHECKING:
    import pandas as pd

FITTED, ELSEWHERE, ASKED, HELD_OUT, OTHER = (
    "fitted", "of the fit, but measured elsewhere or not used", "held out, but used in the default village", "held out",
    "direction or structure",
)  # fmt: skip
PARTS = (FITTED, ELSEWHERE, ASKED, HELD_OUT, OTHER)
"""The role of a quantity in the calibration."""
FITTED_ON = "campaign"
"""The runs on which bands were used; the same pattern in another place wasn't used."""


def courses(
    scenarios: Mapping[str, Scenario], draws: Mapping[str, DrawTable], weeks: int, seed: int, jobs: int = 2
) -> pd.DataFrame:
    """Return the adopted share week by week: one row per scenario, table of draws and week.

    Each draw has its own luck (its number). Columns: scenario, draws (the table's label), week (from 0; a row is the
    end of its week), q05, q25, q50, q75, q95, number (of draws).
    """
    import pandas as pd

    parts = []
    for name, scenario in scenarios.items():
        for label, table in draws.items():

            def one(row: tuple[int, dict[str, float]], scenario: Scenario = scenario) -> np.ndarray:
                simulation = Simulation(with_values(scenario, row[1]), seed, row[0], weeks)
                simulation.advance(weeks)
                return adopted(simulation)

            with ThreadPoolExecutor(jobs) as pool:
                found = np.quantile(list(pool.map(one, table.rows())), (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
            parts.append(pd.DataFrame({
                "scenario": name, "draws": label, "week": np.arange(weeks), "q05": found[0], "q25": found[1],
                "q50": found[2], "q75": found[3], "q95": found[4], "number": len(table),
            }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


class RunsOverDraws(Mapping[str, Table]):
    """Tables of runs by the label of their setting, one run per draw, made on first use.

    A draw's luck is its place in the table, so that settings are compared with the same luck.

    Raises RuntimeError where a run fails.
    """

    def __init__(
        self,
        settings: Mapping[str, Setting],
        table: DrawTable,
        seed: int,
        jobs: int = 2,
        report: Callable[[Stage], None] | None = None,
    ) -> None:
        self.settings, self.table, self.seed, self.jobs, self.report = settings, table, seed, jobs, report
        self._made: dict[str, Table] = {}

    def __getitem__(self, label: str) -> Table:
        if label not in self._made:
            self._made[label] = self._run(label)
            if self.report:
                self.report(Stage("patterns, settings", len(self._made), 0, len(self.settings), 0.0))
        return self._made[label]

    def __iter__(self) -> Iterator[str]:
        return iter(self.settings)

    def __len__(self) -> int:
        return len(self.settings)

    def _run(self, label: str) -> Table:
        scenario = self.settings[label].load()
        places = np.arange(len(self.table))
        draws = DrawTable(self.table.name, self.table.keys, places, self.table.values)
        pairs = Pairs.listed(np.stack([places, places], axis=1), draws)
        runs = run(Request({label: scenario}, pairs, self.seed, scenario.weeks, draws), jobs=self.jobs)
        if runs.failures:
            raise RuntimeError(f"{label}: {runs.failures[0]}")
        return runs.tables[label]


def scoreboard(
    runs: Mapping[str, Table], register: Register, seed: int, fitted: set[str], measures: Sequence[Measure] = MEASURES
) -> pd.DataFrame:
    """Return one row per quantity of a pattern, over draws: `sim.analysis.patterns.judge` with a first column ``part``.

    ``within`` is the share of draws that meet the requirement. fitted : patterns whose bands were used.
    """
    asked = [measure for measure in measures if wanted(measure)]
    table = judge(runs, register, seed, asked).rename(columns={"replicates": "draws"})

    def part(pattern: str, where: str) -> str:
        use = register.patterns[pattern].use
        if use == "hold_out":
            return ASKED if pattern in fitted else HELD_OUT
        if use == "fit":
            return FITTED if pattern in fitted and where == FITTED_ON else ELSEWHERE
        return OTHER

    parts = [part(str(pattern), str(where)) for pattern, where in zip(table["pattern"], table["runs"], strict=True)]
    table.insert(0, "part", parts)
    order = {name: k for k, name in enumerate(PARTS)}
    return table.sort_values("part", key=lambda parts: parts.map(order), kind="stable", ignore_index=True)


def patterns_of(targets: Mapping[str, object]) -> set[str]:
    """Return the patterns that these targets of `BANDS` stand for."""
    return {BANDS[name].pattern for name in targets}
