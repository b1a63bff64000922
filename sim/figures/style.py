"""Style: sizes and settings that all figures share, and functions to begin and finish a figure.

Figures are made with matplotlib's object API, without pyplot and its global state.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.figures.colour import INK, PALETTE
from sim.figures.fonts import families, safe
from sim.figures.labels import wrapped

SINGLE, DOUBLE = 89.0, 183.0
"""Widths of one and of two columns of a journal, mm."""
MM = 1 / 25.4
POINT = 25.4 / 72
FONT, SMALL = 7.5, 7.0
"""Font sizes in points; nothing is smaller."""
DPI = 200

DASHES: tuple[Any, ...] = (
    "-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (3, 1.2)), (0, (6, 1.2, 1.2, 1.2, 1.2, 1.2)),
    (0, (9, 2)), (0, (2, 2.5)),
)  # fmt: skip
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "h", "*")
HATCHES = ("", "///", "...", "\\\\\\", "xxx", "---", "+++", "|||", "oo", "")


class LineStyle(NamedTuple):
    """How a line differs from others, in colour and in grey."""

    colour: str
    dashes: Any
    marker: str


def line_style(number: int) -> LineStyle:
    """Return the style of the line with this number; 77 are distinct even in grey."""
    return LineStyle(PALETTE[number % 7], DASHES[number % 8], MARKERS[number % 11])


def settings() -> Any:
    """Return matplotlib's rcParams for all figures."""
    return {
        "font.family": families(), "font.size": FONT, "axes.labelsize": FONT, "axes.titlesize": FONT,
        "xtick.labelsize": SMALL, "ytick.labelsize": SMALL, "legend.fontsize": SMALL, "legend.title_fontsize": SMALL,
        "figure.titlesize": FONT, "figure.labelsize": SMALL, "figure.dpi": DPI, "savefig.dpi": DPI,
        "figure.facecolor": "white", "savefig.facecolor": "white", "axes.facecolor": "white",
        "text.parse_math": False, "text.usetex": False, "axes.unicode_minus": True, "axes.formatter.useoffset": False,
        "axes.linewidth": 0.6, "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": INK,
        "axes.titlelocation": "left", "axes.titleweight": "normal", "axes.axisbelow": True,
        "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.major.size": 2.5, "ytick.major.size": 2.5,
        "lines.linewidth": 1.2, "lines.markersize": 3.2, "patch.linewidth": 0.5, "hatch.linewidth": 0.45,
        "legend.frameon": False, "legend.handlelength": 1.4, "legend.columnspacing": 1.2, "legend.labelspacing": 0.3,
        "figure.constrained_layout.h_pad": 0.04, "figure.constrained_layout.w_pad": 0.04,
        "svg.fonttype": "none", "svg.hashsalt": "grassroots",
    }  # fmt: skip


@contextmanager
def styled() -> Iterator[None]:
    """Apply the settings, on top of matplotlib's defaults, within this context."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings())
        yield


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size in mm with automatic layout."""
    figure = Figure(figsize=(width * MM, height * MM), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def note(figure: Figure, text: str) -> None:
    """Write a note at the foot of the figure, wrapped to its width."""
    width = figure.get_figwidth() / MM
    figure.supxlabel(wrapped(safe(text), width - 5, SMALL), x=0.01, ha="left", fontsize=SMALL)


def finish(figure: Figure) -> Figure:
    """Fix the figure's layout, so that it looks the same every time and everywhere it is drawn."""
    layout = figure.get_layout_engine()
    if layout is not None:
        layout.execute(figure)
    figure.set_layout_engine("none")
    return figure
