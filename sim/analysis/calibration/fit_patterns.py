"""The default village and the patterns: the targets for a set of values, and the function that simulates it.

The documents report successes, so the patterns give bands of implausibility and not a likelihood: a run is in or out.
Some bands differ from those of seeds/patterns.yaml. "early" (at most 0.2 at week 5) is stricter than the 0.5 of P3 there, and
"gap" has no band there. Both are assumptions: P1 reports refusal at first and P9 a lag, neither with a share, and one would
hardly speak of refusal if nearly half of the village took part. "agreed" and "stuck" belong to P3, which the register holds
out, so meeting them isn't a blind test of it; `fit_targets` leaves them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from sim.analysis.calibration.evaluation import Luck, Simulate
from sim.analysis.calibration.targets import Band
from sim.base.arrays import F64
from sim.engine.outcomes import group_cells
from sim.engine.simulation import Simulation
from sim.engine.tallies import rows
from sim.engine.world.columns import RUNGS
from sim.evidence import Register
from sim.scenario import Scenario, load_scenario, with_values
from sim.uncertainty.priors import Prior

CAMPAIGN = 26
"""Weeks of the intensive campaign (S22)."""
EARLY = 5
"""Weeks after which it still meets refusal (P1)."""
STUCK = 156
"""Weeks for which nothing moves without a programme (S22)."""


class FitBand(NamedTuple):
    """A band, its pattern, the measured quantity, and the basis of the band."""

    band: Band
    pattern: str
    meaning: str
    basis: str


BANDS: dict[str, FitBand] = {
    "early": FitBand(Band(0.0, 0.2), "P1", "adopted five weeks into a campaign",
                     "assumption: refusal at first; stricter than the 0.5 of P3"),
    "agreed": FitBand(Band(0.6, 1.0), "P3", "adopted after 26 weeks of a campaign", "P3"),
    "ratio": FitBand(Band(1.2, 2.2), "P2", "adoption ratio over a campaign, members' own yard first to not", "P2"),
    "stuck": FitBand(Band(0.0, 0.15), "P3", "most that ever adopt in 156 weeks without a programme", "P3"),
    "gap": FitBand(Band(0.02, 0.5), "P9", "adopted locals less adopted newcomers after a campaign",
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


def adopted(simulation: Simulation, group: str = "all") -> F64:
    """Return the adopted share of a group at the end of each week that has run, shape (weeks,); NaN for an empty group."""
    cells = simulation.counts[: simulation.week, :, rows("households")].sum(axis=1).reshape(
        -1, 4, len(RUNGS), 2
    ) * group_cells(group)
    with np.errstate(invalid="ignore"):
        return np.asarray(cells[:, :, 2:].sum(axis=(1, 2, 3)) / cells.sum(axis=(1, 2, 3)), np.float64)


def _run(scenario: Scenario, seed: int, replicate: int, weeks: int) -> Simulation:
    simulation = Simulation(scenario, seed, replicate, weeks)
    simulation.advance(weeks)
    return simulation


def quantities(
    scenarios: Mapping[str, Scenario], values: Mapping[str, float], seed: int, replicate: int, hopeless: float = 0.0
) -> dict[str, float]:
    """Return the quantities of `BANDS` for one set of values and one replicate.

    scenarios : those of `SCENARIOS`. hopeless : if fewer adopt in the campaign, the other quantities are NaN, because
    runs that can no longer matter are skipped.
    """
    campaign = _run(with_values(scenarios["campaign"], values), seed, replicate, CAMPAIGN)
    course = adopted(campaign)
    found = dict.fromkeys(BANDS, np.nan) | {"early": float(course[EARLY - 1]), "agreed": float(course[-1])}
    if found["agreed"] < hopeless:
        return found
    without = adopted(_run(with_values(scenarios["campaign_without_example"], values), seed, replicate, CAMPAIGN))
    idle = adopted(_run(with_values(scenarios["baseline"], values), seed, replicate, STUCK))
    found["ratio"] = float(course[-1] / max(without[-1], 1e-3))
    found["stuck"] = float(idle.max())
    found["gap"] = float(adopted(campaign, "local")[-1] - adopted(campaign, "newcomer")[-1])
    return found


def simulator(
    priors: Sequence[Prior],
    names: Sequence[str] = tuple(BANDS),
    scenarios: Mapping[str, Scenario] | None = None,
    jobs: int = 2,
    own_luck: bool = False,
    whole: bool = False,
) -> Simulate:
    """Return the function that simulates the quantities called `names`.

    scenarios : other versions of `SCENARIOS`, for example with fewer households. jobs : threads. own_luck : whether each draw
    has its own luck, by its number, as a likelihood requires; otherwise all draws have the same luck, which shows their
    differences better.
    whole : whether hopeless campaigns are also measured to the end if "agreed" is among the names.
    """
    loaded = scenarios or {name: load_scenario(name) for name in SCENARIOS}
    keys = [prior.key for prior in priors]
    hopeless = HOPELESS if "agreed" in names and not whole else 0.0

    def simulate(points: F64, luck: Luck) -> F64:
        def one(row: int) -> list[float]:
            values = {key: float(x) for key, x in zip(keys, points[row], strict=True)}
            replicate = int(luck.numbers[row]) if own_luck else luck.replicate
            found = quantities(loaded, values, luck.seed, replicate, hopeless)
            return [found[name] for name in names]

        with ThreadPoolExecutor(jobs) as pool:
            return np.array(list(pool.map(one, range(len(points))))).reshape(len(points), len(names))

    return simulate
