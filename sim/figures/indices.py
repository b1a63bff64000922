"""Sensitivity indices: bars with intervals, and how they converge."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.figures.colour import PALETTE
from sim.figures.fonts import safe
from sim.figures.labels import LINE, height, wrapped
from sim.figures.line_ends import label_ends
from sim.figures.style import DOUBLE, POINT, SMALL, finish, headline, line_style, new_figure, note, styled
from sim.figures.words import require

COLUMNS = ("parameter", "other", "index", "value", "low", "high")
WORDS = {
    "S1": "First order", "ST": "Total order", "S2": "Second order", "mu_star": "μ*", "pawn": "PAWN index (median)",
    "pawn_max": "Largest of the slices",
}  # fmt: skip
DUMMY = "(dummy)"
"""The name of a row that isn't a parameter but shows the noise of the design."""
MOST = 8
"""Greatest number of lines in a convergence plot."""


def index_bars(
    table: pd.DataFrame, outcome_label: str, labels: Mapping[str, str] | None = None, *, width: float = DOUBLE
) -> Figure:
    """Draw each parameter's indices as bars with intervals, largest first: Sobol's first-order and total ones, or PAWN's.

    Parameters
    ----------
    table : with `COLUMNS`, of one outcome; rows of other indices are left out. A row `DUMMY` becomes a line.
    outcome_label : the outcome and its unit. labels : names by parameter. width : mm.
    """
    require(table, COLUMNS)
    kinds = [kind for kind in ("ST", "S1", "pawn") if kind in set(table["index"])]
    if not kinds:
        raise ValueError("the table has neither S1 and ST nor pawn")
    wide = {kind: table[table["index"] == kind].set_index("parameter") for kind in kinds}
    names = list(wide[kinds[0]].drop(DUMMY, errors="ignore").sort_values("value", ascending=False, kind="stable").index)
    texts = [wrapped(called(name, labels), 0.3 * width, SMALL) for name in names]
    lines = [max(0.75 * len(kinds), text.count("\n") + 1) + 0.4 for text in texts]
    with styled():
        figure = new_figure(width, sum(lines) * SMALL * LINE * POINT + 30)
        axes = figure.add_subplot()
        ends = np.cumsum(lines)
        middles = ends - np.array(lines) / 2
        for k, kind in enumerate(kinds):
            rows = wide[kind].loc[names]
            places = middles + 0.7 * (k - (len(kinds) - 1) / 2)
            axes.barh(places, rows["value"], height=0.66, edgecolor="#000000", linewidth=0.4, label=WORDS[kind],
                      color=PALETTE[5] if k == 0 else "white")  # fmt: skip
            axes.hlines(places, rows["low"], rows["high"], color="#000000", linewidth=1.0)
        if DUMMY in wide[kinds[0]].index:
            axes.axvline(float(wide[kinds[0]]["value"][DUMMY]), color="#000000", linestyle="--", linewidth=0.8)
        axes.axvline(0, color="#000000", linewidth=0.6)
        axes.set_yticks(middles, texts)
        axes.set_ylim(ends[-1] + 0.2, -0.2)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.set_xlabel("Share of the outcome's variance" if "ST" in kinds else "Distance of distributions, 0 to 1")
        if len(kinds) > 1:
            axes.legend(loc="lower right")
        dashed = (
            " Dashed: a dummy on which the outcome can't depend, the noise of the design." if "pawn" in kinds else ""
        )
        note(figure, f"Outcome: {outcome_label}. Lines: 95 % intervals.{dashed}")
        largest = called(names[0], labels)
        value = float(wide[kinds[0]].loc[names[0], "value"])
        share = f": {value:.0%} of the variance".replace("%", " %") if kinds[0] == "ST" else ""
        headline(figure, f"The outcome depends most on {largest}{share}{_then(names, labels)}")
        return finish(figure)


def _then(names: list[str], labels: Mapping[str, str] | None) -> str:
    """Return the second and third of the names, as the end of a sentence."""
    others = " and ".join(called(name, labels) for name in names[1:3])
    return f", then on {others}" if others else ""


def index_convergence(
    table: pd.DataFrame, outcome_label: str, labels: Mapping[str, str] | None = None, *, width: float = DOUBLE
) -> Figure:
    """Draw the ranking index of the largest `MOST` parameters against the size of the design, with intervals.

    Parameters
    ----------
    table : with a column n and `COLUMNS`, of one outcome and one index. outcome_label, labels, width : as `index_bars`.
    """
    require(table, ("n", *COLUMNS))
    last = table[table["n"] == table["n"].max()].sort_values("value", ascending=False, kind="stable")
    names = [name for name in last["parameter"] if name != DUMMY][:MOST]
    sizes = sorted(table["n"].unique())
    texts = [wrapped(called(name, labels), 0.26 * width, SMALL) for name in names]
    heights = [height(text, SMALL) + 2 for text in texts]
    room = max(0.36 * width, 40.0, sum(heights) * POINT)
    with styled():
        figure = new_figure(width, room + 24)
        axes = figure.add_subplot()
        ends = []
        for number, name in enumerate(names):
            rows = table[table["parameter"] == name].sort_values("n")
            style = line_style(number)
            # Shifted, so that intervals at the same size don't overlap.
            at = rows["n"].to_numpy(float) * 2 ** (0.06 * (number - (len(names) - 1) / 2))
            axes.plot(at, rows["value"], color=style.colour, linestyle=style.dashes, marker=style.marker, linewidth=0.9)
            axes.vlines(at, rows["low"], rows["high"], color=style.colour, linewidth=0.9)
            ends.append(float(rows["value"].iloc[-1]))
        axes.set_xscale("log", base=2)
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
        axes.set_xlim(sizes[0] / 1.3, sizes[-1] * 1.3)
        axes.axhline(0, color="#8C8C8C", linewidth=0.6)
        axes.set_xlabel("n (size of the design)")
        axes.set_ylabel(WORDS.get(str(table["index"].iloc[0]), str(table["index"].iloc[0])))
        more = f" The largest {len(names)} of {last['parameter'].nunique()}." if len(names) < len(last) else ""
        note(figure, f"Outcome: {outcome_label}. Vertical lines: 95 % intervals.{more}")
        label_ends(axes, ends, texts, heights, room / POINT)
        widths = (last["high"] - last["low"]).where(last["parameter"] != DUMMY)
        headline(
            figure,
            f"Are {sizes[-1]:,} enough? The widest interval spans {widths.max():.2g}, where the largest index is "
            f"{last['value'].iloc[0]:.2g}",
        )
        return finish(figure)


def called(name: str, labels: Mapping[str, str] | None) -> str:
    """Return the label of a parameter in a figure."""
    name, bracket, symbol = (labels or {}).get(name, name).partition(" (")
    return safe(name.replace("_", " ") + bracket + symbol)
