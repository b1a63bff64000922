"""Shares: what each intervention of a programme adds, and what each mechanism carries of it, as bars with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import CLEAR
from sim.engine.outcomes import axis_text, difference_unit, unit_of
from sim.figures.colour import INK, PALE, PALETTE
from sim.figures.labels import LINE, wrapped
from sim.figures.style import POINT, SINGLE, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import count_words, is_share, name_of, require

SHARE_COLUMNS = ("outcome", "intervention", "share", "low", "high", "alone", "last", "pairs", "verdict")
CARRIED_COLUMNS = ("mechanism", "effect", "carried", "low", "high", "pairs", "verdict")
ALL = "all"


def shares(
    table: pd.DataFrame, outcome: str = "adopted", labels: Mapping[str, str] | None = None, *, width: float = SINGLE
) -> Figure:
    """Draw each intervention's Shapley share of a programme's effect, the largest at the top.

    Parameters
    ----------
    table : table with `SHARE_COLUMNS`, as of `sim.analysis.shapley`. outcome : which of its outcomes.
    labels : names to write instead of the interventions' own. width : mm.
    """
    require(table, SHARE_COLUMNS)
    mine = table[table["outcome"] == outcome]
    if mine.empty:
        raise ValueError(f"the table has no shares of {outcome}")
    whole = mine[mine["intervention"] == ALL].iloc[0]
    interventions = mine[mine["intervention"] != ALL].sort_values("share", ascending=False, kind="stable")
    unit, scale = _unit(outcome)
    said = f"{axis_text(outcome)}: shares of the whole effect, {_signed(scale * whole['share'])} {unit}"
    top = interventions.iloc[0]
    title = f"{name_of(str(top['intervention']), labels)} adds most: {_signed(scale * top['share'])} {unit}"
    foot = (
        f"Bars: mean over {count_words(interventions['pairs'])} replicates of the Shapley share; lines: its 95 % interval. "
        " Triangles: what the intervention does alone (▷) and what it adds to all others (◁). Hollow: not "
        "distinguishable from nothing, or too few replicates to tell."
    )
    names = [name_of(str(intervention), labels) for intervention in interventions["intervention"]]
    first_and_last = zip(interventions["alone"], interventions["last"], strict=True)
    sides = [(float(scale * a), float(scale * b)) for a, b in first_and_last]
    return _bars(interventions, "share", names, title, said, unit, scale, foot, width, sides)


def carried(table: pd.DataFrame, outcome: str = "adopted", *, width: float = SINGLE) -> Figure:
    """Draw how much of a programme's effect is lost without each mechanism, the largest at the top.

    Parameters
    ----------
    table : table with `CARRIED_COLUMNS`, as of `sim.analysis.switching_off`; its row ``""`` is the effect with
        everything. outcome : what it is of. width : mm.
    """
    require(table, CARRIED_COLUMNS)
    whole = float(table.loc[table["mechanism"] == "", "effect"].iloc[0])
    rows = table[table["mechanism"] != ""].sort_values("carried", ascending=False, kind="stable")
    unit, scale = _unit(outcome)
    said = f"{axis_text(outcome)}: part of the programme's effect ({_signed(scale * whole)} {unit}) that goes without"
    foot = (
        f"Bars: mean over {count_words(rows['pairs'])} replicates of the effect with all mechanisms minus that without the "
        "mechanism; lines: its 95 % interval. Below 0: the programme does more without it. Hollow: not "
        "distinguishable from nothing, or too few replicates to tell."
    )
    title = f"{rows['mechanism'].iloc[0]} carries most: {_signed(scale * rows['carried'].iloc[0])} {unit} go without it"
    return _bars(rows, "carried", [str(name) for name in rows["mechanism"]], title, said, unit, scale, foot, width, ())


def _unit(outcome: str) -> tuple[str, float]:
    """Return the unit of differences of an outcome, and the factor to convert to it."""
    return difference_unit(unit_of(outcome)), 100.0 if is_share(outcome) else 1.0


def _signed(value: float) -> str:
    """Return a number with its sign and about three digits."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 0.1 else 3
    return f"{value:+,.{digits}f}".replace("-", "−")


def _bars(
    rows: pd.DataFrame, column: str, names: Sequence[str], headed: str, said: str, unit: str, scale: float, foot: str,
    width: float, sides: Sequence[tuple[float, float]],
) -> Figure:  # fmt: skip
    """Draw one bar per row with its interval, its number at the right, and the marks of `sides`."""
    texts = [wrapped(name, 0.34 * width, SMALL) for name in names]
    line = SMALL * LINE * POINT
    heights = [max(1, text.count("\n") + 1) * line + 1.6 for text in texts]
    places = [sum(heights[:k]) + heights[k] / 2 for k in range(len(heights))]
    above, below = (wrapped(text, width - 5, SMALL).count("\n") + 1 for text in (said, foot))
    values, low, high = (scale * rows[key].to_numpy(float) for key in (column, "low", "high"))
    clear = rows["verdict"].isin(CLEAR).to_numpy()
    with styled():
        figure = new_figure(width, sum(heights) + (above + below + 1) * line + 13)
        axes = figure.subplots()
        axes.barh(
            places, values, height=[0.62 * height for height in heights], linewidth=0.6,
            facecolor=[PALETTE[5] if full else "white" for full in clear],
            edgecolor=[PALETTE[5] if full else PALE for full in clear],
        )  # fmt: skip
        for y, least, most in zip(places, low, high, strict=True):
            axes.add_line(Line2D([least, most], [y, y], color=INK, linewidth=0.9, marker="|", markersize=3.5))
        for y, (alone, last) in zip(places, sides, strict=False):
            axes.plot([alone], [y], marker=">", color=INK, markerfacecolor="white", markersize=3.4, markeredgewidth=0.6)
            axes.plot([last], [y], marker="<", color=INK, markerfacecolor="white", markersize=3.4, markeredgewidth=0.6)
        for y, value in zip(places, values, strict=True):
            axes.annotate(
                _signed(value), (1, y), (3, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                va="center", fontsize=SMALL, annotation_clip=False,
            )  # fmt: skip
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_yticks(places, texts)
        axes.set_ylim(sum(heights), 0)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(unit)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(lambda x, _: "0" if abs(x) < 1e-12 else f"{x:+,g}".replace("-", "−"))
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.4)
        title = axes.set_title(wrapped(said, width - 5, SMALL), fontsize=SMALL)
        note(figure, foot)
        headline(figure, headed[:1].upper() + headed[1:])
        finish(figure)
        box = axes.get_position()
        title.set_x((0.01 - box.x0) / box.width)
        return figure
