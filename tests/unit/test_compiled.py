"""Compiled statements mean what they mean in Python and NumPy, also where the engine's own lowering writes them.

Each function here is run twice, as Python and compiled; both must agree to the bit. Wherever Python raises for an index
beyond the array, compiled code would read other memory, and so only indices within are tried.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.compiler.compiled import compiled, entry

WIDTH = 7
INT64 = st.integers(-(2**63), 2**63 - 1)
BOUND = st.integers(-3 * WIDTH, 3 * WIDTH)
FLOAT = st.floats(allow_subnormal=True)
TABLE = np.arange(4.0 * WIDTH).reshape(4, WIDTH)


class Held(NamedTuple):
    """Arrays of several types and a number, handed on by address."""

    row: Any
    table: Any
    limit: float
    marks: Any


@entry
def parts_of_a_row(values: Any, a: int, b: int, out: Any) -> None:
    both, first, last, every = values[a:b], values[:b], values[a:], values[:]
    out[0], out[1], out[2], out[3] = both.size, first.size, last.size, every.size
    for k in range(both.size):
        out[4] += (k + 1) * both[k]
    for k in range(first.size):
        out[5] += (k + 1) * first[k]
    for k in range(last.size):
        out[6] += (k + 1) * last[k]
    for k in range(every.size):
        out[7] += (k + 1) * every[k]


@entry
def parts_of_a_table(table: Any, r: int, c: int, a: int, b: int, out: Any) -> None:
    in_row, in_column, row, column = table[r, a:b], table[a:b, c], table[r], table[:, c]
    out[0], out[1], out[2], out[3] = in_row.size, in_column.size, row.size, column.size
    for k in range(in_row.size):
        out[4] += (k + 1) * in_row[k]
    for k in range(in_column.size):
        out[5] += (k + 1) * in_column[k]
    for k in range(row.size):
        out[6] += (k + 1) * row[k]
    for k in range(column.size):
        out[7] += (k + 1) * column[k]


@entry
def set_parts(table: Any, r: int, c: int, a: int, b: int, value: float) -> None:
    inside = table[r, a:b]
    for k in range(inside.size):
        inside[k] += value
    column = table[:, c]
    column[r] = value
    table[r, c] -= 1
    table[-1, 0] = True


@entry
def element(values: Any, index: Any) -> float:
    return float(values[index])


@entry
def looped(start: int, stop: int, out: Any) -> None:
    """Sums over ranges of every form; the last number of each."""
    for i in range(stop):
        out[0] += i
    for i in range(start, stop):
        out[1] = 3 * out[1] + i
    for i in range(start, stop, 3):
        out[2] = 3 * out[2] + i
    for i in range(stop, start, -2):
        out[3] = 3 * out[3] + i
    for i in range(start, stop, out.size):
        out[4] = 3 * out[4] + i


@entry
def of_numbers(a: Any, b: Any, out: Any) -> int:
    """Operators and comparisons; returns which comparisons hold, and what is true."""
    out[0], out[1], out[2] = a + b, a - b, a * b
    out[3], out[4] = min(a, b), max(a, b)
    out[5], out[6] = max(0, a), min(1.5, b)
    found = 1 * (a < b) + 2 * (a <= b) + 4 * (a > b) + 8 * (a >= b) + 16 * (a == b) + 32 * (a != b)
    if a:
        found += 64
    if not b:
        found += 128
    return found


@entry
def of_integers(a: Any, b: Any, shift: int, out: Any) -> None:
    out[0], out[1], out[2] = a & b, a | b, a ^ b
    out[3], out[4] = a >> shift, a << shift
    out[5], out[6] = int(a), int(a > b)


@entry
def cut(x: float) -> int:
    return int(x)


@entry
def set_on_some_ways(n: int, out: Any) -> None:
    """Variables that are set before, within and after loops and branches."""
    before = n * 2
    total, last = 0, -1
    pair = before, n
    for i in range(n):
        inner = i * before
        if i % 2 == 0:
            odd = inner + pair[1]
        else:
            odd = -i
        for j in range(i):
            total += odd * j - inner
            last = total
        pair = odd, i
    out[0], out[1], out[2], out[3] = total, last, pair[0], pair[1]


@compiled
def shared(held: Held, k: int, values: Any) -> float:
    return held.table[k, 1] + values[0] * held.limit


@compiled
def several(held: Held, k: int) -> tuple[float, int]:
    held.row[k] += 1.0
    return shared(held, k, held.table[k, 2:4]), held.marks[k]


@entry
def handed_on(held: Held, n: int, out: Any) -> None:
    """Held tuples through several functions, one of which changes what they lead to."""
    for k in range(n):
        one, mark = several(held, k)
        out[0] += one
        out[1] += mark
        out[2] += held.row[k] + held.row.size
    held.marks[0] = 9
    out[3] = several(held, 0)[1]


@compiled
def steps(start: int, stop: int, by: int) -> int:
    found = 0
    for i in range(start, stop, by):
        found += i
    return found


@compiled
def twice_the_steps(start: int, stop: int, by: int) -> int:
    return 2 * steps(start, stop, by)


@entry
def failing(by: int, out: Any) -> None:
    out[0] = twice_the_steps(0, 3, by)
    out[1] = 1


def as_python(function: Any) -> Callable[..., Any]:
    source: Callable[..., Any] = function.py_func
    return source


def same(function: Any, out: Any, *arguments: Any) -> None:
    """Check that a function writes and returns the same, compiled and not."""
    again = out.copy()
    with np.errstate(all="ignore"):
        expected = as_python(function)(*arguments, again)
    assert function(*arguments, out) == expected
    assert out.tobytes() == again.tobytes(), (out, again)


@settings(deadline=None)  # the first call compiles
@given(BOUND, BOUND)
@example(0, WIDTH)
@example(2**63 - 1, -(2**63))
@example(-(2**63), 2**63 - 1)
def test_parts_of_a_row(a: int, b: int) -> None:
    same(parts_of_a_row, np.zeros(8), np.arange(1.0, 1 + WIDTH), a, b)
    same(parts_of_a_row, np.zeros(8), np.arange(1, 1 + 3 * WIDTH, dtype=np.int32)[::3], a, b)


@settings(deadline=None)
@given(st.integers(-4, 3), st.integers(-WIDTH, WIDTH - 1), BOUND, BOUND)
def test_parts_of_a_table(r: int, c: int, a: int, b: int) -> None:
    same(parts_of_a_table, np.zeros(8), TABLE, r, c, a, b)


def test_parts_of_a_table_that_is_not_contiguous() -> None:
    same(parts_of_a_table, np.zeros(8), np.arange(48.0).reshape(4, 12)[:, ::2], -1, 3, 1, 5)
    same(parts_of_a_table, np.zeros(8), np.arange(28.0).reshape(7, 4).T, 2, -7, -5, 6)


@settings(deadline=None)
@given(st.integers(-4, 3), st.integers(-WIDTH, WIDTH - 1), BOUND, BOUND, FLOAT)
def test_parts_are_views(r: int, c: int, a: int, b: int, value: float) -> None:
    found, expected = TABLE.copy(), TABLE.copy()
    set_parts(found, r, c, a, b, value)
    with np.errstate(all="ignore"):
        as_python(set_parts)(expected, r, c, a, b, value)
    assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("kind", [int, np.uint8, np.int32, np.uint32, np.int64])
def test_elements_by_every_kind_of_number(kind: Any) -> None:
    """From the end, too, where the kind has negative numbers."""
    values, apart = np.arange(300.0), np.arange(600, dtype=np.int32)[::2]
    for index in (0, 7, 255) if np.dtype(kind).kind == "u" else (0, 7, 120, -1, -100):
        assert element(values, kind(index)) == values[index]
        assert element(apart, kind(index)) == apart[index]


def test_elements_of_arrays_that_are_not_aligned() -> None:
    """The processor may ask for aligned addresses where the code says that they are."""
    packed = np.zeros(5, [("flag", np.uint8), ("value", float)])
    packed["value"] = np.arange(5.0)
    assert not packed["value"].flags.aligned
    assert [element(packed["value"], index) for index in (0, 3, -1)] == [0.0, 3.0, 4.0]
    table = np.arange(12.0).reshape(3, 4)
    assert [element(each, (2, -1)) for each in (table, table[:, :3], np.asfortranarray(table))] == [11.0, 10.0, 11.0]


@settings(deadline=None)
@given(st.integers(-20, 20), st.integers(-20, 20))
def test_ranges(start: int, stop: int) -> None:
    same(looped, np.zeros(5), start, stop)


@settings(deadline=None)
@given(FLOAT, FLOAT)
@example(math.nan, 1.0)
@example(1.0, math.nan)
@example(0.0, -0.0)
@example(-0.0, 0.0)
def test_operators_on_floats(a: float, b: float) -> None:
    """With undefined numbers and both zeros, which `min` and `max` don't swap."""
    same(of_numbers, np.zeros(7), a, b)


