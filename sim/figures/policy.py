"""Policies: the front between what is kept and what it takes, regret over draws, and what mixes consist of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.analysis.policy_runs import OF_RUN
from sim.engine.outcomes import axis_text, unit_of, unit_text
from sim.figures.colour import INK, PALE, PALETTE
from sim.figures.labels import LINE, annotate_apart, wrapped
from sim.figures.style import DOUBLE, POINT, SINGLE, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import is_share, name_of, require

COSTS = {cost: outcome for cost, outcome in OF_RUN.items() if cost != "kept"}
"""What a mix takes: the column, and the outcome of a run that it is made of."""
FRONT_COLUMNS = ("mix", "chosen", "within", "on_front", "kept", "kept_low", "kept_high", *COSTS)
REGRET_COLUMNS = ("mix", "draw", "regret")
DOT = 4.5


def front(policies: pd.DataFrame, budget: Mapping[str, float], *, width: float = DOUBLE) -> Figure:
    """Draw the share kept of every mix against each of its costs; mixes on the front are filled.

    Parameters
    ----------
    policies : table with `FRONT_COLUMNS`, as of `sim.report.policy`; all with fresh luck.
    budget : limits, drawn as lines. width : mm.
    """
    require(policies, FRONT_COLUMNS)
    names = [name_of(str(name), None).removeprefix("all on ") for name in policies["mix"]]
    texts = ["" if name.startswith("mix ") and not chosen else name for name, chosen in
             zip(names, policies["chosen"], strict=True)]  # fmt: skip
    narrow = width < 120
    with styled():
        figure = new_figure(width, 170 if narrow else 78)
        shape = (len(COSTS), 1) if narrow else (1, len(COSTS))
        panels = figure.subplots(*shape, sharey=True)
        for axes, (cost, outcome) in zip(panels, COSTS.items(), strict=True):
            _front_panel(axes, policies, cost, _scale(outcome))
            axes.set_xlabel(f"{axis_text(outcome)} ({unit_text(unit_of(outcome))})")
            if cost in budget:
                axes.axvline(budget[cost], color=INK, linestyle="--", linewidth=0.8)
            axes.xaxis.set_major_locator(MaxNLocator(4))
            axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
        for axes in panels if narrow else panels[:1]:
            axes.set_ylabel("Kept (%)")
        note(
            figure,
            "Kept: adopted a year after the programme's end. Each point is a mix: its mean over draws, with "
            "fresh luck, and its 95 % interval. Filled: on the front of mixes within the "
            "budget, which no other such mix dominates in these four outcomes. Star: chosen by the "
            "search. An intervention's name: all on it. Crosses: beyond the budget. Dashed: the budget.",
        )
        best = policies[policies["within"]].sort_values("kept", ascending=False, kind="stable").head(1)
        most = [
            f"{100 * share:.0f} % of households, {mix}" for share, mix in zip(best["kept"], best["mix"], strict=True)
        ]
        headline(figure, f"What the budget keeps at most: {most[0] if most else 'no mix is within it'}")
        finish(figure)
        for axes, (cost, outcome) in zip(panels, COSTS.items(), strict=True):
            taken, kept = _scale(outcome) * policies[cost].to_numpy(float), 100 * policies["kept"].to_numpy(float)
            points = list(zip(taken.tolist(), kept.tolist(), strict=True))
            intervals = (100 * policies[["kept_low", "kept_high"]]).itertuples(index=False, name=None)
            told = [k for k, text in enumerate(texts) if text]
            others = [k for k in range(len(texts)) if not texts[k]]
            order = [*told, *others]
            annotate_apart(
                axes, [points[k] for k in order], [texts[k] or " " for k in order], DOT,
                [45.0 if texts[k] else 0.0 for k in order],
                [(x, *ends) for (x, _), ends in zip(points, intervals, strict=True)],
            )  # fmt: skip
        return figure


def _scale(outcome: str) -> float:
    return 100.0 if is_share(outcome) else 1.0


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
    regrets : table with `REGRET_COLUMNS`: the share that the best mix within the budget keeps in a draw minus the mix's.
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
        axes.set_xlabel("Regret (percentage points)")
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.4)
        draws = regrets["draw"].nunique()
        note(
            figure,
            "Regret: the share kept by the best mix within the budget in the same draw minus the mix's. "
            f"Dots: mean of {draws} draws; "
            "thick: 5th to 95th percentile; tick: the greatest. Below 0: a mix beyond the budget that keeps more.",
        )
        means = 100 * regrets[regrets["mix"].isin(order)].groupby("mix")["regret"].mean()
        least = str(means.idxmin())
        headline(
            figure, f"{name_of(least, None)} has the least regret: {means[least]:.1f} points in the mean".capitalize()
        )
        return finish(figure)


def allocation(policies: pd.DataFrame, interventions: Sequence[str], *, width: float = DOUBLE) -> Figure:
    """Draw how much of each intervention's full size a mix has, and its weeks, one row per mix and one panel per intervention.

    Parameters
    ----------
    policies : table with ``mix`` and for every intervention X ``strength.X``, ``start.X``, ``stop.X``.
    interventions : names. width : mm.
    """
    require(policies, ("mix", *(f"{what}.{name}" for name in interventions for what in ("strength", "start", "stop"))))
    line = SMALL * LINE * POINT
    columns = len(interventions) if width > 120 else min(3, len(interventions))
    rows = -(-len(interventions) // columns)
    texts = [wrapped(name_of(str(name), None), 0.26 * width, SMALL) for name in policies["mix"]]
    room = 0.7 * width / columns - 3
    titles = [wrapped(name_of(intervention, None), room, SMALL) for intervention in interventions]
    above = max(title.count("\n") + 1 for title in titles) * line
    height = sum(text.count("\n") + 1 for text in texts) * line + 1.2 * len(texts)
    weights = [text.count("\n") + 1.3 for text in texts]
    places = [sum(weights[:k]) + weights[k] / 2 for k in range(len(weights))]
    with styled():
        figure = new_figure(width, rows * (height + above + 8) + 12)
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for axes, intervention, title in zip(grid.flat, interventions, titles, strict=False):
            _intervention_panel(axes, policies, intervention, places)
            axes.set_title(title, fontsize=SMALL)
        for axes in grid.flat[len(interventions) :]:
            axes.set_axis_off()
        grid[0, 0].set_yticks(places, texts)
        grid[0, 0].set_ylim(sum(weights), 0)
        note(
            figure,
            "Strength, % of the intervention's full size in the menu; next to it the first week and the week it stops.",
        )
        headline(figure, _contents(policies, interventions))
        return finish(figure)


def _contents(policies: pd.DataFrame, interventions: Sequence[str]) -> str:
    """Return what the first mix consists of, the strongest intervention first."""
    first = policies.iloc[0]
    parts = sorted(interventions, key=lambda name: -first[f"strength.{name}"])
    said = [
        f"{name_of(name, None)} {100 * first[f'strength.{name}']:.0f} %"
        for name in parts
        if first[f"strength.{name}"] > 0
    ]
    return f"{name_of(str(first['mix']), None)}: {', '.join(said) or 'nothing'}".capitalize()


def _intervention_panel(axes: Axes, policies: pd.DataFrame, intervention: str, places: Sequence[float]) -> None:
    """Draw how much of an intervention each mix has."""
    strengths = 100 * policies[f"strength.{intervention}"].to_numpy(float)
    axes.barh(places, strengths, height=0.8, color=PALETTE[5], edgecolor=INK, linewidth=0.3)
    weeks = zip(policies[f"start.{intervention}"], policies[f"stop.{intervention}"], strict=True)
    for y, strength, (start, stop) in zip(places, strengths, weeks, strict=True):
        if strength > 0:
            axes.annotate(
                f"{start:.0f}–{stop:.0f}", (strength if strength < 55 else 0, y), (2, 0), textcoords="offset points",
                va="center", fontsize=SMALL,
            )  # fmt: skip
    axes.set_xlim(0, 105)
    axes.set_xticks([0, 50, 100])
    axes.tick_params(axis="y", length=0)
