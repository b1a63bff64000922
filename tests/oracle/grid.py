"""The village's plan on a Mesa grid: lanes stay empty, yards and public plots stand on cells, row by row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mesa.discrete_space import OrthogonalMooreGrid

from oracle.household import Household
from oracle.public_plot import Kind, PublicPlot
from sim.numerics import draws
from sim.scenario import Plan

if TYPE_CHECKING:
    from oracle.village import Village

Coordinate = tuple[int, int]


def every_so_many(spacing: int, number: int) -> bool:
    """Return whether a row or column is a lane: the last of every `spacing`; a spacing of 0 or 1 makes no lanes."""
    return spacing > 1 and number % spacing == spacing - 1


def shape(households: int, public_plots: int, plan: Plan) -> tuple[int, int]:
    """Return (rows, columns): nearly square, with room for all yards and public plots besides the lanes."""
    plots = households + public_plots
    open_share = 1.0
    for spacing in (plan.lane_rows, plan.lane_columns):
        open_share *= 1.0 - (1.0 / spacing if spacing > 1 else 0.0)
    columns = max(1, math.ceil(math.sqrt(plots / open_share)))
    open_columns = sum(not every_so_many(plan.lane_columns, column) for column in range(columns))
    open_rows = math.ceil(plots / open_columns)
    rows = open_rows + ((open_rows - 1) // (plan.lane_rows - 1) if plan.lane_rows > 1 else 0)
    return rows, columns


def is_public(yards: int, publics: int, households: int, public_plots: int) -> bool:
    """Return whether the next plot is a public one: its even share of the yards is behind it, or no yards are left."""
    if yards == households:
        return True
    return publics < public_plots and yards * public_plots >= (2 * publics + 1) * households // 2


def lay_out(village: Village) -> None:
    """Make the grid, settle the households on it in order of number, and make the public plots among them."""
    plan, households = village.facts.plan, village.households_by_number
    number_of_plots = math.ceil(len(households) / plan.households_per_public_plot)
    rows, columns = shape(len(households), number_of_plots, plan)
    village.grid = OrthogonalMooreGrid((rows, columns), torus=False, random=village.model.random)
    village.rows, village.columns = rows, columns
    yards = 0
    for row in range(rows):
        for column in range(columns):
            if every_so_many(plan.lane_rows, row) or every_so_many(plan.lane_columns, column):
                continue
            if yards + len(village.public_plots) == len(households) + number_of_plots:
                return
            if is_public(yards, len(village.public_plots), len(households), number_of_plots):
                village.public_plots.append(make_public_plot(village, (row, column)))
            else:
                settle(village, households[yards], (row, column))
                yards += 1


def make_public_plot(village: Village, at: Coordinate) -> PublicPlot:
    """Make the next public plot: idle land with a given probability, else a black spot."""
    plot = PublicPlot(village, len(village.public_plots))
    plot.cell = village.grid[at]
    plot.cleanliness = village.facts.plan.public_cleanliness
    if village.luck.once(draws.IDLE_PLOT, plot.number) < village.facts.plan.idle_share:
        plot.kind = Kind.IDLE
    return plot


def settle(village: Village, household: Household, at: Coordinate) -> None:
    """Give a household its yard, and measure how far (Chebyshev) it lies from the middle of the grid."""
    household.cell = village.grid[at]
    household.from_the_middle = max(abs(at[0] - village.rows // 2), abs(at[1] - village.columns // 2))


def who_is_at(village: Village, at: Coordinate) -> Household | PublicPlot | None:
    """Return who or what stands on a cell; None for a lane, empty ground, or a place beyond the grid."""
    if not (0 <= at[0] < village.rows and 0 <= at[1] < village.columns):
        return None
    return next(iter(village.grid[at].agents), None)


def look_around(village: Village) -> None:
    """Let every household know the yards in its sight and its nearest public plot."""
    sight = village.facts.plan.sight
    for household in village.households_by_number:
        around = household.cell.get_neighborhood(radius=sight)
        household.in_sight = [agent for agent in around.agents if isinstance(agent, Household)]
        household.public_plot = nearest_public_plot(village, household)
        household.public_plot.yards.append(household)


def nearest_public_plot(village: Village, household: Household) -> PublicPlot:
    """Return the nearest public plot: by Chebyshev distance, of several the one furthest up, then furthest left."""
    distance = 1
    while True:
        for at in ring(household.cell.coordinate, distance):
            found = who_is_at(village, at)
            if isinstance(found, PublicPlot):
                return found
        distance += 1


def ring(centre: Coordinate, distance: int) -> Iterator[Coordinate]:
    """Yield the coordinates at a Chebyshev distance from a centre, row by row."""
    row, column = centre
    for r in range(row - distance, row + distance + 1):
        on_edge = abs(r - row) == distance
        for c in range(column - distance, column + distance + 1, 1 if on_edge else 2 * distance):
            yield r, c
