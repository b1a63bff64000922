"""Results folders: runs found by the hash of what they depend on, written so that a crash leaves nothing half-written.

``<folder>/<scenario>/<hash>/`` holds ``manifest.json`` (what was run, with which versions), ``runs-*.parquet`` for each
part of the runs (see `sim.results.parts`), of a world of several villages also ``villages-*.parquet``, a row a run and
village, and of a batch over draws ``draws.csv``. The hash covers the resolved scenario, the seed, the weeks, the draws,
and the text of the model's own source and of the scenario's interventions from outside the package, so a change of any of them
makes a new folder, and a run that is there can be trusted. Files appear whole, by a rename; a part under way is kept in a
journal. A part's file may lack runs that failed or weren't asked for yet; they are added when they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.errors import InputError
from sim.engine.outcomes import Columns
from sim.results.files import damaged, parquet_names, read_parquet, safe_name, write_parquet, write_text, write_whole
from sim.results.identity import LAYOUT, manifest, run_hash
from sim.results.journal import Journal, journal_keys
from sim.results.parts import Grid, Key, Part, parts
from sim.results.rows import RUN_UNITS, VILLAGE_UNITS, RowShape
from sim.results.table import Table, in_order, is_among, keys_of, merged, rows_at
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable, load_draw_table


@dataclass(frozen=True)
class RunStore:
    """The folder of a scenario's runs under one seed.

    shape : of a run's numbers. grid : how runs are spread over files. draws : the draws' numbers in ascending order.
    """

    folder: Path
    shape: RowShape
    grid: Grid
    draws: tuple[int, ...] = ()

    @classmethod
    def open(
        cls, root: Path, name: str, scenario: Scenario, seed: int, weeks: int, draws: DrawTable | None = None,
        replicates: int = 1,
    ) -> Self:  # fmt: skip
        """Find or make the folder for these runs under `root`, with its manifest.

        replicates : how many are asked for; over draws they shape the files of a new folder.
        """
        folder = root / safe_name(name) / run_hash(scenario, seed, weeks, draws)
        if not (folder / "manifest.json").exists():
            grid = Grid.fitting(weeks, len(scenario.villages), None if draws is None else replicates)
            if draws is not None:
                write_whole(folder / "draws.csv", draws.write)
            told = manifest(scenario, name, seed, weeks, draws, grid)
            write_text(folder / "manifest.json", json.dumps(told, indent=1) + "\n")
        numbers = () if draws is None else tuple(sorted(draws.numbers.tolist()))
        return cls(folder, RowShape.of(scenario, weeks, draws is not None), read_grid(folder), numbers)

    @classmethod
    def at(cls, folder: Path) -> Self:
        """Return the store of a folder that is there. Raises InputError where it is damaged or of another layout."""
        told = read_manifest(folder)
        try:
            names = tuple(str(village["name"]) for village in told["scenario"]["villages"])
            shape = RowShape(int(told["weeks"]), names if len(names) > 1 else (), told["draws"] is not None)
        except (KeyError, TypeError, ValueError) as error:
            raise damaged(folder / "manifest.json", error) from None
        numbers = load_draw_table(folder / "draws.csv").numbers.tolist() if shape.draws else []
        return cls(folder, shape, read_grid(folder), tuple(sorted(numbers)))

    def manifest(self) -> dict[str, Any]:
        """Return what the folder says of its runs."""
        return read_manifest(self.folder)

    def parts(self, replicates: int) -> list[Part]:
        """Return the parts of so many replicates."""
        return parts(self.grid, self.draws, replicates)

    def path(self, part: Part, table: str = "runs") -> Path:
        """Return the file of a part; `table` is ``runs`` or ``villages``."""
        return self.folder / part.file(table)

    def _journal(self, part: Part) -> Path:
        return self.folder / part.file("runs", "journal")

    def _is_there(self, part: Part) -> bool:
        runs, villages = self.path(part).exists(), self.path(part, "villages").exists()
        return runs and (villages or not self.shape.villages)

    def found(self, part: Part) -> set[Key]:
        """Return the part's runs that are there, also in a journal. Raises InputError for a damaged file."""
        there = journal_keys(self._journal(part), self.shape.width)
        if self._is_there(part):
            checked_names(self.path(part), {*self.shape.keys, *RUN_UNITS})
            keys = [(int(d), int(r)) for d, r in keys_of(read_parquet(self.path(part), self.shape.keys))]
            if len(set(keys)) < len(keys) or not set(keys) <= set(part.keys(part.last + 1)):
                raise InputError("holds runs that don't belong there; remove it and run again", self.path(part))
            there |= set(keys)
        return there

    def unfinished(self, part: Part) -> bool:
        """Return whether runs of the part stand in a journal only."""
        return self._journal(part).exists()

    def journal(self, part: Part) -> Journal:
        """Open the part's journal."""
        return Journal(self._journal(part), self.shape.width)

    def finish(self, part: Part, keys: I64, rows: F64) -> None:
        """Add runs to the part's file, after its villages, because its runs tell that it is whole; see `Journal.rows`."""
        runs, villages = self.shape.tables(keys, rows)
        if self._is_there(part):
            runs = merged(read_parquet(self.path(part)), runs)
            if self.shape.villages:
                villages = merged(read_parquet(self.path(part, "villages")), villages)
        if self.shape.villages:
            villages = rows_at(villages, np.flatnonzero(is_among(keys_of(villages), keys_of(runs))))
            villages = rows_at(villages, in_order(villages))
            write_parquet(self.path(part, "villages"), villages, VILLAGE_UNITS)
        write_parquet(self.path(part), rows_at(runs, in_order(runs)), RUN_UNITS)

    def read(self, part: Part, names: Sequence[str], replicates: int) -> Columns | None:
        """Return columns of a part's runs below `replicates`; None if it isn't there. Raises InputError if damaged."""
        if not self._is_there(part):
            return None
        checked_names(self.path(part), {*self.shape.keys, *RUN_UNITS})
        columns = read_parquet(self.path(part), list(dict.fromkeys(["replicate", *names])))
        wanted = np.flatnonzero(np.asarray(columns["replicate"], np.int64) < replicates)
        return {name: columns[name][wanted] for name in names}

    def table(self, replicates: int) -> Table:
        """Return the runs of so many replicates as a table that reads a column when it is asked for."""

        def chunks(names: Sequence[str]) -> Iterator[Columns]:
            for part in self.parts(replicates):
                columns = self.read(part, names, replicates)
                if columns is not None:
                    yield columns

        return Table(self.shape.keys, chunks)

    def villages(self) -> Iterator[Columns]:
        """Yield what came of each village, a part at a time: a row a run and village, by run and then by village.

        Columns: draw (in a batch over draws), replicate, village (its name), the outcomes of `sim.engine.outcomes.BY_VILLAGE`,
        and the weekly ones as lists. Raises InputError for a damaged file.
        """
        for path in sorted(self.folder.glob("villages-*-*.parquet")):
            checked_names(path, {*self.shape.keys, "village", *VILLAGE_UNITS})
            yield read_parquet(path)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what a results folder says of its runs. Raises InputError where it says nothing that can be read."""
    path = folder / "manifest.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise damaged(path, error) from None
    if not isinstance(told, dict) or told.get("layout") != LAYOUT:
        raise InputError("is damaged; remove it and run again (not a manifest of this version's layout)", path)
    return told


def read_grid(folder: Path) -> Grid:
    """Return how the runs of a folder are spread over files. Raises InputError."""
    told = read_manifest(folder).get("grid")
    try:
        grid = Grid(**told)  # type: ignore[arg-type]
        if grid.draws < 0 or grid.replicates < 1:
            raise ValueError
    except (TypeError, ValueError):
        raise InputError("is damaged; remove its folder and run again (grid)", folder / "manifest.json") from None
    return grid


def checked_names(path: Path, wanted: set[str]) -> None:
    """Check that a table has these columns and no others. Raises InputError."""
    if set(parquet_names(path)) != wanted:
        raise InputError("isn't a table of runs of this model; remove it and run again", path)
