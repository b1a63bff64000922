"""This engine's means on the shared model: columns of bytes, and a week compiled by `sim.compiler.compiled`, block by block.

It is the shared model written as a mechanism of the engine would be, not the engine's whole week, which does far more. It
differs from the engine in how it counts neighbours: the engine updates the neighbours of each yard that turns, because a
village's plots are irregular and the step that uses the counts is costly. On a full grid, with a rule as cheap as this one,
it is faster to recount in blocks that stay in the processor's cache, and the time doesn't depend on how many households
flip. `engine_told` updates counts as the engine does.
"""

from __future__ import annotations

import numpy as np

from sim.base.arrays import I32, I64, U8
from sim.compiler.compiled import compiled, entry
from sim.numerics.draws import BLOCK

from ..problem import Problem

NEVER = 99


@compiled
def sum_rows(above: U8, here: U8, below: U8, out: U8) -> None:
    """Add three rows."""
    for k in range(out.size):
        out[k] = np.uint8(np.uint8(above[k] + here[k]) + below[k])


@compiled
def decide(left: U8, middle: U8, right: U8, adopted: U8, up: U8, down: U8, after: U8) -> None:
    """Decide from sums of three rows at three places; given that `down` <= `up`."""
    for k in range(after.size):
        neighbours = np.uint8(np.uint8(np.uint8(left[k] + middle[k]) + right[k]) - adopted[k])
        after[k] = np.uint8(neighbours >= up[k]) | (adopted[k] & np.uint8(neighbours >= down[k]))


@compiled
def count(flags: U8) -> int:
    """Return the sum of flags, 0 or 1, their number a multiple of 8; eight counters in a word hold up to 255 each."""
    words = flags.view(np.uint64)
    even = np.uint64(0x00FF00FF00FF00FF)
    total = np.int64(0)
    for first in range(0, words.size, 255):
        part = words[first : first + 255]
        bytes_ = np.uint64(0)
        for k in range(part.size):
            bytes_ += part[k]
        pairs = (bytes_ & even) + ((bytes_ >> np.uint64(8)) & even)
        total += np.int64((pairs & np.uint64(0xFFFF)) + ((pairs >> np.uint64(16)) & np.uint64(0xFFFF)))
        total += np.int64(((pairs >> np.uint64(32)) & np.uint64(0xFFFF)) + (pairs >> np.uint64(48)))
    return int(total)


@entry
def advance(now: U8, after: U8, up: U8, down: U8, visits: I32, width: int, sums: U8, adopters: I64) -> None:
    """Run as many weeks as `adopters` has room for; where they end is in `now` after an even number of weeks."""
    size = now.size
    for week in range(adopters.size):
        for first in range(width + 1, size - width - 1, sums.size - 2):
            stop = min(first + sums.size - 2, size - width - 1)
            rows = sums[: stop - first + 2]
            sum_rows(
                now[first - width - 1 : stop - width + 1], now[first - 1 : stop + 1],
                now[first + width - 1 : stop + width + 1], rows,
            )  # fmt: skip
            decide(
                rows[:-2], rows[1:-1], rows[2:], now[first:stop], up[first:stop], down[first:stop], after[first:stop]
            )  # fmt: skip
        for v in range(visits.shape[1]):
            after[visits[week, v]] = 1
        adopters[week] = count(after)
        now, after = after, now


class ThresholdModel:
    """The shared model."""

    def __init__(self, problem: Problem) -> None:
        self.width = problem.columns + 2
        self.at_start = self._column(problem.framed(problem.adopted, 0), 0)
        self.up = self._column(problem.framed(problem.up, NEVER), NEVER)
        self.down = self._column(problem.framed(problem.down, NEVER), NEVER)
        self.visits = problem.framed_visits()
        self.sums = np.zeros(4 * BLOCK + 2, np.uint8)
        self.now, self.after = self.at_start.copy(), self.at_start.copy()

    @staticmethod
    def _column(values: U8, outside: int) -> U8:
        """Return a column filled up to a multiple of 8 places."""
        return np.append(values, np.full(-values.size % 8, outside, np.uint8))

    def restart(self) -> None:
        self.now[:] = self.at_start
        self.after[:] = self.at_start

    def run(self, weeks: int) -> list[int]:
        adopters = np.zeros(weeks, np.int64)
        advance(self.now, self.after, self.up, self.down, self.visits, self.width, self.sums, adopters)
        return [int(number) for number in adopters]
