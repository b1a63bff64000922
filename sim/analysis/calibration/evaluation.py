"""Evaluate draws with a simulating function, each of them once; results are remembered."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.base.arrays import F64, I64
from sim.runs import Progress, Report

PIECE = 256
"""Draws that are simulated together."""


class Luck(NamedTuple):
    """The luck of a call of `simulate`: a seed, a replicate, and the numbers of the draws, shape (rows,)."""

    seed: int
    replicate: int
    numbers: I64

    def generator(self) -> np.random.Generator:
        """Return a generator for plain functions; it differs between calls, and is the same when a call is repeated."""
        return np.random.default_rng([self.seed, self.replicate, int(self.numbers[0]), self.numbers.size])


Simulate = Callable[[F64, Luck], F64]
"""Takes points, shape (rows, priors), and returns summaries, shape (rows, targets); NaN if one is undefined."""


class Evaluations:
    """Summaries of draws by (seed, replicate).

    Parameters
    ----------
    simulate : the function. values : all draws, shape (draws, priors); a draw's number is its row. width : of summaries.
    report : called after each piece with the progress, in draws.
    """

    def __init__(self, simulate: Simulate, values: F64, width: int, report: Report | None = None) -> None:
        self.simulate, self.values, self.width, self.report = simulate, values, width, report
        self.asked: set[tuple[int, int, int]] = set()  # (seed, replicate, number) of all that were asked for
        self._rows: dict[tuple[int, int, int], F64] = {}

    def at(self, numbers: I64, seed: int, replicate: int, stage: str) -> F64:
        """Return the summaries of these draws, shape (numbers, summaries); what is missing is simulated.

        Raises ValueError if `simulate` returns another shape.
        """
        began = time.monotonic()
        self.asked.update((seed, replicate, int(n)) for n in numbers)
        missing = np.array([n for n in numbers if (seed, replicate, int(n)) not in self._rows], np.int64)
        found = numbers.size - missing.size
        for start in range(0, missing.size, PIECE):
            piece = missing[start : start + PIECE]
            rows = np.asarray(self.simulate(self.values[piece], Luck(seed, replicate, piece)), np.float64)
            if rows.shape != (piece.size, self.width):
                raise ValueError(f"simulate returned shape {rows.shape}, not {(piece.size, self.width)}")
            self._rows.update({(seed, replicate, int(n)): row for n, row in zip(piece, rows, strict=True)})
            if self.report:
                done = found + start + piece.size
                self.report(Progress(done, found, numbers.size, time.monotonic() - began, stage))
        return np.array([self._rows[seed, replicate, int(n)] for n in numbers]).reshape(numbers.size, self.width)
