"""The village's plan: which plot of the grid is a yard, a public plot or a lane, who sees whom, which plot is nearest.

Lanes run along every so many rows and columns. Public plots are spread evenly among the other plots; households fill
the rest row by row, so that neighbours by number are neighbours on the ground. The last row may be part lane.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import entry
from sim.world.columns import CLEAN, CLEAN_NEIGHBOURS, I32, NEIGHBOURS, PLOT, PUBLIC_PLOT, U8


def grid_shape(households: int, public_plots: int, lane_rows: int, lane_columns: int) -> tuple[int, int]:
    """Return (rows, columns) of a nearly square grid with room for all yards and public plots besides the lanes."""
    plots = households + public_plots
    kept = (1.0 - (1.0 / lane_rows if lane_rows > 1 else 0.0)) * (
        1.0 - (1.0 / lane_columns if lane_columns > 1 else 0.0)
    )
    columns = max(1, math.ceil(math.sqrt(plots / kept)))
    open_columns = columns - (columns // lane_columns if lane_columns > 1 else 0)
    open_rows = math.ceil(plots / open_columns)
    rows = open_rows + ((open_rows - 1) // (lane_rows - 1) if lane_rows > 1 else 0)
    return rows, columns


@entry
def lay_out(
    plan: I32, rows: int, columns: int, lane_rows: int, lane_columns: int,
    first: int, households: int, public_first: int, public_plots: int, plot_of: I32,
) -> None:  # fmt: skip
    """Fill `plan`, shape (rows * columns,), and `plot_of`, shape (households,); see `State.plan` for the codes."""
    total = households + public_plots
    placed = 0
    yards = 0
    publics = 0
    for row in range(rows):
        for column in range(columns):
            plot = row * columns + column
            lane = (lane_rows > 1 and row % lane_rows == lane_rows - 1) or (
                lane_columns > 1 and column % lane_columns == lane_columns - 1
            )
            if lane or placed == total:
                plan[plot] = -1
                continue
            # The p-th public plot comes where its even share of the yards is behind it.
            if publics < public_plots and yards * public_plots >= (2 * publics + 1) * households // 2:
                plan[plot] = -2 - (public_first + publics)
                publics += 1
            elif yards < households:
                plan[plot] = first + yards
                plot_of[yards] = plot
                yards += 1
            else:
                plan[plot] = -2 - (public_first + publics)
                publics += 1
            placed += 1


@entry
def look_around(plan: I32, rows: int, columns: int, sight: int, first: int, i32: I32, u8: U8) -> None:
    """Count yards and clean yards in sight of every household, and find its nearest public plot.

    Nearest by Chebyshev distance, then by row, then by column; -1 where the village has no public plot.
    """
    households = 0
    for plot in range(rows * columns):
        if plan[plot] >= first:
            households += 1
    for h in range(first, first + households):
        row, column = divmod(i32[PLOT, h], columns)
        seen = 0
        clean = 0
        for r in range(max(0, row - sight), min(rows, row + sight + 1)):
            for c in range(max(0, column - sight), min(columns, column + sight + 1)):
                other = plan[r * columns + c]
                if other >= 0 and other != h:
                    seen += 1
                    clean += u8[CLEAN, other]
        u8[NEIGHBOURS, h] = seen
        u8[CLEAN_NEIGHBOURS, h] = clean
        nearest = -1
        distance = 0
        while nearest < 0 and distance < max(rows, columns):
            distance += 1
            for r in range(max(0, row - distance), min(rows, row + distance + 1)):
                edge = r == row - distance or r == row + distance
                step = 1 if edge else 2 * distance
                for c in range(column - distance, column + distance + 1, step):
                    if nearest < 0 and 0 <= c < columns and plan[r * columns + c] <= -2:
                        nearest = -2 - plan[r * columns + c]
        i32[PUBLIC_PLOT, h] = nearest


def empty_plan(rows: int, columns: int) -> I32:
    """Return a plan of lanes only, shape (rows * columns,)."""
    return np.full(rows * columns, -1, dtype=np.int32)
