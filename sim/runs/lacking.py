"""Which runs of a request aren't kept yet, and the tasks that make them.

Both are worked out block by block, so that neither takes memory for each run: there may be millions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sim.base.arrays import I64, Flags
from sim.results.keys import Index
from sim.results.table import indexed
from sim.runs.keeping import Kept
from sim.runs.request import Request
from sim.runs.task import Task
from sim.runs.workers import Workers

BLOCK = 1 << 16
"""Number of pairs looked up at a time."""
MOST_PAIRS, MOST_BYTES = 1000, 8_000_000
"""Bounds on the pairs of a task, and on the bytes that it returns."""


class Lacking:
    """The runs of a request that weren't kept when this was made.

    kept : each scenario's store. runs : how many runs are lacking. pairs : how many pairs lack a run of any scenario.
    """

    def __init__(self, request: Request, kept: Mapping[str, Kept]) -> None:
        self.request = request
        self._kept = kept
        stores = {id(one.store): one.store for one in kept.values()}
        self._indices: dict[int, Index] = {key: indexed(store.pieces)[1] for key, store in stores.items()}
        self.runs = self.pairs = 0
        for _, lacking in self.blocks():
            self.runs += int(lacking.sum())
            self.pairs += int(lacking.any(axis=0).sum())

    def blocks(self) -> Iterator[tuple[I64, Flags]]:
        """Yield (places of some pairs, shape (pairs,); which scenarios lack their runs, shape (scenarios, pairs))."""
        count = len(self.request.pairs)
        for first in range(0, count, BLOCK):
            places = np.arange(first, min(first + BLOCK, count))
            yield places, np.stack([
                self._indices[id(one.store)].rows(one.keys(self.request, places)) < 0 for one in self._kept.values()
            ])  # fmt: skip

    @property
    def labels(self) -> list[str]:
        """The scenarios in the order of the flags."""
        return list(self._kept)


class Tasks:
    """Tasks for the lacking runs, pair by pair with all its scenarios; they grow until they take as long as they should.

    threads : for the villages of one run.
    """

    def __init__(self, lacking: Lacking, pool: Workers, threads: int) -> None:
        self._lacking, self._seconds, self._threads = lacking, pool.seconds, threads
        self._window = pool.window
        request = lacking.request
        widest = sum(8 * request.shape(label).width for label in lacking.labels)
        self._most = max(1, min(MOST_PAIRS, MOST_BYTES // widest))
        self._size = 1

    def took(self, task: Task, seconds: float) -> None:
        """Record how long a task took; the next ones are at most twice as large."""
        if len(task.places) >= self._size and seconds < self._seconds:
            self._size = min(self._most, 2 * self._size)

    def __iter__(self) -> Iterator[Task]:
        request, labels, left = self._lacking.request, self._lacking.labels, self._lacking.pairs
        apart = left < self._window  # few pairs of many scenarios would leave workers idle
        for block, flags in self._lacking.blocks():
            there = flags.any(axis=0)
            places, lacking = block[there], flags[:, there]
            at = 0
            while at < places.size:
                # Tasks shrink towards the end, so that all workers have some.
                most = min(self._size, max(1, left // self._window))
                same = (lacking[:, at : at + most] == lacking[:, at : at + 1]).all(axis=0)
                pairs = places[at : at + (same.size if same.all() else int(same.argmin()))]
                scenarios = tuple(label for label, lacks in zip(labels, lacking[:, at], strict=True) if lacks)
                for group in [(label,) for label in scenarios] if apart else [scenarios]:
                    yield Task(group, pairs, request.pairs.runs(pairs), request.values(pairs), self._threads)
                at += pairs.size
                left -= pairs.size
