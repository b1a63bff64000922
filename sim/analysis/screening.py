"""Screening: which draws from the priors meet the fit patterns, and which of them is the most central.

The patterns are told of successes, so they make bands of implausibility, never a likelihood: a draw is in or out.
Not all bands are those of seeds/patterns.yaml. "early" (at most 0.2 at week 5) is stricter than the 0.5 of P3 there, and
"gap" has no band there. Both are assumptions: P1 tells of refusal at first and P9 of a lag, neither with a share, and
hardly anybody would speak of refusal with nearly half of the village taking part. "agreed" and "stuck" are P3's, so the
default values are no blind test of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from sim.outcomes import group_cells
from sim.scenario import Scenario, with_values
from sim.simulation import Simulation
from sim.uncertainty.priors import Prior
from sim.world.columns import CELLS, F64, RUNGS

CAMPAIGN = 26
"""Weeks of the intensive campaign (S22)."""
EARLY = 5
"""Weeks after which it still meets refusal (P1)."""
STUCK = 156
"""Weeks for which nothing moves without a programme (S22)."""

BANDS: dict[str, tuple[float, float]] = {
    "early": (0.0, 0.2),  # P1: refusal at first; an assumption, stricter than the 0.5 of seeds/patterns.yaml
    "agreed": (0.6, 1.0),  # P3: at least 60 % within 26 weeks
    "ratio": (1.2, 2.2),  # P2: own yard first to not, campaign total
    "stuck": (0.0, 0.15),  # P3: under 15 % in any of 156 weeks
    "gap": (0.02, 0.5),  # P9: newcomers take part less
}


def adopted(simulation: Simulation, group: str = "all") -> F64:
    """Return the adopted share of a group at the end of each week that has run, shape (weeks,); NaN for an empty group."""
    cells = simulation.counts[: simulation.week, :, :CELLS].sum(axis=1).reshape(-1, 4, len(RUNGS), 2) * group_cells(
        group
    )
    with np.errstate(invalid="ignore"):
        return np.asarray(cells[:, :, 2:].sum(axis=(1, 2, 3)) / cells.sum(axis=(1, 2, 3)), np.float64)


def _run(scenario: Scenario, seed: int, replicate: int, weeks: int) -> Simulation:
    simulation = Simulation(scenario, seed, replicate, weeks)
    simulation.advance(weeks)
    return simulation


def patterns(
    scenarios: Mapping[str, Scenario], values: Mapping[str, float], seed: int, replicate: int
) -> dict[str, float]:
    """Return the quantities of `BANDS` for one set of values and one replicate.

    scenarios : ``campaign``, ``campaign_without_example`` and ``baseline``. Runs that can't matter any more are skipped:
    where the campaign doesn't reach consensus the other quantities are NaN.
    """
    campaign = _run(with_values(scenarios["campaign"], values), seed, replicate, CAMPAIGN)
    course = adopted(campaign)
    found = {
        "early": float(course[EARLY - 1]),
        "agreed": float(course[-1]),
        "ratio": np.nan,
        "stuck": np.nan,
        "gap": np.nan,
    }
    if found["agreed"] < BANDS["agreed"][0] / 2:
        return found
    without = adopted(_run(with_values(scenarios["campaign_without_example"], values), seed, replicate, CAMPAIGN))
    idle = adopted(_run(with_values(scenarios["baseline"], values), seed, replicate, STUCK))
    found["ratio"] = float(course[-1] / max(without[-1], 1e-3))
    found["stuck"] = float(idle.max())
    found["gap"] = float(adopted(campaign, "local")[-1] - adopted(campaign, "newcomer")[-1])
    return found


def screen(
    scenarios: Mapping[str, Scenario], priors: Sequence[Prior], draws: F64, seed: int, replicates: int, jobs: int = 2
) -> F64:
    """Return the quantities of `BANDS`, shape (draws, replicates, bands)."""
    keys = [prior.key for prior in priors]

    def one(row: F64) -> list[list[float]]:
        values = {key: float(x) for key, x in zip(keys, row, strict=True)}
        found = [patterns(scenarios, values, seed, replicate) for replicate in range(replicates)]
        return [[quantities[band] for band in BANDS] for quantities in found]

    with ThreadPoolExecutor(jobs) as pool:
        return np.array(list(pool.map(one, draws)))


def meets(quantities: F64) -> npt.NDArray[np.bool_]:
    """Return which draws lie within every band in every replicate, shape (draws,); NaN lies in none."""
    low = np.array([band[0] for band in BANDS.values()])
    high = np.array([band[1] for band in BANDS.values()])
    with np.errstate(invalid="ignore"):
        return np.asarray(((quantities >= low) & (quantities <= high)).all(axis=(1, 2)))


def medoid(draws: F64, priors: Sequence[Prior]) -> int:
    """Return the place of the draw with the least summed distance to the others, in units of the prior's width."""
    width = np.array([prior.high - prior.low for prior in priors])
    scaled = draws / width
    distance = np.sqrt(((scaled[:, None, :] - scaled[None, :, :]) ** 2).sum(axis=2)).sum(axis=1)
    return int(np.argmin(distance))
