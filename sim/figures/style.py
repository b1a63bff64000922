"""Style: sizes and settings that all figures share, and functions to begin and finish a figure.

Figures are made with matplotlib's object API, without pyplot and its global state.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from io import BytesIO
from typing import Any, NamedTuple

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from sim.figures.colour import INK, PALETTE
from sim.figures.fonts import families, safe
from sim.figures.labels import height, wrapped

SINGLE, DOUBLE = 89.0, 183.0
"""Widths of one and of two columns of a journal, mm."""
MM = 1 / 25.4
POINT = 25.4 / 72
FONT, SMALL = 7.5, 7.0
"""Font sizes in points; nothing is smaller."""
DPI, SCREEN = 200, 110
TITLE, NOTE = "title", "note"
GAP = 3.0
"""Room above and below the title and the note, points."""

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
        "svg.fonttype": "none", "pdf.fonttype": 42, "svg.hashsalt": "grassroots",
    }  # fmt: skip


@contextmanager
def styled() -> Iterator[None]:
    """Apply the settings, on top of matplotlib's defaults, within this context."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings())
        yield


class Drawing(Figure):
    """A figure that notebooks show as a picture."""

    def _repr_html_(self) -> str:
        file = BytesIO()
        self.savefig(file, format="png", dpi=SCREEN)
        (title,) = [text.get_text() for text in self.texts if text.get_gid() == TITLE][:1] or ["figure"]
        picture = b64encode(file.getvalue()).decode()
        return f'<img alt="{escape(" ".join(title.split()))}" style="max-width: 100%" src="data:image/png;base64,{picture}">'


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size in mm with automatic layout."""
    figure = Drawing(figsize=(width * MM, height * MM), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def headline(figure: Figure, text: str) -> None:
    """Write the figure's title, what it finds or asks, at its top, and make the figure taller by the title's lines."""
    width, tall = figure.get_size_inches()
    lines = wrapped(safe(text), 0.9 * (width / MM - 5), FONT)  # bold letters are wider than those that `wrapped` knows
    figure.text(0.01, 1.0, lines, ha="left", va="top", fontsize=FONT, fontweight="bold", gid=TITLE, in_layout=False)
    figure.set_size_inches(width, tall + _inches(lines, FONT))


def note(figure: Figure, text: str) -> None:
    """Write a note at the foot of the figure, wrapped to its width."""
    width = figure.get_figwidth() / MM
    lines = wrapped(safe(text), width - 5, SMALL)
    figure.text(0.01, 0.0, lines, ha="left", va="bottom", fontsize=SMALL, gid=NOTE, in_layout=False)


def _inches(lines: str, size: float) -> float:
    """Return the height of a text with room above and below."""
    return (height(lines, size) + 2 * GAP) / 72


def finish(figure: Figure) -> Figure:
    """Fix the figure's layout, so that it looks the same every time and everywhere it is drawn.

    Everything but the title and the note lies between these two.
    """
    inches = figure.get_figheight()
    taken = {TITLE: 0.0, NOTE: 0.0}
    for text in figure.texts:
        if (place := text.get_gid()) in taken:
            size = FONT if place == TITLE else SMALL
            taken[place] = _inches(text.get_text(), size) / inches
            text.set_y(1.0 - GAP / 72 / inches if place == TITLE else GAP / 72 / inches)
    room = (0.0, taken[NOTE], 1.0, 1.0 - taken[NOTE] - taken[TITLE])
    layout = figure.get_layout_engine()
    if isinstance(layout, ConstrainedLayoutEngine):
        layout.set(rect=room)
        layout.execute(figure)
        for axes in figure.axes:  # the layout's last bits differ from run to run
            left, bottom, wide, high = (round(float(edge), 6) for edge in axes.get_position(original=True).bounds)
            axes.set_position((left, bottom, wide, high))
    for legend in figure.legends:  # not before the layout, which leaves room only for legends that aren't anchored
        legend.set_bbox_to_anchor(room, figure.transFigure)
    figure.set_layout_engine("none")
    return figure
