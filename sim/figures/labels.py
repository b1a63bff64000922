"""Labels: wrap them, and place them so that they don't overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sim.figures.fonts import text_width

LINE = 1.25
"""Height of a line of text in units of its font size."""


def wrapped(text: str, width: float, size: float) -> str:
    """Return the text broken into lines of at most this width (mm) with this font size (points).

    Lines break at spaces, and within a word only if the word is too wide for a line or Chinese.
    """
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(joined, size) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if lines[-1] and text_width(lines[-1] + character, size) > width:
                lines.append("")
            lines[-1] += character
    return "\n".join(lines)


def height(text: str, size: float) -> float:
    """Return the height of a label in points, for this font size."""
    return size * LINE * (1 + text.count("\n"))


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return positions for the middles of labels: near the wanted ones, in their order, and clear of each other.

    Labels that touch form a stack that is centred on what its members want. All lie between `low` and `high` as far as
    there is room.
    """
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    stacks: list[list[int]] = []
    starts: list[float] = []

    def start(stack: list[int]) -> float:
        below = total = 0.0
        for k in stack:
            total += wanted[k] - below - heights[k] / 2
            below += heights[k]
        return max(low, min(high - below, total / len(stack)))

    for k in order:
        stacks.append([k])
        starts.append(start([k]))
        while len(stacks) > 1 and starts[-2] + sum(heights[j] for j in stacks[-2]) > starts[-1]:
            stacks[-2:] = [stacks[-2] + stacks[-1]]
            starts[-2:] = [start(stacks[-1])]
    places = [0.0] * len(wanted)
    for stack, edge in zip(stacks, starts, strict=True):
        for k in stack:
            places[k] = edge + heights[k] / 2
            edge += heights[k]
    return places


def annotate_apart(
    axes: Axes, points: Sequence[tuple[float, float]], texts: Sequence[str], dot: float, reaches: Sequence[float],
    uprights: Sequence[tuple[float, float, float]] = (),
) -> list[Text]:  # fmt: skip
    """Write a text beside every point, clear of the other texts, the dots (of so many points of type) and the frame.

    Call it once the layout of the figure is final. A text that had to go further away gets a thin line to its point.

    Parameters
    ----------
    dot : diameter of the dots, points.
    reaches : how far each text may go from its dot, points; one that finds no room is left out.
    uprights : vertical lines, each x, low, high, that texts keep clear of.
    """
    axes.apply_aspect()
    pixel = axes.figure.dpi / 72
    middles = [tuple(axes.transData.transform(point)) for point in points]
    reach = dot / 2 * pixel
    taken = [Bbox.from_extents(x - reach, y - reach, x + reach, y + reach) for x, y in middles]
    for across, low, high in uprights:
        (x, bottom), (_, top) = axes.transData.transform([(across, low), (across, high)])
        taken.append(Bbox.from_extents(x - pixel / 2, bottom, x + pixel / 2, top))
    frame = axes.get_window_extent().padded(-2 * pixel)
    made: list[Text] = []
    for point, (x, y), text, furthest in zip(points, middles, texts, reaches, strict=True):
        probe = axes.annotate(
            text, point, (0, 0), textcoords="offset points", ha="center", va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.2},
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "shrinkA": 0, "shrinkB": dot / 2},
        )  # fmt: skip
        size = Text.get_window_extent(probe)
        half_width, half_height = size.width / 2, size.height / 2
        best: tuple[float, float, float, Bbox] | None = None
        for gap in range(1, int(furthest) + 1, 2):
            for turn in (0, 1, -1, 2, -2, 3, -3, 4, 5, -5, 6, -6, 7, -7, 8, 9, -9):
                angle = turn * math.tau / 18
                dx = math.cos(angle) * (half_width + reach + gap * pixel)
                dy = math.sin(angle) * (half_height + reach + gap * pixel)
                box = Bbox.from_extents(
                    x + dx - half_width, y + dy - half_height, x + dx + half_width, y + dy + half_height
                )
                inside = frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
                if inside and not any(box.overlaps(other) for other in taken):
                    best = (gap, dx / pixel, dy / pixel, box)
                    break
            if best:
                break
        if best is None:
            probe.remove()
            continue
        gap_used, across, up, box = best
        probe.set_position((across, up))
        if gap_used <= 3 and probe.arrow_patch is not None:
            probe.arrow_patch.set_visible(False)
        taken.append(box)
        made.append(probe)
    return made
