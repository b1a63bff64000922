"""Effects as plain text: differences with their intervals and verdicts, and lines that explain them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.bounds import DIFFERING, LEAST
from sim.analysis.compare import WAITS
from sim.analysis.intervals import DEPENDS, FEW_DRAWS, PERHAPS, TOO_FEW
from sim.engine.outcomes import by_topic, difference_unit, label_of, unit_text
from sim.report.text_tables import aligned, amount, bounds_text

if TYPE_CHECKING:
    import pandas as pd


def effects_text(effects: pd.DataFrame, outcomes: Sequence[str] | None = None) -> str:
    """Return the effects on these outcomes, all in the table if None: a block an outcome, a line a scenario.

    Over draws there are two uncertainties, each under its own head; `legend` says what they mean.
    """
    names = outcomes or effects["outcome"].unique()
    return "\n\n".join(_block(effects[effects["outcome"] == outcome], outcome) for outcome in names)


def full_effects_text(effects: pd.DataFrame) -> str:
    """Return the effects on every outcome in the table, as `effects_text` does, under a heading for each topic."""
    topics = by_topic(effects["outcome"].unique())
    return "\n\n".join(f"{topic.upper()}\n\n{effects_text(effects, names)}" for topic, names in topics.items())


def _block(mine: pd.DataFrame, outcome: str) -> str:
    first = mine.iloc[0]
    unit = str(first["unit"])
    waits = outcome in WAITS
    over_draws = bool((mine["replicates"] > 1).any())
    partly = waits or bool((mine[["defined", "reference_defined"]].min(axis=1) < mine["runs"]).any())
    apart = mine["reference_mean"].nunique() > 1
    head = ["", *["reached in" if waits else "defined in"] * partly, "mean", *["reference"] * apart, "difference"]
    spreads = ["95 % of the mean", "5th to 95th of draws", "same sign", "draws"]
    head += spreads if over_draws else ["95 % interval", "pairs"]
    rows = [(*head, "")]
    counts = f"{first['reference_defined']:,} of {first['runs']:,}"
    here = [counts] * partly + ["" if apart else amount(first["reference_mean"], unit)]
    rows.append((f"  {first['reference']}", *here, *[""] * (len(head) - 1 - len(here)), "reference"))
    for row in mine.to_dict("records"):
        cells = [f"{row['defined']:,} of {row['runs']:,}"] * partly + [amount(row["mean"], unit)]
        cells += [amount(row["reference_mean"], unit)] * apart
        cells += [amount(row["difference"], unit, True), bounds_text(row, unit)]
        if over_draws:
            spread = {"low": row["spread_low"], "high": row["spread_high"]}
            known = row["same_sign"] == row["same_sign"]
            cells += [bounds_text(spread, unit), f"{row['same_sign']:.0%}" if known else "-"]
        rows.append((f"  {row['scenario']}", *cells, f"{row['pairs']:,}", row["verdict"]))
    shown = _units(unit)
    if waits:
        shown += " waited, within those of the run"
    return f"{label_of(outcome)} ({shown})\n{aligned(rows)}"


def _units(unit: str) -> str:
    """Return the units of numbers and of their differences."""
    numbers, differences = unit_text(unit), difference_unit(unit)
    return numbers if numbers == differences else f"{numbers}; difference in {differences}"


def legend(effects: pd.DataFrame) -> str:
    """Return lines that explain a table of effects; empty if nothing needs explanation."""
    verdicts = set(effects["verdict"])
    lines = []
    if (effects["replicates"] > 1).any():
        lines += [
            "95 % of the mean: how well these runs determine the mean over draws (more draws and replicates narrow it)",
            "5th to 95th of draws: how much it depends on values that aren't known, without luck's part (no runs narrow it)",
            "same sign: the share of draws with the sign of the mean; a verdict needs 95 %",
        ]
    few = effects[effects["verdict"].isin((TOO_FEW, FEW_DRAWS))]
    if (few["pairs"] < LEAST).any():
        what = "draws" if FEW_DRAWS in verdicts else "pairs"
        lines.append(f"fewer than {LEAST} {what}: intervals hold only for normal differences, and nothing is claimed")
    if (few["pairs"] >= LEAST).any():
        lines.append(
            f"too few to tell: fewer than {DIFFERING} differ from the commonest difference, or fewer than 6 from 0, all alike"
        )
    if verdicts & set(PERHAPS.values()):
        lines.append(
            "perhaps: its own interval excludes 0, but among all comparisons of the table that may be chance (Holm)"
        )
    if DEPENDS in verdicts:
        lines.append(f"{DEPENDS}: more in some draws and less in others")
    return "\n".join(lines)


def interaction_text(interaction: pd.DataFrame) -> str:
    """Return the interaction in sentences: whether together is more or less than the sum of the parts."""
    lines = []
    for _, row in interaction.iterrows():
        word = {verdict: f"{verdict} than the sum of the parts" for verdict in ("more", "less", *PERHAPS.values())}.get(
            row["verdict"],
            f"{row['verdict']} from the sum of the parts" if row["low"] == row["low"] else row["verdict"],
        )
        lines.append(
            f"{label_of(row['outcome'])}: {row['first']} and {row['second']} together "
            f"{amount(row['effect_together'], 'share', True)} percentage points, "
            f"parts {amount(row['sum_of_parts'], 'share', True)}; "
            f"difference {amount(row['difference'], 'share', True)} {bounds_text(row, 'share')}: {word}"
        )
    return "\n".join(lines)
