"""Errors that a user can cause, each told in one line.

Every module raises `InputError` for bad input and lets programming errors surface as they are. The command prints
the line and exits with code 2; nobody else catches it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class InputError(ValueError):
    """Bad input, located where it stands.

    Parameters
    ----------
    what : what is wrong, one line, no full stop.
    file : the file it stands in, or a label such as ``--set``; None where there is none.
    line : 1-based line in that file; None where the input has no lines.
    """

    def __init__(self, what: str, file: str | Path | None = None, line: int | None = None) -> None:
        self.what = " ".join(str(what).split())
        self.file = None if file is None else str(file)
        self.line = line
        super().__init__(self.what, self.file, self.line)

    def __str__(self) -> str:
        if self.file is None:
            return self.what
        if self.line is None:
            return f"{self.file}: {self.what}"
        return f"{self.file}:{self.line}: {self.what}"


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return ``, did you mean 'x'?`` for the valid name nearest to `name`, or the valid names if none is near."""
    names = sorted({str(v) for v in valid})
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.55)
    if close:
        return f", did you mean '{close[0]}'?"
    if not names:
        return ""
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f" (valid: {shown})"
