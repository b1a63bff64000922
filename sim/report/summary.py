"""What came of a run or a batch, in a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.base.arrays import F64
from sim.engine.outcomes import TOTALS
from sim.report.text_tables import aligned, amount
from sim.results import Table


def summary(title: str, totals: Mapping[str, float]) -> str:
    """Return a run's outcomes as a table with units; shares in percent."""
    rows = []
    for outcome in TOTALS:
        unit = "%" if outcome.unit == "share" else outcome.unit
        rows.append((outcome.name, amount(totals[outcome.name], outcome.unit), f"  {unit}", f"  {outcome.meaning}"))
    width = [max(len(row[k]) for row in rows) for k in range(3)]
    lines = [f"{a.ljust(width[0])}  {b.rjust(width[1])}{c.ljust(width[2])}{d}" for a, b, c, d in rows]
    return "\n".join([title, "", *lines])


def between_villages(adopted: F64, weeks_to_half: F64) -> str:
    """Return in a line how far villages lie apart: what has adopted in each, and the weeks to half, NaN if never."""
    low, *quartiles, high = (amount(share, "share") for share in np.quantile(adopted, (0.0, 0.25, 0.5, 0.75, 1.0)))
    reached = int(np.isfinite(weeks_to_half).sum())
    return (
        f"adopted by village: {low} to {high} % (quartiles {', '.join(quartiles)});"
        f" {reached} of {adopted.size} villages reached half"
    )


def batch_rows(tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Return one row per scenario and outcome: the mean and percentiles over the runs that have it, and how many these are."""
    rows = []
    for name, runs in tables.items():
        for outcome in TOTALS if runs else ():
            values = runs[outcome.name]
            values = values[np.isfinite(values)]
            low, high = np.quantile(values, (0.05, 0.95)) if values.size else (np.nan, np.nan)
            rows.append({
                "scenario": name, "outcome": outcome.name, "unit": outcome.unit, "runs": values.size,
                "mean": values.mean() if values.size else np.nan, "q05": low, "q95": high,
            })  # fmt: skip
    return rows


def of_batch(tables: Mapping[str, Table]) -> str:
    """Return one line per scenario: its runs, and what came of them in the last week."""
    shares = ("adopted", "clean")
    rows: list[tuple[str, ...]] = [("", "runs", "adopted", "5th to 95th percentile", "clean", "yuan", "hours")]
    for name, runs in tables.items():
        if not runs:
            rows.append((name, "0", *["-"] * 5))
            continue
        low, high = (amount(float(x), "share") for x in np.quantile(runs["adopted"], (0.05, 0.95)))
        mean = {
            key: amount(float(runs[key].mean()), "share" if key in shares else "") for key in (*shares, "yuan", "hours")
        }
        rows.append(
            (name, str(runs.runs), mean["adopted"], f"{low} to {high}", mean["clean"], mean["yuan"], mean["hours"])
        )
    return f"means over runs, % of households in the last week\n{aligned(rows)}"
