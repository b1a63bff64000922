"""Names at the right ends of lines, instead of a legend."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.figures.labels import spread
from sim.figures.style import SMALL, line_style


def label_ends(axes: Axes, ends: list[float], texts: list[str], heights: list[float], points: float) -> None:
    """Write the names at the lines' ends, moved apart where they would overlap, with thin lines to the ends."""
    low, high = axes.get_ylim()
    shares = [0.0 if end != end else (end - low) / (high - low) for end in ends]
    places = [y / points for y in spread([share * points for share in shares], heights, 0.0, points)]
    for number, (share, place, text) in enumerate(zip(shares, places, texts, strict=True)):
        style = line_style(number)
        axes.plot(
            [1.0, 1.035, 1.045], [share, place, place], transform=axes.transAxes, clip_on=False, color=style.colour,
            linewidth=0.7, marker=style.marker, markevery=[2], markeredgewidth=0,
        )  # fmt: skip
        axes.annotate(
            text, (1.045, place), (4, 0), xycoords="axes fraction", textcoords="offset points", va="center",
            fontsize=SMALL, linespacing=1.1, annotation_clip=False,
        )  # fmt: skip
