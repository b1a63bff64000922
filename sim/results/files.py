"""Write files in one step, so that they appear whole or not at all, and report damaged ones."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from sim.base.errors import InputError

TEMPORARY = re.compile(r"\..*-\w{8}\.part")
"""Names of temporary files, which a killed process leaves behind."""


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file in the folder of `path`, then rename it; on an error nothing is left.

    Raises InputError if the folder can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror or error}", path.parent) from None
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror or error}", path) from None
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file in one step."""
    write_whole(path, lambda temporary: _write_text(temporary, text))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace")  # names of files may hold other bytes


def write_bytes(path: Path, data: bytes | memoryview) -> None:
    """Write a file in one step."""
    write_whole(path, lambda temporary: _write_bytes(temporary, data))


def _write_bytes(path: Path, data: bytes | memoryview) -> None:
    path.write_bytes(data)


def check_regular(path: Path) -> None:
    """Raise InputError for what isn't a regular file: reading a pipe may never end. FileNotFoundError if it is gone."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise
    except OSError as error:
        raise damaged(path, error) from None
    if not stat.S_ISREG(mode):
        raise InputError("isn't a file; move it away", path)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes. Raises InputError if it can't be read, FileNotFoundError if it is gone."""
    check_regular(path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise damaged(path, error) from None


def damaged(path: Path, error: Exception) -> InputError:
    """Return the error for a file that the system doesn't let be read, or that doesn't hold what was written."""
    if isinstance(error, OSError) and error.errno is not None:  # pyarrow's errors about content have no number
        return InputError(f"can't be read: {os.strerror(error.errno)}", path)
    return InputError(f"is damaged; remove it and run again ({(str(error).splitlines() or [''])[0][:80]})", path)
