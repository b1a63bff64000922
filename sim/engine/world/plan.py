"""The village's plan: which plot of the grid is a yard, a public plot or a lane, who sees whom, which plot is nearest.

Lanes run along every so many rows and columns. Public plots are spread evenly among the other plots; households fill
the rest row by row, so that neighbours by number are neighbours on the ground. The last row may be part lane.
"""

from __future__ import annotations

import math
from typing import Any

from sim.base.arrays import F64, I32, U8
from sim.compiler.compiled import compiled
from sim.engine.world import luck as channels
from sim.engine.world.columns import (  # fmt: skip
    BLACK_SPOT,
    CLEAN,
    CLEAN_NEIGHBOURS,
    FIRST,
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
)
from sim.engine.world.luck import Luck, uniforms
from sim.engine.world.workbench import Workbench
from sim.numerics import draws

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
def _place(
    plan: I32, plot_of: I32, rows: int, columns: int, village: Any, first: int, public_first: int, public_plots: int
) -> None:  # fmt: skip
    """Fill the village's `plan`, shape (rows * columns,), and `plot_of`, shape (households,); see `State.plan`."""
    lane_rows, lane_columns, households = village.plan_lane_rows, village.plan_lane_columns, plot_of.size
    plot = yards = publics = 0
    for r in range(rows):
        lane_row = lane_rows > 1 and r % lane_rows == lane_rows - 1
        for c in range(columns):
            lane = lane_row or (lane_columns > 1 and c % lane_columns == lane_columns - 1)
            if lane or yards + publics == households + public_plots:
                plan[plot] = -1
            # The p-th public plot comes where its even share of the yards is behind it.
            elif yards == households or (
                publics < public_plots and yards * public_plots >= ((2 * publics + 1) * households) >> 1
            ):
                plan[plot] = -2 - (public_first + publics)
                publics += 1
            else:
                plan[plot] = first + yards
                plot_of[yards] = plot
                yards += 1
            plot += 1


@compiled
def _look_around(f64: F64, u8: U8, plan: I32, rows: int, columns: int, sight: int, plots: I32) -> None:
    """Count yards and clean yards in sight of every household: first along rows, then what rows have across columns.

    plots : scratch, (2, plots or more).
    """
    clean, yards_seen, clean_seen, per_neighbour = u8[CLEAN], u8[NEIGHBOURS], u8[CLEAN_NEIGHBOURS], f64[PER_NEIGHBOUR]
    # A yard counts 1, and a clean one `SQUARE` besides, so that one sum holds both numbers.
    yards, along = plots[0], plots[1]
    for plot in range(plan.size):
        yards[plot] = 1 + SQUARE * clean[plan[plot]] if plan[plot] >= 0 else 0
    for start in range(0, plan.size, columns):
        for column in range(columns):
            seen = 0
            for k in range(start + max(0, column - sight), start + min(columns, column + sight + 1)):
                seen += yards[k]
            along[start + column] = seen
    for row in range(rows):
        for plot in range(row * columns, (row + 1) * columns):
            h = plan[plot]
            if h >= 0:
                seen = -yards[plot]  # the own yard is no neighbour
                for r in range(max(-row, -sight), min(rows - row, sight + 1)):
                    seen += along[plot + r * columns]
                neighbours = seen & (SQUARE - 1)
                yards_seen[h] = neighbours
                clean_seen[h] = seen >> 8
                per_neighbour[h] = 1.0 / max(1, neighbours)


@compiled
def _nearest(plan: I32, rows: int, columns: int, public_first: int, step: int, nearest: I32) -> None:
    """Write into `nearest` the distance to each plot's nearest public plot, times `step`, plus that plot's number.

    step : public plots of the village.

    Nearest by Chebyshev distance, then by number in the village, which is by row and then by column. Going once down and
    once up the grid finds it, because every shortest way is one of steps down and along a row and then of others.
    """
    for plot in range(plan.size):
        nearest[plot] = -2 - plan[plot] - public_first if plan[plot] <= -2 else FAR
    plot, on = 0, 1
    for _ in range(2):
        for row in range(rows):
            for column in range(columns):
                best = nearest[plot]
                if row > 0:
                    for c in range(max(-column, -1), min(columns - column, 2)):
                        best = min(best, nearest[plot + on * (c - columns)] + step)
                if column > 0:
                    best = min(best, nearest[plot - on] + step)
                nearest[plot] = best
                plot += on
        plot, on = plan.size - 1, -1


@compiled
def _open_public_plots(kinds: I32, cleanliness: F64, village: Any, luck: Luck, u: F64) -> None:
    """Set the public plots' kind and cleanliness, shape (public plots,), as is the scratch `u`."""
    uniforms(luck, channels.IDLE_PLOT, draws.NO_SLOT, u)
    for k in range(u.size):
        kinds[k] = IDLE if u[k] < village.plan_idle_share else BLACK_SPOT
        cleanliness[k] = village.plan_public_cleanliness


@compiled
def _assign(
    plot_of: I32, nearest: I32, clean: U8, public_first: int, yards: I32, cluttered: I32, public_plot: I32
) -> None:
    """Set whose nearest the public plots are, and count these yards and the cluttered among them.

    yards, cluttered : (public plots,), 0 before. The others by household, but `nearest`, which is by plot.
    """
    for h in range(plot_of.size):
        k = nearest[plot_of[h]] % yards.size
        public_plot[h] = public_first + k
        yards[k] += 1
        cluttered[k] += 1 - clean[h]


@compiled
def lay_out(s: State, v: int, village: Any, bench: Workbench) -> None:
    """Lay out village v's grid and its public plots, and tell households what they see."""
    places = s.village_i64
    first, stop = places[FIRST, v], places[STOP, v]
    rows, columns, plan_first = places[PLAN_ROWS, v], places[PLAN_COLUMNS, v], places[PLAN_FIRST, v]
    public_first, public_stop = places[PUBLIC_FIRST, v], places[PUBLIC_STOP, v]
    public_plots = public_stop - public_first
    plan, plot_of = s.plan[plan_first : plan_first + rows * columns], s.i32[PLOT, first:stop]
    _place(plan, plot_of, rows, columns, village, first, public_first, public_plots)
    _look_around(s.f64, s.u8, plan, rows, columns, village.plan_sight, bench.plots)
    nearest = bench.plots[0]
    _nearest(plan, rows, columns, public_first, public_plots, nearest)
    kinds = s.public_i32[PUBLIC_KIND, public_first:public_stop]
    cleanliness = s.public_f64[PUBLIC_CLEANLINESS, public_first:public_stop]
    _open_public_plots(kinds, cleanliness, village, bench.luck, bench.floats[0, :public_plots])
    clean, public_plot = s.u8[CLEAN, first:stop], s.i32[PUBLIC_PLOT, first:stop]
    yards = s.public_i32[PUBLIC_YARDS, public_first:public_stop]
    cluttered = s.public_i32[PUBLIC_CLUTTERED, public_first:public_stop]
    _assign(plot_of, nearest, clean, public_first, yards, cluttered, public_plot)
