"""How columns are declared: each once, by block, name, unit, meaning and writers; its row follows from the declarations.

A block is an array of `sim.engine.world.columns.State`, shape (columns, rows), with a column for each state variable of a
household, a member's list, a caller, a public plot or a village. `column` returns the row, which compiled code has as a
constant; as with tallies, the order of declarations is the same in every process (`sim.engine.tallies`). A mechanism may
declare a column of its own, in its own module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.base.declared import Declared

BLOCKS: dict[str, tuple[str, type[np.generic]]] = {
    "f64": ("household", np.float64), "i32": ("household", np.int32), "u8": ("household", np.uint8),
    "lists": ("list", np.int32), "team_i32": ("caller", np.int32), "team_f64": ("caller", np.float64),
    "public_i32": ("public plot", np.int32), "public_f64": ("public plot", np.float64),
    "village_i64": ("village", np.int64), "village_f64": ("village", np.float64),
}  # fmt: skip
"""The blocks by their name in `State`: what they have a row for, and their type."""


@dataclass(frozen=True, slots=True)
class Column:
    """A state variable: its block and row there, unit and meaning.

    writers : the modules of `sim.engine.mechanisms` that alone may write it while the model runs, none for what is fixed
    at the start; a test holds the code to it. start : its value before the world is built. group : of several columns.
    low : the least value, unless the unit or the start tells another.
    """

    block: str
    name: str
    row: int
    unit: str
    meaning: str
    writers: tuple[str, ...]
    start: float = 0
    group: str = ""
    low: float = 0

    @property
    def limits(self) -> tuple[float, float]:
        """The least and greatest value that the column may hold: as its unit says (``0..3``), else as its type allows."""
        if ends := re.fullmatch(r"(\d+)(?:\.\.| or )(\d+)", self.unit):
            return int(ends[1]), int(ends[2])
        kind: Any = BLOCKS[self.block][1]
        greatest = float(np.finfo(kind).max if issubclass(kind, np.floating) else np.iinfo(kind).max)
        return max(min(self.low, self.start), -greatest), greatest


COLUMNS: Declared[Column] = Declared("column")


def column(
    block: str, name: str, unit: str, meaning: str, *writers: str, start: float = 0, group: str = "", low: float = 0
) -> int:  # fmt: skip
    """Declare a column and return its row in its block; see `Column`."""
    row = len(rows_of(block))
    COLUMNS.add(Column(block, name, row, unit, meaning, writers, start, group, low))
    return row


def columns(
    block: str, group: str, members: Iterable[str], unit: str, meaning: str, *writers: str, start: float = 0
) -> int:
    """Declare a column for each member of a group, named ``group_member``, and return the first's row.

    meaning : of all of them; a pair of braces stands for the member.
    """
    first = len(rows_of(block))
    for one in members:
        column(block, f"{group}_{one}", unit, meaning.format(one.replace("_", " ")), *writers, start=start, group=group)
    return first


def rows_of(block: str) -> list[Column]:
    """Return the columns of a block in the order of its rows. Raises KeyError for an unknown block."""
    if block not in BLOCKS:
        raise KeyError(f"there is no block '{block}' of columns (valid: {', '.join(BLOCKS)})")
    return [one for one in COLUMNS.values() if one.block == block]


def columns_of(what: str) -> list[Column]:
    """Return the columns of households, lists, callers, public plots or villages (the singular, as in `BLOCKS`)."""
    return [one for one in COLUMNS.values() if BLOCKS[one.block][0] == what]


def make_block(block: str, size: int) -> npt.NDArray[Any]:
    """Return a block for so many households (lists, ...), with every column at its start."""
    rows, starts = _starts(block)
    array = np.zeros((rows, size), BLOCKS[block][1])
    for row, start in starts:  # memory that nobody touches takes no time
        array[row] = start
    return array


@cache
def _starts(block: str) -> tuple[int, list[tuple[int, float]]]:
    """Return (the number of a block's rows; row and start of each that doesn't start at 0); every run asks for them."""
    rows = rows_of(block)
    return len(rows), [(one.row, one.start) for one in rows if one.start != 0]
