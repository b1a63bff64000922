"""Weeks: the axis of time, in weeks gone by since the start, and programmes marked on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator

from sim.figures.fonts import safe
from sim.figures.style import SMALL


class Mark(NamedTuple):
    """A period to mark: from the start of week `start` to that of week `stop`; None: to the end of the run."""

    start: float
    stop: float | None
    text: str


def set_weeks(axes: Axes, weeks: int, room: float) -> None:
    """Let the axis run from 0 to so many weeks, with ticks for which there is room (mm)."""
    steps = [s for s in (1, 2, 4, 13, 26, 52, 104, 260, 520, 1040) if weeks / s * 6.5 <= room]
    step = steps[0] if steps else weeks
    axes.set_xlim(0, weeks)
    axes.xaxis.set_major_locator(FixedLocator([float(week) for week in range(0, weeks + 1, step)]))


def shade(axes: Axes, weeks: int, marks: Sequence[Mark | tuple[float, float | None, str]]) -> None:
    """Shade the periods, each with its name at the top."""
    for k, (start, stop, text) in enumerate(marks):
        axes.axvspan(start, weeks if stop is None else min(stop, weeks), color="#EFEFEF", linewidth=0, zorder=0)
        axes.annotate(
            safe(text), (start, 1), (2, 1 + 8.5 * k), xycoords=axes.get_xaxis_transform(), textcoords="offset points",
            fontsize=SMALL, va="bottom", annotation_clip=False,
        )  # fmt: skip


def bar_above(axes: Axes, weeks: int, marks: Sequence[Mark | tuple[float, float | None, str]]) -> None:
    """Draw a bar above the axes for each period, without words."""
    for k, (start, stop, _) in enumerate(marks):
        axes.plot(
            [start, weeks if stop is None else min(stop, weeks)], [1.03 + 0.04 * k] * 2,
            transform=axes.get_xaxis_transform(), color="#000000", linewidth=1.8, solid_capstyle="butt", clip_on=False,
        )  # fmt: skip
