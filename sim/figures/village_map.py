"""The village map: yards by rung, clean yards and public plots, at chosen weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from sim.figures.colour import INK, RUNG_COLOURS, RUNG_WORDS
from sim.figures.fonts import safe
from sim.figures.labels import LINE, wrapped
from sim.figures.style import DOUBLE, POINT, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import value_text

LANE, YARD, PUBLIC = -1, 0, 1
ADOPTED = 2
"""The first rung that has adopted."""
PUBLIC_WORDS = ("Black spot", "Idle plot", "Amenity", "Works under way")
PUBLIC_MARKERS = ("x", "s", "*", "^")
CORNERS = {
    "yard": np.array([(-0.44, -0.44), (0.44, -0.44), (0.44, 0.44), (-0.44, 0.44)]),
    "newcomer": np.array([(0.0, -0.56), (0.56, 0.0), (0.0, 0.56), (-0.56, 0.0)]),
    "rim": np.array([(-0.22, -0.22), (0.22, -0.22), (0.22, 0.22), (-0.22, 0.22)]),
    "dot": np.array([(-0.15, -0.15), (0.15, -0.15), (0.15, 0.15), (-0.15, 0.15)]),
}
Cells = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A village at the end of a week; all arrays have shape (rows, columns).

    week : 0-based; -1 for the start of the run.
    kind : -1 lane, 0 yard, 1 public plot.
    rung : 0..3 for yards, -1 elsewhere.
    clean, newcomer : of yards; False elsewhere.
    public : 0 black spot, 1 idle plot, 2 amenity, 3 works under way; -1 where there is no public plot.
    title : text above the map; empty for the week alone.
    """

    week: int
    kind: npt.NDArray[np.int8]
    rung: npt.NDArray[np.int8]
    clean: Cells
    newcomer: Cells
    public: npt.NDArray[np.int8]
    title: str = ""

    def __post_init__(self) -> None:
        arrays: tuple[npt.NDArray[Any], ...] = (self.rung, self.clean, self.newcomer, self.public)
        if self.kind.ndim != 2 or any(array.shape != self.kind.shape for array in arrays):
            raise ValueError("all arrays of a snapshot must have the same shape (rows, columns)")


def week_words(week: int) -> str:
    """Return the label of a snapshot's week."""
    return "at the start" if week < 0 else f"after {week + 1} week{'s' if week else ''}"


