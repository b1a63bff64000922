"""What a results folder holds: folders of runs, of analyses and of comparisons, and whether the current model made them."""

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
from sim.results.journal import NAME as JOURNAL
from sim.results.manifest import (
    COLLECTION,
    FOLDER,
    NAME,
    RUNS,
    has_earlier_files,
    has_seal,
    is_earlier,
    read_json,
    read_manifest,
)
from sim.results.names import REFERENCE, folder_name, label_of
from sim.results.rows import RowShape
from sim.results.store import FolderStore
from sim.results.table import indexed

EARLIER = "earlier edition"
"""The kind of folders made by an earlier edition; they are listed but never read or removed."""


@dataclass(frozen=True)
class Entry:
    """A folder of results.

    kind : runs, collection (an analysis's runs), the analysis whose report it holds, or `EARLIER`. name : as users type it.
    hash : of everything its content depends on; the folder's name. draws : name of the table of draws, "" without one;
    draws_hash : of its values. runs : number of finished ones. replicates : of a report; of runs the highest plus one. made :
    when its newest file was written. current : whether this model and layout made it. bytes : size. unfinished : whether some
    runs are in journals only. store : its runs, if it holds any.
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
        """NAME/HASH with the first digits of the hash, enough for users."""
        return self.label[:-10]

    def as_dict(self) -> dict[str, Any]:
        """Return what commands print about it, by name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "store"}


def entries(root: Path) -> tuple[list[Entry], list[InputError]]:
    """Return (the folders in a results folder, by name and date; an error for each damaged one).

    Raises InputError if there is no such results folder.
    """
    if not root.is_dir():
        raise InputError("isn't a results folder", root)
    kept: list[Entry] = []
    errors: list[InputError] = []
    for folder in sorted(root.glob("*/*")):
        if is_reference(folder) or not folder.is_dir():
            continue
        try:
            if (folder / NAME).exists():
                if FOLDER.fullmatch(folder.name) or has_seal(folder):
                    kept.append(entry(folder))
            elif FOLDER.fullmatch(folder.name) and has_earlier_files(folder):
                kept.append(_earlier(folder, {}))
            elif any(folder.glob(PATTERN)):
                errors.append(InputError("holds runs but no manifest; run the same command again", folder))
        except FileNotFoundError:
            continue  # removed meanwhile
        except InputError as error:
            errors.append(error)
    return sorted(kept, key=lambda item: (item.name, item.made)), errors


def is_reference(folder: Path) -> bool:
    """Return whether a folder NAME/HASH is within the committed results of its results folder, even through a link."""
    reference = (folder.parent.parent / REFERENCE).resolve()
    return reference in folder.resolve().parents


def entry(folder: Path) -> Entry:
    """Return what a folder holds. Raises InputError if it is damaged, FileNotFoundError if it is gone."""
    manifest = read_json(folder / NAME)
    if is_earlier(manifest):
        return _earlier(folder, manifest)
    made, size = _files(folder)
    files = [path.name for path in folder.iterdir()]
    manifest = read_manifest(folder)
    inputs, draws = manifest["inputs"], manifest["draws"] or {}
    store = store_of(folder, manifest)
    index = None if store is None else indexed(store.pieces)[1]
    # Whoever renames a folder names it anew.
    name = manifest["name"] if folder.parent.name == folder_name(manifest["name"]) else folder.parent.name
    return Entry(
        folder, manifest["kind"], name, folder.name, inputs.get("seed", 0), inputs.get("weeks", 0),
        draws.get("name", ""), (inputs.get("draws") or {}).get("hash", ""), index.runs if index else 0,
        index.replicates if index else manifest["replicates"], made, manifest["commit"] or "",
        inputs["model"] == fingerprint(), size, any(map(JOURNAL.fullmatch, files)), store,
    )  # fmt: skip


def _earlier(folder: Path, manifest: Mapping[str, Any]) -> Entry:
    """Return the entry of a folder that an earlier edition made."""
    made, size = _files(folder)
    seed, weeks = (manifest[key] if isinstance(manifest.get(key), int) else 0 for key in ("seed", "weeks"))
    return Entry(
        folder, EARLIER, folder.parent.name, folder.name, seed, weeks, "", "", 0, 0, made, "", False, size, False
    )  # fmt: skip


def _files(folder: Path) -> tuple[datetime, int]:
    """Return (when a folder's newest file was written, the size of all). Raises FileNotFoundError if the folder is gone."""
    newest, size = 0.0, 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # journals and chunks come and go
            stat = path.lstat()
            newest, size = max(newest, stat.st_mtime), size + stat.st_size
    return datetime.fromtimestamp(newest), size


def store_of(folder: Path, manifest: Mapping[str, Any]) -> FolderStore | None:
    """Return the store of a folder by its manifest, for reading; None for a report."""
    if manifest["kind"] not in (RUNS, COLLECTION):
        return None
    key = "variant" if manifest["kind"] == COLLECTION else "draw" if manifest["inputs"]["draws"] else ""
    return FolderStore(folder, Belonging(manifest["hash"], RowShape.from_json(manifest["inputs"]["observed"]), key))


def chosen(kept: Sequence[Entry], typed: str) -> list[Entry]:
    """Return the entries that NAME or NAME/HASH names; the hash may be abbreviated. Raises InputError for none.

    NAME is what was typed to make them: a scenario's name, a path to its file or the name of a folder.
    """
    name, _, digits = typed.rpartition("/")
    names = {typed, label_of(typed)}
    matches = [
        item
        for item in kept
        if item.name in names
        or item.folder.parent.name == typed
        or (item.hash.startswith(digits) and name in (item.name, item.folder.parent.name))
    ]
    if not matches:
        raise InputError(f"no results are stored as '{typed}'{nearest(typed, [i.name for i in kept])}", "results")
    return matches


def the_one(kept: Sequence[Entry], typed: str) -> Entry:
    """Return the entry of runs that NAME or NAME/HASH names. Raises InputError for none or for several."""
    named = chosen(kept, typed)
    of_runs = [item for item in named if item.kind == RUNS and item.runs]
    of_runs = [item for item in of_runs if item.current] or of_runs
    if not of_runs:
        earlier = all(item.kind == EARLIER for item in named)
        raise InputError(f"'{typed}' {'was made by an earlier edition' if earlier else 'holds no runs'}", "results")
    if len(of_runs) > 1:
        choices = ", ".join(
            f"{item.short} (seed {item.seed}, {item.weeks} weeks, draws {item.draws or 'none'})" for item in of_runs[:6]
        )
        raise InputError(f"'{typed}' names {len(of_runs)} sets of runs; choose one: {choices}", "results")
    return of_runs[0]
