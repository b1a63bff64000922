"""SQL over a results folder: DuckDB reads the chunks where they are, through a few views (see `sim.results.views`).

``runs``, ``weekly``, ``villages`` and ``draws`` hold the current model's runs of scenarios. Their column ``scenario``
separates runs that must not be pooled: it is the name, or NAME/HASH if several folders have the same name (other overrides,
draws, seeds or weeks). ``all_runs``, ``all_weekly``, ``all_villages`` and ``all_draws`` hold everything that is kept, also
other models' runs and those of analyses, which have a ``variant`` instead of a draw; the columns name, hash, kind and current
distinguish these.

Every byte of a chunk is checked before SQL reads it.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sim.base.errors import InputError, legible
from sim.results.catalogue import Entry
from sim.results.files import write_whole
from sim.results.manifest import COLLECTION, RUNS
from sim.results.table import TRIES
from sim.results.views import VIEWS, Source, quoted, view

ALL = "all_"
"""The prefix of views that hold everything."""
ENDINGS = {".csv": "(FORMAT csv, HEADER)", ".parquet": "(FORMAT parquet, COMPRESSION zstd)"}
"""The files that a query can be written to."""
Answer = TypeVar("Answer")


class Database:
    """A results folder as a database. kept : its entries. shared : names that several of the folders in views have."""

    def __init__(self, kept: Sequence[Entry]) -> None:
        import duckdb

        self._connection: Any = duckdb.connect()
        self._errors, self._gone = duckdb.Error, duckdb.IOException
        every = [item for item in kept if item.kind in (RUNS, COLLECTION) and item.runs]
        default = [item for item in every if item.current and item.kind == RUNS]
        self.shared = sorted(name for name, count in Counter(item.name for item in default).items() if count > 1)
        self._labelled = {
            "": {item.short if item.name in self.shared else item.name: item for item in default},
            ALL: {item.label: item for item in every},
        }  # fmt: skip

    @property
    def views(self) -> list[str]:
        """The names of the views that aren't empty."""
        return [
            prefix + name
            for prefix, items in self._labelled.items()
            for name in VIEWS
            if view(name, {label: Source.of(item) for label, item in items.items()}) is not None
        ]

    def _look(self, sql: str) -> None:
        """Make the views that a query may read, from the folders' present state, and check every byte of their chunks."""
        prefix = ALL if ALL in sql.lower() else ""
        for group in {"", prefix}:
            sources = {label: Source.of(item) for label, item in self._labelled[group].items()}
            for source in sources.values():
                source.check()
            for name in VIEWS:
                select = view(name, sources)
                if select is not None:
                    self._connection.execute(f"CREATE OR REPLACE VIEW {group}{name} AS {select}")

    def _answer(self, sql: str, run: Callable[[], Answer]) -> Answer:
        """Make the views and return what `run` returns; try again if files vanish meanwhile.

        Raises InputError for wrong or no SQL, or a damaged file.
        """
        if sql != legible(sql):
            raise InputError("the query isn't UTF-8 text", "SQL")
        for attempt in range(TRIES):
            try:
                if not self._connection.extract_statements(sql):
                    raise InputError("the query is empty", "SQL")
                self._look(sql)
                return run()
            except FileNotFoundError:
                continue
            except self._errors as error:
                if isinstance(error, self._gone) and attempt < TRIES - 1:
                    continue
                lines = [line for line in str(error).splitlines() if line.strip()]
                views = ", ".join(self.views) or "none, because the folder holds no finished runs"
                hint = f" (views: {views})" if "does not exist" in lines[0] else ""
                raise InputError(lines[0] + hint, "SQL") from None
        raise InputError("files vanish faster than they can be read", "results")

    def ask(self, sql: str, most: int | None = None) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        """Return (names of columns, rows, whether there are more). most : rows to return; all if None.

        Raises InputError for wrong SQL, and for a damaged file that the query may read.
        """

        def run() -> tuple[list[str], list[tuple[Any, ...]]]:
            answer = self._connection.execute(sql)
            rows = answer.fetchall() if most is None else answer.fetchmany(most + 1)
            return [str(column[0]) for column in answer.description or ()], rows

        names, rows = self._answer(sql, run)
        return names, rows[:most], most is not None and len(rows) > most

    def write(self, sql: str, path: Path) -> None:
        """Write a query's rows as CSV or Parquet, by the ending of `path`. Raises InputError."""
        if path.suffix not in ENDINGS:
            raise InputError(f"must end in {' or '.join(ENDINGS)}", path)
        query = sql.strip().rstrip(";")

        def copy(temporary: Path) -> None:
            # The query has lines of its own, because it may end in a comment.
            text = f"COPY (\n{query}\n) TO {quoted(str(temporary.absolute()))} {ENDINGS[path.suffix]}"
            self._answer(sql, lambda: self._copy(text, temporary))

        write_whole(path, copy)

    def _copy(self, text: str, path: Path) -> None:
        """Run a COPY to a path. Raises OSError if the system refuses to write there, which DuckDB tells in words only."""
        try:
            self._connection.execute(text)
        except self._gone as error:
            causes = [number for number in errno.errorcode if os.strerror(number) in str(error)]
            if causes and path.name in str(error):
                raise OSError(causes[0], os.strerror(causes[0])) from None
            raise
