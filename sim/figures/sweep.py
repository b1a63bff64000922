"""Sweeps: an outcome against one swept value as a curve, against two as a map, against three as maps side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import CLEAR, EVERY, LESS, MORE
from sim.analysis.sweep_points import written
from sim.figures.colour import INK, PALE, PALETTE, SHADES, ink_on, shade
from sim.figures.labels import wrapped
from sim.figures.style import DOUBLE, FONT, SMALL, finish, headline, line_style, new_figure, note, styled
from sim.figures.words import count_words, is_share, name_of, outcome_text, percent, require, value_text

COLUMNS = ("outcome", "unit", "mean", "low", "high", "spread_low", "spread_high", "pairs", "replicates")
PANEL = 58.0
"""Height of a panel, mm."""
PAGE = 170.0
"""Height of all panels together at most, mm."""
NUMBERS = 10
"""Columns up to which a map has numbers in its cells."""
SIGNS = {MORE: "▲", EVERY[MORE]: "▲", LESS: "▼", EVERY[LESS]: "▼"}
PARTS = 3
"""Panels into which the third value of scattered points is divided."""


def sweep_figure(
    points: pd.DataFrame,
    keys: Mapping[str, str],
    outcome: str,
    scenario: str,
    labels: Mapping[str, str] | None = None,
    *,
    grid: bool = True,
    width: float = DOUBLE,
) -> Figure:
    """Draw an outcome over one, two or three swept values.

    Parameters
    ----------
    points : table with `COLUMNS` and a column for each key, as of `sim.sweep`; with a column reference, also those of the
        difference from it. keys : the text of each key's axis, one to three. outcome : which of the table's.
    scenario : which is swept. labels : names to write instead of the scenarios'. grid : whether the points are a full grid.
    width : mm.
    """
    require(points, (*COLUMNS, *keys))
    rows = points[points["outcome"] == outcome]
    if rows.empty:
        raise ValueError(f"the table has no points of outcome '{outcome}'")
    name = name_of(scenario, labels)
    other = name_of(str(rows["reference"].iloc[0]), labels) if "reference" in rows else ""
    with styled():
        if len(keys) == 1:
            return _curve(rows, next(iter(keys.items())), outcome, name, other, width)
        return _maps(rows, keys, outcome, name, other, grid, width)


def _title(rows: pd.DataFrame, keys: Mapping[str, str], outcome: str, name: str, other: str) -> str:
    """Return what the figure finds: where the outcome is highest, and at how many points it differs from the reference."""
    if rows["mean"].isna().all():
        return f"{outcome_text(outcome)}: not defined at any point of {name}"
    top = rows.sort_values("mean", ascending=False, kind="stable").iloc[0]
    here = ", ".join(f"{key} {_number(top[key])}" for key in keys)
    said = (
        f"{outcome_text(outcome, unit=False)}: up to {value_text(float(top['mean']), outcome)} with {name}, at {here}"
    )
    if other:
        sides = [(side, int(rows["verdict"].isin((side, EVERY[side])).sum())) for side in (MORE, LESS)]
        counts = ", ".join(f"{side} at {count}" for side, count in sides if count) or "not distinguishable at any"
        said += f"; against {other}: {counts} of {len(rows)} points"
    return said


def _number(value: Any, _position: object = None) -> str:
    return written(float(value)).replace("-", "−")


def _curve(rows: pd.DataFrame, key: tuple[str, str], outcome: str, name: str, other: str, width: float) -> Figure:
    """Draw the dose-response curve."""
    figure = new_figure(width, 0.4 * width + 26)
    axes = figure.add_subplot()
    rows = rows.sort_values(key[0])
    x, mean = rows[key[0]].to_numpy(float), rows["mean"].to_numpy(float)
    style = line_style(1)
    axes.fill_between(
        x, rows["spread_low"].to_numpy(float), rows["spread_high"].to_numpy(float), color=style.colour, alpha=0.16,
        linewidth=0, zorder=1,
    )  # fmt: skip
    axes.plot(x, mean, color=style.colour, linestyle="-", zorder=2, label=wrapped(name, 0.4 * width, SMALL))
    clear = rows["verdict"].isin(CLEAR).to_numpy() if other else np.ones(len(x), np.bool_)
    axes.vlines(
        x, rows["low"].to_numpy(float), rows["high"].to_numpy(float), color=style.colour, linewidth=1.6, zorder=2
    )
    for which, face in ((clear, style.colour), (~clear, "white")):
        axes.plot(x[which], mean[which], linestyle="none", marker="o", markersize=4, color=style.colour,
                  markerfacecolor=face, markeredgewidth=0.9, zorder=3)  # fmt: skip
    if other:
        axes.plot(x, rows["reference_mean"].to_numpy(float), color=INK, linestyle=line_style(2).dashes, zorder=2,
                  label=wrapped(other, 0.4 * width, SMALL))  # fmt: skip
        figure.legend(loc="outside upper left", ncols=2)
    axes.set_xlabel(wrapped(key[1], 0.8 * width, FONT))
    axes.set_ylabel(wrapped(outcome_text(outcome), 0.36 * width, FONT))
    axes.xaxis.set_major_formatter(_number)
    if is_share(outcome):
        axes.yaxis.set_major_formatter(percent)
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    headline(figure, _title(rows, dict([key]), outcome, name, other))
    hollow = f" Hollow: not distinguishable from {other}, or too few to tell." if other else ""
    over = "draws" if (rows["replicates"] > 1).any() else "runs"
    note(
        figure,
        f"Points: mean over {count_words(rows['pairs'])} {over}; vertical lines: its 95 % interval. Band: 5th to 95th "
        f"percentile of the {over}.{hollow}",
    )
    return finish(figure)


def _maps(
    rows: pd.DataFrame, keys: Mapping[str, str], outcome: str, name: str, other: str, grid: bool, width: float
) -> Figure:
    """Draw a map of the first two keys for each value, or part, of the third."""
    (across, across_text), (up, up_text), *third = keys.items()
    panels = _panels(rows, third[0], grid) if third else [("", rows)]
    columns = min(len(panels), 3 if width > 120 else 2)
    down = -(-len(panels) // columns)
    room, tall = (width - 34) / columns, min(PANEL, PAGE / down)
    lowest, highest = float(rows["mean"].min()), float(rows["mean"].max())
    scale = Normalize(lowest, highest if highest > lowest else lowest + 1.0)
    figure = new_figure(width, down * (tall + (6 if third else 0)) + 30)
    plots = figure.subplots(down, columns, squeeze=False, sharex=True, sharey=True)
    for number, axes in enumerate(plots.flat):
        if number >= len(panels):
            axes.set_axis_off()
            continue
        title, here = panels[number]
        if grid:
            _cells(axes, here, across, up, scale, bool(other), room, outcome)
        else:
            _scatter(axes, here, across, up, scale, bool(other), room)
        axes.set_title(wrapped(title, room, SMALL), fontsize=SMALL)
        if number + columns >= len(panels):
            axes.tick_params(labelbottom=True)
            axes.set_xlabel(wrapped(across_text, room, FONT))
    figure.supylabel(wrapped(up_text, down * tall, FONT), fontsize=FONT)
    bar = figure.colorbar(ScalarMappable(scale, SHADES), ax=plots, fraction=0.03, pad=0.02)
    bar.set_label(wrapped(outcome_text(outcome), down * tall, FONT))
    bar.ax.yaxis.set_major_formatter(percent if is_share(outcome) else _number)
    headline(figure, _title(rows, keys, outcome, name, other))
    said = f"Mean over {count_words(rows['pairs'])} {'draws' if (rows['replicates'] > 1).any() else 'runs'}."
    if other:
        figure.legend(handles=_keys(grid, other, width), loc="outside lower left", ncols=2 if width > 120 else 1)
        said += f" {'▲ more, ▼ less than ' + other + '. ' if grid else ''}Verdicts are corrected over all points."
    note(figure, said)
    return finish(figure)


def _panels(rows: pd.DataFrame, third: tuple[str, str], grid: bool) -> list[tuple[str, pd.DataFrame]]:
    """Return (title, rows) of each panel: each value of the third key, or thirds of scattered points."""
    key, text = third[0], third[1].rpartition(".")[2]
    if grid:
        return [(f"{text}: {_number(value)}", rows[rows[key] == value]) for value in sorted(rows[key].unique())]
    ordered = rows.sort_values(key, kind="stable")
    parts = [ordered.iloc[part] for part in np.array_split(np.arange(len(ordered)), PARTS)]
    return [(f"{text}: {_number(part[key].min())} to {_number(part[key].max())}", part) for part in parts if len(part)]


def _cells(
    axes: Axes, rows: pd.DataFrame, across: str, up: str, scale: Normalize, against: bool, room: float, outcome: str
) -> None:
    """Draw the cells of a grid, one for each pair of values, hatched where the reference can't be told from them."""
    mean = rows.pivot(index=up, columns=across, values="mean")
    axes.imshow(
        scale(mean.to_numpy(float)), cmap=SHADES, vmin=0.0, vmax=1.0, aspect="auto", interpolation="nearest",
        origin="lower",
    )  # fmt: skip
    if against:
        unclear = ~rows.assign(clear=rows["verdict"].isin(CLEAR)).pivot(index=up, columns=across, values="clear")
        for y, x in zip(*np.nonzero(unclear.to_numpy(bool)), strict=True):
            ink = ink_on(shade(float(scale(mean.iloc[y, x]))))
            axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="////", linewidth=0, edgecolor=ink))
        difference = rows.pivot(index=up, columns=across, values="difference").to_numpy(float)
        if np.nanmin(difference) < 0 < np.nanmax(difference):
            for colour, thick in ((INK, 3.0), (PALETTE[7], 1.4)):
                axes.contour(difference, levels=[0.0], colors=[colour], linewidths=thick)
    numbers = len(mean.columns) <= NUMBERS * (room / 140)
    signs = rows["verdict"].map(SIGNS).fillna("") if against else pd.Series("", rows.index)
    sign = rows.assign(sign=signs).pivot(index=up, columns=across, values="sign")
    for (y, x), value in np.ndenumerate(mean.to_numpy(float)):
        words = [value_text(float(value), outcome, unit=False)] if numbers and np.isfinite(value) else []
        axes.text(x, y, " ".join([*words, str(sign.iloc[y, x])]).strip(), ha="center", va="center", fontsize=SMALL,
                  color=ink_on(shade(float(scale(value)))))  # fmt: skip
    for values, axis, most in ((mean.columns, axes.xaxis, room / 14), (mean.index, axes.yaxis, 10)):
        every = max(1, int(np.ceil(len(values) / most)))
        axis.set_ticks(range(0, len(values), every), [_number(value) for value in values[::every]])
    axes.tick_params(length=0)


