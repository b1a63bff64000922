"""Response: an outcome against a setting, one line per programme, with bands over draws."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from sim.engine.outcomes import unit_of
from sim.figures.labels import wrapped
from sim.figures.style import DOUBLE, FONT, SMALL, finish, headline, line_style, new_figure, note, styled
from sim.figures.words import (
    count_words,
    difference_text,
    is_share,
    name_of,
    outcome_text,
    percent,
    percentage_points,
    require,
    value_text,
)  # fmt: skip

COLUMNS = ("series", "x", "outcome", "mean", "low", "high", "q05", "q95", "draws")


def response_lines(
    table: pd.DataFrame,
    outcomes: list[str],
    setting: str,
    labels: Mapping[str, str] | None = None,
    *,
    settings: Mapping[float, str] | None = None,
    less: str = "",
    width: float = DOUBLE,
) -> Figure:
    """Draw each outcome in a panel: its mean over draws by setting, with the mean's interval and a band over draws.

    Parameters
    ----------
    table : with `COLUMNS`. outcomes : at most 3, each in the table. setting : what x is, with its unit.
    labels : names for series. settings : words for values of x, where x but numbers cases. less : what the
        table's differences are from, if it holds differences. width : mm.
    """
    require(table, COLUMNS)
    for outcome in outcomes:
        if not (table["outcome"] == outcome).any():
            raise ValueError(f"the table has no outcome '{outcome}'")
    with styled():
        figure = new_figure(width, 74)
        panels = figure.subplots(1, len(outcomes), squeeze=False)[0]
        names = list(dict.fromkeys(table["series"]))
        for axes, outcome in zip(panels, outcomes, strict=True):
            for number, series in enumerate(names):
                rows = table[(table["series"] == series) & (table["outcome"] == outcome)].sort_values("x")
                style = line_style(number)
                x, mean = rows["x"].to_numpy(float), rows["mean"].to_numpy(float)
                bars = [mean - rows["low"].to_numpy(float), rows["high"].to_numpy(float) - mean]
                if settings:  # there are no values between cases, so draw points without lines
                    x = x + 0.7 * ((number + 0.5) / len(names) - 0.5)
                    axes.vlines(x, rows["q05"], rows["q95"], color=style.colour, alpha=0.25, linewidth=5, zorder=1)
                else:  # the edges of a band show it under others
                    axes.fill_between(
                        x, rows["q05"], rows["q95"], color=style.colour, alpha=0.09, linewidth=0, zorder=1
                    )
                    for edge in ("q05", "q95"):
                        axes.plot(x, rows[edge], color=style.colour, linestyle=style.dashes, linewidth=0.6, zorder=2)
                axes.errorbar(
                    x, mean, bars, color=style.colour, linestyle="none" if settings else style.dashes,
                    marker=style.marker, markersize=4, elinewidth=0.8, capsize=1.5,
                    label=wrapped(name_of(series, labels), 0.4 * width, SMALL), zorder=3,
                )  # fmt: skip
            axes.set_xlabel(wrapped(setting, 0.8 * width / len(outcomes), FONT))
            if settings:
                room = 0.75 * width / len(outcomes) / len(settings)
                axes.set_xticks(list(settings), [wrapped(word, room, SMALL) for word in settings.values()])
                axes.set_xlim(min(settings) - 0.5, max(settings) + 0.5)
            said = outcome_text(outcome, f", less {less}" if less else "", difference=bool(less))
            axes.set_ylabel(wrapped(said, 50, FONT))
            if is_share(outcome):
                axes.yaxis.set_major_formatter(percentage_points if less else percent)
            axes.axhline(0, color="0.7", linewidth=0.5, zorder=0)
        if len(names) > 1:
            handles, texts = panels[0].get_legend_handles_labels()
            figure.legend(handles, texts, loc="outside upper left", ncols=min(len(names), 4 if width > 120 else 2))
        band = " Band: 5th to 95th percentile over draws." if table["q05"].notna().any() else ""
        note(figure, f"Points: mean over {count_words(table['draws'])} draws, with its 95 % interval.{band}")
        headline(figure, _title(table[table["outcome"] == outcomes[0]], outcomes[0], setting, settings, labels, less))
        return finish(figure)


def _title(
    rows: pd.DataFrame, outcome: str, setting: str, settings: Mapping[float, str] | None,
    labels: Mapping[str, str] | None, less: str,
) -> str:  # fmt: skip
    """Return where the outcome is highest, and for settings that are numbers, where the line began."""
    top = rows.sort_values("mean", ascending=False, kind="stable").iloc[0]
    series = name_of(str(top["series"]), labels)

    def number(row: pd.Series) -> str:
        return (
            difference_text(float(row["mean"]), unit_of(outcome)) if less else value_text(float(row["mean"]), outcome)
        )

    said = outcome_text(outcome, f", less {less}" if less else "", unit=False)
    if less and not ((rows["low"] > 0) | (rows["high"] < 0)).any():
        return f"{said}: no difference can be told from chance"
    if settings:
        return f"{said}: highest {number(top)}, {settings[float(top['x'])]}" + f" ({series})" * (
            rows["series"].nunique() > 1
        )
    line = rows[rows["series"] == top["series"]].sort_values("x")
    first, last = line.iloc[0], line.iloc[-1]
    at = setting[:1].lower() + setting[1:]
    return f"{said}: {number(first)} to {number(last)} from {first['x']:g} to {last['x']:g} ({at}), {series}"
