"""Discovery: the trade of coverage for density along the peeling, and the limits of the chosen box."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.figures.colour import INK, PALETTE
from sim.figures.labels import LINE, wrapped
from sim.figures.style import DOUBLE, POINT, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import name_of, percent, require

TRAJECTORY = ("step", "coverage", "density", "coverage_fresh", "density_fresh")
BOX = ("condition", "low", "high", "least", "most")


def discovery(
    trajectory: pd.DataFrame, box: pd.DataFrame, chosen: Mapping[str, float], base_rate: float, what: str,
    labels: Mapping[str, str] | None = None, *, width: float = DOUBLE,
) -> Figure:  # fmt: skip
    """Draw coverage against density of every step of the peeling, fitted and fresh, and the chosen box's limits.

    Parameters
    ----------
    trajectory, box : tables with `TRAJECTORY` and `BOX`, as of `sim.analysis.discovery`; the box may be empty.
    chosen : the box's coverage, density and the same fresh. base_rate : share of all rows that hold.
    what : the statement that holds, for the note. labels : names for conditions. width : mm; narrow figures stack the panels.
    """
    require(trajectory, TRAJECTORY)
    missing = [column for column in BOX if column not in box]
    if missing:
        raise ValueError(f"the box lacks {', '.join(missing)}")
    narrow = width < 120
    texts = [wrapped(name_of(str(name), labels), 0.24 * width, SMALL) for name in box["condition"]]
    line = SMALL * LINE * POINT
    bars = sum(text.count("\n") + 2.4 for text in texts) * line + 14
    with styled():
        figure = new_figure(width, 60 + bars + 22 if narrow else max(62, bars) + 18)
        shape = {"height_ratios": [60, bars]} if narrow else {"width_ratios": [1, 1]}
        grid = figure.subplots(2 if narrow else 1, 1 if narrow else 2, squeeze=False, gridspec_kw=shape)
        left, right = grid.flat
        _trajectory(left, trajectory, chosen, base_rate)
        _box(right, box, texts)
        note(
            figure,
            f"{what}. Coverage: share of all such cases inside the box; density: share of the box's cases that are "
            "such. Filled: where the box was fitted; hollow: cases held back. Star and diamond: the chosen box, in both. "
            "Dashed: density without a box. Bars: the chosen box (dark) in the range of each condition that it limits.",
        )
        inside, fresh, all_rows = (
            percent(round(share, 2)) for share in (chosen["density"], chosen["density_fresh"], base_rate)
        )
        headline(
            figure, f"{what}: in {inside} of the cases in the box ({fresh} of those held back), in {all_rows} of all"
        )
        return finish(figure)


def _trajectory(axes: Axes, trajectory: pd.DataFrame, chosen: Mapping[str, float], base_rate: float) -> None:
    fitted, fresh = PALETTE[1], PALETTE[2]
    axes.plot(trajectory["coverage"], trajectory["density"], marker="o", markersize=3, linewidth=0.6, color=fitted)
    axes.plot(
        trajectory["coverage_fresh"], trajectory["density_fresh"], marker="o", markersize=3, linewidth=0.6,
        linestyle="--", color=fresh, markerfacecolor="white",
    )  # fmt: skip
    for marker, colour, end in (("*", fitted, ""), ("D", fresh, "_fresh")):
        axes.plot(
            [chosen[f"coverage{end}"]], [chosen[f"density{end}"]], marker=marker, color=colour,
            markersize=10 if marker == "*" else 6, markeredgecolor=INK, markeredgewidth=0.6, zorder=5,
        )  # fmt: skip
    axes.axhline(base_rate, color=INK, linestyle="--", linewidth=0.7)
    low_coverage = float(trajectory[["coverage", "coverage_fresh"]].min().min())
    low_density = min(base_rate, float(trajectory[["density", "density_fresh"]].min().min()))
    for low, set_limits in ((low_coverage, axes.set_xlim), (low_density, axes.set_ylim)):
        set_limits(max(0.0, low - 0.08 * (1.0 - low)), 1.0 + 0.06 * (1.0 - low))
    axes.xaxis.set_major_formatter(percent)
    axes.yaxis.set_major_formatter(percent)
    axes.set_xlabel("coverage")
    axes.set_ylabel("density")
    axes.grid(color="#DDDDDD", linewidth=0.4)


def _box(axes: Axes, box: pd.DataFrame, texts: list[str]) -> None:
    """Draw each limited condition's range and the part of it that the box keeps."""
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    for y, (least, most, low, high) in enumerate(box[["least", "most", "low", "high"]].itertuples(index=False)):
        first, last = max(least, low), min(most, high)
        across = [(x - least) / (most - least) for x in (first, last)]
        axes.add_patch(Rectangle((0, y - 0.2), 1, 0.4, facecolor="#EEEEEE", edgecolor=INK, linewidth=0.4))
        axes.add_patch(
            Rectangle(
                (across[0], y - 0.2), across[1] - across[0], 0.4, facecolor=PALETTE[1], edgecolor=INK, linewidth=0.4
            )
        )
        axes.annotate(limit_words(low, high), (0.5, y + 0.24), ha="center", va="top", fontsize=SMALL)
        for x, end, side in ((0, least, "left"), (1, most, "right")):
            axes.annotate(_number(end), (x, y + 0.24), ha=side, va="top", fontsize=SMALL)
    axes.set_yticks(range(len(texts)), texts)
    axes.set_ylim(max(len(texts), 1) - 0.3, -0.5)
    axes.tick_params(axis="y", length=0)


def limit_words(low: float, high: float) -> str:
    """Return the limits of a condition as text; an infinite limit is none."""
    if np.isfinite(low) and np.isfinite(high):
        return f"{_number(low)} to {_number(high)}"
    return f"at least {_number(low)}" if np.isfinite(low) else f"at most {_number(high)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}".replace("-", "−")
