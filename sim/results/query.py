"""SQL over a results folder: DuckDB reads the Parquet files where they are, through a few views.

``runs`` has a row a run (keys and totals), ``weekly`` a row a run, week and group, ``villages`` a row a run and village,
``draws`` a row a draw with its values; all with the columns scenario, hash, seed, weeks and current (made by this model).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.base.errors import InputError
from sim.engine.outcomes import GROUPS
from sim.results.catalogue import Entry
from sim.results.files import write_whole
from sim.results.rows import LISTS, SCALARS, VILLAGE_UNITS

VIEWS = ("runs", "weekly", "villages", "draws")


class Database:
    """A results folder as a database. kept : what is in it."""

    def __init__(self, kept: Sequence[Entry]) -> None:
        import duckdb

        self._connection: Any = duckdb.connect()
        self._errors = duckdb.Error
        self.views: list[str] = []
        mine = [item for item in kept if item.kind == "runs"]
        scalars = ", ".join(f'"{name}"' for name in SCALARS)
        weekly = ", ".join(f'unnest("{name}") AS "{name.removeprefix("weekly.")}"' for name in LISTS)
        groups = ", ".join(f"'{group}'" for group in GROUPS)
        place = f'unnest(range(len("{LISTS[0]}"))) AS place'
        at = f'CAST(place // {len(GROUPS)} AS INTEGER) AS week, [{groups}][place % {len(GROUPS)} + 1] AS "group"'
        of_villages = ", ".join(f'"{name}"' for name in ("village", *VILLAGE_UNITS))
        self._view("runs", mine, "runs-*.parquet", f"SELECT {{keys}}, {scalars} FROM {{files}}")
        self._view(
            "weekly", mine, "runs-*.parquet",
            f"SELECT * EXCLUDE (place), {at} FROM (SELECT {{keys}}, {place}, {weekly} FROM {{files}})",
        )  # fmt: skip
        self._view("villages", mine, "villages-*-*.parquet", f"SELECT {{keys}}, {of_villages} FROM {{files}}")
        self._view("draws", [item for item in mine if item.draws], "draws.csv", "SELECT * FROM {files}")

    def _view(self, name: str, kept: Sequence[Entry], pattern: str, select: str) -> None:
        parts = []
        for item in kept:
            files = [_quoted(str(path)) for path in sorted(item.folder.glob(pattern))]
            if files:
                reader = "read_csv" if pattern.endswith(".csv") else "read_parquet"
                keys = "draw, replicate" if item.draws else "replicate"
                told = (
                    f"{_quoted(item.name)} AS scenario, {_quoted(item.hash)} AS hash, {item.seed} AS seed, "
                    f"{item.weeks} AS weeks, {item.current} AS current"
                )
                inner = select.format(keys=keys, files=f"{reader}([{', '.join(files)}])")
                parts.append(f"SELECT {told}, * FROM ({inner})")
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


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
