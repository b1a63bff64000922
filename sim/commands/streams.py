"""Standard output and error when they are closed, full, or can't show every character."""

from __future__ import annotations

import os
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import Any, TextIO

from sim.base.errors import InputError


class Stream(FileIO):
    """Standard output or error. What it can't write is lost; only standard output reports that, once."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self.reports = descriptor == 1

    def write(self, data: Any) -> int:
        """Write bytes. Raises BrokenPipeError if the reader has closed the pipe, InputError for a full disk and the like."""
        try:
            return super().write(data)
        except OSError as error:
            if not self.reports:
                return len(data)
            self.reports = False
            if isinstance(error, BrokenPipeError):
                raise
            raise InputError(f"can't be written: {error.strerror}", "standard output") from None


def make_safe() -> None:
    """Open what is closed, so that no other file takes its place, and make standard output and error `Stream`s."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free descriptor
    sys.stdout, sys.stderr = _safe(sys.stdout, 1), _safe(sys.stderr, 2)


def _safe(stream: TextIO | None, descriptor: int) -> TextIO:
    if stream is None:  # closed, as in some services
        return open(os.devnull, "w", encoding="utf-8")
    buffer = getattr(stream, "buffer", None)
    if not isinstance(getattr(buffer, "raw", buffer), FileIO):  # a console of Windows, a test, a notebook
        return stream
    stream.flush()
    return TextIOWrapper(
        BufferedWriter(Stream(descriptor)), stream.encoding, "backslashreplace", line_buffering=True
    )  # fmt: skip
