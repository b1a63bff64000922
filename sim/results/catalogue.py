"""What is in a results folder: folders of runs, of analyses and of comparisons, and whether the model of today made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.base.errors import InputError, nearest
from sim.base.sources import fingerprint
from sim.results.chunk import PATTERN, Belonging
from sim.results.journal import PATTERN as JOURNALS
from sim.results.manifest import COLLECTION, NAME, RUNS, is_earlier, read_json, read_manifest
from sim.results.names import REFERENCE, label_of
from sim.results.rows import RowShape
from sim.results.store import FolderStore
from sim.results.table import indexed

EARLIER = "earlier edition"
"""The kind of folders that an earlier edition made; they are listed and left alone."""


@dataclass(frozen=True)
class Entry:
    """A folder of results.

    kind : runs, collection (an analysis's runs), the analysis whose report it holds, or `EARLIER`. name : what people call it.
    hash : of what it depends on, its folder's name. draws : name of the table of draws, "" without; draws_hash : of its
    values. runs : that are finished. replicates : of a report, or the highest of the runs and one. made : when its newest file
    was written. current : whether this model and layout made it. bytes : size. unfinished : whether runs stand in journals
    only. store : its runs, where it holds any.
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
    store: FolderStore | None = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> str:
        """How commands name it: NAME/HASH."""
        return f"{self.name}/{self.hash}"

    @property
    def short(self) -> str:
        """NAME/HASH with as much of the hash as people need."""
        return self.label[:-10]

    def told(self) -> dict[str, Any]:
        """Return what people and programs are told of it."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "store"}


def entries(root: Path) -> tuple[list[Entry], list[InputError]]:
    """Return (what is in a results folder, by name and date; a line for each folder that is damaged).

    Raises InputError where there is no such folder.
    """
    if not root.is_dir():
        raise InputError("is no results folder", root)
    kept: list[Entry] = []
    wrong: list[InputError] = []
    for folder in sorted(root.glob("*/*")):
        if is_reference(folder) or not folder.is_dir():
            continue
        try:
            if (folder / NAME).exists():
                kept.append(entry(folder))
            elif any(folder.glob(PATTERN)):
                wrong.append(InputError("holds runs but no manifest; run the same command again", folder))
        except FileNotFoundError:
            continue  # removed meanwhile
        except InputError as error:
            wrong.append(error)
    return sorted(kept, key=lambda item: (item.name, item.made)), wrong


def is_reference(folder: Path) -> bool:
    """Return whether a folder NAME/HASH lies in the committed results of its results folder, also through a link."""
    reference = (folder.parent.parent / REFERENCE).resolve()
    return reference in folder.resolve().parents


def entry(folder: Path) -> Entry:
    """Return what a folder holds. Raises InputError where it is damaged, FileNotFoundError where it is gone."""
    told = read_json(folder / NAME)
    made, size = _files(folder)
    if is_earlier(told):
        seed, weeks = (told[key] if isinstance(told.get(key), int) else 0 for key in ("seed", "weeks"))
        return Entry(
            folder, EARLIER, folder.parent.name, folder.name, seed, weeks, "", "", 0, 0, made, "", False, size, False
        )  # fmt: skip
    told = read_manifest(folder)
    inputs, draws = told["inputs"], told["draws"] or {}
    store = store_of(folder, told)
    index = None if store is None else indexed(store.pieces)[1]
    return Entry(
        folder, told["kind"], told["name"], folder.name, inputs.get("seed", 0), inputs.get("weeks", 0),
        draws.get("name", ""), (inputs.get("draws") or {}).get("hash", ""), index.runs if index else 0,
        index.replicates if index else told["replicates"], made, told["commit"] or "", inputs["model"] == fingerprint(),
        size, any(folder.glob(JOURNALS)), store,
    )  # fmt: skip


def _files(folder: Path) -> tuple[datetime, int]:
    """Return when the newest file of a folder was written, and their size. Raises FileNotFoundError where it is gone."""
    newest, size = 0.0, 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # journals and chunks come and go
            stat = path.stat()
            newest, size = max(newest, stat.st_mtime), size + stat.st_size
    return datetime.fromtimestamp(newest), size


def store_of(folder: Path, told: Mapping[str, Any]) -> FolderStore | None:
    """Return the store of a folder by its manifest, for reading; None for a report."""
    if told["kind"] not in (RUNS, COLLECTION):
        return None
    key = "variant" if told["kind"] == COLLECTION else "draw" if told["inputs"]["draws"] else ""
    return FolderStore(folder, Belonging(told["hash"], RowShape.from_told(told["inputs"]["observed"]), key))


def chosen(kept: Sequence[Entry], wanted: str) -> list[Entry]:
    """Return the entries that NAME or NAME/HASH names; the hash may be cut short. Raises InputError for none.

    NAME is what was typed to make it, be it a scenario's name, a path to its file or the name of a folder.
    """
    name, _, digits = wanted.rpartition("/")
    names = {wanted, label_of(wanted)}
    mine = [
        item
        for item in kept
        if item.name in names
        or item.folder.parent.name == wanted
        or (item.hash.startswith(digits) and name in (item.name, item.folder.parent.name))
    ]
    if not mine:
        raise InputError(f"nothing is kept as '{wanted}'{nearest(wanted, [i.name for i in kept])}", "results")
    return mine


def the_one(kept: Sequence[Entry], wanted: str) -> Entry:
    """Return the entry of runs that NAME or NAME/HASH names. Raises InputError for none or for several."""
    mine = [item for item in chosen(kept, wanted) if item.kind == RUNS and item.runs]
    mine = [item for item in mine if item.current] or mine
    if not mine:
        raise InputError(f"'{wanted}' holds no runs", "results")
    if len(mine) > 1:
        told = ", ".join(
            f"{item.short} (seed {item.seed}, {item.weeks} weeks, draws {item.draws or 'none'})" for item in mine[:6]
        )
        raise InputError(f"'{wanted}' is kept {len(mine)} times, say which: {told}", "results")
    return mine[0]
