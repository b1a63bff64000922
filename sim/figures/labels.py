"""Labels: wrap them, and place them so that they don't overlap."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

LINE = 1.25
"""Height of a line of text, in sizes of its type."""


def wrapped(text: str, characters: int) -> str:
    """Return the text broken into lines of at most so many characters."""
    return "\n".join(textwrap.wrap(text, max(4, characters))) or text


def height(text: str, size: float) -> float:
    """Return the height of a label, points, for type of this size."""
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


def annotate_apart(axes: Axes, points: Sequence[tuple[float, float]], texts: Sequence[str], dot: float) -> list[Text]:
    """Write a text beside every point, clear of the other texts, the dots (of so many points of type) and the frame.

    Call it once the layout of the figure is final. A text that had to go further away gets a thin line to its point.
    """
    pixel = axes.figure.dpi / 72
    middles = [tuple(axes.transData.transform(point)) for point in points]
    reach = dot / 2 * pixel
    taken = [Bbox.from_extents(x - reach, y - reach, x + reach, y + reach) for x, y in middles]
    frame = axes.get_window_extent()
    made: list[Text] = []
    for point, (x, y), text in zip(points, middles, texts, strict=True):
        probe = axes.annotate(
            text, point, (0, 0), textcoords="offset points", ha="center", va="center",
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "shrinkA": 0, "shrinkB": dot / 2},
        )  # fmt: skip
        size = Text.get_window_extent(probe)
        half_width, half_height = size.width / 2, size.height / 2
        best: tuple[float, float, float, Bbox] | None = None
        for gap in range(1, 60, 2):
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
