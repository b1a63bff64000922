"""The scoreboard: the share of draws that reproduce each pattern, for fitted and held-out patterns."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures.colour import PALETTE
from sim.figures.fonts import safe
from sim.figures.labels import LINE, wrapped
from sim.figures.style import DOUBLE, POINT, SMALL, finish, new_figure, note, styled
from sim.figures.words import count_words, percent, require

COLUMNS = ("part", "pattern", "quantity", "runs", "wanted", "within", "verdict", "draws")


def scoreboard(scores: pd.DataFrame, *, width: float = DOUBLE) -> Figure:
    """Draw one row per quantity, in panels by part: the share of draws that meet it, hollow if the mean of draws doesn't.

    Parameters
    ----------
    scores : table with `COLUMNS`, in the order to draw; within is a share of draws. width : mm.
    """
    require(scores, COLUMNS)
    parts = list(dict.fromkeys(scores["part"]))
    room = (0.6 if width >= 120 else 0.5) * width
    tables = [scores[scores["part"] == part] for part in parts]
    texts = [
        [wrapped(safe(f"{p}: {q} ({runs}), {w}"), room, SMALL)
         for p, q, runs, w in t[["pattern", "quantity", "runs", "wanted"]].itertuples(index=False, name=None)]
        for t in tables
    ]  # fmt: skip
    line = SMALL * LINE * POINT
    heights = [sum((text.count("\n") + 1) * line + 1.2 for text in panel) for panel in texts]
    with styled():
        figure = new_figure(width, sum(heights) + 8 * len(parts) + 22)
        grid = figure.subplots(len(parts), 1, squeeze=False, sharex=True, height_ratios=heights)
        for axes, part, table, names in zip(grid[:, 0], parts, tables, texts, strict=True):
            sizes = [(text.count("\n") + 1) * line + 1.2 for text in names]
            places = [sum(sizes[:k]) + size / 2 for k, size in enumerate(sizes)]
            for place, share, verdict in zip(places, table["within"], table["verdict"], strict=True):
                good = verdict == "reproduced"
                axes.hlines(place, 0, float(share), color="#B8B8B8", linewidth=0.8)
                axes.plot(float(share), place, marker="o" if good else "s", color=PALETTE[1] if good else PALETTE[2],
                          markerfacecolor=PALETTE[1] if good else "white", clip_on=False)  # fmt: skip
            axes.set_yticks(places, names, linespacing=1.1)
            axes.set_ylim(sum(sizes), 0)
            axes.set_xlim(0, 1)
            axes.tick_params(axis="y", length=0)
            axes.xaxis.set_major_formatter(percent)
            axes.set_title(safe(str(part).capitalize()), fontsize=SMALL, fontweight="bold")
        grid[-1, 0].set_xlabel("Draws that meet it")
        handles = [
            Line2D([], [], linestyle="none", marker="o", color=PALETTE[1], label="mean over draws meets it"),
            Line2D([], [], linestyle="none", marker="s", color=PALETTE[2], markerfacecolor="white", label="it doesn't"),
        ]
        figure.legend(handles=handles, loc="outside upper center", ncols=2)
        note(
            figure,
            f"{count_words(scores['draws'])} draws of the posterior, one run each; a row's last entry is the requirement.",
        )
        return finish(figure)
