"""The race's figure, drawn from its table: household-weeks per second of every entrant at every size."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures.colour import PALETTE
from sim.figures.style import DOUBLE, MARKERS, SMALL, finish, new_figure, note, styled


def draw_race(table: pd.DataFrame) -> Figure:
    """Draw a row for each entrant, the slowest at the bottom, and a mark for each size.

    Parameters
    ----------
    table : race.csv, see `benchmarks.race.row_of`.
    """
    raced = table[table["status"] == "raced"]
    order = raced.groupby("label")["household_weeks_per_second"].median().sort_values().index.tolist()
    sizes = sorted(raced["households"].unique())
    with styled():
        figure = new_figure(DOUBLE, 12 + 7 * len(order) + 18)
        axes = figure.subplots()
        for number, size in enumerate(sizes):
            rows = raced[raced["households"] == size]
            axes.plot(
                rows["household_weeks_per_second"], [order.index(label) for label in rows["label"]], linestyle="",
                marker=MARKERS[number], markersize=5, color=PALETTE[number],
                markerfacecolor="white" if number == 0 else PALETTE[number], label=f"{size:,} households",
            )  # fmt: skip
        middle = raced[raced["households"] == 100_000].set_index("label")
        for y, label in enumerate(order):
            if label in middle.index:
                ratio = float(middle["times_the_engine"][label])
                axes.annotate(
                    f"1/{ratio:,.0f}" if ratio >= 10 else f"1/{ratio:.1f}" if ratio != 1 else "1", (1, y), (4, 0),
                    xycoords=axes.get_yaxis_transform(), textcoords="offset points", va="center", fontsize=SMALL,
                    annotation_clip=False,
                )  # fmt: skip
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda x, _: f"{x / 1e6:,g}")
        axes.set_ylim(-0.6, len(order) - 0.4)
        axes.set_yticks(range(len(order)), order)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("million household-weeks a second, one core")
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.4)
        handles: list[Line2D] = [line for line in axes.get_lines()]
        axes.legend(handles=handles, loc="lower right")
        note(
            figure,
            "At the right: speed at 100,000 households as a share of this engine's, the median of pairs taken in turn. "
            "All entrants run the same model from the same start and give the same adopters in every week.",
        )
        return finish(figure)
