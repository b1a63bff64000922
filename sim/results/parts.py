"""How a batch's runs are spread over files: parts of consecutive draws and replicates, of some megabytes each.

One file a run would be eleven times larger and slow to read; one file for all would have to be written again for every
run. A part's place doesn't depend on how many runs are asked for, so that a batch can grow.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from sim.engine.outcomes import BY_VILLAGE, GROUPS, TOTALS, WEEKLY, WEEKLY_BY_VILLAGE

PART_BYTES = 16_000_000
"""Size of a part's numbers in memory, about; the file is a tenth of it."""
FEWEST, MOST = 10, 1000
"""Bounds on the runs of a part."""

Key = tuple[int, int]
"""A run within its scenario and seed: (number of the draw, or `NO_DRAW`; replicate)."""
NO_DRAW = -1


class Grid(NamedTuple):
    """How many draws and replicates a part holds; draws is 0 in a batch without draws."""

    draws: int
    replicates: int

    @classmethod
    def fitting(cls, weeks: int, villages: int, replicates: int | None = None) -> Self:
        """Return the grid for runs of so many weeks; `replicates` of each draw, None without draws."""
        numbers = len(TOTALS) + len(WEEKLY) * len(GROUPS) * weeks
        if villages > 1:
            numbers += villages * (len(BY_VILLAGE) + len(WEEKLY_BY_VILLAGE) * weeks)
        runs = min(MOST, max(FEWEST, PART_BYTES // (8 * numbers)))
        if replicates is None:
            return cls(0, runs)
        return cls(max(1, runs // replicates), min(runs, replicates))


class Part(NamedTuple):
    """A part of a scenario's runs. draws : their numbers, () without draws. first, last : replicates."""

    draws: tuple[int, ...]
    first: int
    last: int

    def file(self, table: str, ending: str = "parquet") -> str:
        """Return the name of its file, such as ``runs-000000-000079.parquet``; with draws, those stand first."""
        replicates = f"{self.first:06d}-{self.last:06d}"
        if not self.draws:
            return f"{table}-{replicates}.{ending}"
        return f"{table}-d{self.draws[0]:06d}-d{self.draws[-1]:06d}-{replicates}.{ending}"

    def keys(self, replicates: int) -> Iterator[Key]:
        """Yield the runs of a part of a batch of so many replicates, in the order of its rows."""
        for draw in self.draws or (NO_DRAW,):
            for replicate in range(self.first, min(self.last + 1, replicates)):
                yield draw, replicate


def parts(grid: Grid, draws: Sequence[int], replicates: int) -> list[Part]:
    """Return the parts of a batch. draws : their numbers in ascending order, empty without draws."""
    blocks = [tuple(draws[at : at + grid.draws]) for at in range(0, len(draws), grid.draws)] if grid.draws else [()]
    return [
        Part(block, first, first + grid.replicates - 1)
        for block in blocks
        for first in range(0, replicates, grid.replicates)
    ]


def part_of(grid: Grid, draws: Sequence[int], key: Key) -> Part:
    """Return the part that a run belongs to; arguments as in `parts`."""
    draw, replicate = key
    first = replicate // grid.replicates * grid.replicates
    block: Sequence[int] = ()
    if grid.draws:
        at = bisect_left(draws, draw) // grid.draws * grid.draws
        block = draws[at : at + grid.draws]
    return Part(tuple(block), first, first + grid.replicates - 1)
