"""Findings: the sensitivity of one outcome, from a study's evaluations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.sensitivity.convergence import HEADLINE, WIDTH, convergence, verdict
from sim.analysis.sensitivity.indices import analyse
from sim.analysis.sensitivity.noise import SeedNoise, seed_noise
from sim.analysis.sensitivity.study import Study
from sim.base.arrays import F64
from sim.base.showing import brief
from sim.engine.outcomes import COURSES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Findings:
    """Sensitivity of an outcome, a name of `sim.engine.outcomes.TOTALS`.

    values : what was observed, shape (draws, replicates, observed), in the order of the draws' numbers. width : of the
    widest interval that is narrow enough, see `sim.analysis.sensitivity.convergence.WIDTH`.
    """

    study: Study
    outcome: str
    values: F64
    width: float = WIDTH

    __repr__ = brief

    def means(self, *observed: str) -> pd.DataFrame:
        """Return means over replicates, one row per draw, a column for each name of `Study.observed`."""
        import pandas as pd

        at = [self.study.observed.index(name) for name in observed]
        draws = pd.Index(self.study.design.draws, name="draw")
        return pd.DataFrame(self.values[:, :, at].mean(axis=1), index=draws, columns=list(observed))

    @cached_property
    def table(self) -> pd.DataFrame:
        """The indices, see `sim.analysis.sensitivity.indices`. Raises InputError if the outcome has none."""
        return analyse(self.study.design, self.means(self.outcome))

    @cached_property
    def convergence(self) -> pd.DataFrame:
        """The ranking index at parts of the design, see `sim.analysis.sensitivity.convergence`."""
        return convergence(self.study.design, self.means(self.outcome))

    @cached_property
    def weeks(self) -> pd.DataFrame | None:
        """The ranking index of the outcome's weekly course; the column ``week`` is the number of elapsed weeks.

        Weeks without any difference, or with undefined values, are left out; None for an outcome without a course.
        """
        import pandas as pd

        if self.outcome not in COURSES:
            return None
        course = self.means(*(f"{self.outcome}@{week}" for week in self.study.times))
        told = [name for name in course if np.isfinite(course[name]).all() and np.ptp(course[name]) > 0]
        if not told:
            return None
        table = analyse(self.study.design, course[told], resamples=0)
        table = table[table["index"] == HEADLINE[self.study.design.method]].reset_index(drop=True)
        table.insert(0, "week", pd.to_numeric(table["outcome"].str.partition("@")[2]))
        return table.assign(outcome=self.outcome)

    @cached_property
    def noise(self) -> SeedNoise | None:
        """The share of luck; None with one replicate, from which it can't be estimated."""
        if self.study.replicates < 2:
            return None
        outcome = self.values[:, :, self.study.observed.index(self.outcome)]
        return seed_noise(outcome, self.study.design.block, self.study.seed)

    @property
    def verdict(self) -> str:
        """A line that says whether more runs are needed."""
        return verdict(self.study.design, self.table, self.width)
