"""SQL over a results folder: DuckDB reads the chunks where they are, through a few views.

``runs`` has a row a run (keys and totals), ``weekly`` a row a run, week and group, ``villages`` a row a run and village,
``draws`` a row a draw with its values. They hold what the model of today made of scenarios; ``scenario`` tells apart what must
not be pooled: it is the name, and NAME/HASH where several folders have one name (other overrides, draws, seeds or weeks).
``all_runs``, ``all_weekly``, ``all_villages`` and ``all_draws`` hold everything that is kept, also of other models and of
analyses, whose runs have a ``variant`` instead of a draw. Columns that a folder lacks are NULL there.

A chunk is checked, byte for byte, before SQL sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.base.errors import InputError
from sim.engine.outcomes import GROUPS
from sim.results.catalogue import Entry, store_at
from sim.results.chunk import Chunk
from sim.results.files import write_whole
from sim.results.identity import draws_hash
from sim.results.manifest import COLLECTION
from sim.results.rows import RowShape
from sim.results.table import indexed
from sim.uncertainty.draw_table import load_draw_table

VIEWS = ("runs", "weekly", "villages", "draws")


class _Source(NamedTuple):
    """An entry as views read it: what it is called there, its chunks, and whether some hold the same run."""

    entry: Entry
    scenario: str
    chunks: Sequence[Chunk]
    doubled: bool
    shape: RowShape
    heads: Sequence[str]


class Database:
    """A results folder as a database. kept : what is in it. views : the names of those that hold something."""

    def __init__(self, kept: Sequence[Entry]) -> None:
        import duckdb

        self._connection: Any = duckdb.connect()
        self._errors = duckdb.Error
        self.views: list[str] = []
        every = [item for item in kept if item.kind != "comparison" and item.runs]
        default = [item for item in every if item.current and item.kind != COLLECTION]
        names = [item.name for item in default]
        self.shared = sorted({name for name in names if names.count(name) > 1})
        each = {item: _source(item) for item in every}
        for prefix, items in (("", default), ("all_", every)):
            sources = [each[item] for item in items]
            if not prefix:
                sources = [
                    one._replace(scenario=one.entry.short) if one.entry.name in self.shared else one for one in sources
                ]
            self._view(f"{prefix}runs", sources, _runs)
            self._view(f"{prefix}weekly", sources, _weekly)
            self._view(f"{prefix}villages", sources, _villages)
            self._view(f"{prefix}draws", [source for source in sources if source.entry.draws], _draws)

    def _view(self, name: str, sources: Sequence[_Source], select: Callable[[_Source], str | None]) -> None:
        parts = []
        for source in sources:
            inner = select(source)
            if inner is not None:
                parts.append(f"SELECT {_told(source)}, * FROM ({inner})")
        if parts:
            self._run(f"CREATE VIEW {name} AS " + " UNION ALL BY NAME ".join(parts))
            self.views.append(name)

    def _run(self, sql: str) -> Any:
        try:
            return self._connection.execute(sql)
        except self._errors as error:
            lines = [line for line in str(error).splitlines() if line.strip()]
            hint = f" (views: {', '.join(self.views)})" if "does not exist" in lines[0] else ""
            raise InputError(" ".join(lines[:1]) + hint, "SQL") from None

    def ask(self, sql: str, most: int | None = None) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        """Return (names of columns, rows, at most so many if not None, whether there are more).

        Raises InputError for wrong SQL.
        """
        answer = self._run(sql)
        try:
            rows = answer.fetchall() if most is None else answer.fetchmany(most + 1)
        except self._errors as error:
            raise InputError(str(error).splitlines()[0], "SQL") from None
        return (
            [str(column[0]) for column in answer.description or ()],
            rows[:most],
            most is not None and len(rows) > most,
        )

    def write(self, sql: str, path: Path) -> None:
        """Write what a query gives as a CSV, or as Parquet if the name ends so. Raises InputError."""
        form = "(FORMAT parquet, COMPRESSION zstd)" if path.suffix == ".parquet" else "(FORMAT csv, HEADER)"
        query = sql.strip().rstrip(";")
        write_whole(path, lambda temporary: self._run(f"COPY ({query}) TO {_quoted(str(temporary))} {form}") and None)


def _source(item: Entry) -> _Source:
    """Return an entry as views read it, its chunks checked. Raises InputError for a damaged one."""
    store = store_at(item.folder)
    pieces, index = indexed(store.pieces)
    chunks = [piece for piece in pieces if isinstance(piece, Chunk)]
    for chunk in chunks:
        chunk.check()
    return _Source(item, item.name, chunks, index.doubled, store.shape, store.belonging.heads)


def _told(source: _Source) -> str:
    """Return the columns that tell what a row belongs to."""
    item = source.entry
    told: Mapping[str, str] = {
        "scenario": _quoted(source.scenario), "name": _quoted(item.name), "hash": _quoted(item.hash),
        "kind": _quoted(item.kind), "seed": str(item.seed), "weeks": str(item.weeks),
        "draws": _quoted(item.draws) if item.draws else "NULL", "current": str(item.current),
    }  # fmt: skip
    return ", ".join(f"{value} AS {name}" for name, value in told.items())


def _files(source: _Source) -> str:
    """Return what a view reads: the chunks, of equal runs one."""
    files = ", ".join(_quoted(_literal(chunk.path)) for chunk in source.chunks)
    if not source.doubled:
        return f"read_parquet([{files}])"
    heads = ", ".join(source.heads)
    return f"(SELECT DISTINCT ON ({heads}) * FROM read_parquet([{files}]))"


def _runs(source: _Source) -> str | None:
    columns = [*source.heads, *(one.name for one in source.shape.observed if not one.shape)]
    return f"SELECT {', '.join(map(_named, columns))} FROM {_files(source)}"


def _weekly(source: _Source) -> str | None:
    """Return a row a run, week and group; what isn't told by group stands in the rows of all households."""
    weekly = [one for one in source.shape.observed if one.name.startswith("weekly.")]
    if not weekly:
        return None
    groups = ", ".join(map(_quoted, GROUPS))
    weeks = weekly[0].shape[0]
    columns = []
    for one in weekly:
        place = f"{_named(one.name)}[week * {len(GROUPS)} + g + 1]" if len(one.shape) > 1 else (
            f"CASE WHEN g = 0 THEN {_named(one.name)}[week + 1] END"
        )  # fmt: skip
        columns.append(f"{place} AS {_named(one.name.removeprefix('weekly.'))}")
    heads = ", ".join(source.heads)
    return (
        f'SELECT {heads}, week, [{groups}][g + 1] AS "group", {", ".join(columns)} FROM {_files(source)}, '
        f"(SELECT CAST(range AS INTEGER) AS week FROM range({weeks})), (SELECT range AS g FROM range({len(GROUPS)}))"
    )


