"""The problem that all entrants get: grid, thresholds, adopters at the start, visits by week; and its answer."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
I32 = npt.NDArray[np.int32]

UP_WEIGHTS = (6, 11, 16, 19, 17, 13, 9, 5, 4)
"""Weights of the thresholds 1..9; nobody has 9 neighbours, so a household with 9 adopts only when it is visited."""
GAP = 3
"""`down` is `up` minus 0, 1 or 2, each equally likely."""
AT_START = 0.05
VISITED = 0.01
SIGHT = tuple((r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0))
"""Where the neighbours are."""


class Problem(NamedTuple):
    """The problem; households are numbered row by row.

    rows, columns : of the grid. up, down : thresholds, shape (households,). adopted : 0 or 1 at the start, likewise.
    visits : the households that are visited, shape (weeks, visits a week).
    """

    rows: int
    columns: int
    up: U8
    down: U8
    adopted: U8
    visits: I32

    @property
    def households(self) -> int:
        """Households on the grid."""
        return self.rows * self.columns

    def pairs(self) -> tuple[I32, I32]:
        """Return all ordered pairs of neighbours as (households seen, households that see them)."""
        plots = np.arange(self.households, dtype=np.int32).reshape(self.rows, self.columns)
        seen, sees = [], []
        for r, c in SIGHT:
            seen.append(plots[max(0, r) : self.rows + min(0, r), max(0, c) : self.columns + min(0, c)].ravel())
            sees.append(plots[max(0, -r) : self.rows + min(0, -r), max(0, -c) : self.columns + min(0, -c)].ravel())
        return np.concatenate(seen), np.concatenate(sees)

    def framed(self, values: U8, outside: int) -> U8:
        """Return a column on the grid with a frame of empty plots around it, flat, `columns` + 2 to a row."""
        grid = np.full((self.rows + 2, self.columns + 2), outside, np.uint8)
        grid[1:-1, 1:-1] = values.reshape(self.rows, self.columns)
        return grid.ravel()

    def framed_visits(self) -> I32:
        """Return the visits as places on the framed grid."""
        row, column = np.divmod(self.visits, np.int32(self.columns))
        return (row + 1) * np.int32(self.columns + 2) + column + 1


def draw(rows: int, columns: int, weeks: int, seed: int) -> Problem:
    """Return a problem; the same arguments give the same problem."""
    households = rows * columns
    chance = np.random.default_rng(seed)
    up = chance.choice(np.arange(1, 10), households, p=np.array(UP_WEIGHTS) / sum(UP_WEIGHTS))
    down = np.maximum(up - chance.integers(0, GAP, households), 0)
    adopted = chance.random(households) < AT_START
    visited = max(1, round(VISITED * households))
    visits = [chance.choice(households, visited, replace=False) for _ in range(weeks)]
    return Problem(
        rows, columns, up.astype(np.uint8), down.astype(np.uint8), adopted.astype(np.uint8), np.array(visits, np.int32)
    )


def write(problem: Problem, path: Path) -> None:
    """Write a problem to a file that every entrant can read."""
    np.savez(path, **problem._asdict())


def read(path: Path) -> Problem:
    """Read a problem."""
    with np.load(path) as found:
        return Problem(int(found["rows"]), int(found["columns"]), *(found[key] for key in Problem._fields[2:]))


class Answer(NamedTuple):
    """Adopters at the end of each week, and how many households flipped in it."""

    adopters: list[int]
    flips: list[int]


def solve(problem: Problem, weeks: int) -> Answer:
    """Return the answer, by the plainest code there is for the model; what every entrant is held to."""
    shape = problem.rows, problem.columns
    frame = problem.framed(problem.adopted, 0).reshape(problem.rows + 2, problem.columns + 2)
    inner = frame[1:-1, 1:-1]
    up, down = problem.up.reshape(shape), problem.down.reshape(shape)
    answer = Answer([], [])
    for week in range(weeks):
        neighbours = np.zeros(shape, np.uint8)
        for r, c in SIGHT:
            neighbours += frame[1 + r : frame.shape[0] - 1 + r, 1 + c : frame.shape[1] - 1 + c]
        after = np.where(inner == 1, neighbours >= down, neighbours >= up)
        after.ravel()[problem.visits[week]] = True
        answer.flips.append(int(np.count_nonzero(after != inner)))
        inner[:] = after
        answer.adopters.append(int(np.count_nonzero(after)))
    return answer
