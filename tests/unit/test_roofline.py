"""Roofline: what is counted is what the engine does, known loops touch known bytes, and the page is the table's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchmarks.counting import LINE, OPERATIONS, Counted, Touched, Watched, count_weeks, touched
from benchmarks.phases import NAMES
from benchmarks.roof_page import page
from benchmarks.roof_table import ADVANCE, ALL, COUNTED_WEEKS, HOUSEHOLDS, SCENARIOS, row_of

from sim.engine.mechanisms.disputes import MEETING_WEEKS
from sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "results" / "reference" / "roofline"
N = 640
SMALL = {"village.households": N, "village.party_members": 16, "village.volunteers": 4, "village.worthies": 4}


@pytest.fixture(scope="module")
def counted() -> dict[str, Counted]:
    """Two weeks of every intervention as plain Python; `count_weeks` itself compares state and record with `advance`."""
    return count_weeks(load_scenario("everything", SMALL), (3, 10))


def test_every_phase_is_counted(counted: dict[str, Counted]) -> None:
    assert tuple(counted) == NAMES
    assert NAMES[:2] == ("spread_programme", "set_programme")


def test_every_household_passes_every_loop_of_the_week_once(counted: dict[str, Counted]) -> None:
    done = counted["pass_week"].operations
    for name in ("draw", "scores", "mark_movers", "clear_yards", "keep_habit", "mark_turned", "forget"):
        assert done[name] == 2 * N, name
    assert done["sum_of"] == 4 * 2 * N
    assert 0 < done["exp"] < 2 * N
    assert sum(counted["contract"].operations.values()) == 0


def test_the_pass_touches_at_least_the_columns_that_it_sweeps(counted: dict[str, Counted]) -> None:
    """Read: 9 float64, the nearest plot, 8 bytes of uint8. Written: clutter, passivity, habit and persuasion."""
    least = 2 * N * (9 * 8 + 4 + 8 * 1 + 4 * 8)
    assert least < counted["pass_week"].touched.elements < 2 * least


def test_a_phase_that_looks_at_nobody_touches_nothing(counted: dict[str, Counted]) -> None:
    for name in ("spread_programme", "set_programme"):
        assert counted[name].touched == Touched(0, 0, 0)
    for one in counted.values():
        assert one.touched.lines <= one.touched.elements * LINE
        assert one.touched.elements <= min(one.touched.columns, one.touched.lines)


def test_marks_by_hand() -> None:
    """Two reads in one line and a write in another: 3 elements, 2 lines, and a column read and a column written."""
    block = Watched(np.zeros((2, 20)))
    assert block[0, 1] + block[0][1:4][1] == 0.0
    block[1, 2:3][0] = 5.0
    assert block.array[1, 2] == 5.0
    assert touched(block.marks, 8) == Touched(3 * 8, 2 * LINE, 2 * 20 * 8)
    block[1, 6:10] = 1.0
    assert touched(block.marks, 8) == Touched(7 * 8, 3 * LINE, 2 * 20 * 8)


def test_the_roof_is_the_longer_of_moving_and_working() -> None:
    household_weeks = HOUSEHOLDS * len(COUNTED_WEEKS)
    limit = {
        "bandwidth": {"village": {"bytes_per_second": 10e9}},
        "operation_ns": {**dict.fromkeys(OPERATIONS, 0.0), "draw": 3.0},
    }
    done = {**dict.fromkeys(OPERATIONS, 0), "draw": household_weeks}
    for lines, roof in ((20, 3.0), (40, 4.0)):
        moved = Touched(household_weeks, lines * household_weeks, 50 * household_weeks)
        row = row_of("baseline", "talk", 8.0, Counted(moved, done), limit)
        assert row["roof_ns"] == pytest.approx(roof)
        assert row["reached"] == pytest.approx(roof / 8.0)


def test_the_counted_weeks_have_one_of_each_kind() -> None:
    assert {week % MEETING_WEEKS for week in COUNTED_WEEKS} == set(range(MEETING_WEEKS))


def test_the_committed_page_is_the_committed_table_s() -> None:
    frame = pd.read_csv(FOLDER / "roofline.csv")
    told = json.loads((FOLDER / "roofline.json").read_text(encoding="utf-8"))
    assert (ROOT / "docs" / "ROOFLINE.md").read_text(encoding="utf-8") == page(frame, told)
    assert list(frame["phase"]) == [*NAMES, ALL, ADVANCE] * len(SCENARIOS)
    assert told["memory"]["limit"] == 200
