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
from sim.figures.style import DOUBLE, POINT, SMALL, finish, headline, new_figure, note, styled
from sim.figures.weeks import Mark, bar_above, set_weeks
from sim.figures.words import count_words, group_text, name_of, percent, require, scenarios_of, value_text

COLUMNS = ("scenario", "group", "week", "outcome", "mean", "replicates")
PANEL = 34.0
"""Height of a panel, mm."""
TOPS = (0.02, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Shares at which the axis may end."""
ADOPTED = 2
"""The number of areas that have adopted: the two upper rungs."""


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

    The top rung is at the bottom, so that the line above the second area is the share that has adopted. The axis ends above
    the highest third area: what is missing to 100 % is watching.

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
    moved = table[table["outcome"] != RUNGS[0]].groupby(["scenario", "week"])["mean"].sum()
    most = next(top for top in TOPS if moved.max() <= top or top == TOPS[-1])
    with styled():
        figure = new_figure(width, down * (PANEL + 7 + lines * SMALL * LINE * POINT + 1.5 * len(marks or ())) + 12)
        grid = figure.subplots(down, across, squeeze=False, sharey=True)
        adopted: dict[str, float] = {}
        for number, axes in enumerate(grid.flat):
            if number >= len(names):
                axes.set_axis_off()
                continue
            rows = table[table["scenario"] == names[number]]
            tops = _stack(axes, rows)
            adopted[name_of(names[number], labels)] = tops[ADOPTED]
            set_weeks(axes, weeks, panel)
            axes.set_ylim(0, most)
            axes.set_yticks(np.linspace(0.0, most, 5))
            axes.yaxis.set_major_formatter(percent)
            axes.set_title(titles[number], fontsize=SMALL, pad=4 + 4 * len(marks or ()))
            bar_above(axes, weeks, marks or ())
            if number % across == across - 1:
                _label_rungs(axes, [min(1.0, top / most) for top in tops], panel)
            if number + across >= len(names):
                axes.set_xlabel("Weeks since the start", fontsize=SMALL)
        figure.supylabel(f"Share of {group_text(group)}", fontsize=SMALL)
        runs = count_words(table["replicates"])
        means = "A single run" if runs == "1" else f"Means over {runs} replicates"
        rest = f" Up to 100 %: {RUNG_WORDS[0].lower()}." if most < 1 else ""
        said = f"{means}. Bold line: households that have adopted.{rest}"
        for start, stop, text in marks or ():
            said += f" Bar above: {text}, weeks {start:g} to {weeks if stop is None else stop:g}."
        note(figure, said)
        headline(figure, _title(adopted, group_text(group), weeks))
        return finish(figure)


def _title(adopted: Mapping[str, float], group: str, weeks: int) -> str:
    """Return the shares that have adopted at the end. adopted : by the scenario's label."""
    low, high = (choose(adopted, key=lambda name: adopted[name]) for choose in (min, max))
    shares = f"{value_text(adopted[high], 'adopted')} with {high}"
    if len(adopted) > 1:
        shares = f"from {value_text(adopted[low], 'adopted')} with {low} to {shares}"
    return f"Adopted after {weeks} weeks, of {group}: {shares}"


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
