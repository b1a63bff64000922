"""The plan and ties: every yard and public plot in its place, sight, and who is tied to whom."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom
from worlds import SHAPES, built, places, shaped, small

from sim.engine.world import columns as c
from sim.scenario import load_scenario


@pytest.mark.parametrize("shape", SHAPES)
def test_the_plan_holds_every_household_and_public_plot_once(shape: dict[str, Any]) -> None:
    scenario = shaped(shape)
    village = scenario.villages[0]
    grid, row, column = places(built(scenario))
    assert sorted(grid[grid >= 0]) == list(range(village.households))
    assert (grid[row, column] == np.arange(village.households)).all()
    publics = -(-village.households // village.plan.households_per_public_plot)
    assert sorted(-2 - grid[grid <= -2]) == list(range(publics))


@pytest.mark.parametrize("shape", SHAPES)
def test_lanes_run_where_the_scenario_says(shape: dict[str, Any]) -> None:
    plan = shaped(shape).villages[0].plan
    grid, _, _ = places(built(shaped(shape)))
    lane = np.zeros(grid.shape, np.bool_)
    if plan.lane_rows:
        lane[plan.lane_rows - 1 :: plan.lane_rows] = True
    if plan.lane_columns:
        lane[:, plan.lane_columns - 1 :: plan.lane_columns] = True
    assert (grid[lane] == -1).all()
    other = grid[~lane]
    last = np.flatnonzero(other != -1)[-1]
    assert (other[: last + 1] != -1).all()  # no gap but at the end


@pytest.mark.parametrize("shape", SHAPES)
def test_neighbours_and_clean_neighbours_are_counted_right(shape: dict[str, Any]) -> None:
    """Brute force over all pairs: within `sight` in rows and in columns, the own yard left out."""
    scenario = shaped({**shape, "household.clutter_start": 2.0})
    state = built(scenario)
    _, row, column = places(state)
    far = np.maximum(np.abs(row[:, None] - row), np.abs(column[:, None] - column))
    near = (far <= scenario.villages[0].plan.sight) & (far > 0)
    clean = state.column("clean")
    assert 0 < clean.sum() < clean.size
    assert (state.column("neighbours") == near.sum(axis=1)).all()
    assert (state.column("clean_neighbours") == near @ clean.astype(int)).all()
    assert np.array_equal(state.column("per_neighbour"), 1 / np.maximum(1, near.sum(axis=1)))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_nearest_public_plot_is_the_nearest(shape: dict[str, Any]) -> None:
    """Brute force by Chebyshev distance; among equals the first by row, then by column."""
    state = built(shaped(shape))
    grid, row, column = places(state)
    where = np.argwhere(grid <= -2)
    far = np.maximum(np.abs(row[:, None] - where[:, 0]), np.abs(column[:, None] - where[:, 1]))
    nearest = where[far.argmin(axis=1)]  # argwhere goes by row, then by column, and argmin takes the first
    assert (state.column("public_plot") == -2 - grid[nearest[:, 0], nearest[:, 1]]).all()


def test_public_plots_count_the_yards_around_them() -> None:
    state = built(small(household__clutter_start=2.0))
    nearest, clean = state.column("public_plot"), state.column("clean")
    plots = state.public_i32.shape[1]
    assert (state.public_i32[c.PUBLIC_YARDS] == np.bincount(nearest, minlength=plots)).all()
    assert (state.public_i32[c.PUBLIC_CLUTTERED] == np.bincount(nearest[clean == 0], minlength=plots)).all()


@pytest.mark.parametrize("values", [{}, {"village__ties__local": 12}, {"village__newcomer_share": 0.6}])
def test_ties_are_symmetric_sorted_unique_and_not_with_oneself(values: dict[str, Any]) -> None:
    state = built(small(**values))
    n = state.households
    first, tie = state.tie_first, state.tie
    assert first[0] == 0
    assert first[-1] == tie.size
    assert (np.diff(first) == state.column("ties")).all()
    assert np.array_equal(state.column("per_tie"), 1 / np.maximum(1, np.diff(first)))
    pairs = set()
    for i in range(n):
        mine = tie[first[i] : first[i + 1]]
        assert (np.diff(mine) > 0).all()  # sorted, and each once
        assert i not in mine
        assert ((mine >= 0) & (mine < n)).all()
        pairs |= {(i, int(j)) for j in mine}
    assert pairs == {(j, i) for i, j in pairs}
    assert len(pairs) > 2 * n


def test_ties_across_the_divide_hold_as_often_as_they_should() -> None:
    """With 0 none holds. With 0.25 their number is a quarter of that with 1, where every proposal across holds.

    The same proposals are thinned, so it is binomial(n, 1/4) but for pairs proposed from both sides (fewer than 1 %):
    within 4 standard errors and 1 %; power above 99 % against 0.2, computed below.
    """

    def across(share: float) -> int:
        state = built(load_scenario("baseline", {"village.households": 12_000, "village.ties.across": share}))
        newcomer = state.column("roles") & c.NEWCOMER
        who = np.repeat(np.arange(state.households), np.diff(state.tie_first))
        return int((newcomer[who] != newcomer[state.tie]).sum()) // 2

    assert across(0.0) == 0
    proposals = across(1.0)
    margin = 4 * np.sqrt(proposals * 0.25 * 0.75) + 0.01 * proposals
    assert binom.cdf(0.25 * proposals - margin, proposals, 0.2) > 0.99
    assert abs(across(0.25) - 0.25 * proposals) < margin
