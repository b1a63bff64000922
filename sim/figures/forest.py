"""The forest plot: paired effects with their intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import CLEAR
from sim.engine.outcomes import axis_text, difference_unit
from sim.figures.colour import INK, PALE, PALETTE
from sim.figures.fonts import safe
from sim.figures.labels import LINE, wrapped
from sim.figures.style import DOUBLE, POINT, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import count_words, difference_text, name_of, require

COLUMNS = (
    "scenario", "reference", "outcome", "unit", "difference", "low", "high", "spread_low", "spread_high", "pairs",
    "verdict",
)  # fmt: skip


def forest(
    effects: pd.DataFrame,
    outcomes: Sequence[str] = ("adopted",),
    labels: Mapping[str, str] | None = None,
    *,
    width: float = DOUBLE,
) -> Figure:
    """Draw the mean paired difference and its 95 % interval for each row in the table's order, one panel per outcome.

    A thin line spans the 5th to 95th percentile of the differences; effects without a direction are hollow. Panels of the
    same unit have the same scale.

    Parameters
    ----------
    effects : table with `COLUMNS`.
    labels : names to write instead of those in the table.
    width : mm.
    """
    require(effects, COLUMNS)
    missing = [outcome for outcome in outcomes if outcome not in set(effects["outcome"])]
    if missing or not outcomes:
        raise ValueError(f"the table has no effects on {', '.join(missing) or 'nothing'}")
    tables = [effects[effects["outcome"] == outcome] for outcome in outcomes]
    table = pd.concat(tables)
    references = list(table["reference"].unique())
    narrow = width < 120
    room = (0.3 if narrow else 0.34) * width
    names = [[wrapped(name, room, SMALL) for name in _row_names(t, len(references) > 1, labels)] for t in tables]
    line = SMALL * LINE * POINT
    heights = [sum(max(1 + narrow, n.count("\n") + 1) * line + 1.8 for n in panel) + 2 for panel in names]
    with styled():
        figure = new_figure(width, sum(heights) + 13.5 * len(tables) + (14 if narrow else 10))
        grid = figure.subplots(len(tables), 1, squeeze=False, height_ratios=heights)
        titles = []
        for axes, rows, texts, outcome in zip(grid[:, 0], tables, names, outcomes, strict=True):
            _draw(axes, rows, texts, narrow, _reach(table[table["unit"] == rows["unit"].iloc[0]]))
            against = f" against {name_of(str(references[0]), labels)}" if len(references) == 1 else ""
            said = (
                f"{safe(axis_text(outcome))}: difference{against} ({safe(difference_unit(str(rows['unit'].iloc[0])))})"
            )
            titles.append(axes.set_title(wrapped(said, width - (5 if narrow else 40), SMALL), fontsize=SMALL))
        pairs = count_words(table["pairs"])
        note(
            figure,
            f"Ticks: mean of {pairs} paired differences; boxes: its 95 % interval; lines: 5th to 95th percentile of the "
            f"differences.{' Numbers: the mean and its 95 % interval.' * narrow} Hollow: not distinguishable from the "
            "reference, or too few pairs to tell.",
        )
        headline(figure, _title(tables[0], outcomes[0], labels))
        finish(figure)
        for axes, title in zip(grid[:, 0], titles, strict=True):
            box = axes.get_position()
            title.set_x((0.01 - box.x0) / box.width)
        return figure


def _title(rows: pd.DataFrame, outcome: str, labels: Mapping[str, str] | None) -> str:
    """Return the largest clear effect on an outcome."""
    said = safe(axis_text(outcome))
    clear = rows[rows["verdict"].isin(CLEAR)]
    if clear.empty:
        return f"{said}: no difference can be told from chance"
    top = clear.sort_values("difference", key=abs, ascending=False, kind="stable").iloc[0]
    change = difference_text(float(top["difference"]), str(top["unit"]))
    others = "the largest difference, " * (len(rows) > 1)
    scenario, reference = (name_of(str(top[side]), labels) for side in ("scenario", "reference"))
    return f"{said}: {others}{change}, with {scenario} against {reference}"


def _reach(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of a scale that all rows of a unit share."""
    numbers = rows[["difference", "low", "high", "spread_low", "spread_high"]].to_numpy(float) * _scale(rows)
    known = [0.0, *(float(x) for x in numbers.ravel() if not math.isnan(x))]
    margin = 0.05 * ((max(known) - min(known)) or 1.0)
    return min(known) - margin, max(known) + margin


