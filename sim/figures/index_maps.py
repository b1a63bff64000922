"""Sensitivity indices as maps: by week, and of pairs of parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.base.arrays import F64
from sim.figures.colour import SHADES, ink_on, shade
from sim.figures.indices import COLUMNS, WORDS, called
from sim.figures.labels import LINE, wrapped
from sim.figures.style import DOUBLE, POINT, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import require


def index_weeks(
    table: pd.DataFrame, outcome_label: str, labels: Mapping[str, str] | None = None, *, width: float = DOUBLE
) -> Figure:
    """Draw the ranking index of each parameter by week as a heat map, largest at the top.

    Parameters
    ----------
    table : with a column week and `COLUMNS`, of one index. outcome_label, labels, width : as `index_bars`.
    """
    require(table, ("week", *COLUMNS))
    kind = str(table["index"].iloc[0])
    grid = table.pivot(index="parameter", columns="week", values="value")
    grid = grid.loc[grid.mean(axis=1).sort_values(ascending=False, kind="stable").index]
    rows = [called(str(name), labels) for name in grid.index]
    columns = [f"{int(week)}" for week in grid.columns]
    said = f"{WORDS.get(kind, kind)}, by weeks since the start. Outcome: {outcome_label}."
    leads = grid.idxmax(axis=0).value_counts()
    title = f"What matters when: {called(str(leads.index[0]), labels)} most, in {leads.iloc[0]} of {len(columns)} weeks"
    return _heat_map(grid.to_numpy(float), rows, columns, "After so many weeks", said, title, width)


def index_pairs(
    table: pd.DataFrame, outcome_label: str, labels: Mapping[str, str] | None = None, most: int = 10, *,
    width: float = DOUBLE,
) -> Figure:  # fmt: skip
    """Draw Sobol's second order as a matrix, with the first order on its diagonal, of the `most` largest in total order.

    Parameters
    ----------
    table : with `COLUMNS`, of one outcome. outcome_label, labels, width : as `index_bars`.
    """
    require(table, COLUMNS)
    pairs = table[table["index"] == "S2"]
    if pairs.empty:
        raise ValueError("the table has no second order")
    total = table[table["index"] == "ST"].sort_values("value", ascending=False, kind="stable")
    names = list(total["parameter"])[:most]
    first = table[table["index"] == "S1"].set_index("parameter")["value"]
    grid = pd.DataFrame(np.nan, index=names, columns=names)
    shown = pairs[pairs["parameter"].isin(names) & pairs["other"].isin(names)]
    for one, other, value in zip(shown["parameter"], shown["other"], shown["value"], strict=True):
        above, below = sorted((one, other), key=names.index)
        grid.loc[below, above] = value
    clear = int(((shown["low"] > 0) | (shown["high"] < 0)).sum())
    for name in names:
        grid.loc[name, name] = float(first[name])
    rows = [called(name, labels) for name in names]
    numbers = [str(k) for k in range(1, len(names) + 1)]
    said = (
        f"Share of the variance: first order on the diagonal, second order below it. Outcome: {outcome_label}. The "
        f"largest {len(names)} in total order; {clear} of {len(names) * (len(names) - 1) // 2} pairs have a 95 % interval "
        "without 0."
    )
    rows = [f"{number}. {row}" for number, row in zip(numbers, rows, strict=True)]
    title = f"Do the values act together? {clear} of {len(names) * (len(names) - 1) // 2} pairs clearly do"
    return _heat_map(grid.to_numpy(float), rows, numbers, "Number of the parameter", said, title, width)


def _heat_map(
    grid: F64, rows: Sequence[str], columns: Sequence[str], across: str, said: str, title: str, width: float
) -> Figure:
    """Draw a matrix of shares in shades from white to dark, with the numbers in hundredths; NaN stays empty."""
    top = max(float(np.nanmax(grid)), 0.01)
    texts = [wrapped(row, 0.3 * width, SMALL) for row in rows]
    lines = sum(text.count("\n") + 1.5 for text in texts)
    with styled():
        figure = new_figure(width, lines * SMALL * LINE * POINT + 30)
        axes = figure.add_subplot()
        shown = np.clip(grid, 0.0, top) / top
        axes.imshow(shown, cmap=SHADES, vmin=0.0, vmax=1.0, aspect="auto", interpolation="nearest")
        narrow = width < 120 and len(columns) > 8
        for (row, column), value in np.ndenumerate(grid):
            number = round(100 * value) if np.isfinite(value) else 0
            if number and not (narrow and column % 2):
                axes.text(column, row, f"{number}".replace("-", "−"), ha="center", va="center", fontsize=SMALL,
                          color=ink_on(shade(float(shown[row, column]))))  # fmt: skip
        axes.set_yticks(range(len(rows)), texts)
        every = 2 if narrow else 1
        axes.set_xticks(range(0, len(columns), every), columns[::every])
        axes.tick_params(length=0)
        axes.set_xlabel(across)
        note(figure, f"{said} Numbers in hundredths; below half a hundredth none.")
        headline(figure, title)
        return finish(figure)
