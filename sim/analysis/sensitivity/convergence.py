"""Convergence: indices against the size of the design, and a line that says whether it was large enough."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.sensitivity.design import LEAST, Design
from sim.analysis.sensitivity.indices import DUMMY, analyse

if TYPE_CHECKING:
    import pandas as pd

HEADLINE = {"morris": "mu_star", "sobol": "ST", "pawn": "pawn"}
"""The index of each method by which values are ranked."""
NAMES = {"mu_star": "mu*", "ST": "total order", "pawn": "PAWN index"}
WIDTH = 0.2
"""Widest interval, from end to end, that is narrow enough: in shares of the variance (Sobol), of the largest mu*
(Morris), or in the distance itself (PAWN)."""
PARTS = (8, 4, 2, 1)


def convergence(made: Design, values: pd.DataFrame) -> pd.DataFrame:
    """Return the method's `HEADLINE` index at an eighth, a quarter, half and all of the design.

    Columns: n, and those of `sim.analysis.sensitivity.indices`. The smaller designs are the first parts of the whole
    one. A part that is too small for the method is left out, and so is an outcome that is the same all over a part.
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
    """Return one line per outcome: whether the intervals of the ranking index are narrow enough, and what n would do.

    An interval narrows with the root of n. width : see `WIDTH`.
    """
    lines = []
    headline = HEADLINE[made.method]
    for outcome, mine in table[table["index"] == headline].groupby("outcome", sort=False):
        scale = float(mine["value"].max()) if made.method == "morris" else 1.0
        # `low` may have been cut at 0, `high` never is.
        widths = (2 * (mine["high"] - mine["value"]) / scale).set_axis(mine["parameter"]).drop(DUMMY, errors="ignore")
        widest = float(widths.max())
        of = " of the largest" if made.method == "morris" else ""
        told = f"{NAMES[headline]} of {widths.idxmax()} is {widest:.2f}{of} wide"
        if widest <= width:
            lines.append(f"{outcome}: intervals narrow enough: the widest, {told}, at most {width:g}, at n = {made.n}")
            continue
        needed = math.ceil(made.n * (widest / width) ** 2)
        if made.method == "sobol":
            needed = 1 << (needed - 1).bit_length()
        lines.append(
            f"{outcome}: interval too wide: add runs ({told}, more than {width:g}, at n = {made.n}; "
            f"about n = {needed} would do)"
        )
    return "\n".join(lines)
