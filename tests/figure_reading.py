"""Read a figure: its texts and its bars."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text


def texts_of(figure: Figure) -> list[Text]:
    """Return all texts that are drawn."""
    found = figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_visible() and bool(artist.get_text()))
    hidden = {
        tick_label
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        for tick_label in (tick.label1, tick.label2)
        if not (axes.axison and tick_label.get_visible() and _within(axis.get_view_interval(), tick.get_loc()))
    }
    return [text for text in found if isinstance(text, Text) and text not in hidden]


def _within(interval: tuple[float, float], value: float) -> bool:
    low, high = sorted(interval)
    return low - 1e-9 <= value <= high + 1e-9


def words_of(figure: Figure) -> str:
    """Return all words on the figure, in one line."""
    return " | ".join(" ".join(text.get_text().split()) for text in texts_of(figure))


def bars_of(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]
