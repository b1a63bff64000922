"""What came of a batch: a handle that reads the runs when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sim.results.memory import MemoryStore
from sim.results.store import RunStore
from sim.results.table import Table
from sim.runs.one_run import Failure
from sim.uncertainty.draw_table import DrawTable

Store = RunStore | MemoryStore


@dataclass(frozen=True)
class BatchResult:
    """A finished batch.

    stores : where each scenario's runs are. seed, weeks, replicates, draws : what was run; draws is None without.
    failures : runs that failed, by scenario, draw and replicate; they have no rows.
    """

    stores: Mapping[str, Store]
    seed: int
    weeks: int
    replicates: int
    draws: DrawTable | None
    failures: list[Failure]

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Each scenario's runs; a table reads its columns from the folder when they are asked for."""
        return {name: store.table(self.replicates) for name, store in self.stores.items()}
