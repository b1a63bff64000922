"""Predictive bands: the course of adoption over draws of the prior and the posterior, and for the default values."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.colour import PALETTE
from sim.figures.labels import LINE, wrapped
from sim.figures.style import DOUBLE, POINT, SMALL, finish, headline, new_figure, note, styled
from sim.figures.weeks import set_weeks
from sim.figures.words import count_words, name_of, outcome_text, percent, require, value_text

COLUMNS = ("scenario", "draws", "week", "q05", "q25", "q50", "q75", "q95", "number")
TARGETS = ("scenario", "week", "low", "high")
PANEL = 50.0
"""Height of a panel, mm."""


def predictive(
    courses: pd.DataFrame, targets: pd.DataFrame, labels: Mapping[str, str] | None = None, *, width: float = DOUBLE
) -> Figure:
    """Draw one panel per scenario: the middle 90 % of prior and posterior, the posterior's median, and that of the defaults.

    Parameters
    ----------
    courses : table with `COLUMNS`; draws is prior, posterior or defaults; week is 0-based and a row is the end of its
    week. targets : table with `TARGETS`, drawn as bars from low to high at a week; may have no rows. labels : names of
    scenarios. width : mm.
    """
    require(courses, COLUMNS)
    names = list(dict.fromkeys(courses["scenario"]))
    narrow = width < 120
    across = 1 if narrow else len(names)
    room = (width - 14) / across - 6
    titles = [wrapped(name_of(name, labels), room, SMALL) for name in names]
    lines = max(title.count("\n") + 1 for title in titles)
    down = -(-len(names) // across)
    with styled():
        figure = new_figure(width, down * (PANEL + lines * SMALL * LINE * POINT) + 26)
        grid = figure.subplots(down, across, squeeze=False, sharey=True)
        for axes, name, title in zip(grid.flat, names, titles, strict=True):
            mine = courses[courses["scenario"] == name].sort_values("week")
            by = {kind: mine[mine["draws"] == kind] for kind in ("prior", "posterior", "defaults")}
            week = by["posterior"]["week"].to_numpy(float) + 1
            for kind, colour, alpha in (("prior", "#B8B8B8", 0.45), ("posterior", PALETTE[1], 0.35)):
                low, high = by[kind]["q05"].to_numpy(float), by[kind]["q95"].to_numpy(float)
                axes.fill_between(week, low, high, color=colour, alpha=alpha, linewidth=0)
            axes.plot(week, by["prior"]["q95"].to_numpy(float), color="#767676", linewidth=0.6, linestyle=":")
            axes.plot(week, by["posterior"]["q50"].to_numpy(float), color=PALETTE[1])
            axes.plot(week, by["defaults"]["q50"].to_numpy(float), color="#000000", linestyle="--", linewidth=0.9)
            for when, low, high in targets.loc[targets["scenario"] == name, list(TARGETS[1:])].to_numpy(float):
                axes.plot([when, when], [low, high], color=PALETTE[2], linewidth=1.6, solid_capstyle="butt",
                          marker="_", markersize=6, markeredgewidth=1.6)  # fmt: skip
            set_weeks(axes, int(mine["week"].max()) + 1, room)
            axes.set_ylim(0, 1)
            axes.yaxis.set_major_formatter(percent)
            axes.set_title(title, fontsize=SMALL)
            axes.set_xlabel("Weeks since the start", fontsize=SMALL)
        figure.supylabel(outcome_text("adopted"), fontsize=SMALL)
        handles: list[Line2D | Patch] = [
            Patch(facecolor="#B8B8B8", alpha=0.45, label="prior, middle 90 %"),
            Patch(facecolor=PALETTE[1], alpha=0.35, label="posterior, middle 90 %"),
            Line2D([], [], color=PALETTE[1], label="posterior, median"),
            Line2D([], [], color="#000000", linestyle="--", linewidth=0.9, label="default values, median"),
            Line2D([], [], color=PALETTE[2], linewidth=1.6, label="required band"),
        ]
        figure.legend(handles=handles, loc="outside upper center", ncols=2 if narrow else 5)
        ends = courses[courses["draws"] == "posterior"].sort_values("week").groupby("scenario", sort=False).last()
        medians = ", ".join(
            f"{value_text(ends.loc[name, 'q50'], 'adopted')} ({name_of(name, labels)})" for name in names
        )
        headline(figure, f"Adopted at the end, median of the posterior: {medians}")
        note(figure, f"{count_words(courses['number'])} draws each, one run per draw, each with its own luck.")
        return finish(figure)
