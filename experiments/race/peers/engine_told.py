"""This engine's means on the shared model, with counts kept as the engine keeps those of clean neighbours.

A pass marks, block by block, the few households that flip, and the counts of their neighbours are updated, never recounted.
So the time grows with the flips, and a household that can't move costs four comparisons of bytes.
"""

from __future__ import annotations

import numpy as np

from sim.base.arrays import I32, I64, U8
from sim.compiler.compiled import compiled, entry
from sim.engine.mechanisms.blocks import places
from sim.numerics.draws import BLOCK

from ..problem import SIGHT, Problem

NEVER = 255
"""A threshold that no count reaches: those of the empty plots of the frame start at `OUTSIDE` and change by 8 at most."""
OUTSIDE = 100


@compiled
def mark_flips(neighbours: U8, up: U8, down: U8, adopted: U8, mask: U8) -> None:
    """Mark the households that flip this week, given that `down` <= `up`."""
    mask[adopted.size :] = 0
    for k in range(adopted.size):
        after = np.uint8(neighbours[k] >= up[k]) | (adopted[k] & np.uint8(neighbours[k] >= down[k]))
        mask[k] = after ^ adopted[k]


@compiled
def flip(adopted: U8, neighbours: U8, i: int, width: int) -> int:
    """Household i adopts or lapses, and its neighbours' counts follow; return the change in the number of adopters."""
    change = np.uint8(1 - 2 * adopted[i])  # 255 is -1 in bytes
    adopted[i] = np.uint8(1) - adopted[i]
    for first in (i - width - 1, i - 1, i + width - 1):
        row = neighbours[first : first + 3]
        row[0] = np.uint8(row[0] + change)
        row[1] = np.uint8(row[1] + change)
        row[2] = np.uint8(row[2] + change)
    neighbours[i] = np.uint8(neighbours[i] - change)  # nobody is its own neighbour
    return 2 * int(adopted[i]) - 1


@entry
def advance(
    adopted: U8, neighbours: U8, up: U8, down: U8, visits: I32, width: int, mask: U8, found: I32, adopters: I64
) -> None:  # fmt: skip
    """Run as many weeks as `adopters` has room for."""
    total = 0
    for k in range(adopted.size):
        total += adopted[k]
    for week in range(adopters.size):
        flips = 0
        for lo in range(0, adopted.size, mask.size):
            hi = min(lo + mask.size, adopted.size)
            mark_flips(neighbours[lo:hi], up[lo:hi], down[lo:hi], adopted[lo:hi], mask)
            n = places(mask, found[flips:])
            for f in range(flips, flips + n):
                found[f] += lo
            flips += n
        for f in range(flips):
            total += flip(adopted, neighbours, found[f], width)
        for v in range(visits.shape[1]):
            if adopted[visits[week, v]] == 0:
                total += flip(adopted, neighbours, visits[week, v], width)
        adopters[week] = total


class ThresholdModel:
    """The shared model."""

    def __init__(self, problem: Problem) -> None:
        self.width = problem.columns + 2
        self.at_start = problem.framed(problem.adopted, 0)
        self.up, self.down = problem.framed(problem.up, NEVER), problem.framed(problem.down, 0)
        grid = self.at_start.reshape(-1, self.width)
        counts = np.zeros((problem.rows, problem.columns), np.uint8)
        for r, c in SIGHT:
            counts += grid[1 + r : grid.shape[0] - 1 + r, 1 + c : grid.shape[1] - 1 + c]
        self.counts = problem.framed(counts.ravel(), OUTSIDE)
        self.visits = problem.framed_visits()
        self.mask = np.zeros(4 * BLOCK, np.uint8)
        self.found = np.zeros(self.up.size + self.mask.size + 1, np.int32)
        self.adopted, self.neighbours = self.at_start.copy(), self.counts.copy()

    def restart(self) -> None:
        self.adopted[:] = self.at_start
        self.neighbours[:] = self.counts

    def run(self, weeks: int) -> list[int]:
        adopters = np.zeros(weeks, np.int64)
        advance(
            self.adopted, self.neighbours, self.up, self.down, self.visits, self.width, self.mask, self.found, adopters
        )  # fmt: skip
        return [int(number) for number in adopters]
