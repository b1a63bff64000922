"""Calibrate any simulating function: history matching, then approximate Bayesian computation with real runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.analysis.calibration.acceptance import by_bands, by_points
from sim.analysis.calibration.evaluation import Evaluations, Simulate
from sim.analysis.calibration.history_matching import HistoryMatching
from sim.analysis.calibration.result import Posterior
from sim.analysis.calibration.targets import Targets, check, points
from sim.base.arrays import F64
from sim.base.errors import InputError
from sim.runs import Report
from sim.uncertainty.distribution import Distribution
from sim.uncertainty.priors import Prior, as_priors, draw


def posterior(
    simulate: Simulate,
    priors: Sequence[Prior] | Mapping[str, tuple[float, float] | Distribution],
    targets: Targets,
    *,
    draws: int = 4096,
    waves: Sequence[int] = (256, 256),
    rounds: Sequence[int] = (1,),
    keep: float = 0.05,
    seed: int = 0,
    report: Report | None = None,
) -> Posterior:
    """Return draws from the posterior of a function's parameters, given targets for its summaries.

    Draws 0 .. `draws` - 1 of the prior are considered. Waves of history matching rule out those that are hopeless according
    to emulators; the others are simulated, and their real runs decide on acceptance. With bands only, the result is that of
    plain rejection among the same draws, except for draws that the emulators ruled out wrongly; ``waves=()`` is plain
    rejection itself, for a check.

    Parameters
    ----------
    simulate : takes points, shape (rows, priors), and `Luck`, and returns summaries, shape (rows, targets), NaN if one
        is undefined. Deterministic functions ignore the luck; others take ``luck.generator()``, or the same seed and
        replicate for all rows (common random numbers).
    priors : a sequence of `Prior`, or names with (low, high), uniform between them, or with a `Distribution`.
    targets : by name, in the order of the summaries: `Band(low, high)`, or `Point(value, sd)`, where sd is the error of
        the observation in addition to the variation of `simulate`.
    draws : of the prior, at least 1. waves : draws simulated in each wave, at least 1. rounds : replicates of each round
        of acceptance, with `seed`, `seed` + 1 and so on: a band must be met in all of them, and a point is compared with
        the mean over the last round.
    keep : share of the draws that is kept where there are points, above 0 and at most 1.
    report : called with the progress, in draws.

    Raises
    ------
    ValueError : a number is out of range, there are no priors or targets, or a target is impossible.
    InputError : no draw meets the targets.
    """
    check(targets)
    given = as_priors(priors)
    if draws < 1 or not rounds or min(*rounds, *waves, 1) < 1 or not 0 < keep <= 1:
        raise ValueError("draws, waves and rounds must be at least 1, and keep above 0 and at most 1")
    values = draw(given, draws, seed)
    runs = Evaluations(simulate, values, len(targets), report)
    matching = HistoryMatching(unit_cube(values, given), targets)
    for number, size in enumerate(waves, start=1):
        if not matching.kept.any():
            break
        matching.wave(number, size, runs, seed)
    if not matching.kept.any():
        raise InputError("history matching rules out every draw: no values are compatible with all targets")
    accepted, rows = by_bands(runs, matching.numbers, targets, rounds, seed)
    if not accepted.numbers.size:
        raise InputError(f"none of {draws} draws meets the targets; consider more draws, or other priors")
    observed = points(targets)
    if observed:
        entered = accepted.numbers.size
        accepted = by_points(accepted, given, observed, keep, seed)
        rows.append({"round": len(rows) + 1, "replicates": 0, "draws": entered, "kept": accepted.numbers.size})

    import pandas as pd

    return Posterior(
        given, dict(targets), draws, accepted.numbers, accepted.values, accepted.summaries, bool(observed),
        pd.DataFrame(matching.rows), pd.DataFrame(rows), len(runs.asked),
    )  # fmt: skip


def unit_cube(values: F64, priors: Sequence[Prior]) -> F64:
    """Return values as places within their intervals, 0 to 1, shape (draws, priors)."""
    low = np.array([prior.low for prior in priors])
    high = np.array([prior.high for prior in priors])
    return np.asarray((values - low) / (high - low), np.float64)
