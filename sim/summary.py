"""What came of one run, in a few lines."""

from __future__ import annotations

from collections.abc import Mapping

from sim.outcomes import TOTALS
from sim.tables import amount


def summary(title: str, totals: Mapping[str, float]) -> str:
    """Return a run's outcomes as a table with units; shares in percent."""
    rows = []
    for outcome in TOTALS:
        unit = "%" if outcome.unit == "share" else outcome.unit
        rows.append((outcome.name, amount(totals[outcome.name], outcome.unit), f"  {unit}", f"  {outcome.meaning}"))
    width = [max(len(row[k]) for row in rows) for k in range(3)]
    lines = [f"{a.ljust(width[0])}  {b.rjust(width[1])}{c.ljust(width[2])}{d}" for a, b, c, d in rows]
    return "\n".join([title, "", *lines])
