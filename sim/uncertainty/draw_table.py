"""Tables of draws: sets of uncertain values that a scenario can be run with, such as a posterior.

A table is a CSV file. Its first column, ``draw``, has the draw's number; each further column has the values of one scenario
key, such as ``household.own_yard``. Columns without a dot in their name are notes and aren't read. A draw is identified by
its number and not by its row, so its runs and results remain valid when rows are added, removed or sorted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.errors import InputError, legible, nearest
from sim.scenario import scenarios_folder


@dataclass(frozen=True)
class DrawTable:
    """Draws of scenario values.

    name : a name for messages and file names. keys : dotted keys of a scenario's values, without duplicates. numbers : the
    draws' numbers, >= 0, without duplicates, shape (draws,). values : shape (draws, keys), in the units of the keys.
    """

    name: str
    keys: tuple[str, ...]
    numbers: I64
    values: F64

    def __len__(self) -> int:
        """Return the number of draws."""
        return int(self.numbers.size)

    def rows(self) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield (the draw's number, its values by key)."""
        for number, row in zip(self.numbers, self.values, strict=True):
            yield int(number), {key: float(value) for key, value in zip(self.keys, row, strict=True)}

    def head(self, count: int) -> Self:
        """Return the table's first draws, at most `count`."""
        return type(self)(self.name, self.keys, self.numbers[:count], self.values[:count])

    def write(self, path: Path) -> None:
        """Write the table as a CSV file from which `load_draw_table` reads the same bits."""
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["draw", *self.keys])
            writer.writerows([number, *map(repr, row.values())] for number, row in self.rows())


def values_by_key(keys: Sequence[str], row: Sequence[float] | F64) -> dict[str, float]:
    """Return one draw's values by key: a table holds floats only, so whole numbers become integers again."""
    numbers = (float(value) for value in row)
    return {key: int(value) if value.is_integer() else value for key, value in zip(keys, numbers, strict=True)}


def load_draw_table(table: str | Path, keys: Sequence[str] | None = None) -> DrawTable:
    """Load draws by name (a file of ``scenarios/draws``) or by path.

    Parameters
    ----------
    table : ``posterior``, or the path of a CSV file. keys : the columns to read, in this order; if None, all whose name has a
    dot.

    Raises
    ------
    InputError : no such table or column, no draws, text in place of a number, or a duplicate draw.
    """
    path = _find(table)
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            header, *rows = [row for row in csv.reader(stream) if row] or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"can't be read: {getattr(error, 'strerror', None) or error}", path) from None
    if not header or header[0] != "draw":
        raise InputError("isn't a table of draws: its first column must be 'draw'", path, 1)
    columns = tuple(name for name in header if "." in name) if keys is None else tuple(keys)
    for key in columns:
        if key not in header:
            raise InputError(f"has no column '{key}'{nearest(key, header)}", path, 1)
    if not rows:
        raise InputError("contains no draws", path)
    places = [header.index(key) for key in columns]
    numbers: dict[int, list[float]] = {}
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise InputError(f"has {len(row)} values, but the first line names {len(header)} columns", path, line)
        try:
            number, values = int(row[0]), [float(row[place]) for place in places]
        except ValueError as error:
            raise InputError(f"has text in place of a number ({error})", path, line) from None
        if number < 0 or number in numbers:
            raise InputError(f"draw {number} is {'below 0' if number < 0 else 'listed twice'}", path, line)
        if not np.isfinite(values).all():
            raise InputError("has a value that isn't finite", path, line)
        numbers[number] = values
    return DrawTable(legible(path.stem), columns, np.array(list(numbers), np.int64), np.array(list(numbers.values())))


def _find(table: str | Path) -> Path:
    """Return the file of a table. Raises InputError with the nearest name."""
    path = Path(table)
    if path.suffix == ".csv" or path.exists():
        return path
    folder = scenarios_folder() / "draws"
    names = sorted(file.stem for file in folder.glob("*.csv"))
    if str(table) not in names:
        raise InputError(f"no table of draws is called '{table}'{nearest(str(table), names)}", "--draws")
    return folder / f"{table}.csv"
