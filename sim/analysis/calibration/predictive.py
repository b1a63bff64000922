"""Posterior predictive checks: the course of adoption, and every pattern of the documents, over draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.calibration.fit_patterns import BANDS
from sim.analysis.pattern_measures import MEASURES, Measure, Setting
from sim.analysis.patterns import judge, wanted
from sim.base.arrays import F64
from sim.base.errors import InputError
from sim.evidence import Register
from sim.runs import Keeping, Pairs, Report, Request, Table, run, weekly_of
from sim.scenario import Scenario
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
    scenarios: Mapping[str, Scenario], draws: Mapping[str, DrawTable], weeks: int, seed: int, jobs: int | None = None,
    kept: Keeping = None, scheduler: str | None = None, report: Report | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return the adopted share week by week: one row per scenario, table of draws and week.

    Each draw has its own luck (its number). Columns: scenario, draws (the table's label), week (0-based; a row is the
    end of its week), q05, q25, q50, q75, q95, number (of draws). jobs, kept, scheduler, report : see `sim.runs.run`.

    Raises InputError where a run fails.
    """
    import pandas as pd

    quantiles: dict[tuple[str, str], F64] = {}
    for label, table in draws.items():
        pairs = Pairs.listed(np.stack([table.numbers, table.numbers], axis=1), table)
        request = Request(scenarios, pairs, seed, weeks, table, ["weekly.adopted"])
        runs = run(request, kept, jobs=jobs, scheduler=scheduler, report=report, stage=f"courses, {label}")
        if runs.failures:
            raise InputError(f"{len(runs.failures)} runs failed; the first: {runs.failures[0]}")
        for name in scenarios:
            shares = weekly_of(runs.tables[name], "adopted")
            quantiles[name, label] = np.quantile(shares, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
    parts = []
    for name in scenarios:
        for label, table in draws.items():
            q = quantiles[name, label]
            parts.append(pd.DataFrame({
                "scenario": name, "draws": label, "week": np.arange(weeks), "q05": q[0], "q25": q[1], "q50": q[2],
                "q75": q[3], "q95": q[4], "number": len(table),
            }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def runs_over_draws(
    settings: Mapping[str, Setting], table: DrawTable, seed: int, jobs: int | None = None, kept: Keeping = None,
    scheduler: str | None = None, report: Report | None = None,
) -> dict[str, Table]:  # fmt: skip
    """Return tables of runs by the label of their setting, one run per draw.

    A draw's luck is its place in the table, so that settings are compared under the same luck. jobs, kept, scheduler,
    report : see `sim.runs.run`.

    Raises InputError where a run fails.
    """
    places = np.arange(len(table))
    draws = DrawTable(table.name, table.keys, places, table.values)
    pairs = Pairs.listed(np.stack([places, places], axis=1), draws)
    scenarios = {label: setting.load() for label, setting in settings.items()}
    weeks = {label: scenario.weeks for label, scenario in scenarios.items()}
    request = Request(scenarios, pairs, seed, weeks, draws)
    runs = run(request, kept, jobs=jobs, scheduler=scheduler, report=report, stage="patterns")
    if runs.failures:
        raise InputError(f"{len(runs.failures)} runs failed; the first: {runs.failures[0]}")
    return dict(runs.tables)


def scoreboard(
    runs: Mapping[str, Table], register: Register, fitted: set[str], measures: Sequence[Measure] = MEASURES
) -> pd.DataFrame:
    """Return one row per quantity of a pattern, over draws: `sim.analysis.patterns.judge` with a first column ``part``.

    ``within`` is the share of draws that meet the requirement. fitted : patterns whose bands were used.
    """
    asked = [measure for measure in measures if wanted(measure)]
    table = judge(runs, register, asked).rename(columns={"replicates": "draws"})

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
