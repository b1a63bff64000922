"""Tables as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.engine.outcomes import by_topic, difference_unit, label_of, unit_text

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


def effects_text(effects: pd.DataFrame, outcomes: Sequence[str] | None = None) -> str:
    """Return the effects on these outcomes (all in the table if None): one block per outcome, one line per scenario."""
    parts = []
    for outcome in outcomes or effects["outcome"].unique():
        mine = effects[effects["outcome"] == outcome]
        unit = mine["unit"].iloc[0]
        rows = [("", "mean", "difference", "95 % interval", "pairs", "")]
        first = mine.iloc[0]
        rows.append((f"  {first['reference']}", amount(first["reference_mean"], unit), "", "", "", "reference"))
        for _, row in mine.iterrows():
            bounds = f"[{amount(row['low'], unit, True)}, {amount(row['high'], unit, True)}]"
            rows.append(
                (f"  {row['scenario']}", amount(row["mean"], unit), amount(row["difference"], unit, True), bounds,
                 str(row["pairs"]), row["verdict"])
            )  # fmt: skip
        parts.append(f"{label_of(outcome)} ({_units(unit)})\n{aligned(rows)}")
    return "\n\n".join(parts)


def full_effects_text(effects: pd.DataFrame) -> str:
    """Return the effects on every outcome in the table, as `effects_text` does, under a heading for each topic."""
    topics = by_topic(effects["outcome"].unique())
    return "\n\n".join(f"{topic.upper()}\n\n{effects_text(effects, names)}" for topic, names in topics.items())


def _units(unit: str) -> str:
    """Return the units of numbers and of their differences."""
    numbers, differences = unit_text(unit), difference_unit(unit)
    return numbers if numbers == differences else f"{numbers}; difference in {differences}"


def titles_text(titles: Mapping[str, str]) -> str:
    """Return what pictures call the scenarios that tables have by name, a line per scenario."""
    return "in pictures\n" + aligned([(f"  {name}", title) for name, title in titles.items()], left=2)


def interaction_text(interaction: pd.DataFrame) -> str:
    """Return one line per interaction: whether both together do more or less than the sum of the parts."""
    lines = []
    for _, row in interaction.iterrows():
        word = {"more": "more than the sum of the parts", "less": "less than the sum of the parts"}.get(
            row["verdict"], "not distinguishable from the sum of the parts"
        )
        lines.append(
            f"{label_of(row['outcome'])}: {row['first']} and {row['second']} together "
            f"{amount(row['effect_together'], 'share', True)} percentage points, "
            f"parts {amount(row['sum_of_parts'], 'share', True)}; difference {amount(row['difference'], 'share', True)} "
            f"[{amount(row['low'], 'share', True)}, {amount(row['high'], 'share', True)}]: {word}"
        )
    return "\n".join(lines)


def pairing_text(saved: pd.DataFrame) -> str:
    """Return the runs that pairs save compared with independent seeds, as a table; see `sim.analysis.pairing`."""
    rows = [("", "", "s.d. of a pair", "s.d. if independent", "runs saved", "95 % interval")]
    for _, row in saved.iterrows():
        unit = row["unit"]
        rows.append(
            (f"  {label_of(row['outcome'])}", row["scenario"], amount(row["paired_sd"], unit),
             amount(row["independent_sd"], unit), f"{row['factor']:.3g}x", f"[{row['low']:.3g}, {row['high']:.3g}]")
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
        terms, totals = mine[mine["term"] != "all"], mine[mine["term"] == "all"]
        told = terms[terms["verdict"].isin(("more", "less"))].iloc[:most]
        flows = ", ".join(
            f"{amount(d, '', True)} {flow}" for flow, d in zip(totals["flow"], totals["difference"], strict=True)
        )
        parts = ", ".join(
            f"{_words(t)} {amount(d, '', True)}" for t, d in zip(told["term"], told["difference"], strict=True)
        )
        rows.append((f"  {name}", f"{flows}; tipped by {parts}" if parts else f"{flows}; no term distinguishable"))
    return f"why (a run's climbs by the term that tipped them, against {reference})\n{aligned(rows, left=2)}"


def attribution_text(differences: pd.DataFrame) -> str:
    """Return the differences of climbs by tipping term as a table: one block per scenario, the largest term first."""
    parts = []
    for name, mine in differences.groupby("scenario", sort=False):
        rows = [("", mine["reference"].iloc[0], "mean", "difference", "95 % interval", "% of it", "")]
        for _, row in mine.iterrows():
            what = f"all {row['flow']}" if row["term"] == "all" else _words(row["term"])
            bounds = f"[{amount(row['low'], '', True)}, {amount(row['high'], '', True)}]"
            rows.append(
                (f"  {what}", amount(row["reference_mean"], ""), amount(row["mean"], ""),
                 amount(row["difference"], "", True), bounds, amount(row["share"], "share"), row["verdict"])
            )  # fmt: skip
        parts.append(
            f"{name} (a run's climbs by the term that tipped them; {mine['pairs'].iloc[0]} pairs)\n{aligned(rows)}"
        )
    return "\n\n".join(parts)


def _words(term: str) -> str:
    return term.replace("_", " ")
