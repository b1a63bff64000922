"""Figures of a search for a policy, and of shares; tables that lack what a figure needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from figure_tables import curves_table, differences_table, effects_table
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.figures import attribution, forest, ladder, outcome_curves
from sim.figures.policy import allocation, front
from sim.figures.shares import carried as draw_carried
from sim.figures.shares import shares as draw_shares
from tests.policy_tables import carried, policies, shares


def test_a_front_fills_what_is_on_it_and_stars_the_chosen() -> None:
    """Of 16 mixes one is chosen and four are on the front, three of these as dots; one is beyond the budget."""
    panels = front(policies(), {"yuan": 3e5}).axes
    for axes in panels:
        marks = [line for line in axes.get_lines() if line.get_marker() in ("o", "*", "x")]
        assert [line.get_marker() for line in marks].count("*") == 1
        filled = [line for line in marks if line.get_marker() == "o" and line.get_markerfacecolor() != "white"]
        assert (len(marks), len(filled), [line.get_marker() for line in marks].count("x")) == (16, 3, 1)
    limits = [[line.get_xdata()[0] for line in axes.get_lines() if line.get_linestyle() == "--"] for axes in panels]
    assert limits == [[3e5], [], []]


def test_shares_are_sorted_and_only_clear_ones_are_filled() -> None:
    axes = draw_shares(shares()).axes[0]
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert [round(bar.get_width(), 6) for bar in bars] == [40, 20, 10, 5, 0.4, -0.2]
    assert [to_hex(bar.get_facecolor()) == "#ffffff" for bar in bars] == [False] * 4 + [True] * 2
    carried_bars = [patch.get_width() for patch in draw_carried(carried()).axes[0].patches]
    assert carried_bars == sorted(carried_bars, reverse=True) and len(carried_bars) == 6


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: outcome_curves(curves_table().drop(columns="q05")), "lacks q05"),
        (lambda: outcome_curves(curves_table().iloc[:0]), "no rows"),
        (lambda: outcome_curves(curves_table(), "happiness"), "happiness"),
        (lambda: outcome_curves(curves_table(), scenarios=["x"]), "no scenario x"),
        (lambda: ladder(curves_table().query("outcome != 'pushed'")), "watching, pushed"),
        (lambda: forest(effects_table(), ("happiness",)), "happiness"),
        (lambda: attribution(differences_table().drop(columns="flow")), "lacks flow"),
        (lambda: front(policies().drop(columns="hours"), {}), "lacks hours"),
        (lambda: allocation(policies(), ["council"]), "lacks strength.council"),
        (lambda: draw_shares(shares(), "happiness"), "no shares of happiness"),
    ],
)
def test_a_table_that_lacks_something_is_refused(draw: Callable[[], Figure], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw()
