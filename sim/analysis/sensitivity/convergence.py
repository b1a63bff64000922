"""Convergence: indices by size of the design, and a line that says whether the design was large enough."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.sensitivity.design import LEAST, Design
from sim.analysis.sensitivity.indices import DUMMY, analyse

if TYPE_CHECKING:
    import pandas as pd

HEADLINE = {"morris": "mu_star", "sobol": "ST", "pawn": "pawn"}
"""The index by which each method ranks the values."""
NAMES = {"mu_star": "mu*", "ST": "total order", "pawn": "PAWN index"}
WIDTH = 0.2
"""Greatest width of an interval that counts as converged: as a share of the variance (Sobol), of the largest mu*
(Morris), or of the range 0 to 1 of the distance (PAWN)."""
PARTS = (8, 4, 2, 1)


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

    The width of an interval is proportional to 1 / sqrt(n). width : see `WIDTH`.
    """
    lines = []
    headline = HEADLINE[made.method]
    for outcome, mine in table[table["index"] == headline].groupby("outcome", sort=False):
        scale = float(mine["value"].max()) if made.method == "morris" else 1.0
        # `low` may have been cut at 0, but `high` never is.
        widths = (2 * (mine["high"] - mine["value"]) / scale).set_axis(mine["parameter"]).drop(DUMMY, errors="ignore")
        widest = float(widths.max())
        of = {"morris": "the largest mu*", "sobol": "the variance", "pawn": "the range"}[made.method]
        span = f"{NAMES[headline]} of {widths.idxmax()} spans {widest:.0%} of {of} (limit {width:.0%}) at n = {made.n}"
        if widest <= width:
            lines.append(f"{outcome}: converged: the widest interval, {span}")
            continue
        needed = math.ceil(made.n * (widest / width) ** 2)
        if made.method == "sobol":
            needed = 1 << (needed - 1).bit_length()
        lines.append(f"{outcome}: not converged: the interval of {span}; about n = {needed} needed")
    return "\n".join(lines)
