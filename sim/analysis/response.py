"""Responses: how an outcome depends on a setting, such as the share of members who lead, for several programmes.

A variant is a point on a line: a scenario with a setting x, in a series. Every variant runs with the same draws and the same
luck, so differences between variants are differences within a draw. The spread over draws shows how much isn't known about
the households; the interval of the mean shows the remaining uncertainty from luck and from the number of draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.intervals import intervals
from sim.analysis.over_draws import over_draws
from sim.base.arrays import F64
from sim.base.errors import InputError, nearest
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable

if TYPE_CHECKING:
    import pandas as pd

SPREAD = (0.05, 0.95)
"""The quantiles over draws in the columns ``q05`` and ``q95`` of tables."""


@dataclass(frozen=True)
class Variant:
    """A scenario at setting x, a point of a series."""

    series: str
    x: float
    scenario: Scenario


@dataclass(frozen=True)
class Response:
    """Outcomes of variants over draws.

    variants : in the given order. outcomes : names of `sim.engine.outcomes.TOTALS`. values : means over replicates, NaN if
    an outcome did not occur, shape (draws, variants, outcomes). seed : for the resampling of intervals.
    """

    variants: tuple[Variant, ...]
    outcomes: tuple[str, ...]
    values: F64
    seed: int

    def of(self, series: str, outcome: str) -> tuple[F64, F64]:
        """Return (x, shape (points,); values, shape (draws, points)) of a series, in the order given.

        Raises InputError for an unknown series or outcome.
        """
        names = {variant.series for variant in self.variants}
        for name, known in ((series, names), (outcome, self.outcomes)):
            if name not in known:
                raise InputError(f"no response called '{name}'{nearest(name, known)}")
        places = [k for k, variant in enumerate(self.variants) if variant.series == series]
        return np.array([self.variants[k].x for k in places]), self.values[:, places, self.outcomes.index(outcome)]

    def table(self) -> pd.DataFrame:
        """Return one row per variant and outcome.

        Columns: series, x, outcome, mean over draws with its 95 % interval (low, high), q05 and q95 over draws, and draws,
        the number in which the outcome occurred.
        """
        rows = [
            (variant.series, variant.x, outcome, self.values[:, v, o])
            for o, outcome in enumerate(self.outcomes)
            for v, variant in enumerate(self.variants)
        ]
        return _table(rows, self.seed)

    def differences(self, series: str, other: str) -> pd.DataFrame:
        """Return the table of `series` minus `other`, draw by draw, at every x that both have."""
        rows = []
        for outcome in self.outcomes:
            mine, values = self.of(series, outcome)
            others, less = self.of(other, outcome)
            rows += [
                (f"{series} less {other}", float(x), outcome, values[:, k] - less[:, j])
                for k, x in enumerate(mine)
                for j in np.flatnonzero(others == x)
            ]
        if not rows:
            raise InputError(f"'{series}' and '{other}' have no setting in common")
        return _table(rows, self.seed)

    def against(self, series: str, first: float) -> pd.DataFrame:
        """Return the table of a series minus its value at setting `first`, draw by draw, at its other settings."""
        rows = []
        for outcome in self.outcomes:
            x, values = self.of(series, outcome)
            (reference,) = np.flatnonzero(x == first)
            rows += [
                (f"{series} less at {first:g}", float(x[k]), outcome, values[:, k] - values[:, reference])
                for k in range(x.size)
                if k != reference
            ]
        return _table(rows, self.seed)

    def tipped(self, outcome: str, level: float) -> pd.DataFrame:
        """Return the share of draws in which the outcome is at least `level`: one row per variant.

        Columns: series, x, share, and low and high, the 95 % Wilson interval of the share for this number of draws.
        """
        import pandas as pd
        from scipy.stats import binomtest

        k = self.outcomes.index(outcome)
        rows = []
        for v, variant in enumerate(self.variants):
            reached = self.values[:, v, k] >= level
            found = binomtest(int(reached.sum()), reached.size).proportion_ci(method="wilson")
            rows.append((variant.series, variant.x, float(reached.mean()), float(found.low), float(found.high)))
        return pd.DataFrame(rows, columns=["series", "x", "share", "low", "high"])

    def least(self, series: str, outcome: str, level: float, share: float = 0.5) -> float:
        """Return the least setting of a series at which at least `share` of the draws reach `level`; NaN if there is none."""
        x, values = self.of(series, outcome)
        enough = x[(values >= level).mean(axis=0) >= share]
        return float(enough.min()) if enough.size else float("nan")


def respond(
    variants: Sequence[Variant], draws: DrawTable, outcomes: Sequence[str], replicates: int, seed: int, weeks: int
) -> Response:
    """Run every variant with every draw.

    draws : at least 2. replicates : for each draw and variant, at least 1. weeks : at least 1. Raises InputError for a draw's
    key that a variant's scenario doesn't have.
    """
    named = {f"{k}": variant.scenario for k, variant in enumerate(variants)}
    values = over_draws(named, draws.keys, draws.values, outcomes, replicates, seed, weeks)
    return Response(tuple(variants), tuple(outcomes), values, seed)


def _table(rows: Sequence[tuple[str, float, str, F64]], seed: int) -> pd.DataFrame:
    """Return the tidy table of (series, x, outcome, values over draws)."""
    import pandas as pd

    known = [values[~np.isnan(values)] for *_, values in rows]
    table = []
    for (series, x, outcome, _), values, row in zip(rows, known, intervals(known, seed), strict=True):
        low, high = np.quantile(values, SPREAD) if values.size else (np.nan, np.nan)
        table.append({
            "series": series, "x": x, "outcome": outcome, "mean": row["difference"], "low": row["low"],
            "high": row["high"], "q05": float(low), "q95": float(high), "draws": int(values.size),
        })  # fmt: skip
    return pd.DataFrame(table)
