"""Convergence: indices by size of the design, and a line that says whether the design was large enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.bounds import LEAST as TOLD
from sim.analysis.sensitivity.design import LEAST, USUAL, Design
from sim.analysis.sensitivity.indices import DUMMY, analyse

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.sensitivity.findings import Findings

HEADLINE = {"morris": "mu_star", "sobol": "ST", "pawn": "pawn"}
"""The index by which each method ranks the values."""
NAMES = {"mu_star": "mu*", "ST": "total order", "pawn": "PAWN index"}
WIDTH = 0.2
"""Greatest width of an interval that counts as converged: as a share of the variance (Sobol), of the largest mu*
(Morris), or of the range 0 to 1 of the distance (PAWN)."""
PARTS = (8, 4, 2, 1)
UNITS = {"morris": "trajectories", "sobol": "base points", "pawn": "points"}
"""What n counts."""
MOST = 2000
"""Greatest number of trajectories if convergence determines it."""


def convergence(made: Design, values: pd.DataFrame) -> pd.DataFrame:
    """Return the method's `HEADLINE` index at an eighth, a quarter, half and all of the design.

    Columns: n, and those of `sim.analysis.sensitivity.indices`. The smaller designs are the first parts of the whole
    one. A part that is too small for the method is left out, and so is an outcome that doesn't vary within a part.
    """
    import pandas as pd

    tables = []
    for n in sorted({made.n // part for part in PARTS if made.n // part >= LEAST[made.method]}):
        part = made.first(n)
        here = values.loc[part.draws]
        varying = [outcome for outcome in here.columns if np.ptp(here[outcome].to_numpy(float)) > 0]
        if varying:
            table = analyse(part, here[varying])
            table.insert(0, "n", n)
            tables.append(table[table["index"] == HEADLINE[made.method]])
    return pd.concat(tables, ignore_index=True)


def verdict(made: Design, table: pd.DataFrame, width: float = WIDTH) -> str:
    """Return one line per outcome: whether the ranking index has converged and, if not, the n that it needs.

    The width of an interval is proportional to 1 / sqrt(n), and fewer than `sim.analysis.bounds.LEAST` blocks give none that
    holds. width : see `WIDTH`.
    """
    lines = []
    headline = HEADLINE[made.method]
    for outcome, mine in table[table["index"] == headline].groupby("outcome", sort=False):
        widths = _widths(made, mine)
        span = ""
        if made.n >= TOLD and widths.notna().any():
            of = {"morris": "the largest mu*", "sobol": "the variance", "pawn": "the range"}[made.method]
            widest = f"{NAMES[headline]} of {widths.idxmax()} spans {widths.max():.0%} of {of}"
            span = f"{widest} (limit {width:.0%}) at n = {made.n}"
        if made.method == "morris" and not mine["value"].any():
            lines.append(f"{outcome}: none of these values changes it in any of {made.n} trajectories")
        elif not span:
            few = f"too few {UNITS[made.method]} to tell"
            lines.append(f"{outcome}: not converged: {few}: n = {made.n}, at least {TOLD} needed")
        elif widths.max() <= width:
            lines.append(f"{outcome}: converged: the widest interval, {span}")
        else:
            needed = size_for(made, mine, width)
            lines.append(f"{outcome}: not converged: the interval of {span}; about n = {needed} needed")
        rare = int((widths.isna() & (mine.set_index("parameter")["value"].loc[widths.index] > 0)).sum())
        if span and rare:
            lines[-1] += f"; {rare} {'values change' if rare > 1 else 'value changes'} it too rarely for an interval"
    return "\n".join(lines)


def size_for(made: Design, table: pd.DataFrame, width: float = WIDTH) -> int:
    """Return about which n the ranking index of one outcome needs to converge; the design's own n if it has converged."""
    widths = _widths(made, table[table["index"] == HEADLINE[made.method]])
    if made.n < TOLD:
        return TOLD
    if not widths.max() > width:
        return made.n
    needed = math.ceil(made.n * (float(widths.max()) / width) ** 2)
    return 1 << (needed - 1).bit_length() if made.method == "sobol" else needed


def until_narrow(findings_at: Callable[[int], Findings], width: float = WIDTH, most: int = MOST) -> Findings:
    """Return the findings of as many trajectories as Morris's method needs to converge, at most `most`.

    findings_at : takes a number of trajectories; a larger number contains those of a smaller one. The first trajectories
    show only roughly how many are needed, so the number grows at most fourfold at a time.
    """
    n = USUAL["morris"]
    while True:
        found = findings_at(n)
        needed = size_for(found.study.design, found.table, width)
        if needed <= n or n >= most:
            return found
        n = min(needed, 4 * n, most)


def _widths(made: Design, headline: pd.DataFrame) -> pd.Series[float]:
    """Return the width of the ranking index's interval by parameter, see `WIDTH`; NaN if there is none."""
    scale = float(headline["value"].max()) if made.method == "morris" else 1.0
    # `low` may have been cut at 0, `high` never is.
    halves = (headline["high"] - headline["value"]) / (scale or 1.0)
    return (2.0 * halves).set_axis(headline["parameter"]).drop(DUMMY, errors="ignore")
