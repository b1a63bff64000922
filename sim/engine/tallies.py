"""Tallies and measures: what the weekly loop records by week and village, in two tables.

A tally is a whole number (of households, visits, seconds, fen), exact and to be summed in any order; a measure is a float.
Each is declared once, in the module that records it: `tally` and `measure` return the row, which compiled code has as a
constant. Rows follow the order of declarations. That order is the same in every process, because `sim.engine` imports all
mechanisms before any other module of it runs, and then closes the tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.base.declared import Declared


@dataclass(frozen=True, slots=True)
class Tally:
    """A row of the record: its unit and meaning, and the group of rows that it belongs to, if any."""

    name: str
    row: int
    unit: str
    meaning: str
    group: str = ""


TALLIES: Declared[Tally] = Declared("tally")
"""The rows of `Simulation.counts`."""
MEASURES: Declared[Tally] = Declared("measure")
"""The rows of `Simulation.totals`."""


def tally(name: str, unit: str, meaning: str, group: str = "") -> int:
    """Declare a whole number to be counted, and return its row."""
    return _declare(TALLIES, name, unit, meaning, group)


def tallies(group: str, members: Iterable[str], unit: str, meaning: str) -> int:
    """Declare a tally for each member of a group, named ``group_member``, and return the first's row.

    meaning : of all of them; a pair of braces stands for the member.
    """
    first = len(TALLIES)
    for member in members:
        tally(f"{group}_{member}", unit, meaning.format(member.replace("_", " ")), group)
    return first


def measure(name: str, unit: str, meaning: str) -> int:
    """Declare a float to be recorded, and return its row."""
    return _declare(MEASURES, name, unit, meaning)


def _declare(table: Declared[Tally], name: str, unit: str, meaning: str, group: str = "") -> int:
    row = len(table)
    table.add(Tally(name, row, unit, meaning, group))
    return row


def row(name: str) -> int:
    """Return a tally's row. Raises KeyError for an unknown name, with the nearest that there is."""
    return TALLIES[name].row


def measure_row(name: str) -> int:
    """Return a measure's row. Raises as `row` does."""
    return MEASURES[name].row


def rows(group: str) -> slice:
    """Return the rows of a group of tallies. Raises IndexError for a group without any."""
    members = [one.row for one in TALLIES.values() if one.group == group]
    return slice(members[0], members[-1] + 1)
