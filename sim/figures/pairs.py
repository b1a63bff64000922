"""Pairs: how the values of a posterior go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.figures.colour import INK, PALETTE
from sim.figures.fonts import safe
from sim.figures.labels import wrapped
from sim.figures.style import DOUBLE, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import require

CORRELATIONS = ("first", "second", "correlation")


def pairs(
    draws: pd.DataFrame,
    correlations: pd.DataFrame,
    keys: Sequence[str],
    names: Mapping[str, str] | None = None,
    *,
    width: float = DOUBLE,
) -> Figure:
    """Draw scatter plots of the values under the diagonal, histograms on it, and rank correlations above it.

    Parameters
    ----------
    draws : table with a column for each of `keys`. correlations : table with `CORRELATIONS`, one row per pair in any order.
    keys : at least two. names : to write instead of the keys. width : mm.
    """
    require(draws, tuple(keys))
    require(correlations, CORRELATIONS)
    if len(keys) < 2:
        raise ValueError("pairs need at least two values")
    known = {
        frozenset((str(a), str(b))): float(r)
        for a, b, r in correlations[list(CORRELATIONS)].itertuples(index=False, name=None)
    }
    count = len(keys)
    room = (width - 10) / count - 3
    texts = [wrapped(safe((names or {}).get(key, key)), room, SMALL) for key in keys]
    with styled():
        figure = new_figure(width, width + 8)
        grid = figure.subplots(count, count, squeeze=False)
        for down in range(count):
            for across in range(count):
                axes = grid[down, across]
                x, y = draws[keys[across]].to_numpy(float), draws[keys[down]].to_numpy(float)
                axes.xaxis.set_major_locator(MaxNLocator(3))
                axes.yaxis.set_major_locator(MaxNLocator(3))
                if across > down:
                    r = known[frozenset((keys[down], keys[across]))]
                    axes.set_axis_off()
                    axes.text(0.5, 0.5, f"{r:+.2f}".replace("-", "−"), ha="center", va="center",
                              transform=axes.transAxes, color=INK if abs(r) >= 0.2 else "#767676")  # fmt: skip
                elif across == down:
                    axes.hist(x, bins=12, color=PALETTE[5], edgecolor="#000000", linewidth=0.3)
                    axes.set_yticks([])
                else:
                    axes.plot(x, y, linestyle="none", marker="o", markersize=1.4, markeredgewidth=0, color=PALETTE[1],
                              alpha=0.6)  # fmt: skip
                    axes.tick_params(labelleft=across == 0)
                axes.tick_params(labelbottom=down == count - 1)
                if down == count - 1 and across <= down:
                    axes.set_xlabel(texts[across], fontsize=SMALL)
                if across == 0:
                    axes.set_ylabel(texts[down], fontsize=SMALL)
        a, b = max(combinations(keys, 2), key=lambda pair: abs(known[frozenset(pair)]))
        strongest = f"{known[frozenset((a, b))]:+.2f}".replace("-", "−")
        first, second = (safe((names or {}).get(key, key)) for key in (a, b))
        headline(figure, f"How values go together: {first} and {second} most, with a rank correlation of {strongest}")
        note(figure, f"{len(draws):,} draws. Above the diagonal: Spearman's rank correlation, grey below 0.2.")
        return finish(figure)
