"""Vector instructions: flagged places are all found in order, and a lane's sum is the sum of its numbers in order."""

from __future__ import annotations

from typing import Any

import numpy as np
from calling import from_python
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.compiler.compiled import entry
from sim.engine.mechanisms import blocks
from sim.numerics.lanes import NUMBERS, SUMS, append_places, sums_by_lane

places, sums_of = from_python(blocks.places), from_python(blocks.sums_of)


@entry
def append(mask: Any, first: int, found: Any, n: int) -> int:
    return append_places(mask, first, found, n)  # type: ignore[no-any-return]


@entry
def by_lane(a: Any, b: Any, c: Any, d: Any, out: Any) -> None:
    one, two, three, four = sums_by_lane(a, b, c, d)
    for k in range(SUMS):
        out[0, k], out[1, k], out[2, k], out[3, k] = one[k], two[k], three[k], four[k]


@settings(deadline=None)  # a function's first call compiles it
@given(st.integers(1, 6), st.sampled_from([0.0, 0.02, 0.3, 1.0]), st.integers(0, 2**32 - 1))
def test_places_are_those_of_all_flags(groups: int, share: float, seed: int) -> None:
    """Whatever a flag's value."""
    rng = np.random.default_rng(seed)
    mask = np.where(rng.random(NUMBERS * groups) < share, rng.integers(1, 256, NUMBERS * groups), 0).astype(np.uint8)
    room = np.full(mask.size + NUMBERS, -1, np.int32)
    n = places(mask, room[: mask.size])
    assert room[:n].tolist() == np.flatnonzero(mask).tolist()
    assert (room[mask.size :] == -1).all()  # nothing is written past as many numbers as there are flags


def test_places_are_appended_to_those_already_found() -> None:
    mask = np.zeros(2 * NUMBERS, np.uint8)
    mask[[0, NUMBERS - 1, NUMBERS + 3]] = 1
    found = np.full(mask.size, -1, np.int32)
    assert append(mask, 0, found, 5) == 7
    assert append(mask, NUMBERS, found, 7) == 8
    assert found[:8].tolist() == [-1] * 5 + [0, NUMBERS - 1, NUMBERS + 3]


@settings(deadline=None)
@given(st.integers(0, 41), st.integers(0, 2**32 - 1))
def test_sums_are_taken_lane_by_lane_in_order(size: int, seed: int) -> None:
    """To the bit: numbers of many magnitudes, whose sums differ by order; what is behind the last four goes to lane 0."""
    columns = np.ldexp(*np.array_split(np.random.default_rng(seed).integers(-60, 60, (8, size)), 2)).astype(float)
    lanes, whole = [], size - size % SUMS
    for column in columns.tolist():
        totals = [0.0] * SUMS
        for k in range(whole):
            totals[k % SUMS] += column[k]
        lanes.append(totals)
    found = np.empty((4, SUMS))
    by_lane(*columns, found)
    assert found.tolist() == lanes
    for column, totals in zip(columns.tolist(), lanes, strict=True):
        for number in column[whole:]:
            totals[0] += number
    assert list(sums_of(*columns)) == [(a + b) + (c + d) for a, b, c, d in lanes]
