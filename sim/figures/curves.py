"""Curves: an outcome week by week, with bands over replicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.labels import height, wrapped
from sim.figures.line_ends import label_ends
from sim.figures.style import (
    DOUBLE,
    FONT,
    POINT,
    SMALL,
    LineStyle,
    finish,
    headline,
    line_style,
    new_figure,
    note,
    styled,
)
from sim.figures.weeks import Mark, set_weeks, shade
from sim.figures.words import (
    count_words,
    group_text,
    is_share,
    name_of,
    outcome_text,
    percent,
    require,
    scenarios_of,
    value_text,
)

COLUMNS = ("scenario", "group", "week", "outcome", "mean", "q05", "q95", "replicates")


def outcome_curves(
    curves: pd.DataFrame,
    outcome: str = "adopted",
    group: str = "all",
    scenarios: list[str] | None = None,
    labels: Mapping[str, str] | None = None,
    marks: Sequence[Mark | tuple[float, float | None, str]] | None = None,
    *,
    width: float = DOUBLE,
) -> Figure:
    """Draw the outcome's mean over replicates for each scenario, with bands from the 5th to the 95th percentile.

    Parameters
    ----------
    curves : table with `COLUMNS`; week is 0-based and a row is the end of its week.
    scenarios : which to draw, by default all; their order sets colours, dashes and markers.
    labels : names to write instead of those in the table.
    marks : periods to shade, such as (0, 26, 'Programme').
    width : mm.
    """
    require(curves, COLUMNS)
    table = curves[(curves["outcome"] == outcome) & (curves["group"] == group)]
    if table.empty:
        raise ValueError(f"the table has no rows of outcome '{outcome}' and group '{group}'")
    names = scenarios_of(table, scenarios)
    table = table[table["scenario"].isin(names)].sort_values("week")
    label_width = 0.3 * width
    texts = [wrapped(name_of(name, labels), label_width, SMALL) for name in names]
    heights = [height(text, SMALL) + 2 for text in texts]
    room = max(0.36 * width, 36.0, sum(heights) * POINT)
    with styled():
        figure = new_figure(width, room + 20 + 3 * len(marks or ()))
        axes = figure.add_subplot()
        weeks = int(table["week"].max()) + 1
        set_weeks(axes, weeks, 0.6 * width)
        _set_values(axes, table, outcome)
        shade(axes, weeks, marks or (), 0.6 * width)
        ends = []
        for number, name in enumerate(names):
            ends.append(_draw(axes, table[table["scenario"] == name], line_style(number), number, len(names)))
        axes.set_xlabel("Weeks since the start")
        said = outcome_text(outcome, "" if group == "all" else f", {group_text(group)}")
        axes.set_ylabel(wrapped(said, room, FONT))
        note(
            figure,
            "Lines: a single run."
            if table["replicates"].max() == 1
            else f"Lines: mean. Band: 5th to 95th percentile of {count_words(table['replicates'])} replicates.",
        )
        label_ends(axes, ends, texts, heights, room / POINT)
        headline(
            figure,
            _title(dict(zip([name_of(name, labels) for name in names], ends, strict=True)), outcome, group, weeks),
        )
        return finish(figure)


def _title(ends: Mapping[str, float], outcome: str, group: str, weeks: int) -> str:
    """Return which scenario ends highest, and where. ends : the value at the end by the scenario's label."""
    said = outcome_text(outcome, "" if group == "all" else f", {group_text(group)}", unit=False)
    known = {name: end for name, end in ends.items() if end == end}
    if not known:
        return f"{said} in {weeks} weeks"
    top = max(known, key=lambda name: known[name])
    most = value_text(known[top], outcome)
    return f"{said}: {'highest ' if len(ends) > 1 else ''}{most} after {weeks} weeks, with {top}"


def _set_values(axes: Axes, table: pd.DataFrame, outcome: str) -> None:
    """Set the axis of values: percent for shares, from 0 unless something is below it."""
    low = min(0.0, float(table[["mean", "q05"]].min().min()))
    low = 0.0 if low > -1e-9 else low
    high = float(table[["mean", "q95"]].max().max())
    if is_share(outcome):
        axes.yaxis.set_major_formatter(percent)
        axes.set_ylim(low, 1.0 if high > 0.5 else max(0.01, high * 1.08))
    else:
        axes.set_ylim(low * 1.05, (high * 1.05) if high > low else low + 1.0)


def _draw(axes: Axes, rows: pd.DataFrame, style: LineStyle, number: int, of: int) -> float:
    """Draw one scenario and return the value at its end."""
    week = rows["week"].to_numpy(float) + 1
    mean = rows["mean"].to_numpy(float)
    axes.fill_between(week, rows["q05"].to_numpy(float), rows["q95"].to_numpy(float), color=style.colour, alpha=0.16,
                      linewidth=0, zorder=1)  # fmt: skip
    every = max(1, len(week) // 8)
    axes.plot(
        week, mean, color=style.colour, linestyle=style.dashes, marker=style.marker, markersize=4,
        markeredgewidth=0.5, markeredgecolor="white", markevery=(every * number // of, every), zorder=3,
    )  # fmt: skip
    known = mean[mean == mean]
    return float(known[-1]) if known.size else float("nan")
