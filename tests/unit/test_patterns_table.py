"""Patterns' tables: verdicts by hand, every pattern told, and the docs page the same as the committed table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.pattern_measures import MEASURES, PLACES, RUNS, UNTESTED, Measure, Tables, first_week
from sim.analysis.patterns import (
    COLUMNS,
    INFORMATION,
    NO,
    OPEN,
    TOO_FEW,
    UNMEASURED,
    YES,
    by_pattern,
    courses,
    judge,
    markdown,
    meets,
    number,
    run_all,
    wanted,
)
from sim.engine.outcomes import GROUPS
from sim.evidence import load_register
from sim.figures.places import places
from sim.scenario import scenario_names

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "results" / "reference" / "10_patterns_and_places"
NOTHING: Tables = {}


def measure(*values: float, pattern: str = "P1", **band: float) -> Measure:
    return Measure(pattern, "quantity", "share", "run", "by hand", lambda _: np.array(values), **band)


@pytest.mark.parametrize(
    ("band", "text", "inside", "outside"),
    [
        ({"low": 0.6}, ">= 0.6", 0.6, 0.59), ({"high": 0.15}, "<= 0.15", 0.15, 0.16),
        ({"low": 1.2, "high": 2.2}, "1.2 to 2.2", 2.2, 2.3), ({"above": 0.0}, "> 0", 0.01, 0.0),
        ({"low": -0.1, "high": 0.0}, "-0.1 to 0", 0.0, 0.01),
    ],
)  # fmt: skip
def test_bounds_belong_to_a_band_and_not_to_a_direction(
    band: dict[str, float], text: str, inside: float, outside: float
) -> None:
    assert wanted(measure(**band)) == text
    assert meets(measure(**band), inside)
    assert not meets(measure(**band), outside)
    assert not meets(measure(**band), float("nan"))


def test_the_whole_interval_must_lie_in_the_band() -> None:
    """Of 0.5 and 0.9 the interval is 2.093 (Student's quantile for 19) times 0.205 / sqrt(20) = 0.096 on both sides of 0.7, so
    that at least 0.62 isn't shown; of 0.7 and 0.9 it is 0.048 on both sides of 0.8."""
    register = load_register()
    wide, narrow = [0.5, 0.9] * 10, [0.7, 0.9] * 10
    found = judge(NOTHING, register, [measure(*wide, low=0.62), measure(*narrow, low=0.62), measure(*wide)])
    assert tuple(found) == COLUMNS
    assert found["verdict"].tolist() == [NO, YES, INFORMATION]
    assert found["value"].tolist() == pytest.approx([0.7, 0.8, 0.7])
    assert found["within"].tolist()[:2] == [0.5, 1.0]


def test_a_pattern_is_reproduced_when_all_of_its_quantities_are() -> None:
    register = load_register()
    measures = [
        measure(*[0.7] * 20, low=0.6), measure(0.1), measure(*[0.7] * 20, low=0.6, pattern="P2"),
        measure(*[0.1] * 20, low=0.6, pattern="P2"), measure(0.1, pattern="P5"),
        measure(*[0.7] * 19, low=0.6, pattern="P3"), measure(*[9.0] * 19, np.nan, low=1.0, pattern="P6"),
    ]  # fmt: skip
    found = by_pattern(judge(NOTHING, register, measures), register).set_index("pattern")
    assert found["verdict"][["P1", "P2", "P5", "P4", "P3", "P6"]].tolist() == [YES, NO, OPEN, OPEN, TOO_FEW, NO]
    assert found["quantities"]["P2"] == "1 of 2"
    assert found["why"]["P2"] == "Fails: quantity is 0.1, not >= 0.6."
    assert found["why"]["P6"].startswith("Fails: quantity is defined in 19 of 20 runs only, not >= 1.")
    assert found.loc["N1", ["verdict", "why"]].tolist() == [UNMEASURED, register.patterns["N1"].unmeasured]
    assert list(found.index) == list(register.patterns)


def test_the_first_week_is_that_after_which_the_share_stands_and_none_is_no_week() -> None:
    courses = np.array([[0.0, 0.5, 0.4], [0.0, 0.1, 0.2], [0.6, 0.0, 0.0]])
    np.testing.assert_array_equal(first_week(courses, 0.5), [2, np.nan, 1])


def test_numbers_are_short() -> None:
    assert [number(x) for x in (0.12345, 4321.7, -0.0, 172.3)] == ["0.123", "4,322", "0", "172"]


def test_every_pattern_is_measured_on_runs_that_are_made() -> None:
    register = load_register()
    assert {m.pattern for m in MEASURES} == {name for name, one in register.patterns.items() if not one.unmeasured}
    assert set(UNTESTED) <= set(register.patterns)
    assert {f"places/{place}" for place in PLACES} == {name for name in scenario_names() if name.startswith("places/")}
    for m in MEASURES:
        assert m.runs in RUNS or all(name in RUNS for name in m.runs.split(", ")), m.quantity
    for setting in RUNS.values():
        assert setting.load().weeks > 0


def test_bands_that_cite_a_pattern_are_the_registers() -> None:
    register = load_register()
    for m in MEASURES:
        if m.basis in register.patterns:
            assert (m.low, m.high) in {(band.low, band.high) for band in register.patterns[m.basis].bands}, m.quantity


def test_runs_and_the_picture() -> None:
    runs = run_all({label: RUNS[label] for label in ("dabu", "dabu, no programme")}, 1, 2, 1)
    assert runs["dabu"]["weekly.adopted"].shape == (2, 208, len(GROUPS))
    table = courses(runs, ["dabu"])
    assert (table["q10"] <= table["q50"]).all()
    assert (table["q50"] <= table["q90"]).all()
    none = table[table["kind"] == "none"]
    assert len(none) == 208
    assert none["q50"].max() < 0.2
    assert len(places(table).axes) == 1


def test_the_page_is_the_committed_table() -> None:
    empty = dict.fromkeys(("value", "low", "high", "within"), "")
    quantities = pd.read_csv(FOLDER / "patterns.csv", keep_default_na=False, na_values=empty)
    written = markdown(quantities, by_pattern(quantities, load_register()))
    assert (FOLDER / "patterns.md").read_text(encoding="utf-8") == written
    assert (ROOT / "docs" / "PATTERNS.md").read_text(encoding="utf-8").endswith(f"\n{written}")
    assert [tuple(row) for row in quantities[["pattern", "quantity", "wanted"]].itertuples(index=False)] == [
        (m.pattern, m.quantity, wanted(m)) for m in MEASURES
    ]
