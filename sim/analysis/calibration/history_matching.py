"""History matching: rule out values that can't meet the targets, in waves of runs and emulators (Vernon and others 2010).

Implausibility is the distance from a target in standard deviations, which combine the emulator's, luck between seeds, and the
observation's error. Draws at a distance of more than three from any target are ruled out (Pukelsheim's three-sigma rule: at
most 5 % of any unimodal distribution is further away). History matching identifies hopeless draws, not good ones: the prior
is unchanged among the others, so the draws that real runs accept afterwards are draws of the prior, provided that no
acceptable draw was ruled out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.calibration.emulation import Emulator, fit
from sim.analysis.calibration.evaluation import Evaluations
from sim.analysis.calibration.targets import Band, Point, Targets
from sim.base.arrays import F64, I64

THRESHOLD = 3.0
NOISE_POINTS, NOISE_SEEDS = 16, 4
"""Number of points of a wave at which the luck between seeds is measured, and number of further seeds at each."""
BLOCK = 8192


@dataclass(frozen=True)
class Wave:
    """Emulators of the summaries (None if there are too few points), and the variance between seeds of each."""

    emulators: tuple[Emulator | None, ...]
    seed_variance: F64

    def implausibility(self, unit: F64, k: int, target: Band | Point) -> F64:
        """Return the implausibility of points by one target, shape (points,); 0 if there is no emulator."""
        emulator = self.emulators[k]
        if emulator is None:
            return np.zeros(len(unit))
        gaps = target.gap(emulator.mean(unit))
        away = gaps > 0.0
        if away.any():
            error = target.sd**2 if isinstance(target, Point) else 0.0
            gaps[away] /= np.sqrt(emulator.variance(unit[away]) + self.seed_variance[k] + error)
        return gaps


@dataclass
class HistoryMatching:
    """Waves of history matching over numbered draws.

    unit : all draws as points of the unit cube, shape (draws, priors). kept : whether each isn't ruled out yet.
    rows : the rows of `waves`, one per wave and target.
    """

    unit: F64
    targets: Targets
    kept: npt.NDArray[np.bool_] = field(init=False)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kept = np.ones(len(self.unit), bool)

    @property
    def numbers(self) -> I64:
        """The numbers of the draws that aren't ruled out."""
        return np.flatnonzero(self.kept).astype(np.int64)

    def wave(self, number: int, size: int, runs: Evaluations, seed: int) -> None:
        """Simulate the first `size` draws that aren't ruled out, emulate their summaries, and rule out."""
        trained = self.numbers[:size]
        stage = f"wave {number}"
        summaries = runs.at(trained, seed, 0, stage)
        emulators = tuple(fit(self.unit[trained], summaries[:, k]) for k in range(len(self.targets)))
        self._rule_out(Wave(emulators, self._between_seeds(trained, summaries, runs, seed, stage)), number)

    def _between_seeds(self, trained: I64, summaries: F64, runs: Evaluations, seed: int, stage: str) -> F64:
        """Return the variance of each summary between seeds, as the mean over some points; 0 if it is never defined.

        It prefers points at which all summaries are defined.
        """
        defined = np.isfinite(summaries).all(axis=1)
        at = np.sort(np.argsort(defined, kind="stable")[-NOISE_POINTS:])
        more = [runs.at(trained[at], seed, r, f"{stage}, luck") for r in range(1, NOISE_SEEDS + 1)]
        values = np.stack([summaries[at], *more])
        whole = np.isfinite(values).all(axis=0)
        variance = np.where(whole, np.where(whole, values, 0.0).var(axis=0, ddof=1), 0.0)
        return np.asarray(variance.sum(axis=0) / np.maximum(whole.sum(axis=0), 1), np.float64)

    def _rule_out(self, wave: Wave, number: int) -> None:
        """Apply one target after the other, and note the share of the remaining draws that each rules out."""
        total = len(self.unit)
        for k, (name, target) in enumerate(self.targets.items()):
            before = self.numbers
            for start in range(0, before.size, BLOCK):
                block = before[start : start + BLOCK]
                self.kept[block] = wave.implausibility(self.unit[block], k, target) < THRESHOLD
            emulator = wave.emulators[k]
            self.rows.append({
                "wave": number, "target": name, "points": 0 if emulator is None else emulator.size,
                "q2": np.nan if emulator is None else emulator.q2,
                "widened": np.nan if emulator is None else emulator.widened,
                "sd_between_seeds": float(np.sqrt(wave.seed_variance[k])),
                "left_before": before.size / total, "left": float(self.kept.mean()),
            })  # fmt: skip
