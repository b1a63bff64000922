"""Policies: the front between what is kept and what it takes, regret over draws, and what mixes consist of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.figures.colour import INK, PALE, PALETTE
from sim.figures.labels import LINE, annotate_apart, wrapped
from sim.figures.style import DOUBLE, POINT, SINGLE, SMALL, finish, new_figure, note, styled
from sim.figures.words import name_of, require

COSTS = {"yuan": ("yuan", 1.0), "hours": ("unpaid hours", 1.0), "coercion": ("only pushed, % of households", 100.0)}
FRONT_COLUMNS = ("mix", "chosen", "within", "on_front", "kept", "kept_low", "kept_high", *COSTS)
REGRET_COLUMNS = ("mix", "draw", "regret")
DOT = 4.5


def front(policies: pd.DataFrame, budget: Mapping[str, float], *, width: float = DOUBLE) -> Figure:
    """Draw the share kept of every mix against each thing that it takes, those on the front filled.

    Parameters
    ----------
    policies : table with `FRONT_COLUMNS`, as of `sim.policy_report`; all under fresh luck.
    budget : limits, drawn as lines. width : mm.
    """
    require(policies, FRONT_COLUMNS)
    names = [str(name) for name in policies["mix"]]
    texts = ["" if name.startswith("mix ") and not chosen else name for name, chosen in
             zip(names, policies["chosen"], strict=True)]  # fmt: skip
    with styled():
        figure = new_figure(width, 78)
        panels = figure.subplots(1, len(COSTS), sharey=True)
        for axes, (cost, (label, scale)) in zip(panels, COSTS.items(), strict=True):
            _front_panel(axes, policies, cost, scale)
            axes.set_xlabel(label)
            if cost in budget:
                axes.axvline(budget[cost], color=INK, linestyle="--", linewidth=0.8)
            axes.xaxis.set_major_locator(MaxNLocator(4))
            axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
        panels[0].set_ylabel("kept a year after the programme, % of households")
        note(
            figure,
            "Each point a mix, mean over draws under luck that took no part in the search, with its 95 % interval. "
            "Filled: on the front of mixes within the budget, which no other such mix beats in one of these four and "
            "equals in the rest. Star: chosen by the search. Crosses: beyond the budget. Dashed: the budget.",
        )
        finish(figure)
        for axes, (cost, (_, scale)) in zip(panels, COSTS.items(), strict=True):
            points = [(scale * float(x), 100 * float(y)) for x, y in zip(policies[cost], policies["kept"], strict=True)]
            told = [k for k, text in enumerate(texts) if text]
            others = [k for k in range(len(texts)) if not texts[k]]
            order = [*told, *others]
            annotate_apart(
                axes, [points[k] for k in order], [texts[k] or " " for k in order], DOT,
                [45.0 if texts[k] else 0.0 for k in order],
            )  # fmt: skip
        return figure


def _front_panel(axes: Axes, policies: pd.DataFrame, cost: str, scale: float) -> None:
    for row in policies.to_dict("records"):
        x, y = scale * row[cost], 100 * row["kept"]
        colour = PALETTE[1] if row["on_front"] else PALE
        axes.add_line(Line2D([x, x], [100 * row["kept_low"], 100 * row["kept_high"]], color=colour, linewidth=0.5))
        marker = "*" if row["chosen"] else "o" if row["within"] else "x"
        axes.plot(
            [x], [y], marker=marker, markersize=8 if row["chosen"] else DOT, color=colour,
            markerfacecolor=colour if row["on_front"] else "white", markeredgewidth=0.8, zorder=3 + row["chosen"],
        )  # fmt: skip
    axes.margins(x=0.12, y=0.08)
    axes.set_ylim(bottom=0)
    axes.grid(color="#DDDDDD", linewidth=0.4)


def regret(regrets: pd.DataFrame, order: Sequence[str], *, width: float = SINGLE) -> Figure:
    """Draw each mix's regret over draws: the mean, the middle nine tenths, and the greatest.

    Parameters
    ----------
    regrets : table with `REGRET_COLUMNS`: what a mix keeps less in a draw than the best mix within the budget.
    order : the mixes to draw, the first at the top. width : mm.
    """
    require(regrets, REGRET_COLUMNS)
    texts = [wrapped(name_of(name, None), 0.4 * width, SMALL) for name in order]
    line = SMALL * LINE * POINT
    with styled():
        figure = new_figure(width, len(order) * (line + 1.2) + 26)
        axes = figure.subplots()
        for y, name in enumerate(order):
            values = 100 * regrets.loc[regrets["mix"] == name, "regret"].to_numpy(float)
            low, high = np.quantile(values, (0.05, 0.95))
            axes.add_line(Line2D([values.min(), values.max()], [y, y], color=PALETTE[1], linewidth=0.6))
            axes.add_line(Line2D([low, high], [y, y], color=PALETTE[5], linewidth=3.0, solid_capstyle="butt"))
            axes.plot([values.max()], [y], marker="|", color=PALETTE[1], markersize=6)
            axes.plot([values.mean()], [y], marker="o", color=INK, markersize=3.6)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(order)), texts)
        axes.set_ylim(len(order) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.margins(x=0.04)
        axes.set_xlabel("regret, percentage points of households")
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.4)
        draws = regrets["draw"].nunique()
        note(
            figure,
            f"What a mix keeps less than the best mix within the budget in the same draw. Dots: mean of {draws} draws; "
            "thick: 5th to 95th percentile; tick: the greatest. Below 0: a mix beyond the budget that keeps more.",
        )
        return finish(figure)


def allocation(policies: pd.DataFrame, levers: Sequence[str], *, width: float = DOUBLE) -> Figure:
    """Draw how much of each lever's full size a mix has, and its weeks, a row a mix and a panel a lever.

    Parameters
    ----------
    policies : table with ``mix`` and for every lever L ``strength.L``, ``start.L``, ``stop.L``.
    levers : names. width : mm.
    """
    require(policies, ("mix", *(f"{what}.{lever}" for lever in levers for what in ("strength", "start", "stop"))))
    line = SMALL * LINE * POINT
    texts = [wrapped(name_of(str(name), None), 0.22 * width, SMALL) for name in policies["mix"]]
    room = (width - 40) / len(levers) - 3
    titles = [wrapped(name_of(lever, None), room, SMALL) for lever in levers]
    above = max(title.count("\n") + 1 for title in titles) * line
    places = list(range(len(policies)))
    with styled():
        figure = new_figure(width, len(policies) * (line + 1.2) + above + 22)
        panels = np.atleast_1d(figure.subplots(1, len(levers), sharey=True))
        for axes, lever, title in zip(panels, levers, titles, strict=True):
            strengths = 100 * policies[f"strength.{lever}"].to_numpy(float)
            axes.barh(places, strengths, height=0.7, color=PALETTE[5], edgecolor=INK, linewidth=0.3)
            weeks = zip(policies[f"start.{lever}"], policies[f"stop.{lever}"], strict=True)
            for y, strength, (start, stop) in zip(places, strengths, weeks, strict=True):
                if strength >= 0.5:
                    left = strength < 55
                    axes.annotate(
                        f"{start:.0f}–{stop:.0f}", (strength if left else 0, y), (2, 0), textcoords="offset points",
                        va="center", fontsize=SMALL,
                    )  # fmt: skip
            axes.set_title(title, fontsize=SMALL)
            axes.set_xlim(0, 100)
            axes.set_xticks([0, 50, 100])
            axes.tick_params(axis="y", length=0)
        panels[0].set_yticks(places, texts)
        panels[0].set_ylim(len(policies) - 0.4, -0.6)
        note(
            figure, "Strength, % of the lever's full size in the menu; beside it the first week and the week it stops."
        )
        return finish(figure)
