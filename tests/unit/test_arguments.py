"""Arguments and results between Python and machine code: every kind comes over as it is, and nothing else is taken."""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.compiler.arguments import DATA, DIMENSIONS, RECORD, STRIDES, spread, text_of
from sim.compiler.compiled import compiled, entry


class Pair(NamedTuple):
    values: Any
    limit: Any


@entry
def numbers(whole: int, real: float, flag: bool, word: np.uint32) -> tuple[int, float, bool, np.uint32]:
    return whole, real, flag, word


@entry
def longest(word: np.uint64) -> np.uint64:
    return word


@entry
def weighed(pair: Pair, table: Any, record: Any) -> float:
    total = 0.0
    for r in range(table.shape[0]):
        for c in range(table.shape[1]):
            total += table[r, c] * (10 * r + c)
    for k in range(pair.values.size):
        if k < pair.limit:
            total += pair.values[k]
    return total + record.price * record.pieces


@entry
def set_all(values: Any, value: float) -> None:
    for k in range(values.size):
        values[k] = value


@entry
def returned(values: Any) -> Any:
    return values


@compiled
def inner(x: float) -> float:
    return x


def word_at(address: int) -> int:
    return ctypes.c_int64.from_address(address).value


def test_an_array_is_laid_out_in_memory_as_the_wrapper_reads_it() -> None:
    """NumPy's own account of an array and of a record against their first fields."""
    array = np.arange(24, dtype=np.int32).reshape(4, 6)[::2, 1:]
    told = array.__array_interface__
    assert word_at(id(array) + DATA) == told["data"][0]
    assert [word_at(word_at(id(array) + DIMENSIONS) + 8 * k) for k in range(2)] == list(array.shape)
    assert [word_at(word_at(id(array) + STRIDES) + 8 * k) for k in range(2)] == list(array.strides)
    records = np.zeros(3, [("price", "f8"), ("pieces", "f8")])
    assert word_at(id(records[1]) + RECORD) == records.__array_interface__["data"][0] + records.itemsize


@settings(deadline=None)  # the first call compiles
@given(
    st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.booleans(), st.integers(0, 2**32 - 1).map(np.uint32)
)  # fmt: skip
def test_numbers_come_back_as_they_went(whole: int, real: float, flag: bool, word: np.uint32) -> None:
    found = numbers(whole, real, flag, word)
    assert found == (whole, real, flag, word)
    assert [type(value) for value in found] == [int, float, bool, int]


def test_unsigned_words_keep_their_highest_bit() -> None:
    assert [longest(np.uint64(word)) for word in (0, 2**63, 2**64 - 1)] == [0, 2**63, 2**64 - 1]


def test_undefined_and_signed_zero_keep_their_bits() -> None:
    found = numbers(0, float("nan"), True, np.uint32(0))[1], numbers(0, -0.0, True, np.uint32(0))[1]
    assert np.isnan(found[0]) and str(found[1]) == "-0.0"


@pytest.mark.parametrize("table", [np.arange(6.0).reshape(2, 3), np.arange(24.0).reshape(4, 6)[::2, 1::2],
                                   np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.zeros((0, 3))])  # fmt: skip
def test_arrays_of_any_layout_tuples_and_records(table: Any) -> None:
    """Strides, tuples' elements and a record's fields, against NumPy."""
    records = np.array([(9.0, 9.0), (2.5, 4.0)], [("price", "f8"), ("pieces", "f8")])
    weights = 10 * np.arange(table.shape[0])[:, None] + np.arange(table.shape[1])
    expected = (table * weights).sum() + 1.0 + 2.0 + 10.0
    assert weighed(Pair(np.array([1.0, 2.0, 4.0]), 2), table, records[1]) == expected


def test_what_is_written_is_in_the_array() -> None:
    values = np.zeros(5)
    set_all(values[1:4], 7.0)
    assert values.tolist() == [0, 7, 7, 7, 0]
    set_all(values, 1.0)
    assert values.tolist() == [1] * 5


def test_arrays_that_may_not_be_written_are_another_kind() -> None:
    """Code that writes isn't compiled for them, rather than writing into them."""
    values = np.zeros(3)
    values.flags.writeable = False
    with pytest.raises(Exception, match=r"(?i)readonly|immutable|Cannot modify"):
        set_all(values, 1.0)
    assert values.tolist() == [0, 0, 0]


@pytest.mark.parametrize("value", ["text", None, [1.0], {}, 1j, np.float32(1)])
def test_other_things_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="machine code takes numbers, arrays, records and tuples of these, not"):
        set_all(np.zeros(2), value)


def test_whole_numbers_beyond_64_bits_are_refused() -> None:
    with pytest.raises(OverflowError):
        numbers(2**63, 0.0, True, np.uint32(0))


def test_an_entry_returns_numbers_only() -> None:
    with pytest.raises(TypeError, match="an entry returns nothing, a number or a tuple of numbers"):
        returned(np.zeros(2))


def test_an_inner_function_says_that_it_has_no_wrapper() -> None:
    with pytest.raises(TypeError, match="inner is for compiled functions to call; make an `entry` that calls it"):
        inner(1.0)


def test_kinds_tell_apart_what_the_compiler_tells_apart() -> None:
    """And nothing more: one-column tables are C-ordered and Fortran-ordered at once."""

    def text(*arguments: Any) -> str:
        kinds: list[Any] = []
        spread(arguments, kinds, [])
        return text_of(kinds)

    table = np.zeros((4, 4))
    arrays = [table, table[:, :2], np.asfortranarray(table), np.zeros(4), np.zeros(4, "f4")]
    others = [1, 1.0, True, np.uint32(1), (1, 1.0), (1, (1.0,)), Pair(1, 1.0)]
    told = [*map(text, arrays), *map(text, others), text((1,), 1.0)]
    assert len(set(told)) == len(told)
    assert text(np.zeros((4, 1))) == text(table)
    assert text(1) == text(np.int64(1))
