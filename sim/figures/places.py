"""Places: the course of adoption in many places side by side, each over its own weeks, with and without its programme."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.labels import LINE, wrapped
from sim.figures.style import DOUBLE, POINT, SMALL, finish, headline, line_style, new_figure, note, styled
from sim.figures.weeks import set_weeks
from sim.figures.words import count_words, name_of, outcome_text, percent, require, value_text

COLUMNS = ("place", "kind", "week", "q10", "q50", "q90", "replicates")
KINDS = {"programme": "with its programme", "none": "the same place without"}
PANEL = 32.0
"""Height of a panel, mm."""


def places(courses: pd.DataFrame, labels: Mapping[str, str] | None = None, *, width: float = DOUBLE) -> Figure:
    """Draw the median adopted share over replicates with the band of the middle 80 %, a panel for each place.

    Parameters
    ----------
    courses : table with `COLUMNS`; kind is a key of `KINDS`; week is 0-based and a row is the end of its week.
    labels : names to write instead of those in the table.
    width : mm.
    """
    require(courses, COLUMNS)
    names = list(dict.fromkeys(courses["place"]))
    across = min(3, len(names))
    down = -(-len(names) // across)
    room = (width - 14) / across - 6
    titles = [wrapped(name_of(name, labels), room, SMALL) for name in names]
    lines = max(title.count("\n") + 1 for title in titles)
    with styled():
        figure = new_figure(width, down * (PANEL + 6 + lines * SMALL * LINE * POINT) + 20)
        grid = figure.subplots(down, across, squeeze=False, sharey=True)
        for number, axes in enumerate(grid.flat):
            if number >= len(names):
                axes.set_axis_off()
                continue
            mine = courses[courses["place"] == names[number]]
            for style, kind in enumerate(KINDS):
                rows = mine[mine["kind"] == kind].sort_values("week")
                week = rows["week"].to_numpy(float) + 1
                look = line_style(style)
                low, high = rows["q10"].to_numpy(float), rows["q90"].to_numpy(float)
                axes.fill_between(week, low, high, color=look.colour, alpha=0.2, linewidth=0)
                axes.plot(week, rows["q50"].to_numpy(float), color=look.colour, linestyle=look.dashes)
            set_weeks(axes, int(mine["week"].max()) + 1, room)
            axes.set_ylim(0, 1)
            axes.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0])
            axes.yaxis.set_major_formatter(percent)
            axes.set_title(titles[number], fontsize=SMALL)
            if number + across >= len(names):
                axes.set_xlabel("Weeks since the start", fontsize=SMALL)
        figure.supylabel(outcome_text("adopted"), fontsize=SMALL)
        looks = [line_style(style) for style in range(len(KINDS))]
        handles: list[Line2D | Patch] = [Line2D([], [], color=k.colour, linestyle=k.dashes) for k in looks]
        figure.legend(handles, list(KINDS.values()), loc="outside upper center", ncols=len(handles))
        note(
            figure, f"Lines: median. Bands: 10th to 90th percentile of {count_words(courses['replicates'])} replicates."
        )
        ends = courses[courses["kind"] == "programme"].sort_values("week").groupby("place", sort=False)["q50"].last()
        low, high = str(ends.idxmin()), str(ends.idxmax())
        headline(
            figure,
            f"Adopted at the end with the place's programme: from {value_text(ends[low], 'adopted')} "
            f"({name_of(low, labels)}) to {value_text(ends[high], 'adopted')} ({name_of(high, labels)})",
        )
        return finish(figure)
