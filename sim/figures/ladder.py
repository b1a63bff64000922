"""The ladder: the shares of households on its rungs, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.engine.world.columns import RUNGS
from sim.figures.colour import RUNG_COLOURS, RUNG_HATCHES, RUNG_WORDS
from sim.figures.labels import LINE, height, spread, wrapped
from sim.figures.style import DOUBLE, POINT, SMALL, finish, new_figure, note, styled
from sim.figures.weeks import Mark, bar_above, set_weeks
from sim.figures.words import count_words, group_text, name_of, percent, require, scenarios_of

COLUMNS = ("scenario", "group", "week", "outcome", "mean", "replicates")
PANEL = 34.0
"""Height of a panel, mm."""


def ladder(
    curves: pd.DataFrame,
    group: str = "all",
    scenarios: list[str] | None = None,
    labels: Mapping[str, str] | None = None,
    marks: Sequence[Mark | tuple[float, float | None, str]] | None = None,
    *,
    columns: int | None = None,
    width: float = DOUBLE,
) -> Figure:
    """Draw the mean shares of the four rungs as stacked areas, one panel per scenario.

    The top rung is at the bottom, so that the line above the second area is the share that has adopted.

    Parameters
    ----------
    curves : table with `COLUMNS`; the outcomes are the rungs.
    marks : periods to mark by a bar above the panels.
    columns : panels side by side, by default three; in a narrow figure two, or one if there are at most three.
    width : mm.
    """
    require(curves, COLUMNS)
    table = curves[curves["outcome"].isin(RUNGS) & (curves["group"] == group)]
    if set(table["outcome"]) != set(RUNGS):
        raise ValueError(f"the table needs the outcomes {', '.join(RUNGS)} of group '{group}'")
    names = scenarios_of(table, scenarios)
    table = table[table["scenario"].isin(names)]
    across = min(len(names), columns or (3 if width > 120 else 2 if len(names) > 3 else 1))
    down = -(-len(names) // across)
    panel = (width - 40) / across
    titles = [wrapped(name_of(name, labels), panel, SMALL) for name in names]
    lines = max(title.count("\n") + 1 for title in titles)
    weeks = int(table["week"].max()) + 1
    with styled():
        figure = new_figure(width, down * (PANEL + 7 + lines * SMALL * LINE * POINT + 1.5 * len(marks or ())) + 12)
        grid = figure.subplots(down, across, squeeze=False, sharey=True)
        for number, axes in enumerate(grid.flat):
            if number >= len(names):
                axes.set_axis_off()
                continue
            tops = _stack(axes, table[table["scenario"] == names[number]])
            set_weeks(axes, weeks, panel)
            axes.set_ylim(0, 1)
            axes.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0])
            axes.yaxis.set_major_formatter(percent)
            axes.set_title(titles[number], fontsize=SMALL, pad=4 + 4 * len(marks or ()))
            bar_above(axes, weeks, marks or ())
            if number % across == across - 1:
                _label_rungs(axes, tops, panel)
            if number + across >= len(names):
                axes.set_xlabel("Weeks since the start", fontsize=SMALL)
        figure.supylabel(f"Share of {group_text(group)}", fontsize=SMALL)
        runs = count_words(table["replicates"])
        means = "A single run" if runs == "1" else f"Means over {runs} replicates"
        said = f"{means}. Bold line: households that have adopted."
        for start, stop, text in marks or ():
            said += f" Bar above: {text}, weeks {start:g} to {weeks if stop is None else stop:g}."
        note(figure, said)
        return finish(figure)


def _stack(axes: Axes, rows: pd.DataFrame) -> list[float]:
    """Draw the areas and return where each, from the bottom, starts and where the last stops, at the end."""
    wide = rows.pivot(index="week", columns="outcome", values="mean").sort_index()
    week = wide.index.to_numpy(float) + 1
    below = np.zeros(len(week))
    tops = [0.0]
    for rung in reversed(range(len(RUNGS))):
        above = below + wide[RUNGS[rung]].to_numpy(float)
        axes.fill_between(
            week, below, above, facecolor=RUNG_COLOURS[rung], hatch=RUNG_HATCHES[rung], edgecolor="#000000",
            linewidth=0.3, label=RUNG_WORDS[rung],
        )  # fmt: skip
        if RUNGS[rung] == "helping":
            axes.plot(week, above, color="#000000", linewidth=1.4)
        below = above
        tops.append(float(above[-1]))
    return tops


def _label_rungs(axes: Axes, tops: list[float], panel: float) -> None:
    """Label the areas at their right ends, each with a swatch."""
    points = PANEL / POINT
    near, far = 1 + 1.8 / panel, 1 + 4.2 / panel
    words = list(reversed(list(zip(RUNG_WORDS, RUNG_COLOURS, RUNG_HATCHES, strict=True))))
    middles = [(low + high) / 2 for low, high in pairwise(tops)]
    places = spread([m * points for m in middles], [height(word, SMALL) + 1 for word, _, _ in words], 0.0, points)
    for middle, place, (word, colour, hatch) in zip(middles, places, words, strict=True):
        y = place / points
        axes.plot([1.0, near], [middle, y], transform=axes.transAxes, clip_on=False, color="#000000", linewidth=0.5)
        axes.add_patch(
            Rectangle((near, y - 0.035), far - near, 0.07, transform=axes.transAxes, clip_on=False, facecolor=colour,
                      hatch=hatch, edgecolor="#000000", linewidth=0.4)
        )  # fmt: skip
        axes.annotate(word, (far, y), (2.5, 0), xycoords="axes fraction", textcoords="offset points", va="center",
                      fontsize=SMALL, annotation_clip=False)  # fmt: skip
