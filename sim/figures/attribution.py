"""Attribution: which terms of the decision carried the difference in climbs between each scenario and the reference."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import CLEAR
from sim.figures.colour import PALE, PALETTE
from sim.figures.fonts import text_width
from sim.figures.labels import LINE, wrapped
from sim.figures.style import POINT, SINGLE, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import count_words, name_of, require, scenarios_of, term_name

COLUMNS = ("scenario", "reference", "flow", "term", "difference", "low", "high", "pairs", "verdict")
ALL = "all"
SEEN = 0.01
"""A bar is drawn for terms whose difference is at least this share of the longest bar."""


def attribution(differences: pd.DataFrame, labels: Mapping[str, str] | None = None, *, width: float = SINGLE) -> Figure:
    """Draw the paired difference in climbs by tipping term with its 95 % interval, one panel per scenario.

    All panels have the same axis and the same terms, the one with the largest difference in any of them at the top, so
    that a row is read across. Terms too small to be seen anywhere are named at the foot instead. The differences of all
    climbs and of slips stand above each panel.

    Parameters
    ----------
    differences : table with `COLUMNS`, as of `sim.analysis.attribution`; one reference.
    labels : names to write instead of those in the table.
    width : mm.
    """
    require(differences, COLUMNS)
    names = scenarios_of(differences, None)
    by_term = differences[(differences["flow"] == "climbs") & (differences["term"] != ALL)]
    sizes = by_term["difference"].abs().groupby(by_term["term"], sort=False).max()
    sizes = sizes.sort_values(ascending=False, kind="stable")
    unseen = sizes < SEEN * sizes.max()  # empty if no term makes a difference
    terms, left_out = ([str(term) for term in sizes.index[which]] for which in (~unseen, unseen))
    columns = min(len(names), 3 if width > 120 else 2 if len(names) > 3 else 1)
    rows = -(-len(names) // columns)
    texts = [term_name(term) for term in terms]
    room = (width - max(text_width(text, SMALL) for text in texts) - 6) / columns - 3
    titles = [_title(differences[differences["scenario"] == name], name_of(name, labels), room) for name in names]
    line = SMALL * LINE * POINT
    above = [max(t.count("\n") + 1 for t in titles[k * columns : (k + 1) * columns]) * line for k in range(rows)]
    reference = name_of(str(differences["reference"].iloc[0]), labels)
    foot = (
        f"Climbs in a run by the term that tipped them, less those of the reference ({reference}). Bars: mean of "
        f"{count_words(differences['pairs'])} paired differences; lines: its 95 % interval. Hollow: not "
        "distinguishable from the reference, or too few pairs to tell. Terms by their largest difference in any panel."
    )
    if left_out:
        foot += f" Below {100 * SEEN:g} % of the longest bar: {', '.join(map(term_name, left_out))}."
    below = (wrapped(foot, width - 5, SMALL).count("\n") + 1) * line
    with styled():
        figure = new_figure(width, sum(above) + rows * (len(terms) * (line + 0.4) + 6) + below + 10)
        grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        for axes, name, title in zip(grid.flat, names, titles, strict=False):
            _draw(axes, by_term[by_term["scenario"] == name].set_index("term").loc[terms], texts, int(room / 11))
            axes.set_title(title, fontsize=SMALL)
        for axes in grid.flat[len(names) :]:
            axes.set_axis_off()
        for axes in grid.flat[len(names) - columns : len(names)]:
            axes.tick_params(axis="x", labelbottom=True)
            axes.set_xlabel("Difference in climbs", fontsize=SMALL)
        note(figure, foot)
        headline(figure, _finding(by_term, labels))
        return finish(figure)


def _finding(by_term: pd.DataFrame, labels: Mapping[str, str] | None) -> str:
    """Return the term that carries the largest clear difference."""
    clear = by_term[by_term["verdict"].isin(CLEAR)]
    if clear.empty:
        return "No term of the decision carries a clear difference in climbs"
    top = clear.sort_values("difference", key=abs, ascending=False, kind="stable").iloc[0]
    scenario, reference = (name_of(str(top[side]), labels) for side in ("scenario", "reference"))
    term = term_name(str(top["term"]))
    return f"What tips climbs, against {reference}: {term} most, {_signed(top['difference'])} with {scenario}"


def _title(rows: pd.DataFrame, name: str, room: float) -> str:
    """Return a panel's title: the scenario, and the differences of all climbs and of slips."""
    totals = rows[rows["term"] == ALL]
    numbers = [f"{_signed(value)} {flow}" for flow, value in zip(totals["flow"], totals["difference"], strict=True)]
    together = ", ".join(numbers)
    fits = text_width(together, SMALL) <= room
    return "\n".join([wrapped(name, room, SMALL), *([together] if fits else numbers)])


def _signed(value: float) -> str:
    """Return a whole number with its sign; 0 has none."""
    if value != value:
        return "undefined"
    return f"{value:+,.0f}".replace("-", "−") if round(value) else "0"


def _draw(axes: Axes, table: pd.DataFrame, texts: list[str], ticks: int) -> None:
    """Draw one scenario: the first term at the top."""
    places = list(range(len(table)))
    unclear = ~table["verdict"].isin(CLEAR)
    axes.barh(
        places, table["difference"], height=0.72, linewidth=0.6,
        facecolor=["white" if hollow else PALETTE[5] for hollow in unclear],
        edgecolor=[PALE if hollow else PALETTE[5] for hollow in unclear],
    )  # fmt: skip
    for y, low, high in zip(places, table["low"], table["high"], strict=True):
        axes.add_line(Line2D([low, high], [y, y], color="#000000", linewidth=0.9, marker="|", markersize=3.5))
    axes.axvline(0, color="#000000", linewidth=0.8)
    axes.set_yticks(places, texts)
    axes.set_ylim(len(places) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(max(2, ticks)))
    axes.xaxis.set_major_formatter(lambda x, _: "0" if abs(x) < 1e-12 else f"{x:+,g}".replace("-", "−"))
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.4)