def _villages(source: _Source) -> str | None:
    """Return a row a run and village; weekly outcomes as lists."""
    each = [one for one in source.shape.observed if one.name.startswith("villages.")]
    if not each:
        return None
    names = ", ".join(map(_quoted, source.shape.villages))
    columns = []
    for one in each:
        weeks = one.shape[1] if len(one.shape) > 1 else 0
        place = (
            f"{_named(one.name)}[v + 1]" if not weeks else f"{_named(one.name)}[v * {weeks} + 1 : (v + 1) * {weeks}]"
        )
        columns.append(f"{place} AS {_named(one.name.removeprefix('villages.'))}")
    heads = ", ".join(source.heads)
    return (
        f"SELECT {heads}, [{names}][v + 1] AS village, {', '.join(columns)} FROM {_files(source)}, "
        f"(SELECT range AS v FROM range({len(source.shape.villages)}))"
    )


def _draws(source: _Source) -> str:
    path = source.entry.folder / "draws.csv"
    if draws_hash(load_draw_table(path)) != source.entry.draws_hash:
        raise InputError("holds other draws than its folder's runs; remove it and run again", path)
    return f"SELECT * FROM read_csv({_quoted(_literal(path))})"


def _literal(path: Path) -> str:
    """Return a path as DuckDB reads it: no sign in it is a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def _named(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
