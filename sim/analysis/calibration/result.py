"""The result of a calibration: draws of equal weight, what they add to the prior, and the effort of finding them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.calibration.medoid import medoid
from sim.analysis.calibration.targets import Targets
from sim.base.arrays import F64, I64
from sim.uncertainty.draw_table import DrawTable
from sim.uncertainty.priors import Prior

if TYPE_CHECKING:
    import pandas as pd

WIDE = 0.9
"""A posterior with at least this share of the prior's standard deviation isn't narrowed."""
LEVEL = 0.01
"""Below this p-value of Kolmogorov and Smirnov's test, the posterior differs from the prior."""
NARROWED, MOVED, OPEN = "narrowed", "moved, not narrowed", "not identified"
SHARES = (0.05, 0.5, 0.95)
BINS = 12
END = 0.1
"""The tenth of the prior at either end."""


@dataclass(frozen=True)
class Posterior:
    """Draws from a posterior, all of equal weight.

    Attributes
    ----------
    priors, targets : the inputs. considered : number of draws of the prior that runs or emulators have judged.
    numbers, values : the draws, shape (draws,) and (draws, priors); a number is that of the prior's draw. moved : whether
    regression has moved the values, so that they are no longer those of the prior's draw. summaries : of their runs, shape
    (draws, targets). waves : one row per wave and target, as `HistoryMatching.rows`; empty without waves. acceptance : one
    row per round: replicates, draws that entered, draws accepted. simulations : runs of `simulate` by draw and replicate,
    including those found in the folder.
    """

    priors: tuple[Prior, ...]
    targets: Targets
    considered: int
    numbers: I64
    values: F64
    summaries: F64
    moved: bool
    waves: pd.DataFrame
    acceptance: pd.DataFrame
    simulations: int

    def __len__(self) -> int:
        """Return the number of draws; as they are distinct and of equal weight, it is their effective number."""
        return int(self.numbers.size)

    def draw_table(self, name: str) -> DrawTable:
        """Return the draws as a table with which any scenario can be run."""
        return DrawTable(name, tuple(prior.key for prior in self.priors), self.numbers, self.values)

    def medoid(self) -> int:
        """Return the place of the most central draw."""
        return medoid(self.values, self.priors)

    def marginals(self) -> pd.DataFrame:
        """Return one row per prior: prior and posterior, the distance between them, and whether anything was learnt.

        Columns: key, name, unit; prior_mean, prior_sd, prior_05, prior_50, prior_95 and the same of the posterior; medoid;
        at_end : share of the draws in the first or last tenth of the prior, whichever is larger; if it is far above 0.1, the
        interval bounds the value rather than the targets; sd_ratio : posterior over prior; interval_ratio : the same for the
        width of the middle 90 %; ks, p : Kolmogorov and Smirnov's distance from the prior and its p-value; verdict :
        `NARROWED` if sd_ratio is below `WIDE`, else `MOVED` if p is below `LEVEL`, else `OPEN`.
        """
        import pandas as pd
        from scipy.stats import kstest

        centre = self.medoid()
        rows = []
        for k, prior in enumerate(self.priors):
            values = self.values[:, k]
            mean, sd = prior.distribution.moments()
            before = prior.distribution.quantile(np.array(SHARES))
            after = np.quantile(values, SHARES)
            shares = prior.distribution.share_below(values)
            test = kstest(shares, "uniform")
            ratio = float(values.std(ddof=1)) / sd
            at_end = max(float(np.mean(shares < END)), float(np.mean(shares > 1 - END)))
            verdict = NARROWED if ratio < WIDE else MOVED if test.pvalue < LEVEL else OPEN
            rows.append((
                prior.key, prior.name, prior.unit, mean, sd, *before, float(values.mean()), float(values.std(ddof=1)),
                *after, values[centre], at_end, ratio, (after[2] - after[0]) / (before[2] - before[0]), float(test.statistic),
                float(test.pvalue), verdict,
            ))  # fmt: skip
        words = [f"{round(100 * share):02d}" for share in SHARES]
        columns = ["key", "name", "unit"]
        for what in ("prior", "posterior"):
            columns += [f"{what}_mean", f"{what}_sd", *(f"{what}_{share}" for share in words)]
        return pd.DataFrame(
            rows, columns=[*columns, "medoid", "at_end", "sd_ratio", "interval_ratio", "ks", "p", "verdict"]
        )  # fmt: skip

    def densities(self) -> pd.DataFrame:
        """Return one row per prior and bin of its interval: key, name, bin_low, bin_high, and the shares prior, posterior."""
        import pandas as pd

        parts = []
        for k, prior in enumerate(self.priors):
            edges = np.linspace(prior.low, prior.high, BINS + 1)
            counts = np.histogram(self.values[:, k], edges)[0]
            before = np.diff(prior.distribution.share_below(edges))
            parts.append(pd.DataFrame({
                "key": prior.key, "name": prior.name, "bin_low": edges[:-1], "bin_high": edges[1:], "prior": before,
                "posterior": counts / len(self),
            }))  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    def pairs(self) -> pd.DataFrame:
        """Return one row per pair of values: Spearman's rank correlation in the posterior, the strongest first."""
        import pandas as pd
        from scipy.stats import rankdata

        ranks = np.column_stack([rankdata(column) for column in self.values.T])
        found = np.corrcoef(ranks, rowvar=False)
        keys = [prior.key for prior in self.priors]
        rows = [(keys[i], keys[j], float(found[i, j])) for i, j in combinations(range(len(keys)), 2)]
        table = pd.DataFrame(rows, columns=["first", "second", "correlation"])
        return table.sort_values("correlation", key=lambda r: -r.abs(), kind="stable", ignore_index=True)

    def fit(self) -> pd.DataFrame:
        """Return one row per target: its two numbers (low and high, or value and error), and the draws' summaries."""
        import pandas as pd

        rows = []
        for k, (name, target) in enumerate(self.targets.items()):
            values = self.summaries[:, k]
            rows.append((name, *target, float(values.mean()), *np.quantile(values, SHARES)))
        return pd.DataFrame(rows, columns=["target", "first", "second", "mean", "q05", "q50", "q95"])