@settings(deadline=None)
@given(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1), FLOAT)
def test_operators_on_whole_numbers(a: int, b: int, x: float) -> None:
    """Of one kind, and mixed with floats."""
    same(of_numbers, np.zeros(7), a, b)
    same(of_numbers, np.zeros(7), a, x)
    same(of_numbers, np.zeros(7), x, b)


@settings(deadline=None)
@given(INT64, INT64, st.integers(0, 31))
def test_operators_on_bits(a: int, b: int, shift: int) -> None:
    same(of_integers, np.zeros(7, np.int64), np.int64(a), np.int64(b), shift)


@settings(deadline=None)
@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_unsigned_numbers_compare_unsigned(a: int, b: int) -> None:
    out = np.zeros(7)
    found = of_numbers(np.uint64(a), np.uint64(b), out)
    assert found & 63 == (a < b) + 2 * (a <= b) + 4 * (a > b) + 8 * (a >= b) + 16 * (a == b) + 32 * (a != b)
    assert (out[3], out[4]) == (float(min(a, b)), float(max(a, b)))


@settings(deadline=None)
@given(st.floats(-1e15, 1e15))
def test_floats_are_cut_towards_zero(x: float) -> None:
    assert cut(x) == int(x)


@settings(deadline=None)
@given(st.integers(1, 12))
def test_variables_hold_what_was_last_set(n: int) -> None:
    same(set_on_some_ways, np.zeros(4, np.int64), n)


