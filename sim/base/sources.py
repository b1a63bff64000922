"""Fingerprints of the source text of the engine and the model, and the folders of data that ship with the package.

Compiled code and results are stored under such a fingerprint, so nothing that an older or newer version produced is
ever taken for this version's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.base.errors import InputError
from sim.base.rooms import MODEL_SOURCES

PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder(name: str, file: str) -> Path:
    """Return a folder of data that ships with the package: ``_data/NAME`` in a wheel, ``NAME`` next to it in a checkout.

    Raises InputError if neither contains `file`.
    """
    for folder in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if (folder / file).is_file():
            return folder
    raise InputError(f"{name}/{file} is missing; install grassroots again", PACKAGE)


@cache
def fingerprint(sources: tuple[str, ...] = MODEL_SOURCES) -> str:
    """Return 16 hexadecimal digits that change with the text of these files and folders of the package.

    The files are read once, because a process keeps running the text that it loaded.
    """
    digest = hashlib.sha256()
    for source in sources:
        path = PACKAGE / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def outside_digest(function: Callable[..., Any]) -> str | None:
    """Return a digest of the files outside the package that define a compiled function and the functions that it calls.

    Empty for the package's own functions, which `fingerprint` covers; None if one has no file, as in a notebook.
    """
    digest = hashlib.sha256()
    files = sorted({Path(each.__code__.co_filename) for each in _with_callees(function)})
    outside = [file for file in files if PACKAGE not in file.parents]
    try:
        for file in outside:
            digest.update(file.read_bytes() + b"\0")
    except OSError:
        return None
    return digest.hexdigest()[:16] if outside else ""


def _with_callees(function: Any) -> list[Any]:
    """Return a function and all compiled functions that it reaches by name, as plain Python functions."""
    functions, waiting = [], [function]
    while waiting:
        plain = getattr(waiting[0], "py_func", waiting[0])
        del waiting[0]
        if not hasattr(plain, "__code__") or plain in functions:
            continue
        functions.append(plain)
        if PACKAGE in Path(plain.__code__.co_filename).parents:
            continue  # the package calls nothing outside
        names = plain.__code__.co_names
        reached = [plain.__globals__.get(name) for name in names]
        inside = [getattr(part, name, None) for part in reached if isinstance(part, ModuleType) for name in names]
        waiting += [each for each in (*reached, *inside) if hasattr(each, "py_func")]
    return functions
