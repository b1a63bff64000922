"""Sensitivity: Morris's screening of parameters, with the noise of seeds."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.engine.outcomes import difference_unit
from sim.figures.colour import PALETTE
from sim.figures.fonts import safe
from sim.figures.labels import LINE, annotate_apart, wrapped
from sim.figures.style import DOUBLE, POINT, SMALL, finish, headline, new_figure, note, styled
from sim.figures.words import percentage_points, require

COLUMNS = ("parameter", "label", "mu_star", "mu_star_low", "mu_star_high", "sigma", "seed_noise")
DOT = 4.0


def morris(
    morris_table: pd.DataFrame, outcome_label: str, noise_at: str = "the base point", unit: str = "", *,
    width: float = DOUBLE,
) -> Figure:  # fmt: skip
    """Draw mu* with its interval as sorted bars, and the plane of mu* and sigma, both with the noise of seeds.

    Parameters
    ----------
    morris_table : table with `COLUMNS`; seed_noise is the same number in every row, NaN if it isn't known.
    outcome_label : the outcome. noise_at : where the noise of seeds was measured. unit : of the outcome; both axes have it.
    width : mm; in a narrow figure the plane is below the bars.
    """
    require(morris_table, COLUMNS)
    table = morris_table.sort_values("mu_star", ascending=False, kind="stable").reset_index(drop=True)
    noise = float(table["seed_noise"].iloc[0])
    narrow = width < 120
    texts = [
        wrapped(f"{number}. {safe(str(name))}", (0.45 if narrow else 0.28) * width, SMALL)
        for number, name in enumerate(table["label"], 1)
    ]
    bars = sum(text.count("\n") + 1.35 for text in texts) * SMALL * LINE * POINT + 10
    plane = 0.8 * width if narrow else 62.0
    with styled():
        figure = new_figure(width, (bars + plane if narrow else max(bars, plane)) + 12)
        shape = {"height_ratios": [bars, plane]} if narrow else {"width_ratios": [1.25, 1.0]}
        grid = figure.subplots(2 if narrow else 1, 1 if narrow else 2, squeeze=False, gridspec_kw=shape)
        left, right = grid.flat
        _bars(left, table, texts, noise)
        _plane(right, table, noise)
        if unit:
            left.set_xlabel(f"μ* ({difference_unit(unit)})")
            right.set_ylabel(f"σ ({difference_unit(unit)})")
        if unit == "share":
            for axis in (left.xaxis, right.xaxis, right.yaxis):
                axis.set_major_formatter(percentage_points)
        if bars > 95:
            right.set_box_aspect(1.6)
            right.set_anchor("N")
        dashed = f" Dashed: seed noise, the standard deviation over replicates at {noise_at} ({noise:.3g})."
        hollow = " Numbers are those of the bars; hollow points are within the noise and numbered if there is room."
        note(
            figure,
            f"Outcome: {outcome_label}. μ*: mean size of elementary effects, with its 95 % interval; σ: their standard "
            f"deviation.{'' if math.isnan(noise) else dashed + hollow}",
        )
        names = [safe(str(name)) for name in table["label"].head(3)]
        beyond = "" if math.isnan(noise) else f"; {(table['mu_star'] > noise).sum()} of {len(table)} exceed seed noise"
        headline(figure, f"The outcome depends most on {names[0]}, then on {' and '.join(names[1:])}{beyond}")
        finish(figure)
        points = list(zip(table["mu_star"].astype(float), table["sigma"].astype(float), strict=True))
        reaches = [5.0 if mu <= noise else 40.0 for mu, _ in points]
        annotate_apart(right, points, [str(number) for number in range(1, len(points) + 1)], DOT, reaches)
        return figure


def _bars(axes: Axes, table: pd.DataFrame, texts: list[str], noise: float) -> None:
    places = [float(k) for k in range(len(table))]
    mu = table["mu_star"].to_numpy(float)
    low, high = table["mu_star_low"].to_numpy(float), table["mu_star_high"].to_numpy(float)
    axes.barh(places, mu, height=0.66, color=PALETTE[5], edgecolor="#000000", linewidth=0.4)
    axes.hlines(places, low, high, color="#000000", linewidth=1.0)
    if not math.isnan(noise):
        axes.axvline(noise, color="#000000", linestyle="--", linewidth=0.8)
    axes.set_yticks(places, texts)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xlim(0, 1.05 * float(np.nanmax([*mu, *high, noise])) or 1.0)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_xlabel("μ*")


def _plane(axes: Axes, table: pd.DataFrame, noise: float) -> None:
    mu, sigma = table["mu_star"].to_numpy(float), table["sigma"].to_numpy(float)
    right, top = 1.12 * float(np.nanmax([*mu, noise])) or 1.0, 1.15 * float(sigma.max()) or 1.0
    for within, face in ((False, PALETTE[1]), (True, "white")):
        here = (mu <= noise) == within
        axes.plot(mu[here], sigma[here], linestyle="none", marker="o", markersize=DOT, markeredgewidth=0.6,
                  color=PALETTE[1], markerfacecolor=face)  # fmt: skip
    if not math.isnan(noise):
        axes.axvline(noise, color="#000000", linestyle="--", linewidth=0.8)
    axes.plot([0, max(right, top)], [0, max(right, top)], color="#8C8C8C", linewidth=0.6, linestyle=":")
    axes.set_xlim(-0.03 * right, right)
    axes.set_ylim(-0.03 * top, top)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.set_xlabel("μ* (dotted: σ = μ*)")
    axes.set_ylabel("σ")
