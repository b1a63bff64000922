"""Curves over the weeks, and the ladder: what is drawn, and that it can be told apart without colour."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from figure_reading import words_of
from figure_tables import LABELS, MARKS, SCENARIOS, curves_table
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sim.figures import ladder, outcome_curves
from sim.figures.colour import PALETTE, RUNG_COLOURS, RUNG_HATCHES, ink_on, lightness
from sim.figures.style import line_style


def bands_of(figure: Figure) -> list[PolyCollection]:
    return [artist for artist in figure.axes[0].collections if isinstance(artist, PolyCollection)]


def test_curves_have_a_line_and_a_band_for_each_scenario() -> None:
    figure = outcome_curves(curves_table(), scenarios=["donation", "baseline"], labels=LABELS, marks=MARKS)
    axes = figure.axes[0]
    lines = [line for line in axes.lines if len(np.asarray(line.get_xdata())) == 104]
    assert (len(lines), len(bands_of(figure))) == (2, 2)
    assert np.asarray(lines[0].get_xdata())[0] == 1, "the first row is the end of the first week"
    assert axes.get_xlim() == (0, 104)
    assert axes.get_ylim() == (0, 1)
    words = words_of(figure)
    assert "Band: 5th to 95th percentile of 200 replicates" in words
    for said in ("donation", "No programme", "100 %", "Weeks since the start", "Programme", "A year after"):
        assert said in words


def test_bands_span_the_quantiles() -> None:
    table = curves_table()
    figure = outcome_curves(table, scenarios=["campaign"])
    band = bands_of(figure)[0].get_paths()[0].vertices
    rows = table[(table.scenario == "campaign") & (table.outcome == "adopted") & (table.group == "all")]
    assert np.isclose(np.asarray(band)[:, 1].max(), rows["q95"].max())


def test_curves_of_other_outcomes_and_groups_say_so() -> None:
    words = words_of(outcome_curves(curves_table(), "clutter", "newcomer"))
    assert "Mean clutter, newcomers (hours)" in words
    assert "%" not in words


def test_replicates_that_differ_are_told_as_a_range() -> None:
    table = curves_table()
    table.loc[table["scenario"] == "campaign", "replicates"] = 1000
    assert "percentile of 200 to 1,000 replicates" in words_of(outcome_curves(table))


def test_curves_with_gaps_are_drawn() -> None:
    table = curves_table()
    table.loc[table["scenario"] == "donation", ["mean", "q05", "q95"]] = np.nan
    assert "donation" in words_of(outcome_curves(table))


def test_lines_differ_without_colour() -> None:
    styles = [line_style(number) for number in range(20)]
    assert len({(str(style.dashes), style.marker) for style in styles}) == 20
    assert all(lightness(style.colour) < 75 for style in styles), "stand out from white"


def test_the_ladder_stacks_up_to_all_households() -> None:
    figure = ladder(curves_table(), labels=LABELS, marks=MARKS)
    panels = [axes for axes in figure.axes if axes.axison]
    assert len(panels) == len(SCENARIOS)
    for axes in panels:
        areas = [artist for artist in axes.collections if isinstance(artist, PolyCollection)]
        assert [to_hex(np.asarray(area.get_facecolor())[0]).upper() for area in areas] == list(reversed(RUNG_COLOURS))
        assert [area.get_hatch() or "" for area in areas] == list(reversed(RUNG_HATCHES))
        assert np.isclose(np.asarray(areas[-1].get_paths()[0].vertices)[:, 1].max(), 1.0)
        assert axes.get_ylim() == (0, 1)
    for word in ("Watching", "Pushed", "Helping", "Self-initiated"):
        assert word in words_of(figure)


def test_rungs_differ_in_lightness() -> None:
    steps = [lightness(low) - lightness(high) for low, high in pairwise(RUNG_COLOURS)]
    assert min(steps) >= 15
    assert lightness("#000000") == 0.0
    assert round(lightness("#FFFFFF"), 6) == 100.0
    assert [ink_on(colour) for colour in RUNG_COLOURS] == ["#000000", "#000000", "#FFFFFF", "#FFFFFF"]


def test_the_palette_goes_from_dark_to_light() -> None:
    assert sorted(PALETTE, key=lightness) == list(PALETTE)
