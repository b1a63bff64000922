"""The default village and the patterns: the targets for a set of values, and the function that simulates it.

The documents report successes, so the patterns give bands of implausibility and not a likelihood: a run is in or out.
Some bands differ from those of seeds/patterns.yaml. "early" (at most 0.2 at week 5) is stricter than the 0.5 of P3 there, and
"gap" has no band there. Both are assumptions: P1 reports refusal at first and P9 a lag, neither with a share, and one would
hardly speak of refusal if nearly half of the village took part. "agreed" and "stuck" belong to P3, which the register holds
out, so meeting them isn't a blind test of it; `fit_targets` leaves them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis.calibration.evaluation import Luck, Simulate
from sim.analysis.calibration.targets import Band
from sim.base.arrays import F64, I64
from sim.base.errors import InputError
from sim.evidence import Register
from sim.runs import Collection, Pairs, Request, Table, run
from sim.scenario import Scenario, load_scenario
from sim.uncertainty.draw_table import DrawTable
from sim.uncertainty.priors import Prior

NAME = "calibration-runs"
"""The folder of all calibrations' runs in a results folder; a run is found there by its content."""
CAMPAIGN = 26
"""Weeks of the intensive campaign (S22)."""
EARLY = 5
"""Weeks after which it still meets refusal (P1)."""
STUCK = 156
"""Weeks for which nothing moves without a programme (S22)."""


class FitBand(NamedTuple):
    """A band, its pattern, the measured quantity and its unit, and the basis of the band."""

    band: Band
    unit: str
    pattern: str
    meaning: str
    basis: str


BANDS: dict[str, FitBand] = {
    "early": FitBand(Band(0.0, 0.2), "share", "P1", "adopted five weeks into a campaign",
                     "assumption: refusal at first; stricter than the 0.5 of P3"),
    "agreed": FitBand(Band(0.6, 1.0), "share", "P3", "adopted after 26 weeks of a campaign", "P3"),
    "ratio": FitBand(Band(1.2, 2.2), "1", "P2", "adoption ratio over a campaign, members' own yard first to not", "P2"),
    "stuck": FitBand(Band(0.0, 0.15), "share", "P3", "most that ever adopt in 156 weeks without a programme", "P3"),
    "gap": FitBand(Band(0.02, 0.5), "share", "P9", "adopted locals less adopted newcomers after a campaign",
                   "assumption: 0.02 stands for a direction"),
}  # fmt: skip
SCENARIOS = ("campaign", "campaign_without_example", "baseline")
HOPELESS = BANDS["agreed"].band.low / 2
"""A campaign with a smaller adopted share isn't run any further if "agreed" is among the quantities."""


def screening_targets() -> dict[str, Band]:
    """Return all bands by name, with which the default parameters were chosen."""
    return {name: one.band for name, one in BANDS.items()}


def fit_targets(register: Register) -> dict[str, Band]:
    """Return the bands of patterns whose use is `fit` in the register, by name; so without P3."""
    return {name: one.band for name, one in BANDS.items() if register.patterns[one.pattern].use == "fit"}


LATE = f"@{CAMPAIGN}"
OBSERVED = (f"adopted@{EARLY}", f"adopted{LATE}", f"adopted.local{LATE}", f"adopted.newcomer{LATE}", "peak_adopted")
"""What is observed of every run."""
WEEKS = {"campaign": CAMPAIGN, "campaign_without_example": CAMPAIGN, "baseline": STUCK}


class Village:
    """The default village: makes or finds the runs from which the quantities of `BANDS` follow.

    scenarios : those of `SCENARIOS`, perhaps with fewer households. kept : where runs are kept. jobs, scheduler : see
    `sim.runs.run`.
    """

    def __init__(
        self, scenarios: Mapping[str, Scenario], kept: Collection, jobs: int | None = None, scheduler: str | None = None
    ) -> None:
        self._scenarios, self._kept, self._jobs, self._scheduler = scenarios, kept, jobs, scheduler

    def quantities(self, table: DrawTable, replicates: I64, seed: int, hopeless: float = 0.0) -> dict[str, F64]:
        """Return the quantities of `BANDS` by name, each shape (draws,).

        table : draws with ascending numbers. replicates : of each draw's runs. hopeless : where fewer adopt in the
        campaign, all but "early" and "agreed" are NaN, because runs that can't matter any more are skipped.
        """
        campaign = self._observed(("campaign",), table, replicates, seed)["campaign"]
        early, agreed, locals_, newcomers, _ = (campaign[name] for name in OBSERVED)
        further = np.flatnonzero(~(agreed < hopeless))
        found = {name: np.full(len(table), np.nan) for name in BANDS} | {"early": early, "agreed": agreed}
        if further.size:
            rest = DrawTable(table.name, table.keys, table.numbers[further], table.values[further])
            runs = self._observed(("campaign_without_example", "baseline"), rest, replicates[further], seed)
            without, idle = runs["campaign_without_example"], runs["baseline"]
            found["ratio"][further] = agreed[further] / np.maximum(without[f"adopted{LATE}"], 1e-3)
            found["stuck"][further] = idle["peak_adopted"]
            found["gap"][further] = (locals_ - newcomers)[further]
        return found

    def _observed(self, names: Sequence[str], table: DrawTable, replicates: I64, seed: int) -> Mapping[str, Table]:
        """Return the runs of some scenarios at each draw, by name. Raises InputError where a run fails."""
        pairs = Pairs.listed(np.stack([table.numbers, replicates], axis=1), table)
        request = Request({name: self._scenarios[name] for name in names}, pairs, seed, WEEKS, table, OBSERVED)
        runs = run(request, self._kept, jobs=self._jobs, scheduler=self._scheduler)
        if runs.failures:
            raise InputError(f"{len(runs.failures)} runs failed; the first: {runs.failures[0]}")
        return runs.tables


def simulator(
    priors: Sequence[Prior],
    names: Sequence[str] = tuple(BANDS),
    scenarios: Mapping[str, Scenario] | None = None,
    jobs: int | None = None,
    own_luck: bool = False,
    whole: bool = False,
    kept: Collection | None = None,
    scheduler: str | None = None,
) -> Simulate:
    """Return the function that simulates the quantities called `names`.

    scenarios : other versions of `SCENARIOS`, such as with fewer households. jobs : threads. own_luck : whether each draw
    has luck of its own, by its number, as a likelihood needs; else all draws meet the same, which tells them apart better.
    whole : whether hopeless campaigns are measured to the end, too, where "agreed" is asked for. kept : where runs are kept
    and found; in memory if None. scheduler : of a Dask cluster.
    """
    loaded = scenarios or {name: load_scenario(name) for name in SCENARIOS}
    village = Village(loaded, kept or Collection(None, NAME), jobs, scheduler)
    keys = tuple(prior.key for prior in priors)
    hopeless = HOPELESS if "agreed" in names and not whole else 0.0

    def simulate(points: F64, luck: Luck) -> F64:
        order = np.argsort(luck.numbers)
        table = DrawTable("draws", keys, luck.numbers[order], points[order])
        replicates = table.numbers if own_luck else np.full(order.size, luck.replicate)
        found = village.quantities(table, replicates, luck.seed, hopeless)
        rows = np.empty((order.size, len(names)))
        rows[order] = np.column_stack([found[name] for name in names])
        return rows

    return simulate
