"""Marginals: what a calibration learnt of each value, prior against posterior."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.figures.colour import PALETTE
from sim.figures.fonts import safe
from sim.figures.labels import LINE, wrapped
from sim.figures.style import DOUBLE, POINT, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import require

DENSITIES = ("key", "name", "bin_low", "bin_high", "prior", "posterior")
VERDICTS = ("key", "verdict", "medoid", "default")
PANEL = 19.0
"""Height of a panel, mm."""


def marginals(densities: pd.DataFrame, verdicts: pd.DataFrame, *, width: float = DOUBLE) -> Figure:
    """Draw one panel per value: bars of the posterior, a dashed outline of the prior, the medoid and the default value.

    Parameters
    ----------
    densities : table with `DENSITIES`, one row per value and bin. verdicts : table with `VERDICTS`, one row per value; its
    verdict is written under the value's name. width : mm.
    """
    require(densities, DENSITIES)
    require(verdicts, VERDICTS)
    keys = list(dict.fromkeys(densities["key"]))
    told = verdicts.set_index("key")
    across = 6 if width >= 120 else 3
    down = -(-len(keys) // across)
    room = (width - 6) / across - 4
    names = densities.drop_duplicates("key").set_index("key")["name"]
    titles = [wrapped(safe(str(names[key])), room, SMALL) + f"\n{wrapped(str(told.loc[key, 'verdict']), room, SMALL)}"
              for key in keys]  # fmt: skip
    lines = max(title.count("\n") + 1 for title in titles)
    top = 1.12 * float(densities[["prior", "posterior"]].max().max())
    with styled():
        figure = new_figure(width, down * (PANEL + lines * SMALL * LINE * POINT + 5) + 18)
        grid = figure.subplots(down, across, squeeze=False)
        for number, axes in enumerate(grid.flat):
            if number >= len(keys):
                axes.set_axis_off()
                continue
            key = keys[number]
            mine = densities[densities["key"] == key]
            low, high = mine["bin_low"].to_numpy(float), mine["bin_high"].to_numpy(float)
            learnt = not str(told.loc[key, "verdict"]).startswith("not")
            axes.bar(low, mine["posterior"].to_numpy(float), high - low, align="edge",
                     color=PALETTE[5] if learnt else "#E4E4E4", edgecolor="#000000", linewidth=0.3)  # fmt: skip
            axes.stairs(mine["prior"].to_numpy(float), [*low, high[-1]], color="#000000", linestyle="--", linewidth=0.8)
            axes.plot(float(told.loc[key, "medoid"]), 0.93 * top, marker="v", color=PALETTE[2], clip_on=False)
            axes.plot(float(told.loc[key, "default"]), 0.93 * top, marker="o", color=PALETTE[0], markerfacecolor="none",
                      markeredgewidth=0.8, clip_on=False)  # fmt: skip
            axes.set_xlim(low[0], high[-1])
            axes.set_ylim(0, top)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.xaxis.set_major_locator(MaxNLocator(3))
            axes.set_title(titles[number], fontsize=SMALL, linespacing=1.1)
        handles: list[Line2D | Patch] = [
            Line2D([], [], color="#000000", linestyle="--", linewidth=0.8, label="prior"),
            Patch(facecolor=PALETTE[5], edgecolor="#000000", linewidth=0.3, label="posterior"),
            Patch(facecolor="#E4E4E4", edgecolor="#000000", linewidth=0.3, label="posterior, not identified"),
            Line2D([], [], color=PALETTE[2], linestyle="none", marker="v", label="medoid"),
            Line2D([], [], color=PALETTE[0], linestyle="none", marker="o", markerfacecolor="none", label="default"),
        ]
        figure.legend(handles=handles, loc="outside upper center", ncols=5 if width >= 120 else 2)
        note(
            figure,
            "Shares of draws in bins of each value's interval; under a name, whether anything was learnt of it. Medoid: the "
            "draw of the posterior that is nearest to all others.",
        )
        counts = told["verdict"].value_counts()
        parts = [f"{count} {verdict}" for verdict, count in counts.items()]
        headline(figure, f"What was learnt of {len(keys)} values: {'; '.join(parts)}")
        return finish(figure)
