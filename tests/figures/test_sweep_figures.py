"""Figures of sweeps: the curve, the map and its marks, and titles that state what is found."""

from __future__ import annotations

import numpy as np
import pytest
from figure_reading import words_of
from figure_tables import LABELS, points_table
from matplotlib.collections import PathCollection
from matplotlib.contour import ContourSet
from matplotlib.patches import Rectangle

from sim.figures import sweep_figure

X, Y, Z = "interventions.donation.yuan", "household.persuasion", "village.newcomer_share"


def keys(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def test_a_curve_shows_means_band_reference_and_hollow_points() -> None:
    table = points_table([X])
    figure = sweep_figure(table.sample(frac=1, random_state=1), keys(X), "adopted", "donation", LABELS)
    (axes,) = figure.axes
    line, clear, unclear, reference = axes.lines
    np.testing.assert_allclose(np.asarray(line.get_xydata()), table[[X, "mean"]].to_numpy())
    hollow = table["verdict"] == "not distinguishable"
    assert (
        len(np.asarray(clear.get_xdata())) == (~hollow).sum()
        and len(np.asarray(unclear.get_xdata())) == hollow.sum() > 0
    )
    assert unclear.get_markerfacecolor() == "white"
    assert set(np.asarray(reference.get_ydata())) == {0.25}
    assert {"40 %", "0 %"} <= {text.get_text() for text in axes.get_yticklabels()}
    assert "Band: 5th to 95th percentile of the runs" in words_of(figure)


def test_a_map_hatches_what_is_not_distinguishable_and_marks_sides() -> None:
    table = points_table([X, Y])
    figure = sweep_figure(table, keys(X, Y), "adopted", "donation", LABELS)
    axes = figure.axes[0]
    shown = np.asarray(axes.images[0].get_array()) * (table["mean"].max() - table["mean"].min()) + table["mean"].min()
    np.testing.assert_allclose(shown, table.pivot(index=Y, columns=X, values="mean"))
    hatched = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_hatch()]
    assert len(hatched) == (table["verdict"] == "not distinguishable").sum() > 0
    cells = [text.get_text() for text in axes.texts]
    for sign, verdict in (("▲", "more"), ("▼", "less")):
        assert sum(sign in cell for cell in cells) == (table["verdict"] == verdict).sum() > 0
    assert "10.0 ▼" in cells and "40.0 ▲" in cells
    (contour, _) = (one for one in axes.collections if isinstance(one, ContourSet))
    (path,) = contour.get_paths()
    np.testing.assert_allclose(path.vertices.sum(axis=1), 4.0)  # where the mean of both shares is a half


def test_without_a_reference_nothing_is_hatched_or_compared() -> None:
    figure = sweep_figure(points_table([X, Y], against=False), keys(X, Y), "adopted", "donation", LABELS)
    assert not figure.axes[0].patches and not figure.legends
    assert "against" not in words_of(figure)


def test_three_values_are_maps_side_by_side_of_one_scale() -> None:
    figure = sweep_figure(points_table([X, Y, Z]), keys(X, Y, Z), "adopted", "donation", LABELS)
    maps = [axes for axes in figure.axes if axes.images]
    assert [axes.get_title(loc="left") for axes in maps] == [
        f"newcomer_share: {value}" for value in ("0", "250,000", "500,000", "750,000", "1,000,000")
    ]
    assert {axes.images[0].get_clim() for axes in maps} == {(0.0, 1.0)}


@pytest.mark.parametrize(("names", "panels"), [((X, Y), 1), ((X, Y, Z), 3)])
def test_scattered_points_are_all_drawn(names: tuple[str, ...], panels: int) -> None:
    figure = sweep_figure(points_table(names, grid=False), keys(*names), "adopted", "donation", LABELS, grid=False)
    drawn = [one for axes in figure.axes for one in axes.collections if isinstance(one, PathCollection)]
    assert len(drawn) == panels
    assert sum(len(np.asarray(one.get_offsets())) for one in drawn) == 24


def test_the_title_states_the_highest_point_and_counts_verdicts() -> None:
    table = points_table([X])
    title = words_of(sweep_figure(table, keys(X), "adopted", "donation", LABELS)).split(" | ")
    more, less = (int((table["verdict"] == verdict).sum()) for verdict in ("more", "less"))
    said = (
        f"Households that have adopted: up to 40.0 % with donation, at {X} 1,000,000; against 大沥镇密集动员: "
        f"more at {more}, less at {less} of 5 points"
    )
    assert said in [part.replace("  ", " ") for part in title]


def test_an_outcome_without_points_is_refused() -> None:
    with pytest.raises(ValueError, match="no points of outcome 'yuan'"):
        sweep_figure(points_table([X]), keys(X), "yuan", "donation")
