"""What is in a results folder: each folder of runs or of a comparison, and whether the model of today made it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.base.errors import InputError, nearest
from sim.base.sources import fingerprint
from sim.results.files import damaged
from sim.results.identity import LAYOUT

PROTECTED = "reference"
"""The folder of committed results, which is never listed for removal."""


@dataclass(frozen=True)
class Entry:
    """A folder of results.

    kind : runs or comparison. name : of the scenario or comparison. hash : of what it depends on, its folder's name.
    draws : name of the table of draws, "" without. runs : in Parquet. parts : files of runs. made : when its newest file
    was written. current : whether this model and layout made it. bytes : size. unfinished : whether a batch was stopped.
    """

    folder: Path
    kind: str
    name: str
    hash: str
    seed: int
    weeks: int
    draws: str
    runs: int
    replicates: int
    made: datetime
    commit: str
    current: bool
    bytes: int
    unfinished: bool

    @property
    def label(self) -> str:
        """How commands name it: NAME/HASH."""
        return f"{self.name}/{self.hash}"


def entries(root: Path) -> tuple[list[Entry], list[InputError]]:
    """Return (what is in a results folder, by name and date; a line for each folder that is damaged).

    Raises InputError where there is no such folder.
    """
    if not root.is_dir():
        raise InputError("is no results folder", root)
    found: list[Entry] = []
    wrong: list[InputError] = []
    for path in sorted(root.glob("*/*/manifest.json")):
        if PROTECTED in path.resolve().parts:
            continue
        try:
            found.append(entry(path.parent))
        except InputError as error:
            wrong.append(error)
    for folder in sorted(root.glob("*/*")):
        ours = folder.is_dir() and PROTECTED not in folder.resolve().parts
        if ours and any(folder.glob("runs-*")) and not (folder / "manifest.json").exists():
            no_manifest = InputError("holds runs but no manifest; remove it and run again", folder)
            wrong.append(no_manifest)
    return sorted(found, key=lambda e: (e.name, e.made)), wrong


def entry(folder: Path) -> Entry:
    """Return what a folder holds. Raises InputError where it is damaged."""
    path = folder / "manifest.json"
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        of_runs = "inputs" in told
        draws = told.get("draws") or {}
        current = told["model"] == fingerprint() and (not of_runs or told["layout"] == LAYOUT)
        name, seed, weeks, commit = folder.parent.name, int(told["seed"]), int(told["weeks"]), told.get("commit")
        draws_name = str(draws.get("name", ""))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(path, error) from None
    files = [file for file in folder.iterdir() if file.is_file()]
    runs, replicates = _count([file for file in files if file.match("runs-*.parquet")])
    return Entry(
        folder, "runs" if of_runs else "comparison", name, folder.name, seed, weeks, draws_name, runs,
        replicates if of_runs else int(told.get("replicates", 0)),
        datetime.fromtimestamp(max(file.stat().st_mtime for file in files)), commit or "", current,
        sum(file.stat().st_size for file in files), any(file.suffix == ".journal" for file in files),
    )  # fmt: skip


def _count(files: Sequence[Path]) -> tuple[int, int]:
    """Return (runs, replicates) from the files' own statistics. Raises InputError for a damaged file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    runs, last = 0, -1
    for file in files:
        try:
            with pq.ParquetFile(file) as parquet:
                told = parquet.metadata
                at = parquet.schema_arrow.get_field_index("replicate")
        except (OSError, pa.ArrowException) as error:
            raise damaged(file, error) from None
        runs += told.num_rows
        for group in range(told.num_row_groups):
            statistics = told.row_group(group).column(at).statistics if at >= 0 else None
            if statistics is not None and statistics.has_min_max:
                last = max(last, int(statistics.max))
    return runs, last + 1


def chosen(found: Sequence[Entry], wanted: str) -> list[Entry]:
    """Return the entries that NAME or NAME/HASH names; the hash may be cut short. Raises InputError for none."""
    name, _, digits = wanted.partition("/")
    mine = [item for item in found if item.name == name and item.hash.startswith(digits)]
    if not mine:
        raise InputError(f"nothing is kept as '{wanted}'{nearest(wanted, [i.name for i in found])}", "results")
    return mine


def the_one(found: Sequence[Entry], wanted: str) -> Entry:
    """Return the entry of runs that NAME or NAME/HASH names. Raises InputError for none or for several."""
    mine = [item for item in chosen(found, wanted) if item.kind == "runs" and item.runs]
    mine = [item for item in mine if item.current] or mine
    if not mine:
        raise InputError(f"'{wanted}' holds no runs", "results")
    if len(mine) > 1:
        told = ", ".join(
            f"{item.label[:-8]} (seed {item.seed}, {item.weeks} weeks, draws {item.draws or 'none'})"
            for item in mine[:6]
        )
        raise InputError(f"'{wanted}' is kept {len(mine)} times, say which: {told}", "results")
    return mine[0]
