"""Count what a phase touches and does: the engine's own functions run as plain Python on columns that record each access.

Every element that a phase reads or writes is marked, and the calls of some functions are counted. Results equal those of
the compiled engine bit for bit, so the counts are those of the compiled engine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CellType, FunctionType, ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from sim.compiler.compiled import entry
from sim.engine.mechanisms import blocks, decision, giving, households, housework
from sim.engine.simulation import Simulation
from sim.engine.world.columns import State
from sim.numerics import draws, elementary, lanes

from .phases import DISPATCHERS, NAMES, differences, run_week

LINE = 64
"""Bytes that a processor moves at once."""
WATCHED = tuple(name for name in State._fields if not name.startswith("village"))
"""The arrays that grow with households; villages' own rows are left out."""


class Row:
    """A column, or a slice of one: its numbers as Python's own, and a mark for each that is read or written."""

    __slots__ = ("reads", "size", "values", "writes")

    def __init__(self, values: memoryview, reads: memoryview, writes: memoryview) -> None:
        self.values, self.reads, self.writes, self.size = values, reads, writes, len(values)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return Row(self.values[key], self.reads[key], self.writes[key])
        self.reads[key] = 1
        return self.values[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        for k in range(*key.indices(self.size)) if isinstance(key, slice) else (key,):
            self.writes[k] = 1
            self.values[k] = value


class Watched:
    """Columns of one type, indexed like the array that holds them."""

    def __init__(self, array: Any) -> None:
        self.array = array
        self.marks = np.zeros((2, *array.shape), np.uint8)
        self.rows = [
            Row(*map(memoryview, parts)) for parts in zip(array, self.marks[0], self.marks[1], strict=True)
        ]  # fmt: skip

    def __getitem__(self, key: Any) -> Any:
        return self.rows[key[0]][key[1]] if isinstance(key, tuple) else self.rows[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self.rows[key[0]][key[1]] = value


class Touched(NamedTuple):
    """Bytes that a phase touches: of its elements, of the cache lines with these, and of the columns with these.

    An element that is both read and written counts twice, since it moves both ways.
    """

    elements: int
    lines: int
    columns: int


def touched(marks: Any, size: int) -> Touched:
    """Return the bytes touched in one array. marks : (reads and writes, columns, rows). size : of an element, in bytes."""
    flat = marks.reshape(-1, marks.shape[-1])
    per_line = LINE // size
    padded = np.pad(flat, ((0, 0), (0, -flat.shape[1] % per_line))).reshape(flat.shape[0], -1, per_line)
    lines = int(padded.any(axis=2).sum())
    return Touched(int(flat.sum()) * size, lines * LINE, int(flat.any(axis=1).sum()) * flat.shape[1] * size)


def watch(state: State) -> tuple[State, dict[str, Watched]]:
    """Return a state on the same numbers that marks what is touched, and its blocks by name."""
    watched = {name: Watched(np.atleast_2d(getattr(state, name))) for name in WATCHED if getattr(state, name).size}
    one_column = {name for name in watched if getattr(state, name).ndim == 1}
    views: Any = {name: block.rows[0] if name in one_column else block for name, block in watched.items()}
    return state._replace(**views), watched


Counts = dict[str, int]
# Functions whose calls are counted, each with the number that a call's arguments amount to: draws, exponentials, households.
COUNTED: dict[Any, tuple[str, Callable[..., int]]] = {
    draws.uniform: ("draw_alone", lambda *_: 1),
    draws.fill_uniform: ("draw", lambda key, first, slot, out, room: out.size),
    draws.fill_uniform_at: ("draw", lambda key, first, at, out, room: out.size),
    elementary.exp: ("exp", lambda *_: 1),
    decision.score_households: ("scores", lambda s, p, village, stretch, room: stretch.stop - stretch.first),
    decision.mark_movers: ("mark_movers", lambda s, p, stretch, room: stretch.stop - stretch.first),
    housework.clear_yards: ("clear_yards", lambda s, p, first, others: others.size),
    housework.keep_habit: ("keep_habit", lambda s, p, first, stop: stop - first),
    housework.mark_turned: ("mark_turned", lambda *a: a[0].size),
    blocks.sums_of: ("sum_of", lambda *a: sum(column.size for column in a)),
    households.forget: ("forget", lambda *a: a[0].size),
    giving.fade: ("forget", lambda *a: a[0].size),
}
OPERATIONS = tuple(dict.fromkeys(name for name, _ in COUNTED.values()))
COMPILED = (draws.uniform, draws.fill_uniform, draws.fill_uniform_at, draws.phase_key, draws.week_keys, blocks.places)
"""Functions that touch no column stay compiled: the generator, whose integers must overflow, and searches of masks."""


def sums_by_lane(*columns: Any) -> tuple[tuple[float, ...], ...]:
    """Return what `sim.numerics.lanes.sums_by_lane` returns, added in the same order."""
    sums = []
    for column in columns:
        totals = [0.0] * lanes.SUMS
        for k in range(column.size - column.size % lanes.SUMS):
            totals[k % lanes.SUMS] += column[k]
        sums.append(tuple(totals))
    return tuple(sums)


class Plain:
    """The engine's functions as plain Python, which count their calls in `counts`."""

    def __init__(self) -> None:
        self.counts: Counts = dict.fromkeys(OPERATIONS, 0)
        self.modules: dict[str, dict[str, Any]] = {}
        self.entries = {function.py_func: entry(function.py_func) for function in COMPILED}

    def module(self, name: str) -> dict[str, Any]:
        """Return a module's names with plain functions in place of compiled ones, in it and in what it imports."""
        if name not in self.modules:
            names = self.modules[name] = dict(vars(sys.modules[name]))
            for key, value in list(names.items()):
                if value is lanes.sums_by_lane:  # written as instructions, so there is no Python function
                    names[key] = sums_by_lane
                elif hasattr(value, "py_func"):
                    names[key] = self.function(value)
                elif isinstance(value, ModuleType) and value.__name__.startswith("sim."):
                    names[key] = SimpleNamespace(**self.module(value.__name__))
        return self.modules[name]

    def function(self, compiled: Any) -> Any:
        """Return a compiled function as plain Python."""
        source = compiled.py_func
        closure = tuple(CellType(self.function(cell.cell_contents)) for cell in source.__closure__ or ())
        plain = self.entries.get(source) or FunctionType(
            source.__code__, self.module(source.__module__), source.__name__, source.__defaults__, closure
        )
        if compiled not in COUNTED:
            return plain
        name, number = COUNTED[compiled]

        def counting(*arguments: Any) -> Any:
            self.counts[name] += number(*arguments)
            return plain(*arguments)

        return counting


class Counted(NamedTuple):
    """What one phase touched and did in one week."""

    touched: Touched
    operations: Counts


def count_week(simulation: Simulation, plain: Plain) -> dict[str, Counted]:
    """Run the simulation's next week as plain Python and return what each phase touched and did in it."""
    state, watched = watch(simulation.state)
    week: dict[str, Counted] = {}

    def call(name: str, arguments: list[Any]) -> Any:
        plain.counts.update(dict.fromkeys(OPERATIONS, 0))
        for block in watched.values():
            block.marks[:] = 0
        result = plain.function(DISPATCHERS[name])(*arguments)
        parts = [touched(block.marks, block.array.itemsize) for block in watched.values()]
        week[name] = Counted(Touched(*map(sum, zip(*parts, strict=True))), dict(plain.counts))
        return result

    if simulation.state.village_i64.shape[1] != 1:
        raise ValueError("counting needs a world of one village")
    run_week(simulation, call, state)
    return week


def count_weeks(scenario: Any, weeks: tuple[int, ...]) -> dict[str, Counted]:
    """Return what each phase touches and does, summed over these weeks of a run; the weeks between run compiled.

    Raises
    ------
    AssertionError : the plain weeks' results differ from the compiled ones' in any bit.
    """
    counted, whole = Simulation(scenario, 1, 0, weeks[-1] + 1), Simulation(scenario, 1, 0, weeks[-1] + 1)
    plain = Plain()
    counts = []
    for week in weeks:
        counted.advance(week - counted.week)
        counts.append(count_week(counted, plain))
    whole.advance(weeks[-1] + 1)
    assert not differences(counted, whole), differences(counted, whole)
    return {
        name: Counted(
            Touched(*map(sum, zip(*(week[name].touched for week in counts), strict=True))),
            {operation: sum(week[name].operations[operation] for week in counts) for operation in OPERATIONS},
        )
        for name in NAMES
    }
