"""Responses: how an outcome depends on a setting, such as the share of members who lead, for several programmes.

A variant is a point on a line: a scenario with a setting x, in a series. Every variant runs with the same draws and the same
luck, so differences between variants are differences within a draw. The spread over draws shows how much isn't known about
the households; the interval of the mean shows the remaining uncertainty from luck and from the number of draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.intervals import corrected, interval
from sim.analysis.over_draws import by_replicate
from sim.base.arrays import F64
from sim.base.errors import InputError, nearest
from sim.base.showing import brief
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Variant:
    """A scenario at setting x, a point of a series."""

    series: str
    x: float
    scenario: Scenario


@dataclass(frozen=True)
class Response:
    """Outcomes of variants over draws.

    variants : in the given order. outcomes : names of `sim.engine.outcomes.TOTALS`. values : of every run, NaN if an outcome
    did not occur, shape (draws, replicates, variants, outcomes).
    """

    variants: tuple[Variant, ...]
    outcomes: tuple[str, ...]
    values: F64

    __repr__ = brief

    @property
    def means(self) -> F64:
        """The means over replicates, NaN if an outcome did not occur in one of them, shape (draws, variants, outcomes)."""
        return np.asarray(self.values.mean(axis=1))

    def of(self, series: str, outcome: str) -> tuple[F64, F64]:
        """Return (x, shape (points,); values, shape (draws, replicates, points)) of a series, in the order given.

        Raises InputError for an unknown series or outcome.
        """
        names = {variant.series for variant in self.variants}
        for name, known in ((series, names), (outcome, self.outcomes)):
            if name not in known:
                raise InputError(f"no response called '{name}'{nearest(name, known)}")
        places = [k for k, variant in enumerate(self.variants) if variant.series == series]
        return np.array([self.variants[k].x for k in places]), self.values[:, :, places, self.outcomes.index(outcome)]

    def table(self) -> pd.DataFrame:
        """Return one row per variant and outcome.

        Columns: series, x, outcome, mean over draws with its 95 % interval (low, high), q05 and q95 over draws without what
        luck adds to them (see `sim.analysis.intervals`), and draws, the number in which the outcome occurred in every run.
        """
        rows = [
            (variant.series, variant.x, outcome, self.values[:, :, v, o])
            for o, outcome in enumerate(self.outcomes)
            for v, variant in enumerate(self.variants)
        ]
        return _table(rows)

    def differences(self, series: str, other: str) -> pd.DataFrame:
        """Return the table of `series` minus `other`, run by run, at every x that both have.

        It has two more columns: same_sign, the share of draws with the sign of the mean, and the verdict, corrected for all
        rows together.
        """
        rows = []
        for outcome in self.outcomes:
            mine, values = self.of(series, outcome)
            others, less = self.of(other, outcome)
            rows += [
                (f"{series} less {other}", float(x), outcome, values[:, :, k] - less[:, :, j])
                for k, x in enumerate(mine)
                for j in np.flatnonzero(others == x)
            ]
        if not rows:
            raise InputError(f"'{series}' and '{other}' have no setting in common")
        return _table(rows, VERDICT)

    def against(self, series: str, first: float) -> pd.DataFrame:
        """Return the table of a series minus itself at setting `first`, run by run, with the columns of `differences`."""
        rows = []
        for outcome in self.outcomes:
            x, values = self.of(series, outcome)
            (reference,) = np.flatnonzero(x == first)
            rows += [
                (f"{series} less at {first:g}", float(x[k]), outcome, values[:, :, k] - values[:, :, reference])
                for k in range(x.size)
                if k != reference
            ]
        return _table(rows, VERDICT)

    def tipped(self, outcome: str, level: float) -> pd.DataFrame:
        """Return the share of draws in which the outcome is at least `level`: one row per variant.

        Columns: series, x, share, and low and high, the 95 % Wilson interval of the share for this number of draws. All draws
        have the same luck, which this interval leaves out.
        """
        import pandas as pd
        from scipy.stats import binomtest

        k = self.outcomes.index(outcome)
        rows = []
        for v, variant in enumerate(self.variants):
            reached = self.means[:, v, k] >= level
            found = binomtest(int(reached.sum()), reached.size).proportion_ci(method="wilson")
            rows.append((variant.series, variant.x, float(reached.mean()), float(found.low), float(found.high)))
        return pd.DataFrame(rows, columns=["series", "x", "share", "low", "high"])

    def least(self, series: str, outcome: str, level: float, share: float = 0.5) -> float:
        """Return the least setting of a series at which at least `share` of the draws reach `level`; NaN if there is none."""
        x, values = self.of(series, outcome)
        enough = x[(values.mean(axis=1) >= level).mean(axis=0) >= share]
        return float(enough.min()) if enough.size else float("nan")


def respond(
    variants: Sequence[Variant], draws: DrawTable, outcomes: Sequence[str], replicates: int, seed: int, weeks: int
) -> Response:
    """Run every variant with every draw.

    draws : at least 2. replicates : for each draw and variant, at least 1. weeks : at least 1. Raises InputError for a draw's
    key that a variant's scenario doesn't have.
    """
    named = {f"{k}": variant.scenario for k, variant in enumerate(variants)}
    values = by_replicate(named, draws.keys, draws.values, outcomes, replicates, seed, weeks)
    return Response(tuple(variants), tuple(outcomes), values)


VERDICT = ("same_sign", "verdict")
"""Columns of tables of differences."""


def _table(rows: Iterable[tuple[str, float, str, F64]], more: Sequence[str] = ()) -> pd.DataFrame:
    """Return the tidy table of (series, x, outcome, values by draw and replicate), with more columns of `interval`."""
    import pandas as pd

    places, intervals = [], []
    for series, x, outcome, values in rows:
        places.append({"series": series, "x": x, "outcome": outcome})
        intervals.append(interval(values[~np.isnan(values).any(axis=1)]))
    return pd.DataFrame([
        place | {
            "mean": row["difference"], "low": row["low"], "high": row["high"], "q05": row["spread_low"],
            "q95": row["spread_high"], "draws": row["pairs"], **{column: row[column] for column in more},
        }
        for place, row in zip(places, corrected(intervals), strict=True)
    ])  # fmt: skip
