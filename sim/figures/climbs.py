"""Climbs: which terms of the decision tipped households up the ladder."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.colour import ink_on
from sim.figures.labels import LINE, wrapped
from sim.figures.style import DOUBLE, HATCHES, POINT, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import name_of, percent, require, scenarios_of, term_name

COLUMNS = ("scenario", "term", "climbs")
COLOURS = (
    "#FFFFFF", "#0072B2", "#F0E442", "#009E73", "#E69F00", "#000000", "#56B4E9", "#D55E00", "#CC79A7", "#BBBBBB",
)  # fmt: skip
"""Alternately light and dark, so that neighbours in a bar also differ in grey."""
SEEN = 0.01
"""A term is drawn if its part of some bar is at least this share of the longest bar."""


def climbs_by_term(
    climbs: pd.DataFrame, labels: Mapping[str, str] | None = None, households: Mapping[str, int] | None = None, *,
    share: bool = False, width: float = DOUBLE,
) -> Figure:  # fmt: skip
    """Draw one bar per scenario, stacked by the term that tipped the climbs, with the number of climbs at its end.

    Terms too small to be seen in any bar are named at the foot instead.

    Parameters
    ----------
    climbs : table with `COLUMNS`, in the order to draw; climbs may be means over replicates.
    labels : names to write instead of those in the table.
    households : of each scenario's world; if they differ, climbs per household are drawn instead of numbers.
    share : draw shares of each scenario's climbs instead of numbers.
    width : mm.
    """
    require(climbs, COLUMNS)
    names = scenarios_of(climbs, None)
    terms = [str(term) for term in climbs["term"].unique()]
    wide = climbs.pivot(index="scenario", columns="term", values="climbs")
    wide = wide.reindex(index=names, columns=terms).fillna(0.0)
    sizes = pd.Series({name: (households or {}).get(name, 1) for name in names})
    by_size = sizes.nunique() > 1
    wide = wide.div(sizes if by_size else 1, axis=0)
    totals = wide.sum(axis=1)
    drawn = wide.div(totals.where(totals > 0, 1.0), axis=0) if share else wide
    seen = drawn.max() >= SEEN * float(drawn.sum(axis=1).max())
    hidden = [term_name(term) for term in terms if not seen[term]] if seen.any() else []
    looks = {term: number for number, term in enumerate(terms) if seen[term] or not hidden}
    texts = [wrapped(name_of(name, labels), 0.32 * width, SMALL) for name in names]
    pitch = max(1.7, *(text.count("\n") + 1.3 for text in texts))
    rows = len(texts) * pitch * SMALL * LINE * POINT
    keys = 5 if width > 120 else 3
    with styled():
        figure = new_figure(width, rows + 17 + 3.2 * -(-len(looks) // keys))
        axes = figure.add_subplot()
        left = pd.Series(0.0, index=names)
        places = list(range(len(names)))
        longest = float(drawn.sum(axis=1).max()) or 1.0
        for term, number in looks.items():
            colour, hatch = COLOURS[number % len(COLOURS)], HATCHES[number % len(HATCHES)]
            axes.barh(
                places, drawn[term], left=left, height=0.7, facecolor=colour, hatch=hatch, edgecolor="#000000",
                hatchcolor=ink_on(colour), linewidth=0.4, label=term_name(term),
            )  # fmt: skip
            left = left + drawn[term]
        for place, name in zip(places, names, strict=True):
            axes.annotate(
                f"{totals[name]:,.{2 if by_size else 0}f}", (float(left[name]), place), (3, 0), va="center",
                textcoords="offset points", fontsize=SMALL, annotation_clip=False,
            )  # fmt: skip
        axes.set_yticks(places, texts)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xlim(0, longest)
        axes.tick_params(axis="y", length=0)
        what = "Climbs in a run per household" if by_size else "Climbs in a run"
        axes.set_xlabel(f"Share of climbs (right: {what[:1].lower()}{what[1:]})" if share else what, fontsize=SMALL)
        axes.xaxis.set_major_formatter("{x:,g}")
        if share:
            axes.xaxis.set_major_formatter(percent)
        figure.legend(loc="outside lower left", ncols=keys, title="Tipped by", alignment="left")
        if hidden:
            note(figure, f"Below {100 * SEEN:g} % of the longest bar: {', '.join(hidden)}.")
        headline(figure, _title(wide, labels))
        return finish(figure)


def _title(wide: pd.DataFrame, labels: Mapping[str, str] | None) -> str:
    """Return the term that tips most climbs where there are most. wide : climbs by scenario and term."""
    totals = wide.sum(axis=1)
    most = str(totals.idxmax())
    if not totals[most] > 0:
        return "What tips climbs: nobody climbs"
    term = str(wide.loc[most].idxmax())
    part = wide.loc[most, term] / totals[most]
    return f"What tips climbs: most with {name_of(most, labels)}, of which {term_name(term)} tips {percent(round(part, 2))}"
