"""Write a side of the page as a scenario file, in one folder only."""

from __future__ import annotations

import re
from pathlib import Path

from sim.base.errors import InputError
from sim.results import write_text

NAME = re.compile(r"\w[\w-]{0,59}\Z")
"""Names of files: one word, so that none leads out of the folder."""


def place_of(name: str, folder: Path) -> Path:
    """Return the path of a file to be saved, without writing it. Raises InputError for a name that isn't one word."""
    if not NAME.match(name):
        raise InputError(f"the name must be one word of letters, digits, _ and -, at most 60, not '{name}'", "save")
    return folder / f"{name}.yaml"


def save(text: str, path: Path, overwrite: bool) -> bool:
    """Write a scenario file and return True; False, without writing, if there is one and it mustn't be overwritten."""
    if not overwrite and (path.exists() or path.is_symlink()):
        return False
    write_text(path, text)
    return True
