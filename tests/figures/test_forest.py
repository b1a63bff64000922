"""Forests of effects: the order, the numbers, and what is hollow."""

from __future__ import annotations

from figure_reading import words_of
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
    faces = [to_hex(str(line.get_markerfacecolor())) for line in axes.lines if line.get_marker() == "o"]
    assert [face == "#ffffff" for face in faces] == [False, True, False, False, False, False]


def test_an_unknown_effect_is_told() -> None:
    assert "undefined" in words_of(forest(effects_table(), ("weeks_to_half",)))


def test_several_references_are_named_in_the_rows() -> None:
    table = effects_table().iloc[:3].copy()
    table["reference"] = ["baseline", "baseline", "donation"]
    assert "volunteer team against donation" in words_of(forest(table))
