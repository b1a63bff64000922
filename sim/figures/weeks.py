"""Weeks: the time axis, in elapsed weeks, and marks of programmes on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator

from sim.figures.fonts import safe, text_width
from sim.figures.style import SMALL


class Mark(NamedTuple):
    """A period to mark: from the start of week `start` to that of week `stop`; None: to the end of the run."""

    start: float
    stop: float | None
    text: str


def set_weeks(axes: Axes, weeks: int, room: float) -> None:
    """Let the axis run from 0 to `weeks`, with as many ticks as there is room (mm) for."""
    steps = [s for s in (1, 2, 4, 13, 26, 52, 104, 260, 520, 1040) if weeks / s * 6.5 <= room]
    step = steps[0] if steps else weeks
    axes.set_xlim(0, weeks)
    axes.xaxis.set_major_locator(FixedLocator([float(week) for week in range(0, weeks + 1, step)]))


Marks = Sequence[Mark | tuple[float, float | None, str]]


def levels(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return for each span the lowest level at which it overlaps none of the spans before it."""
    found: list[int] = []
    for start, stop in spans:
        meets = {at for at, (a, b) in zip(found, spans, strict=False) if a < stop and start < b}
        found.append(next(level for level in range(len(spans)) if level not in meets))
    return found


def shade(axes: Axes, weeks: int, marks: Marks, room: float) -> None:
    """Shade the periods, each with its name at the top; the axis is about `room` mm wide."""
    widths = [(text_width(safe(text), SMALL) + 2) * weeks / room for _, _, text in marks]
    ups = levels([(start, start + width) for (start, _, _), width in zip(marks, widths, strict=True)])
    for (start, stop, text), up in zip(marks, ups, strict=True):
        axes.axvspan(start, weeks if stop is None else min(stop, weeks), color="#EFEFEF", linewidth=0, zorder=0)
        axes.annotate(
            safe(text), (start, 1), (2, 1 + 8.5 * up), xycoords=axes.get_xaxis_transform(), textcoords="offset points",
            fontsize=SMALL, va="bottom", annotation_clip=False,
        )  # fmt: skip


def bar_above(axes: Axes, weeks: int, marks: Marks) -> None:
    """Draw a bar above the axes for each period, without words."""
    spans = [(start, float(weeks if stop is None else min(stop, weeks))) for start, stop, _ in marks]
    for span, up in zip(spans, levels(spans), strict=True):
        axes.plot(
            span, [1.03 + 0.04 * up] * 2, transform=axes.get_xaxis_transform(), color="#000000", linewidth=1.8,
            solid_capstyle="butt", clip_on=False,
        )  # fmt: skip
