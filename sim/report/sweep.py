"""Reports of sweeps: the table of points, a figure for each outcome, and text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.intervals import CLEAR, EVERY, LESS, MORE
from sim.analysis.sweep import HIGHEST, Sweep, SweepPlan
from sim.analysis.sweep_points import written
from sim.engine.outcomes import difference_unit, label_of, unit_text
from sim.report.keeping import Report, inputs_of
from sim.report.text_tables import aligned, amount, bounds_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SWEEP = "sweep"
"""The kind of report."""
SUMMARY = "summary.txt"
"""The file of the report that holds what is printed."""
SHOWN, LINES = 12, 30
"""The most columns of a grid, or points of Sobol's sequence, and the most lines of a grid that are printed."""
MARKS = {MORE: "+", EVERY[MORE]: "+", LESS: "-", EVERY[LESS]: "-"}
UNCLEAR = "*"
"""Marks of the points of a printed grid: more or less than the reference, or not distinguishable from it."""


def sweep_report(root: Path, name: str, plan: SweepPlan, outcomes: Sequence[str]) -> Report:
    """Return the report of a sweep."""
    sides: dict[str, Any] = {}
    for request in plan.requests:
        sides |= {label: inputs_of({label: one}, plan.seed, plan.weeks, request.draws)
                  for label, one in request.scenarios.items()}  # fmt: skip
    inputs = {
        "sides": sides, "order": [*sides], "keys": plan.keys, "replicates": plan.replicates, "outcomes": [*outcomes]
    }  # fmt: skip
    return Report(root, SWEEP, name, inputs, scenarios=plan.scenarios)


def save_sweep(sweep: Sweep, report: Report) -> dict[str, pd.DataFrame]:
    """Write the table, figures and text of a sweep; return the tables."""
    report.table("points", sweep.table)
    for outcome, figure in figures(sweep).items():
        report.figure(outcome, figure)
    report.text(SUMMARY, sweep_text(sweep))
    report.finish(sweep.plan.replicates)
    return {"points": sweep.table}


def figures(sweep: Sweep) -> dict[str, Figure]:
    """Return a figure for each outcome."""
    from sim.figures.sweep import sweep_figure

    titles = {name: scenario.title for name, scenario in sweep.plan.scenarios.items()}
    scenario = next(iter(sweep.plan.scenarios))
    return {
        outcome: sweep_figure(sweep.table, _labels(sweep.plan), outcome, scenario, titles, grid=sweep.plan.grid)
        for outcome in sweep.outcomes
    }


def units_of(plan: SweepPlan) -> dict[str, str]:
    """Return the units of the swept keys."""
    return {axis.key: axis.unit for axis in plan.axes}


def _labels(plan: SweepPlan) -> dict[str, str]:
    """Return the text of each key's axis."""
    return {key: key if unit in ("", "1") else f"{key} ({unit})" for key, unit in units_of(plan).items()}


def sweep_text(sweep: Sweep) -> str:
    """Return the points of every outcome as a table, the highest one, and where it can't be told from others."""
    parts = []
    for outcome in sweep.outcomes:
        rows = sweep.table[sweep.table["outcome"] == outcome]
        points = _grid(rows, sweep.plan) if sweep.plan.grid and len(sweep.plan.keys) > 1 else _list(rows, sweep.plan)
        parts.append("\n".join([_head(rows, outcome, sweep.plan), points, *_findings(rows, sweep.plan)]))
    return "\n\n".join(parts)


def _head(rows: pd.DataFrame, outcome: str, plan: SweepPlan) -> str:
    unit = str(rows["unit"].iloc[0])
    shown = f" ({unit_text(unit)})" if unit_text(unit) else ""
    points, draws, replicates = plan.shape
    runs = f"{replicates} runs" if plan.draws is None else f"{draws} draws x {replicates} runs"
    return f"{label_of(outcome)}{shown}: {next(iter(plan.scenarios))}, {points} points, each the mean of {runs}"


