"""Tables of draws: sets of uncertain values that a scenario can be run with, such as a posterior.

A table is a CSV file in UTF-8. Its first column, ``draw``, has the draw's number; each further column has the values of one
scenario key, such as ``household.own_yard``. Columns without a dot in their name are notes and aren't read. A draw is
identified by its number and not by its row, so its runs and results remain valid when rows are added, removed or sorted.

Spreadsheets may separate columns by semicolons or tabs, and then write decimal commas; all numbers of a table are written in
the same way. A number may have one of the forms of `sim.scenario.notation`, such as ``55%``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Self

import numpy as np

from sim.base.arrays import F64, I64
from sim.base.errors import InputError, legible, nearest
from sim.base.showing import brief
from sim.scenario import Scenario, load_scenario, provenance, scenarios_folder, with_values
from sim.scenario.notation import hint, read_number, units_of

LARGEST = 10**18
"""Numbers of draws are below this."""
SEPARATORS = ",;\t"
LIKE = 0.85
"""A note whose name is this similar to the last part of a key is taken for a misspelt key."""


@dataclass(frozen=True)
class DrawTable:
    """Draws of scenario values.

    name : a name for messages and file names. keys : dotted keys of a scenario's values, without duplicates. numbers : the
    draws' numbers, >= 0, without duplicates, shape (draws,). values : shape (draws, keys), in the units of the keys. file :
    where it was read from; None for a table that grassroots made.
    """

    name: str
    keys: tuple[str, ...]
    numbers: I64
    values: F64
    file: Path | None = None

    __repr__ = brief

    def __len__(self) -> int:
        """Return the number of draws."""
        return int(self.numbers.size)

    def rows(self) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield (the draw's number, its values by key)."""
        for number, row in zip(self.numbers, self.values, strict=True):
            yield int(number), values_by_key(self.keys, row)

    def head(self, count: int) -> Self:
        """Return the table's first draws, at most `count`."""
        return replace(self, numbers=self.numbers[:count], values=self.values[:count])

    def check(self, scenario: Scenario) -> None:
        """Check that a scenario has every key and accepts every draw of a file; of a made table, only the first draw.

        Raises InputError with the first draw that it doesn't accept.
        """
        for number, values in self.rows():
            try:
                with_values(scenario, values)
            except InputError as error:
                raise InputError(f"draw {number}: {error.what}", self.file or self.name) from None
            if self.file is None:
                break

    def write(self, path: Path) -> None:
        """Write the table as a CSV file from which `load_draw_table` reads the same bits."""
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["draw", *self.keys])
            writer.writerows([number, *map(repr, row.values())] for number, row in self.rows())


def values_by_key(keys: Sequence[str], row: Sequence[float] | F64) -> dict[str, float]:
    """Return one draw's values by key."""
    return {key: float(value) for key, value in zip(keys, row, strict=True)}


def load_draw_table(table: str | Path, keys: Sequence[str] | None = None) -> DrawTable:
    """Load draws by name (a file of ``scenarios/draws``) or by path.

    Parameters
    ----------
    table : ``posterior``, or the path of a CSV file. keys : the columns to read, in this order; if None, all whose name has a
    dot.

    Raises
    ------
    InputError : no such table or column, a column twice, no column that is a key, no draws, text in place of a number, or a
        duplicate draw.
    """
    path = _find(table)
    header, rows, separator = _read(path)
    if not header or header[0] != "draw":
        raise InputError("isn't a table of draws: its first column must be 'draw'", path, 1)
    for name in header:
        if name and header.count(name) > 1:
            raise InputError(f"has two columns '{name}'", path, 1)
    columns = _keys_of(header, path) if keys is None else tuple(keys)
    for key in columns:
        if key not in header:
            raise InputError(f"has no column '{key}'{nearest(key, header)}", path, 1)
    if not rows:
        raise InputError("contains no draws", path)
    places = [header.index(key) for key in columns]
    units = {key: units_of(key) for key in columns}
    numbers: dict[int, list[float]] = {}
    commas = separator != "," and any("," in row[place] for _, row in rows for place in places if place < len(row))
    for line, row in rows:
        if len(row) != len(header):
            raise InputError(f"has {len(row)} values, but the first line names {len(header)} columns", path, line)
        draw = _number(row[0], "draw", ("",), commas, path, line)
        if not float(draw).is_integer() or not 0 <= draw < LARGEST:
            raise InputError(f"draw must be a whole number from 0 to {LARGEST - 1:,}, not {row[0]}", path, line)
        if draw in numbers:
            raise InputError(f"draw {int(draw)} is listed twice", path, line)
        values = [_number(row[k], header[k], units[header[k]], commas, path, line) for k in places]
        if not np.isfinite(values).all():
            raise InputError("has a value that isn't finite", path, line)
        numbers[int(draw)] = values
    return DrawTable(
        legible(path.stem), columns, np.array(list(numbers), np.int64), np.array(list(numbers.values())), path
    )  # fmt: skip


def _read(path: Path) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    """Return a file's header, its rows with their lines, without surrounding spaces, and what separates columns."""
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Excel begins UTF-8 with a byte order mark
        separator = max(SEPARATORS, key=text.partition("\n")[0].count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", path) from None
    except UnicodeDecodeError:
        raise InputError("can't be read: isn't UTF-8 text; in a spreadsheet, save it as CSV UTF-8", path) from None
    except csv.Error as error:
        raise InputError(f"can't be read: {error}", path) from None
    return rows[0][1] if rows else [], rows[1:], separator


def _keys_of(header: Sequence[str], path: Path) -> tuple[str, ...]:
    """Return the columns that are keys. Raises InputError if there are none, and for a note that looks like a key."""
    notes = [name for name in header[1:] if name and "." not in name]
    known = {key.rpartition(".")[2]: key for key in (provenance(load_scenario("baseline")) if notes else ())}
    for name in notes:
        like = get_close_matches(name, known, n=1, cutoff=LIKE)
        if like and known[like[0]] == "weeks":
            raise InputError("weeks can't differ between draws; leave the column out", path, 1)
        if like:
            raise InputError(f"has no key '{name}', did you mean '{known[like[0]]}'?", path, 1)
    columns = tuple(name for name in header if "." in name)
    if not columns:
        raise InputError("varies nothing: no column is a key of a scenario, such as household.own_yard", path, 1)
    return columns


def _number(text: str, name: str, units: Collection[str], commas: bool, path: Path, line: int) -> float:
    """Return a number as written in the table; `units` : that it may have; `commas` : whether it has decimal commas."""
    plain = text.replace(",", ".") if commas and "." not in text else text
    value = read_number(plain, units)
    if value is None:
        advice = "; the table also has decimal commas" if commas and "." in text else hint(text, min(units, default=""))
        raise InputError(f"{name} must be a number, not '{text}'{advice}", path, line)
    if commas and "." in text:
        raise InputError(f"{name} is {text}, but the table also has decimal commas", path, line)
    return value


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
