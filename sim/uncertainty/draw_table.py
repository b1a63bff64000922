"""Tables of draws: sets of uncertain values that a scenario can run over, such as a posterior.

A table is a CSV with a first column ``draw``, the draw's number, and a column for each scenario value, by its dotted
key; columns without a dot are notes and aren't read. A draw is known by its number, never by its place in the file: its
runs and results stay its own when rows are added, left out or sorted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.errors import InputError, nearest
from sim.scenario import scenarios_folder


@dataclass(frozen=True)
class DrawTable:
    """Draws of scenario values.

    name : for telling it. keys : dotted keys of a scenario's values, each once. numbers : the draws' numbers, >= 0, each
    once, shape (draws,). values : shape (draws, keys), in the units of the keys.
    """

    name: str
    keys: tuple[str, ...]
    numbers: I64
    values: F64

    def __len__(self) -> int:
        """Return how many draws there are."""
        return int(self.numbers.size)

    def rows(self) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield (the draw's number, its values by key)."""
        for number, row in zip(self.numbers, self.values, strict=True):
            yield int(number), {key: float(value) for key, value in zip(self.keys, row, strict=True)}

    def head(self, count: int) -> Self:
        """Return the table's first draws, at most `count`."""
        return type(self)(self.name, self.keys, self.numbers[:count], self.values[:count])

    def write(self, path: Path) -> None:
        """Write the table as a CSV that `load_draw_table` reads back to the bit."""
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["draw", *self.keys])
            writer.writerows([number, *map(repr, row.values())] for number, row in self.rows())


def load_draw_table(table: str | Path, keys: Sequence[str] | None = None) -> DrawTable:
    """Load draws by name (a file of ``scenarios/draws``) or by path.

    Parameters
    ----------
    table : ``posterior``, or a path to a CSV. keys : which columns to read, in this order; all with a dot if None.

    Raises
    ------
    InputError : no such table or column, no draws, a number that isn't one, or a draw that stands there twice.
    """
    path = _find(table)
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            header, *rows = [row for row in csv.reader(stream) if row] or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"can't be read: {getattr(error, 'strerror', None) or error}", path) from None
    if not header or header[0] != "draw":
        raise InputError("isn't a table of draws: its first column must be 'draw'", path, 1)
    wanted = tuple(name for name in header if "." in name) if keys is None else tuple(keys)
    for key in wanted:
        if key not in header:
            raise InputError(f"has no column '{key}'{nearest(key, header)}", path, 1)
    if not rows:
        raise InputError("holds no draws", path)
    places = [header.index(key) for key in wanted]
    numbers: dict[int, list[float]] = {}
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise InputError(f"has {len(row)} values where the first line names {len(header)}", path, line)
        try:
            number, values = int(row[0]), [float(row[place]) for place in places]
        except ValueError as error:
            raise InputError(f"holds what isn't a number ({error})", path, line) from None
        if number < 0 or number in numbers:
            raise InputError(f"draw {number} is below 0 or stands there twice", path, line)
        if not np.isfinite(values).all():
            raise InputError("holds a value that isn't finite", path, line)
        numbers[number] = values
    return DrawTable(path.stem, wanted, np.array(list(numbers), np.int64), np.array(list(numbers.values())))


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
