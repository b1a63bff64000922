"""The village's plan: which plot of the grid is a yard, a public plot or a lane, who sees whom, which plot is nearest.

Lanes run along every so many rows and columns. Public plots are spread evenly among the other plots; households fill
the rest row by row, so that neighbours by number are neighbours on the ground. The last row may be part lane.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.world.columns import (
    BLACK_SPOT,
    CLEAN,
    CLEAN_NEIGHBOURS,
    FIRST,
    I32,
    I64,
    IDLE,
    NEIGHBOURS,
    PER_NEIGHBOUR,
    PLAN_COLUMNS,
    PLAN_FIRST,
    PLAN_ROWS,
    PLOT,
    PUBLIC_CLEANLINESS,
    PUBLIC_CLUTTERED,
    PUBLIC_FIRST,
    PUBLIC_KIND,
    PUBLIC_PLOT,
    PUBLIC_STOP,
    PUBLIC_YARDS,
    STOP,
    State,
)  # fmt: skip
from sim.world.room import Room, uniforms

SQUARE = 256
"""More than the yards that a household sees, `sight` being 3 at most."""
FAR = 1 << 30
"""More than any distance that `_nearest` knows: public plots are spread evenly, so it is below twice the plots."""


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


@compiled
def _place(plan: I32, rows: int, columns: int, village: Any, row: I64, plot_of: I32) -> None:
    """Fill the village's `plan`, shape (rows * columns,), and `plot_of`, shape (households,); see `State.plan`."""
    lane_rows, lane_columns = village.plan_lane_rows, village.plan_lane_columns
    households, public_plots = plot_of.size, row[PUBLIC_STOP] - row[PUBLIC_FIRST]
    total = households + public_plots
    yards = 0
    publics = 0
    for r in range(rows):
        lane_row = lane_rows > 1 and r % lane_rows == lane_rows - 1
        for c in range(columns):
            plot = r * columns + c
            lane = lane_row or (lane_columns > 1 and c % lane_columns == lane_columns - 1)
            if lane or yards + publics == total:
                plan[plot] = -1
            # The p-th public plot comes where its even share of the yards is behind it.
            elif yards == households or (
                publics < public_plots and yards * public_plots >= (2 * publics + 1) * households // 2
            ):
                plan[plot] = -2 - (row[PUBLIC_FIRST] + publics)
                publics += 1
            else:
                plan[plot] = row[FIRST] + yards
                plot_of[yards] = plot
                yards += 1


@compiled
def _look_around(s: State, plan: I32, rows: int, columns: int, sight: int, room: Room) -> None:
    """Count yards and clean yards in sight of every household: first along rows, then what rows have across columns."""
    # A yard counts 1, and a clean one `SQUARE` besides, so that one sum holds both numbers.
    yards, along = room.plots[0, : plan.size], room.plots[1, : plan.size]
    for plot in range(plan.size):
        yards[plot] = 1 + SQUARE * np.int64(s.u8[CLEAN, plan[plot]]) if plan[plot] >= 0 else 0
    for row in range(rows):
        start = row * columns
        for column in range(columns):
            along[start + column] = 0
            for k in range(start + max(0, column - sight), start + min(columns, column + sight + 1)):
                along[start + column] += yards[k]
    for row in range(rows):
        for plot in range(row * columns, (row + 1) * columns):
            h = plan[plot]
            if h >= 0:
                seen = -yards[plot]  # the own yard is no neighbour
                for r in range(max(0, row - sight), min(rows, row + sight + 1)):
                    seen += along[plot + (r - row) * columns]
                s.u8[NEIGHBOURS, h] = seen % SQUARE
                s.u8[CLEAN_NEIGHBOURS, h] = seen // SQUARE
                s.f64[PER_NEIGHBOUR, h] = 1.0 / max(1, seen % SQUARE)


@compiled
def _nearest(plan: I32, rows: int, columns: int, public_first: int, step: int, nearest: I32) -> None:
    """Write into `nearest` the distance to each plot's nearest public plot, times `step`, plus that plot's number.

    step : public plots of the village.

    Nearest by Chebyshev distance, then by number in the village, which is by row and then by column. Going once down and
    once up the grid finds it, because every shortest way is one of steps down and along a row and then of others.
    """
    for plot in range(plan.size):
        nearest[plot] = -2 - plan[plot] - public_first if plan[plot] <= -2 else FAR
    for row in range(rows):
        for column in range(columns):
            plot = row * columns + column
            best = nearest[plot]
            if row > 0:
                for c in range(max(0, column - 1), min(columns, column + 2)):
                    best = min(best, nearest[plot - columns - column + c] + step)
            if column > 0:
                best = min(best, nearest[plot - 1] + step)
            nearest[plot] = best
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            plot = row * columns + column
            best = nearest[plot]
            if row < rows - 1:
                for c in range(max(0, column - 1), min(columns, column + 2)):
                    best = min(best, nearest[plot + columns - column + c] + step)
            if column < columns - 1:
                best = min(best, nearest[plot + 1] + step)
            nearest[plot] = best


@compiled
def _open_public_plots(s: State, village: Any, row: I64, nearest: I32, room: Room) -> None:
    """Set the public plots' kind and cleanliness, whose nearest they are, and how many of these yards are cluttered."""
    first, stop = row[PUBLIC_FIRST], row[PUBLIC_STOP]
    u = room.floats[0, : stop - first]
    uniforms((room.keys[0, draws.IDLE_PLOT], room.keys[1, draws.IDLE_PLOT]), draws.NO_SLOT, u, room)
    for k in range(first, stop):
        s.public_i32[PUBLIC_KIND, k] = IDLE if u[k - first] < village.plan_idle_share else BLACK_SPOT
        s.public_f64[PUBLIC_CLEANLINESS, k] = village.plan_public_cleanliness
    for h in range(row[FIRST], row[STOP]):
        k = first + nearest[s.i32[PLOT, h]] % (stop - first)
        s.i32[PUBLIC_PLOT, h] = k
        s.public_i32[PUBLIC_YARDS, k] += 1
        s.public_i32[PUBLIC_CLUTTERED, k] += 1 - np.int64(s.u8[CLEAN, h])


@compiled
def lay_out(s: State, village: Any, v: int, room: Room) -> None:
    """Lay out a village's grid and its public plots, and tell households what they see."""
    row = s.village_i64[:, v]
    rows, columns = row[PLAN_ROWS], row[PLAN_COLUMNS]
    plan = s.plan[row[PLAN_FIRST] : row[PLAN_FIRST] + rows * columns]
    nearest = room.plots[0, : plan.size]
    _place(plan, rows, columns, village, row, s.i32[PLOT, row[FIRST] : row[STOP]])
    _look_around(s, plan, rows, columns, village.plan_sight, room)
    _nearest(plan, rows, columns, row[PUBLIC_FIRST], row[PUBLIC_STOP] - row[PUBLIC_FIRST], nearest)
    _open_public_plots(s, village, row, nearest, room)
