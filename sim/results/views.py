"""The SQL of views over folders of runs.

``runs`` has one row per run (keys and totals), ``weekly`` one per run, week and group, ``villages`` one per run and village,
``draws`` one per draw, with its values. A column that only other folders have is NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.base.errors import InputError
from sim.engine.outcomes import GROUPS
from sim.results.catalogue import Entry
from sim.results.chunk import Chunk
from sim.results.identity import draws_hash
from sim.results.rows import Observable, RowShape
from sim.results.table import indexed
from sim.uncertainty.draw_table import load_draw_table


@dataclass(frozen=True)
class Source:
    """A folder of runs as views read it. chunks : its files. doubled : whether a run is in several of them."""

    entry: Entry
    chunks: Sequence[Chunk]
    doubled: bool
    shape: RowShape
    heads: Sequence[str]

    @classmethod
    def of(cls, entry: Entry) -> Source:
        """Return an entry's source, from its folder's present state."""
        assert entry.store is not None
        pieces, index = indexed(entry.store.pieces)
        chunks = [piece for piece in pieces if isinstance(piece, Chunk)]
        return cls(entry, chunks, index.doubled, entry.store.shape, entry.store.belonging.heads)

    def check(self) -> None:
        """Check every byte of its chunks, once. Raises InputError if one is damaged."""
        for chunk in self.chunks:
            chunk.check()

    def files(self) -> str:
        """Return the SQL that reads the chunks, with each run once."""
        paths = ", ".join(quoted(literal(chunk.path)) for chunk in self.chunks)
        read = f"read_parquet([{paths}], hive_partitioning = false)"
        return f"(SELECT DISTINCT ON ({', '.join(self.heads)}) * FROM {read})" if self.doubled else read

    def observed(self, kind: str) -> list[Observable]:
        """Return the observables whose names begin with `kind`."""
        return [one for one in self.shape.observed if one.name.startswith(f"{kind}.")]


def _runs(source: Source) -> str | None:
    columns = [*source.heads, *(one.name for one in source.shape.observed if not one.shape)]
    return f"SELECT {', '.join(map(named, columns))} FROM {source.files()}"


def _weekly(source: Source) -> str | None:
    """Return one row per run, week and group; outcomes not reported by group are in the rows of all households only."""
    weekly = source.observed("weekly")
    if not weekly:
        return None
    columns = []
    for one in weekly:
        at = f"{named(one.name)}[week * {len(GROUPS)} + place + 1]"
        if len(one.shape) == 1:
            at = f"CASE WHEN place = 0 THEN {named(one.name)}[week + 1] END"
        columns.append(f"{at} AS {named(one.name.removeprefix('weekly.'))}")
    groups = ", ".join(map(quoted, GROUPS))
    return (
        f'SELECT {", ".join(source.heads)}, week, [{groups}][place + 1] AS "group", {", ".join(columns)} '
        f"FROM {source.files()}, (SELECT CAST(range AS INTEGER) AS week FROM range({weekly[0].shape[0]})), "
        f"(SELECT range AS place FROM range({len(GROUPS)}))"
    )


def _villages(source: Source) -> str | None:
    """Return one row per run and village; weekly outcomes are lists."""
    each = source.observed("villages")
    if not each:
        return None
    columns = []
    for one in each:
        weeks = one.shape[1] if len(one.shape) > 1 else 0
        at = f"place * {weeks} + 1 : (place + 1) * {weeks}" if weeks else "place + 1"
        columns.append(f"{named(one.name)}[{at}] AS {named(one.name.removeprefix('villages.'))}")
    names = ", ".join(map(quoted, source.shape.villages))
    return (
        f"SELECT {', '.join(source.heads)}, [{names}][place + 1] AS village, {', '.join(columns)} "
        f"FROM {source.files()}, (SELECT range AS place FROM range({len(source.shape.villages)}))"
    )


def _draws(source: Source) -> str | None:
    if not source.entry.draws:
        return None
    path = source.entry.folder / "draws.csv"
    if not path.exists():
        raise InputError("is gone; run the same command again", path)
    if draws_hash(load_draw_table(path)) != source.entry.draws_hash:
        raise InputError("holds other draws than those of its folder's runs; remove it and run again", path)
    return f"SELECT * FROM read_csv({quoted(literal(path))}, hive_partitioning = false)"


VIEWS: Mapping[str, Callable[[Source], str | None]] = {
    "runs": _runs, "weekly": _weekly, "villages": _villages, "draws": _draws
}  # fmt: skip
"""The function that writes each view's SQL for a source; None if the view has nothing of it."""


def view(name: str, sources: Mapping[str, Source]) -> str | None:
    """Return the SQL of a view; None if it would be empty. sources : by their value in the column scenario."""
    parts = []
    for label, source in sources.items():
        inner = VIEWS[name](source)
        if inner is not None:
            parts.append(f"SELECT {_about(label, source.entry)}, * FROM ({inner})")
    return " UNION ALL BY NAME ".join(parts) or None


def _about(label: str, item: Entry) -> str:
    """Return the columns that say to which folder a row belongs."""
    about = {
        "scenario": quoted(label), "name": quoted(item.name), "hash": quoted(item.hash), "kind": quoted(item.kind),
        "seed": str(item.seed), "weeks": str(item.weeks), "draws": quoted(item.draws) if item.draws else "NULL",
        "current": str(item.current),
    }  # fmt: skip
    return ", ".join(f"{value} AS {name}" for name, value in about.items())


def literal(path: Path) -> str:
    """Return a path escaped for DuckDB, so that none of its characters means a pattern or a home folder."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path.absolute()))


def named(column: str) -> str:
    """Return a column's name in SQL."""
    return '"' + column.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """Return a text in SQL."""
    return "'" + text.replace("'", "''") + "'"
