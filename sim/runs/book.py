"""The book of a batch: which runs are there, which are missing, and where each goes when it is made."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from typing import Self

from sim.results.journal import Journal
from sim.results.memory import MemoryJournal
from sim.results.parts import Key, Part, part_of
from sim.runs.one_run import Done, Failure, Task
from sim.runs.result import Store


class Book:
    """Which runs of a batch are there; on leaving its context all that are whole stand in files.

    stores : where each scenario's runs go. replicates : of the batch.

    Attributes
    ----------
    found : runs that were there. done : these and the runs made since, failed ones too.
    """

    def __init__(self, stores: Mapping[str, Store], replicates: int) -> None:
        self._stores = stores
        self._journals: dict[tuple[str, Part], Journal | MemoryJournal] = {}
        self._missing: dict[tuple[str, Part], list[Key]] = {}
        self._failures: list[Failure] = []
        # Files are written beside the runs, or the workers would wait for them; one at a time, as each takes memory.
        self._writer = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None
        self.found = 0
        for name, store in stores.items():
            for part in store.parts(replicates):
                there, wanted = store.found(part), list(part.keys(replicates))
                missing = [key for key in wanted if key not in there]
                self.found += len(wanted) - len(missing)
                if missing:
                    self._missing[name, part] = missing
                elif store.unfinished(part):  # stopped just before its file was written
                    self._finish(name, part)
        self._open = Counter({place: len(missing) for place, missing in self._missing.items()})
        self.done = self.found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Wait for the last file. Raises InputError where it can't be written."""
        self._writer.shutdown()
        if self._written is not None and error[0] is None:
            self._written.result()

    def missing(self, size: int) -> Iterator[tuple[str, int, tuple[int, ...]]]:
        """Yield (scenario, draw, up to `size` replicates) for what wasn't there at first.

        Scenarios take turns, so that an interruption leaves pairs.
        """
        for *_, found in heapq.merge(*(self._of(name, turn, size) for turn, name in enumerate(self._stores))):
            yield found

    def _of(
        self, name: str, turn: int, size: int
    ) -> Iterator[tuple[Part, int, int, int, tuple[str, int, tuple[int, ...]]]]:
        """Yield what is missing of a scenario, behind what it is sorted by: part, draw, place in it, scenario's turn."""
        mine = [(part, keys) for (scenario, part), keys in self._missing.items() if scenario == name]
        for part, missing in mine:
            for (draw, place), keys in groupby(missing, lambda key: (key[0], key[1] // size)):
                yield part, draw, place, turn, (name, draw, tuple(replicate for _, replicate in keys))

    def enter(self, task: Task, done: Done) -> None:
        """Write down what came of a task; a part of which nothing more is missing gets its file.

        Raises InputError where the folder can't be written.
        """
        store = self._stores[task.name]
        self._failures += done.failures
        self.done += len(task.replicates)
        place = task.name, part_of(store.grid, store.draws, (task.draw, task.replicates[0]))
        if done.rows and place not in self._journals:
            self._journals[place] = store.journal(place[1])
        for key, row in done.rows:
            self._journals[place].append(key, row)
        self._open[place] -= len(task.replicates)
        if not self._open[place] and (place in self._journals or store.unfinished(place[1])):
            self._finish(*place)

    def _finish(self, name: str, part: Part) -> None:
        """Begin with the file of a part, after the one before it."""
        if self._written is not None:
            self._written.result()
        journal = self._journals.pop((name, part), None) or self._stores[name].journal(part)
        self._written = self._writer.submit(_write, self._stores[name], part, journal)

    def failures(self) -> list[Failure]:
        """Return the failed runs by scenario, draw and replicate."""
        return sorted(self._failures, key=lambda f: (f.scenario, f.draw or 0, f.replicate))


def _write(store: Store, part: Part, journal: Journal | MemoryJournal) -> None:
    """Write a part's file, and then remove its journal."""
    store.finish(part, *journal.rows())
    journal.close()