def _row_names(rows: pd.DataFrame, references: bool, labels: Mapping[str, str] | None) -> list[str]:
    names = [name_of(str(scenario), labels) for scenario in rows["scenario"]]
    if not references:
        return names
    against = [name_of(str(reference), labels) for reference in rows["reference"]]
    return [f"{name} against {other}" for name, other in zip(names, against, strict=True)]


def _scale(rows: pd.DataFrame) -> float:
    return 100.0 if str(rows["unit"].iloc[0]) == "share" else 1.0


def _number(value: float, digits: int) -> str:
    if math.isnan(value):
        return "undefined"
    text = f"{value:+,.{digits}f}".replace("-", "−")
    return text[1:] if float(f"{value:.{digits}f}") == 0 else text


def _digits(sizes: pd.Series, clear: pd.Series, most: int) -> int:
    """Return the decimals that show three figures of the largest number, at most `most`; more if a clear one would be 0."""
    largest = float(sizes.abs().max())
    digits = 1 if not largest > 0 else max(0, min(most, 2 - math.floor(math.log10(largest))))
    while digits < 3 and (sizes[clear].round(digits) == 0).any():
        digits += 1
    return digits


def _draw(axes: Axes, rows: pd.DataFrame, texts: list[str], narrow: bool, reach: tuple[float, float]) -> None:
    """Draw one outcome: the first row at the top, the numbers at the right."""
    numbers = rows[["difference", "low", "high", "spread_low", "spread_high"]].astype(float) * _scale(rows)
    digits = _digits(numbers["difference"], rows["verdict"].isin(CLEAR), 1 if _scale(rows) > 1 else 3)
    weights = [max(1 + narrow, text.count("\n") + 1) + 0.6 for text in texts]
    places = [sum(weights[:k]) + weights[k] / 2 for k in range(len(weights))]
    axes.axvline(0, color="#000000", linewidth=0.8, zorder=1)
    for y, (mean, low, high, least, most), verdict in zip(
        places, numbers.itertuples(index=False), rows["verdict"], strict=True
    ):
        hollow = str(verdict) not in CLEAR
        colour = PALE if hollow else PALETTE[1]
        axes.add_line(Line2D([least, most], [y, y], color=colour, linewidth=0.6, zorder=2))
        if not math.isnan(low):
            axes.add_patch(
                Rectangle((low, y - 0.3), high - low, 0.6, facecolor="white" if hollow else PALETTE[5], edgecolor=colour,
                          linewidth=0.7, zorder=3)
            )  # fmt: skip
        axes.add_line(Line2D([mean], [y], marker="|", markersize=9, color=INK, markeredgewidth=1.2, zorder=4))
        first, second = _number(mean, digits), f"[{_number(low, digits)}, {_number(high, digits)}]"
        if math.isnan(low):
            second = "no interval"
        axes.annotate(
            "undefined" if math.isnan(mean) else first + ("\n" if narrow else "  ") + second, (1, y), (4, 0),
            xycoords=axes.get_yaxis_transform(), textcoords="offset points", va="center", fontsize=SMALL,
            annotation_clip=False, linespacing=1.1,
        )  # fmt: skip
    axes.set_ylim(sum(weights), 0)
    if not narrow:
        axes.annotate(
            "mean  [95 % interval]", (1, 1), (4, 4), xycoords="axes fraction", textcoords="offset points", va="bottom",
            fontsize=SMALL, annotation_clip=False, color=PALE,
        )  # fmt: skip
    axes.set_xlim(*reach)
    axes.xaxis.set_major_locator(MaxNLocator(4 if narrow else 7))
    axes.xaxis.set_major_formatter(lambda x, _: "0" if abs(x) < 1e-12 else f"{x:+,g}".replace("-", "−"))
    axes.set_yticks(places, texts)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.4)
