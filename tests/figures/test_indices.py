"""Figures of a sensitivity study: screening, indices, convergence, weeks and pairs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from figure_reading import bars_of, words_of
from figure_tables import NAMED, convergence_table, indices_table, morris_table, pawn_table, weeks_table
from matplotlib.figure import Figure

from sim.figures import index_bars, index_convergence, index_pairs, index_weeks, morris


def test_screening_is_sorted_and_shows_the_noise() -> None:
    table = morris_table()
    figure = morris(table, "adopted")
    bars, plane = figure.axes
    lengths = [patch.get_width() for patch in bars.patches]  # type: ignore[attr-defined]
    assert lengths == sorted(table["mu_star"], reverse=True)
    for axes in (bars, plane):
        assert any(list(np.asarray(line.get_xdata())) == [0.02, 0.02] for line in axes.lines)
    numbers = {text.get_text() for text in plane.texts}
    beyond = int((table["mu_star"] > 0.02).sum())
    assert {str(number) for number in range(1, beyond + 1)} <= numbers, "all beyond the noise are numbered"
    assert "Outcome: adopted" in words_of(figure)


def test_a_screening_of_single_replicates_claims_no_noise() -> None:
    figure = morris(morris_table().assign(seed_noise=np.nan), "adopted")
    assert "noise" not in words_of(figure) and "nan" not in words_of(figure)
    assert not [line for axes in figure.axes for line in axes.lines if line.get_linestyle() == "--"]


def test_bars_of_indices_are_sorted_by_total_order() -> None:
    table = indices_table()
    axes = index_bars(table, "adopted", NAMED).axes[0]
    total = table[table["index"] == "ST"]["value"].sort_values(ascending=False)
    first = table[table["index"] == "S1"]["value"].sort_values(ascending=False)
    assert [bar.get_width() for bar in bars_of(axes)] == [*total, *first]
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first row is at the top"
    assert axes.get_yticklabels()[0].get_text() == "predisposition sd (sigma_eps)"


def test_the_dummy_of_pawn_is_a_line_and_no_bar() -> None:
    axes = index_bars(pawn_table(), "adopted").axes[0]
    assert len(bars_of(axes)) == 6
    assert any(list(np.asarray(line.get_xdata())) == [0.06, 0.06] for line in axes.lines)


def test_convergence_shows_the_largest_and_says_of_how_many() -> None:
    figure = index_convergence(convergence_table(12), "adopted")
    assert "The largest 8 of 12." in words_of(figure)
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["32", "64", "128", "256"]


def test_maps_of_indices_have_a_row_a_parameter_and_numbers_in_hundredths() -> None:
    weeks = index_weeks(weeks_table(), "adopted").axes[0]
    assert np.asarray(weeks.images[0].get_array()).shape == (6, 12)
    assert weeks.texts[11].get_text() == "50"
    pairs = index_pairs(indices_table(), "adopted", most=4).axes[0]
    shown = np.asarray(pairs.images[0].get_array().filled(np.nan))  # type: ignore[union-attr]
    assert shown.shape == (4, 4)
    assert np.isnan(shown[np.triu_indices(4, 1)]).all() and not np.isnan(shown[np.tril_indices(4)]).any()


@pytest.mark.parametrize("draw", [index_bars, index_convergence, index_weeks, index_pairs])
def test_tables_without_indices_are_refused(draw: Callable[..., Figure]) -> None:
    table = indices_table().assign(n=8, week=3)
    with pytest.raises(ValueError, match="the table"):
        draw(table[table["index"] == "none"], "adopted")
    with pytest.raises(ValueError, match="the table lacks value"):
        draw(table.drop(columns="value"), "adopted")
