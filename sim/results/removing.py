"""Remove folders of results, and nothing else."""

from __future__ import annotations

from pathlib import Path

from sim.base.errors import InputError
from sim.results.catalogue import EARLIER, Entry, is_reference
from sim.results.chunk import NAME as CHUNK
from sim.results.files import TEMPORARY
from sim.results.journal import NAME as JOURNAL
from sim.results.journal import PATTERN as JOURNALS
from sim.results.journal import is_held
from sim.results.manifest import NAME, read_manifest
from sim.results.store import LOCK

OURS = (NAME, "draws.csv", LOCK)
"""Names of files that commands write in addition to runs; the manifest of a comparison lists that comparison's files."""


def remove(item: Entry) -> bool:
    """Remove a folder's results; return False if the folder keeps files that the commands didn't write.

    Raises InputError for committed results, and if the folder can't be written.
    """
    if is_reference(item.folder) or item.folder.is_symlink():
        raise InputError("isn't removed: it holds committed results or is a link", item.folder)
    if item.kind == EARLIER:
        raise InputError("was made by an earlier edition and is left alone; remove the folder yourself", item.folder)
    if any(is_held(path) for path in item.folder.glob(JOURNALS)):
        raise InputError("isn't removed: a process is writing runs there", item.folder)
    try:
        # The manifest goes last, so that an interrupted removal can be repeated.
        written = _written(item.folder)
        for path in sorted(item.folder.iterdir(), key=lambda path: path.name == NAME):
            if path.is_file() and (path.name in written or _of_runs(path.name)):
                path.unlink()
        if any(item.folder.iterdir()):
            return False
        item.folder.rmdir()
        if not any(item.folder.parent.iterdir()):
            item.folder.parent.rmdir()
    except OSError as error:
        raise InputError(f"can't be removed: {error.strerror or error}", item.folder) from None
    return True


def _of_runs(name: str) -> bool:
    return any(pattern.fullmatch(name) for pattern in (CHUNK, JOURNAL, TEMPORARY))


def _written(folder: Path) -> set[str]:
    """Return the names of the files that a command wrote here, except chunks and journals."""
    return {*OURS, *read_manifest(folder).get("files", ())}
