"""Evaluations: a study's draws run on all cores, kept in chunks by their numbers, and found there the next time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.analysis.sensitivity.study import Study
from sim.base.arrays import F64, I64
from sim.engine.outcomes import TOTALS, WEEKLY
from sim.results import read_parquet, write_parquet
from sim.runs import Progress

CHUNK = 32
"""Number of draws in a file; an interruption loses at most the unfinished files."""


@dataclass(frozen=True)
class Store:
    """The folder of a study's evaluations; without a folder nothing is kept.

    ``draws-FFFFFF-LLLLLL.parquet`` has one row per draw and replicate: draw, replicate (from 0 within the draw), the values
    that vary by their keys, and what is observed.
    """

    folder: Path | None
    study: Study

    def path(self, draws: I64) -> Path:
        """Return the file of a chunk of consecutive draws."""
        assert self.folder is not None
        return self.folder / f"draws-{draws[0]:06d}-{draws[-1]:06d}.parquet"

    def read(self, draws: I64) -> F64 | None:
        """Return what is kept of these draws, shape (draws, replicates, observed).

        None if it isn't there, or was made at other points. Raises InputError for a damaged file.
        """
        if self.folder is None or not self.path(draws).exists():
            return None
        table, study = read_parquet(self.path(draws)), self.study
        inputs = self._inputs(draws)
        if set(table) != {*inputs, *study.observed}:
            return None
        if not all(np.array_equal(table[key], column) for key, column in inputs.items()):
            return None
        values = np.column_stack([table[name] for name in study.observed])
        return np.asarray(values, np.float64).reshape(draws.size, study.replicates, -1)

    def write(self, draws: I64, values: F64) -> None:
        """Keep what was observed of these draws."""
        if self.folder is None:
            return
        flat = values.reshape(-1, values.shape[-1])
        columns = self._inputs(draws) | {name: flat[:, m] for m, name in enumerate(self.study.observed)}
        units = {o.name: o.unit for o in TOTALS}
        weekly = {o.name: o.unit for o in WEEKLY}
        units |= {name: weekly[name.partition("@")[0]] for name in self.study.observed if "@" in name}
        write_parquet(self.path(draws), columns, units)

    def missing(self) -> int:
        """Return how many of the study's draws have yet to be run."""
        return sum(chunk.size for chunk in self.chunks() if self.read(chunk) is None)

    def chunks(self) -> list[I64]:
        """Return the draws' numbers by file."""
        draws = self.study.design.draws
        return [draws[start : start + CHUNK] for start in range(0, draws.size, CHUNK)]

    def _inputs(self, draws: I64) -> dict[str, F64 | I64]:
        study = self.study
        columns: dict[str, F64 | I64] = {
            "draw": np.repeat(draws, study.replicates),
            "replicate": np.tile(np.arange(study.replicates, dtype=np.int64), draws.size),
        }
        here = np.repeat(study.values[draws], study.replicates, axis=0)
        return columns | {key: np.ascontiguousarray(here[:, k]) for k, key in enumerate(study.design.names)}


def evaluate_study(
    study: Study, folder: Path | None = None, jobs: int | None = None, report: Callable[[Progress], None] | None = None
) -> F64:
    """Return what is observed at every draw of a study, shape (draws, replicates, observed); see `Study.observed`.

    Parameters
    ----------
    folder : where evaluations are kept and found; None keeps none. jobs : threads, all cores if None; their number and
    the order in which they finish change nothing. report : called after each chunk.
    """
    began = time.monotonic()
    store = Store(folder, study)
    draws = study.design.draws
    values = np.full((draws.size, study.replicates, len(study.observed)), np.nan)
    each = study.replicates * len(study.scenarios)
    todo: list[I64] = []
    for chunk in store.chunks():
        kept = store.read(chunk)
        if kept is None:
            todo.append(chunk)
        else:
            values[chunk] = kept
    done = found = (draws.size - sum(chunk.size for chunk in todo)) * each
    if report:
        report(Progress(done, found, study.runs, 0.0))

    def run(chunk: I64) -> tuple[I64, F64]:
        made = np.stack([study.run(int(draw)) for draw in chunk])
        store.write(chunk, made)
        return chunk, made

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        try:
            for finished in as_completed([pool.submit(run, chunk) for chunk in todo]):
                chunk, made = finished.result()
                values[chunk] = made
                done += chunk.size * each
                if report:
                    report(Progress(done, found, study.runs, time.monotonic() - began))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return values
