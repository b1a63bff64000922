"""Forests of effects: the order, the numbers, and what is hollow."""

from __future__ import annotations

import pandas as pd
import pytest
from figure_reading import bars_of, words_of
from figure_tables import SCENARIOS, effects_table
from matplotlib.colors import to_hex

from sim.figures import forest


def test_the_forest_keeps_the_order_and_prints_the_numbers() -> None:
    table = effects_table()
    figure = forest(table)
    axes = figure.axes[0]
    names = [tick.get_text() for tick in axes.get_yticklabels()]
    assert [name.replace("\n", " ") for name in names] == [s.replace("_", " ") for s in SCENARIOS[1:]]
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first row is at the top"
    words = words_of(figure)
    for said in ("−10.0 [−13.0, −7.0]", "+40.0 [+37.0, +43.0]", "percentage points", "against baseline"):
        assert said in words
    low, high = axes.get_xlim()
    assert low < -19 and high > 49, "the spread is within the axis"


def test_only_what_is_not_distinguishable_is_hollow() -> None:
    axes = forest(effects_table()).axes[0]
    boxes = bars_of(axes)
    assert [to_hex(box.get_facecolor()) == "#ffffff" for box in boxes] == [False, True, False, False, False, False]
    table = effects_table().query("outcome == 'adopted'")
    assert [box.get_x() for box in boxes] == pytest.approx((100 * table["low"]).tolist())
    assert [box.get_width() for box in boxes] == pytest.approx((100 * (table["high"] - table["low"])).tolist())


def test_panels_of_a_unit_have_the_same_scale() -> None:
    table = effects_table()
    clean = table.query("outcome == 'adopted'").assign(outcome="clean")
    clean[["difference", "low", "high", "spread_low", "spread_high"]] *= 0.2
    first, second, money = forest(pd.concat([table, clean]), ("adopted", "clean", "yuan_per_adopted")).axes
    assert first.get_xlim() == second.get_xlim() != money.get_xlim()


def test_a_clear_difference_is_never_written_as_nothing() -> None:
    table = effects_table().iloc[:2].copy()
    table[["difference", "low", "high", "verdict"]] = [[0.0004, 0.0002, 0.0006, "more"], [0.0, -0.01, 0.01, "unclear"]]
    words = words_of(forest(table))
    assert "+0.04 [+0.02, +0.06]" in words and "0.00 [−1.00, +1.00]" in words


def test_an_unknown_effect_is_told() -> None:
    assert "undefined" in words_of(forest(effects_table(), ("weeks_to_half",)))


def test_several_references_are_named_in_the_rows() -> None:
    table = effects_table().iloc[:3].copy()
    table["reference"] = ["baseline", "baseline", "donation"]
    assert "volunteer team against donation" in words_of(forest(table))
