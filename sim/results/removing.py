"""Remove folders of results, and nothing else."""

from __future__ import annotations

from sim.base.errors import InputError
from sim.results.catalogue import PROTECTED, Entry

OURS = (".parquet", ".csv", ".json", ".journal", ".png", ".svg")
"""Endings of the files that the commands write."""


def remove(item: Entry) -> bool:
    """Remove a folder's results; return False where something is left that the commands didn't write.

    Raises InputError for committed results, and where the folder can't be written.
    """
    if PROTECTED in item.folder.resolve().parts or item.folder.is_symlink():
        raise InputError("holds committed results, or is a link, and isn't removed", item.folder)
    try:
        # The manifest goes last, so that a removal that was broken off can be taken up again.
        for path in sorted(item.folder.iterdir(), key=lambda path: path.name == "manifest.json"):
            if path.is_file() and (path.suffix in OURS or path.name.startswith(".")):
                path.unlink()
        if any(item.folder.iterdir()):
            return False
        item.folder.rmdir()
        if not any(item.folder.parent.iterdir()):
            item.folder.parent.rmdir()
    except OSError as error:
        raise InputError(f"can't be removed: {error.strerror or error}", item.folder) from None
    return True
