"""Tables as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.analysis.comparable import OTHER_SIZE
from sim.analysis.intervals import CLEAR, FEW_DRAWS, FEW_REPLICATES, TOO_FEW
from sim.engine.outcomes import label_of

if TYPE_CHECKING:
    import pandas as pd


def aligned(rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Return rows of cells as aligned text; the first `left` columns to the left, the others to the right."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(w) if k < left else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def amount(value: float, unit: str, signed: bool = False) -> str:
    """Return a number as text: shares in percent (differences in percentage points), others with at least three digits."""
    if value != value:
        return "-"
    plus = "+" if signed else ""
    if unit == "share":
        return f"{100 * value:{plus}.1f}"
    if abs(value) >= 1000:
        return f"{value:{plus},.0f}"
    return f"{value:{plus}.2f}" if abs(value) < 10 else f"{value:{plus}.1f}"


def bounds_text(row: Any, unit: str) -> str:
    """Return the interval of a row, its columns low and high, with signs; a dash if there is none."""
    if row["low"] != row["low"]:
        return "-"
    return f"[{amount(row['low'], unit, True)}, {amount(row['high'], unit, True)}]"


def titles_text(titles: Mapping[str, str]) -> str:
    """Return what pictures call the scenarios that tables have by name, a line per scenario."""
    return "in pictures\n" + aligned([(f"  {name}", title) for name, title in titles.items()], left=2)


def pairing_text(saved: pd.DataFrame) -> str:
    """Return the runs that pairs save compared with independent seeds, as a table; see `sim.analysis.pairing`."""
    rows = [("", "", "s.d. of a pair", "s.d. if independent", "runs saved", "95 % interval")]
    for _, row in saved.iterrows():
        unit = row["unit"]
        rows.append(
            (f"  {label_of(row['outcome'])}", row["scenario"], amount(row["paired_sd"], unit),
             amount(row["independent_sd"], unit), f"{row['factor']:.3g}x",
             f"[{row['low']:.3g}, {row['high']:.3g}]" if row["low"] == row["low"] else "-")
        )  # fmt: skip
    title = "saved by common random numbers: the factor by which independent seeds need more runs for the same interval"
    return f"{title}\n{aligned(rows, left=2)}"


def carried_text(differences: pd.DataFrame, most: int = 3) -> str:
    """Return one line per scenario: the difference of climbs and slips, and the terms that make up most of it.

    It names at most `most` terms, and only those with a distinguishable difference.
    """
    reference = differences["reference"].iloc[0]
    rows = []
    for name, mine in differences.groupby("scenario", sort=False):
        if (mine["verdict"] == OTHER_SIZE).all():
            rows.append((f"  {name}", OTHER_SIZE))
            continue
        terms, totals = mine[mine["term"] != "all"], mine[mine["term"] == "all"]
        told = terms[terms["verdict"].isin(CLEAR)].iloc[:most]
        flows = ", ".join(
            f"{amount(d, '', True)} {flow}" for flow, d in zip(totals["flow"], totals["difference"], strict=True)
        )
        parts = ", ".join(
            f"{_words(t)} {amount(d, '', True)}" for t, d in zip(told["term"], told["difference"], strict=True)
        )
        of_climbs = totals["verdict"].iloc[0]
        few = of_climbs if of_climbs in (TOO_FEW, FEW_DRAWS, FEW_REPLICATES) else "no term distinguishable"
        rows.append((f"  {name}", f"{flows}; {f'tipped by {parts}' if parts else few}"))
    return f"why (a run's climbs by the term that tipped them, against {reference})\n{aligned(rows, left=2)}"


def attribution_text(differences: pd.DataFrame) -> str:
    """Return the differences of climbs by tipping term as a table: one block per scenario, the largest term first."""
    parts = []
    for name, mine in differences.groupby("scenario", sort=False):
        rows = [("", mine["reference"].iloc[0], "mean", "difference", "95 % interval", "% of it", "")]
        for _, row in mine.iterrows():
            what = f"all {row['flow']}" if row["term"] == "all" else _words(row["term"])
            rows.append(
                (f"  {what}", amount(row["reference_mean"], ""), amount(row["mean"], ""),
                 amount(row["difference"], "", True), bounds_text(row, ""), amount(row["share"], "share"), row["verdict"])
            )  # fmt: skip
        parts.append(
            f"{name} (a run's climbs by the term that tipped them; {mine['pairs'].iloc[0]} pairs)\n{aligned(rows)}"
        )
    return "\n\n".join(parts)


def _words(term: str) -> str:
    return term.replace("_", " ")