@settings(deadline=None)
@given(st.integers(0, 4), FLOAT)
def test_held_tuples_reach_every_function(n: int, limit: float) -> None:
    def held() -> Held:
        return Held(np.arange(4.0), TABLE.copy(), limit, np.array([5, 6, 7, 8], np.uint8))

    found, expected, of_the_compiled, of_python = np.zeros(4), np.zeros(4), held(), held()
    handed_on(of_the_compiled, n, found)
    inner = {"several": as_python(several), "shared": as_python(shared)}
    with np.errstate(all="ignore"), patch.dict(globals(), inner):
        as_python(handed_on)(of_python, n, expected)
    assert found.tobytes() == expected.tobytes()
    for one, other in zip(of_the_compiled, of_python, strict=True):
        assert np.asarray(one).tobytes() == np.asarray(other).tobytes()


def test_an_error_in_an_inner_function_ends_the_outer_ones() -> None:
    """Steps of 0 are an error in Python; nothing after it is run."""
    out = np.zeros(2)
    failing(2, out)
    assert list(out) == [4.0, 1.0]
    out[:] = 0.0
    with pytest.raises(RuntimeError, match="ended with an error"):
        failing(0, out)
    assert list(out) == [0.0, 0.0]


class Yard(NamedTuple):
    """A named tuple beside a truth value, and between numbers and arrays."""

    open: bool
    held: Held
    shut: bool
    size: int
    seen: Any


class Work(NamedTuple):
    """Made in compiled code, of a tuple that Python handed over, numbers, a truth value, and an array."""

    yard: Yard
    first: int
    last: int
    doubled: bool
    row: Any
    weight: float


@compiled
def worked(work: Work, k: int) -> float:
    total = 0.0
    for i in range(work.first, work.last):
        total += work.row[i] * work.weight
        if work.yard.open and not work.yard.shut:
            total += work.yard.held.row[k] * work.yard.held.limit
    return 2 * total if work.doubled else total


@entry
def work_in_turn(yard: Yard, doubled: bool, out: Any) -> int:
    for k in range(3):
        out[0] += worked(Work(yard, 0, k + 1, doubled, yard.seen[k], 0.5), k)
        out[1] += worked(Work(yard, 0, 2, not doubled, out, yard.held.limit), k)
    return yard.size


@entry
def better_yard(one: Yard, other: Yard, out: Any) -> None:
    better = one if one.size > other.size else other
    for k in range(out.size):
        out[k] = better.held.row[k] if better.open else better.seen[0, k]


def yard_of(size: int, is_open: bool) -> Yard:
    held = Held(np.arange(4.0) + size, TABLE, 0.25, np.zeros(1, np.uint8))
    return Yard(is_open, held, False, size, np.arange(12.0).reshape(3, 4))


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("doubled", [False, True])
def test_named_tuples_of_all_kinds_of_values(is_open: bool, doubled: bool) -> None:
    """Nested, beside truth values, and made anew in compiled code."""
    found, expected, yard = np.zeros(2), np.zeros(2), yard_of(3, is_open)
    size = work_in_turn(yard, doubled, found)
    with patch.dict(globals(), worked=as_python(worked)):
        assert as_python(work_in_turn)(yard, doubled, expected) == size == 3
    assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("sizes", [(1, 2), (2, 1)])
def test_which_named_tuple_it_is_can_be_chosen(sizes: tuple[int, int]) -> None:
    same(better_yard, np.zeros(4), yard_of(sizes[0], True), yard_of(sizes[1], False))
