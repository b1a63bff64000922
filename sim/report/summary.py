"""Summaries of a run or a batch in a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.base.arrays import F64
from sim.engine.outcomes import TOTALS, by_topic, label_of, unit_of, unit_text
from sim.report.text_tables import aligned, amount
from sim.results import Table

SHOWN = ("adopted", "clean", "yuan", "hours")
"""The outcomes in the line for each scenario of a batch."""


def summary(title: str, totals: Mapping[str, float]) -> str:
    """Return a run's outcomes as a table with units, by topic; shares in percent."""
    rows = [
        (one.name, amount(totals[one.name], one.unit), f"  {unit_text(one.unit)}", f"  {one.meaning}") for one in TOTALS
    ]
    width = [max(len(row[k]) for row in rows) for k in range(3)]
    lines = [title]
    for topic, outcomes in by_topic([one.name for one in TOTALS]).items():
        lines += ["", topic]
        lines += [
            f"  {a.ljust(width[0])}  {b.rjust(width[1])}{c.ljust(width[2])}{d}" for a, b, c, d in rows if a in outcomes
        ]
    return "\n".join(lines)


def between_villages(adopted: F64, weeks_to_half: F64) -> str:
    """Return one line on how much villages differ, from the adopted share of each and the weeks to half (NaN if never)."""
    low, *quartiles, high = (amount(share, "share") for share in np.quantile(adopted, (0.0, 0.25, 0.5, 0.75, 1.0)))
    reached = int(np.isfinite(weeks_to_half).sum())
    return (
        f"adopted by village: {low} to {high} % (quartiles {', '.join(quartiles)});"
        f" {reached} of {adopted.size} villages reached half"
    )


def batch_rows(tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Return one row per scenario and outcome: mean and percentiles over the runs that have it, and their number."""
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
    """Return one line per scenario: its runs, and the means of some outcomes over them."""
    first, *others = SHOWN
    heads = [f"{label_of(outcome)} ({unit_text(unit_of(outcome))})" for outcome in SHOWN]
    rows: list[tuple[str, ...]] = [("", "runs", heads[0], "5th to 95th percentile", *heads[1:])]
    for name, runs in tables.items():
        if not runs:
            rows.append((name, "0", *["-"] * (1 + len(SHOWN))))
            continue
        low, high = (amount(float(x), unit_of(first)) for x in np.quantile(runs[first], (0.05, 0.95)))
        means = {outcome: amount(float(runs[outcome].mean()), unit_of(outcome)) for outcome in SHOWN}
        rows.append((name, str(runs.runs), means[first], f"{low} to {high}", *(means[outcome] for outcome in others)))
    return f"means over runs\n{aligned(rows)}"