def village_map(
    snapshots: Sequence[Snapshot],
    scenario: str = "",
    said: str = "",
    *,
    columns: int | None = None,
    width: float = DOUBLE,
) -> Figure:
    """Draw one map per snapshot, side by side: darker yards are higher on the ladder, a dot marks a clean yard.

    Parameters
    ----------
    scenario : its name, for the title. said : a note, such as which run it is.
    columns : maps side by side, by default two.
    width : mm.
    """
    if not snapshots:
        raise ValueError("there is no snapshot to draw")
    across = min(len(snapshots), columns or 2)
    down = -(-len(snapshots) // across)
    panel = min((width - 2 - 2 * across) / across, 110.0)
    ratio = max(s.kind.shape[0] / s.kind.shape[1] for s in snapshots)
    titles = [wrapped(", ".join(filter(None, (safe(s.title), week_words(s.week)))), panel, SMALL) for s in snapshots]
    lines = max(title.count("\n") + 1 for title in titles)
    below = 17.0
    with styled():
        figure = new_figure(width, down * (panel * ratio + lines * SMALL * LINE * POINT + 3) + below)
        grid = figure.subplots(down, across, squeeze=False)
        for number, axes in enumerate(grid.flat):
            axes.set_axis_off()
            if number < len(snapshots):
                _draw(axes, snapshots[number], panel)
                axes.set_title(titles[number], fontsize=SMALL, pad=2)
        figure.legend(handles=_keys(), loc="outside lower left", ncols=3)
        headline(figure, _title(snapshots[-1], scenario))
        if said:
            note(figure, said)
        return finish(figure)


def _title(last: Snapshot, scenario: str) -> str:
    """Return the shares of yards that are clean, and whose households have adopted, on the last map."""
    yards = last.kind == YARD
    count = max(1, int(yards.sum()))
    adopted, clean = ((yards & which).sum() / count for which in (last.rung >= ADOPTED, last.clean))
    shares = (
        f"{value_text(adopted, 'adopted')} of households have adopted, {value_text(clean, 'clean')} of yards are clean"
    )
    said = f"{scenario} {week_words(last.week)}".strip()
    return f"{said[:1].upper()}{said[1:]}: {shares}"


def shapes(cells: Cells, corners: npt.NDArray[np.float64]) -> Path:
    """Return one path with the same closed shape around the middle of every cell that is True."""
    rows, columns = np.nonzero(cells)
    corner = np.vstack([corners, corners[:1]])
    vertices = np.stack([columns, rows], axis=1)[:, None, :] + corner[None, :, :]
    one = np.array([Path.MOVETO] + [Path.LINETO] * (len(corner) - 2) + [Path.CLOSEPOLY], np.uint8)
    return Path(vertices.reshape(-1, 2), np.tile(one, len(rows)))


def _draw(axes: Axes, s: Snapshot, panel: float) -> None:
    """Draw one map; lanes stay blank."""
    rows, columns = s.kind.shape
    yard = s.kind == YARD
    for rung, colour in enumerate(RUNG_COLOURS):
        here = yard & (s.rung == rung)
        for who, shape in ((~s.newcomer, "yard"), (s.newcomer, "newcomer")):
            _add(axes, here & who, shape, colour)
    _add(axes, yard & s.clean, "rim", INK)
    _add(axes, yard & s.clean, "dot", "#FFFFFF")
    pitch = panel / columns / POINT
    for kind, marker in enumerate(PUBLIC_MARKERS):
        down, across = np.nonzero((s.kind == PUBLIC) & (s.public == kind))
        axes.plot(across, down, **_symbol(kind, marker, max(2.2, min(6.0, 0.75 * pitch))))
    axes.set_xlim(-0.7, columns - 0.3)
    axes.set_ylim(rows - 0.3, -0.7)
    axes.set_aspect("equal", anchor="N")


def _add(axes: Axes, cells: Cells, shape: str, colour: str) -> None:
    if cells.any():
        patch = PathPatch(shapes(cells, CORNERS[shape]), facecolor=colour, linewidth=0, edgecolor="none")
        # Not add_patch, and not part of the layout, because both would visit every corner in Python.
        patch.set_in_layout(False)
        axes.add_artist(patch)


def _symbol(kind: int, marker: str, size: float) -> dict[str, Any]:
    """Return the style of a public plot's symbol."""
    star = marker == "*"
    return {
        "linestyle": "none", "marker": marker, "markersize": size * (1.35 if star else 1.0),
        "markeredgecolor": "#000000", "markeredgewidth": 0.7, "markerfacecolor": "#000000" if star else "white",
        "label": PUBLIC_WORDS[kind],
    }  # fmt: skip


def _keys() -> list[Any]:
    """Return the legend's entries."""

    def shape(colour: str, marker: str, size: float, text: str) -> Line2D:
        return Line2D([], [], linestyle="none", marker=marker, markersize=size, markerfacecolor=colour, label=text,
                      markeredgecolor=INK, markeredgewidth=0.6 if colour == "#FFFFFF" else 0)  # fmt: skip

    rungs = [Patch(facecolor=c, edgecolor="#000000", label=w) for c, w in zip(RUNG_COLOURS, RUNG_WORDS, strict=True)]
    publics = [Line2D([], [], **_symbol(k, marker, 4.0)) for k, marker in enumerate(PUBLIC_MARKERS)]
    return [
        *rungs, shape("#8C8C8C", "s", 5.0, "Yard of locals"), shape("#8C8C8C", "D", 4.4, "Yard of newcomers"),
        shape("#FFFFFF", "s", 3.0, "Clean yard"), shape("none", "s", 1.0, ""), *publics,
    ]  # fmt: skip
