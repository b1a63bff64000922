"""The number of pairs that a precision needs: a fixed-width interval by sequential sampling.

After a first batch, the number of pairs required by the variance so far is run at once, and so on until every interval is
narrow enough: the batchwise form of Chow and Robbins (1965), with few looks instead of one after every pair. Stopping when
the interval happens to look narrow favours samples with a low variance, so that such intervals cover a little less often
than they claim. A first batch of at least `LEAST` pairs and few looks keep this effect small: on
numbers with a known mean, normal or skewed, intervals of nominally 95 % covered it in 93.5 % or more of the trials (see
``tests/unit/test_precision.py``). The rule looks only at the width and never at the effect itself. The intervals are those of
every comparison (`sim.analysis.bounds`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis import bounds
from sim.base.arrays import F64

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Comparison

LEAST = 50
"""Number of pairs before the first look at the variance."""
OUTCOME = "adopted"
"""The outcome whose effect must be precise."""


def half_width(differences: F64) -> float:
    """Return the distance from the mean of differences to the farther end of its 95 % interval.

    Infinite where there is no interval, but 0 if enough pairs are all alike.
    """
    if differences.size >= bounds.LEAST and np.ptp(differences) == 0:
        return 0.0
    low, high, _ = bounds.bounds(differences)
    mean = float(differences.mean()) if differences.size else math.nan
    return math.inf if math.isnan(low) else max(high - mean, mean - low)


def pairs_needed(differences: F64, precision: float) -> int:
    """Return the number of pairs required by the variance of these differences; at least a tenth more than there are."""
    n = differences.size
    at_least = n + max(10, n // 10)
    width = half_width(differences)
    return max(at_least, math.ceil(n * (width / precision) ** 2)) if math.isfinite(width) else 2 * at_least


def until_narrow(differences: Callable[[int], list[F64]], precision: float, least: int, most: int) -> int:
    """Return the number of pairs at which every interval is the mean plus or minus at most `precision`.

    differences : takes a number of pairs and returns the differences of each scenario, those of fewer pairs among them.
    least, most : bounds on the number; `most` is returned if it isn't enough.
    """
    count = min(max(least, LEAST), most)
    while True:
        found = differences(count)
        wide = [values for values in found if not half_width(values) <= precision]
        if not wide or count >= most:
            return count
        # Because of failed pairs, a sample may be smaller than the number of pairs that were run.
        needed = max(math.ceil(count * pairs_needed(values, precision) / max(1, values.size)) for values in wide)
        count = min(most, needed)


def until_precise(pairs: Callable[[int], Comparison], precision: float, least: int, most: int) -> Comparison:
    """Return the comparison with as many pairs as make every effect on `OUTCOME` precise; see `until_narrow`.

    pairs : takes a number of pairs and returns their comparison; it uses pairs again that were run before.
    """

    def differences(count: int) -> list[F64]:
        found = pairs(count)
        both = (found.paired(OUTCOME, name, found.reference) for name in list(found.scenarios)[1:])
        return [here - there for here, there in both]

    return pairs(until_narrow(differences, precision, least, most))


def precision_table(found: Comparison) -> pd.DataFrame:
    """Return a row a scenario: half the width of the interval of its effect on `OUTCOME`, and how many pairs it rests on."""
    import pandas as pd

    rows = []
    for name in list(found.scenarios)[1:]:
        here, there = found.paired(OUTCOME, name, found.reference)
        rows.append({"scenario": name, "half_width": half_width(here - there), "pairs": here.size})
    return pd.DataFrame(rows)


def precision_text(reached: pd.DataFrame, precision: float) -> str:
    """Return in a line a scenario whether its effect has the requested precision, in percentage points.

    reached : see `precision_table`.
    """
    lines = []
    for row in reached.to_dict("records"):
        width, name = float(row["half_width"]), row["scenario"]
        if row["pairs"] < bounds.LEAST or math.isinf(width):
            lines.append(
                f"{name}: {row['pairs']} pairs are too few to say how precisely {OUTCOME} is known: raise --max"
            )
            continue
        verdict = "as asked" if width <= precision else f"wider than the +-{100 * precision:g} asked: raise --max"
        lines.append(
            f"{name}: {OUTCOME} known to +-{100 * width:.2g} percentage points after {row['pairs']} pairs, {verdict}"
        )
    return "\n".join(lines)
