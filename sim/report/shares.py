"""Reports of the shares of interventions and mechanisms: text, tables, figures and a manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.shapley import ALL, Shares
from sim.analysis.switching_off import SwitchedOff
from sim.engine.outcomes import difference_unit, label_of, unit_of
from sim.report.keeping import Report
from sim.report.text_tables import aligned, amount, bounds_text
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


SHARES, MECHANISMS = "shares", "mechanisms"
"""The kinds of reports, and the names of their tables."""


def shares_report(
    root: Path, kind: str, name: str, scenario: Scenario, seed: int, weeks: int, replicates: int, outcome: str
) -> Report:  # fmt: skip
    """Return the report of the effects of a scenario's interventions (`SHARES`) or mechanisms (`MECHANISMS`)."""
    settings = {"replicates": replicates, "outcome": outcome}
    return Report.of(root, kind, f"{name}-{kind}", {name: scenario}, seed, weeks, settings)


def save_shares(found: Shares, outcome: str, report: Report, replicates: int) -> dict[str, pd.DataFrame]:
    """Write the table of shares and the figure for one outcome; return the table by name."""
    from sim.figures.shares import shares

    found.worth(outcome)  # raises an error if there is nothing to draw, before anything is written
    report.table(SHARES, found.table)
    report.figure(SHARES, shares(found.table, outcome))
    report.finish(replicates, found.failures)
    return {SHARES: found.table}


def save_carried(found: SwitchedOff, outcome: str, report: Report) -> dict[str, pd.DataFrame]:
    """Write the table and the figure of the parts that mechanisms carry of an outcome; return the table by name."""
    from sim.figures.shares import carried

    table = found.effects(outcome)
    report.table(MECHANISMS, table)
    report.figure(MECHANISMS, carried(table, outcome))
    report.finish(found.comparison.replicates, found.comparison.failures)
    return {MECHANISMS: table}


def shares_text(table: pd.DataFrame, outcome: str) -> str:
    """Return the shares of an outcome as a table, the largest first, the whole effect last."""
    mine = table[table["outcome"] == outcome]
    unit = str(mine["unit"].iloc[0])
    rows = [("", "share", "95 % interval", "% of it", "alone", "added last", "")]
    interventions = mine[mine["intervention"] != ALL].sort_values("share", ascending=False, kind="stable")
    for row in (*interventions.to_dict("records"), *mine[mine["intervention"] == ALL].to_dict("records")):
        bounds = bounds_text(row, unit)
        alone, last = (amount(row[key], unit, True) for key in ("alone", "last"))
        whole = row["intervention"] == ALL
        rows.append(
            ("  the whole programme" if whole else f"  {row['intervention']}", amount(row["share"], unit, True), bounds,
             amount(row["part"], "share"), "" if whole else alone, "" if whole else last, row["verdict"])
        )  # fmt: skip
    pairs = int(mine["pairs"].iloc[0])
    return f"{label_of(outcome)}: Shapley shares ({difference_unit(unit)}; {pairs} replicates)\n{aligned(rows)}"


def carried_text(table: pd.DataFrame, outcome: str) -> str:
    """Return the parts of a programme's effect that mechanisms carry as a table, the largest first."""
    unit = unit_of(outcome)
    rows = [("", "effect", "carried", "95 % interval", "")]
    for row in table.to_dict("records"):
        bounds = bounds_text(row, unit)
        if row["mechanism"]:
            rows.append(
                (f"  no {row['mechanism']}", amount(row["effect"], unit, True), amount(row["carried"], unit, True),
                 bounds, row["verdict"])
            )  # fmt: skip
        else:
            rows.append(("  with everything", amount(row["effect"], unit, True), "", bounds, row["verdict"]))
    return (
        f"{label_of(outcome)}: the programme's effect without each mechanism ({difference_unit(unit)}; "
        f"{int(table['pairs'].iloc[0])} replicates)\n{aligned(rows)}"
    )