def _scatter(
    axes: Axes, rows: pd.DataFrame, across: str, up: str, scale: Normalize, against: bool, room: float
) -> None:
    """Draw scattered points in shades, crossed out where the reference can't be told from them."""
    x, y = rows[across].to_numpy(float), rows[up].to_numpy(float)
    axes.scatter(x, y, c=scale(rows["mean"].to_numpy(float)), cmap=SHADES, vmin=0.0, vmax=1.0, s=34, edgecolors=INK,
                 linewidths=0.5)  # fmt: skip
    if against:
        unclear = ~rows["verdict"].isin(CLEAR).to_numpy()
        axes.plot(x[unclear], y[unclear], linestyle="none", marker="x", color=INK, markersize=9)
    axes.xaxis.set_major_locator(MaxNLocator(max(1, int(room / 20))))
    axes.xaxis.set_major_formatter(_number)
    axes.yaxis.set_major_formatter(_number)


def _keys(grid: bool, other: str, width: float) -> Sequence[Line2D | Patch]:
    """Return the legend's entries."""
    room = width / (2 if width > 120 else 1) - 12
    unclear = wrapped(f"not distinguishable from {other}, or too few to tell", room, SMALL)
    same = wrapped(f"the same as {other}", room, SMALL)
    if grid:
        return [
            Patch(facecolor="white", edgecolor=PALE, hatch="////", label=unclear),
            Line2D(
                [],
                [],
                color=PALETTE[7],
                linewidth=1.4,
                label=same,
                path_effects=[Stroke(linewidth=3.0, foreground=INK), Normal()],
            ),
        ]
    return [Line2D([], [], linestyle="none", marker="x", color=INK, label=unclear)]