def _list(rows: pd.DataFrame, plan: SweepPlan) -> str:
    """Return one line per point; of Sobol's points, the highest."""
    unit, against = str(rows["unit"].iloc[0]), "reference" in rows
    if plan.grid:
        rows = rows.iloc[_some([*range(len(rows))], LINES)]
    else:
        rows = rows.sort_values("mean", ascending=False, kind="stable").head(SHOWN)
    over = "draws" if plan.draws is not None else "runs"
    head = [*plan.keys, "mean", "95 % interval", f"5th to 95th of {over}"]
    head += [str(rows["reference"].iloc[0]), "difference", "95 % interval", ""] if against else []
    lines = [tuple(head)]
    for row in rows.to_dict("records"):
        cells = [written(row[key]) for key in plan.keys]
        cells += [amount(row["mean"], unit), _bounds(row["low"], row["high"], unit)]
        cells.append(_bounds(row["spread_low"], row["spread_high"], unit))
        if against:
            ends = {"low": row["difference_low"], "high": row["difference_high"]}
            cells += [
                amount(row["reference_mean"], unit),
                amount(row["difference"], unit, True),
                bounds_text(ends, unit),
            ]
            cells.append(row["verdict"])
        lines.append(tuple(cells))
    more = "" if plan.grid or len(plan.points) <= SHOWN else f"\nthe {SHOWN} highest of {len(plan.points)} points"
    return aligned(lines, left=0) + more


def _bounds(low: float, high: float, unit: str) -> str:
    return "-" if low != low else f"[{amount(low, unit)}, {amount(high, unit)}]"


def _grid(rows: pd.DataFrame, plan: SweepPlan) -> str:
    """Return the means of a grid as a matrix of the first two keys, or one for each value of the third."""
    first, second, *third = plan.keys
    unit = str(rows["unit"].iloc[0])
    parts = [("", rows)]
    if third:
        values = sorted(rows[third[0]].unique())
        parts = [(f"; {third[0]} = {written(value)}", rows[rows[third[0]] == value]) for value in values]
    blocks = []
    for title, here in parts:
        columns, lines = (_some(sorted(here[key].unique()), most) for key, most in ((second, SHOWN), (first, LINES)))
        cells = {(row[first], row[second]): _cell(row, unit) for row in here.to_dict("records")}
        table = [(first, *map(written, columns))]
        table += [(f"  {written(y)}", *(cells[y, x] for x in columns)) for y in lines]
        blocks.append(f"columns: {second}{title}\n{aligned(table)}")
    marks = ""
    if "reference" in rows:
        marks = f"\n+ more than {rows['reference'].iloc[0]}, - less, {UNCLEAR} not distinguishable"
    return "\n".join(blocks) + marks


def _some(items: list[Any], most: int) -> list[Any]:
    """Return at most so many of the items, evenly spread."""
    return items[:: -(-len(items) // most)]


def _cell(row: Mapping[Any, Any], unit: str) -> str:
    mark = f" {MARKS.get(row['verdict'], UNCLEAR)}" if "verdict" in row else ""
    return amount(row["mean"], unit) + mark


def _findings(rows: pd.DataFrame, plan: SweepPlan) -> list[str]:
    """Return lines on the highest point, on the points that can't be told from it, and on those that beat the reference."""
    if not (rows["against_highest"] == HIGHEST).any():
        return ["not defined at any point"]
    unit = str(rows["unit"].iloc[0])
    top = rows[rows["against_highest"] == HIGHEST].iloc[0]
    here = ", ".join(f"{key} {written(top[key])}" for key in plan.keys)
    alike = int((~rows["against_highest"].isin((*CLEAR, HIGHEST))).sum())
    rest = len(rows) - 1
    others = f"not distinguishable from it: {alike} of the other {rest}" if alike else f"the other {rest} are lower"
    lines = [f"highest: {amount(top['mean'], unit)} {_bounds(top['low'], top['high'], unit)} at {here}; {others}"]
    if "reference" in rows:
        counts = {side: int(rows["verdict"].isin((side, EVERY[side])).sum()) for side in (MORE, LESS)}
        unclear = len(rows) - sum(counts.values())
        told = ", ".join(f"{words} at {count}" for words, count in counts.items() if count)
        lines.append(
            f"against {top['reference']} (differences in {difference_unit(unit) or 'its unit'}, verdicts corrected over all "
            f"points): {told or 'no point differs clearly'}{f', not distinguishable at {unclear}' if unclear else ''}"
        )
    lines.append(
        "chosen as the highest, its mean is a little too high: run it again with another --seed before you quote it"
    )
    return lines
