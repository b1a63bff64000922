"""What is in a results folder: folders of runs, of analyses and of comparisons, and whether the model of today made them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.base.errors import InputError, nearest
from sim.base.sources import fingerprint
from sim.results.chunk import PATTERN, Belonging
from sim.results.files import damaged
from sim.results.journal import PATTERN as JOURNALS
from sim.results.manifest import COLLECTION, NAME, read_json, read_manifest
from sim.results.names import REFERENCE
from sim.results.rows import RowShape
from sim.results.store import FolderStore
from sim.results.table import indexed

EARLIER = (1, 2)
"""Layouts of earlier editions, whose folders are left alone."""


@dataclass(frozen=True)
class Entry:
    """A folder of results.

    kind : runs, collection (an analysis's runs) or comparison. name : what people call it. hash : of what it depends on, its
    folder's name. draws : name of the table of draws, "" without; draws_hash : of its values. runs : that are finished.
    replicates : the highest and one. made : when its newest file was written. current : whether this model and layout made it.
    bytes : size. unfinished : whether runs stand in journals only.
    """

    folder: Path
    kind: str
    name: str
    hash: str
    seed: int
    weeks: int
    draws: str
    draws_hash: str
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

    @property
    def short(self) -> str:
        """NAME/HASH with as much of the hash as people need."""
        return self.label[:-10]


def entries(root: Path) -> tuple[list[Entry], list[InputError]]:
    """Return (what is in a results folder, by name and date; a line for each folder that isn't read).

    Raises InputError where there is no such folder.
    """
    if not root.is_dir():
        raise InputError("is no results folder", root)
    kept: list[Entry] = []
    wrong: list[InputError] = []
    for folder in sorted(root.glob("*/*")):
        if folder.parent.name == REFERENCE or not folder.is_dir():
            continue
        if not (folder / NAME).exists():
            if any(folder.glob(PATTERN)):
                wrong.append(InputError("holds runs but no manifest; run the same command again", folder))
            continue
        try:
            kept.append(entry(folder))
        except InputError as error:
            wrong.append(error)
    return sorted(kept, key=lambda e: (e.name, e.made)), wrong


def entry(folder: Path) -> Entry:
    """Return what a folder holds. Raises InputError where it is damaged, or of an earlier edition."""
    told = read_json(folder / NAME)
    if "inputs" in told and told.get("layout") in EARLIER:
        raise InputError("was made by an earlier edition, and is left alone", folder)
    files = [file.stat() for file in folder.iterdir() if file.is_file()]
    made, size = datetime.fromtimestamp(max(file.st_mtime for file in files)), sum(file.st_size for file in files)
    if "inputs" not in told:
        return _comparison(folder, told, made, size)
    told = read_manifest(folder)
    inputs, draws = told["inputs"], told["draws"] or {}
    _, index = indexed(store_at(folder).pieces)
    return Entry(
        folder, told["kind"], told["name"], folder.name, inputs.get("seed", 0), inputs.get("weeks", 0),
        draws.get("name", ""), (inputs.get("draws") or {}).get("hash", ""), index.runs, index.replicates, made,
        told["commit"] or "",        inputs["model"] == fingerprint(), size, any(folder.glob(JOURNALS)),
    )  # fmt: skip


def _comparison(folder: Path, told: dict[str, Any], made: datetime, size: int) -> Entry:
    try:
        return Entry(
            folder, "comparison", str(told.get("name", folder.parent.name)), folder.name, int(told["seed"]),
            int(told["weeks"]), "", "", 0, int(told["replicates"]), made, told.get("commit") or "",
            told["model"] == fingerprint(), size, False,
        )  # fmt: skip
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(folder / NAME, error) from None


def store_at(folder: Path) -> FolderStore:
    """Return the store of a folder of runs, for reading. Raises InputError where its manifest is damaged."""
    told = read_manifest(folder)
    inputs = told["inputs"]
    key = "variant" if told["kind"] == COLLECTION else "draw" if inputs["draws"] else ""
    return FolderStore(folder, Belonging(told["hash"], RowShape.from_told(inputs["observed"]), key))


def chosen(kept: Sequence[Entry], wanted: str) -> list[Entry]:
    """Return the entries that NAME or NAME/HASH names; the hash may be cut short. Raises InputError for none."""
    name, _, digits = wanted.rpartition("/")
    mine = [item for item in kept if item.name == wanted or (item.name == name and item.hash.startswith(digits))]
    if not mine:
        raise InputError(f"nothing is kept as '{wanted}'{nearest(wanted, [i.name for i in kept])}", "results")
    return mine


def the_one(kept: Sequence[Entry], wanted: str) -> Entry:
    """Return the entry of runs that NAME or NAME/HASH names. Raises InputError for none or for several."""
    mine = [item for item in chosen(kept, wanted) if item.kind == "runs" and item.runs]
    mine = [item for item in mine if item.current] or mine
    if not mine:
        raise InputError(f"'{wanted}' holds no runs", "results")
    if len(mine) > 1:
        told = ", ".join(
            f"{item.short} (seed {item.seed}, {item.weeks} weeks, draws {item.draws or 'none'})" for item in mine[:6]
        )
        raise InputError(f"'{wanted}' is kept {len(mine)} times, say which: {told}", "results")
    return mine[0]
