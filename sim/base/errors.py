"""The error for bad input, reported in one line.

Every module raises `InputError` for bad input and lets programming errors surface as they are. The command line prints
the message and exits with code 2; nothing else catches it.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_LONGEST = 1000
"""Characters of a message."""


class InputError(ValueError):
    """Bad input, with the file and line where it was found.

    Parameters
    ----------
    what : what is wrong, in one line, without a full stop.
    file : the file that contains it, or a label such as ``--set``; None if there is none.
    line : 1-based line in that file; None if the input has no lines.
    """

    def __init__(self, what: str, file: str | Path | None = None, line: int | None = None) -> None:
        self.what = " ".join(str(what).encode("utf-8", "backslashreplace").decode().split())  # every stream can show it
        if len(self.what) > _LONGEST:  # a file's own text may be quoted in it
            self.what = f"{self.what[: _LONGEST // 2]} ... {self.what[-_LONGEST // 2 :]}"
        self.file = None if file is None else legible(str(file))
        self.line = line
        super().__init__(self.what, self.file, self.line)

    def __str__(self) -> str:
        if self.file is None:
            return self.what
        if self.line is None:
            return f"{self.file}: {self.what}"
        return f"{self.file}:{self.line}: {self.what}"


MOST = 20
"""The most mistakes of a file that are told at once."""


class MistakesError(InputError):
    """Several mistakes of a file, a line each, in the order of their lines; the attributes are those of the first."""

    def __init__(self, errors: Iterable[InputError]) -> None:
        several = [one for error in errors for one in (error.errors if isinstance(error, MistakesError) else (error,))]
        self.errors: list[InputError] = sorted(several, key=lambda error: (error.file or "", error.line or 0))[:MOST]
        first = self.errors[0]
        super().__init__(first.what, first.file, first.line)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


class Mistakes:
    """Gather the mistakes of several attempts, to raise them together."""

    def __init__(self) -> None:
        self._errors: list[InputError] = []

    @property
    def enough(self) -> bool:
        """Whether no further mistake would be told."""
        return len(self._errors) >= MOST

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Keep the `InputError` that the block raises."""
        try:
            yield
        except InputError as error:
            self._errors.append(error)

    def check(self) -> None:
        """Raise the mistakes, if there are any: a single one as it is, several as a `MistakesError`."""
        if self._errors:
            raise together(self._errors)


def together(errors: Sequence[InputError]) -> InputError:
    """Return one error for several mistakes, at least one."""
    return errors[0] if len(errors) == 1 else MistakesError(errors)


def legible(name: str) -> str:
    r"""Return a file's name with bytes that aren't UTF-8, as in an archive made elsewhere, written as in ``\xb4``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return ``, did you mean 'x'?`` for the valid name nearest to `name`, or the valid names if none is near."""
    names = sorted({str(v) for v in valid})
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.55)
    if not close:  # the same words in another order
        by_words = {_sorted_words(one): one for one in reversed(names)}
        close = [by_words[one] for one in difflib.get_close_matches(_sorted_words(name), by_words, n=1, cutoff=0.8)]
    if close:
        return f", did you mean '{close[0]}'?"
    if not names:
        return ""
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f" (valid: {shown})"


def _sorted_words(name: str) -> str:
    return "_".join(sorted(str(name).replace(".", "_").split("_")))
