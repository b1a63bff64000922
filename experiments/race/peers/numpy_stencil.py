"""NumPy at its best for a full grid: bytes on a framed, flat grid, sums of three along rows and then of three rows.

Four additions count eight neighbours, everything is done in place in arrays made beforehand, and because the grid is flat
each step is one call over contiguous memory. It relies on `down` <= `up`.
"""

from __future__ import annotations

import numpy as np

from ..problem import Problem

NEVER = 99


class ThresholdModel:
    """The shared model."""

    def __init__(self, problem: Problem) -> None:
        self.width = problem.columns + 2
        self.inner = slice(self.width, -self.width)
        self.at_start = problem.framed(problem.adopted, 0)
        self.up = problem.framed(problem.up, NEVER)[self.inner].copy()
        self.down = problem.framed(problem.down, NEVER)[self.inner].copy()
        self.visits = problem.framed_visits().astype(np.intp)
        self.adopted = self.at_start.copy()
        self.along = np.zeros_like(self.adopted)
        self.neighbours = np.zeros_like(self.up)
        self.stays = np.zeros(self.up.size, np.bool_)
        self.joins = np.zeros(self.up.size, np.bool_)

    def restart(self) -> None:
        self.adopted[:] = self.at_start

    def run(self, weeks: int) -> list[int]:
        adopted, along, neighbours, stays, joins = self.adopted, self.along, self.neighbours, self.stays, self.joins
        width, inner = self.width, adopted[self.inner]
        flags = inner.view(np.bool_)
        adopters = []
        for week in range(weeks):
            np.add(adopted[:-2], adopted[1:-1], out=along[1:-1])
            np.add(along[1:-1], adopted[2:], out=along[1:-1])
            np.add(along[: -2 * width], along[width:-width], out=neighbours)
            np.add(neighbours, along[2 * width :], out=neighbours)
            np.subtract(neighbours, inner, out=neighbours)
            np.greater_equal(neighbours, self.up, out=joins)
            np.greater_equal(neighbours, self.down, out=stays)
            np.logical_and(stays, flags, out=stays)
            np.logical_or(joins, stays, out=flags)
            adopted[self.visits[week]] = 1
            adopters.append(int(np.count_nonzero(flags)))
        return adopters
