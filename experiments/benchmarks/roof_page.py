"""The roofline's page, written only from its table and the machine's figures."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .roof_table import ADVANCE, ALL

INTRODUCTION = """# Roofline: how close the week is to what the machine can do

Written by `python experiments/roofline.py`; don't edit it, a test compares it with `results/reference/roofline/`.

For every phase of the week this page compares three quantities, each per household and week:

- *Time* of the phase on one core, called alone from Python over the weeks in the order of `sim.engine.week.advance`. The
  script ends with an error unless state and record equal those of `advance` bit for bit. `advance` itself is the last row.
  The time of an empty call from Python is subtracted; a few tenths of a nanosecond of it remain in each phase.
- *Bytes*, counted: the same functions run as plain Python on columns that mark each element read or written, in four
  weeks of the year, again with the same bits at the end. *touched* counts those elements; *lines* the 64-byte cache lines
  with them, which is what moves; *columns* what whole columns would be, so the difference from *lines* is what skipping
  saves. An element that is read and written counts twice. Villages' own rows and scratch are left out.
- *Operations*, counted in the same run: draws, exponentials, and households that pass the block loops (scores, movers,
  yards, habit, sums, forgetting). Each has a cost, measured in a loop that does nothing else on a block in the nearest
  cache. Branches, searches and single visits have no cost here, so the roof is low for phases that consist of these.

The *roof* is the longer of two times: lines divided by the bandwidth measured over arrays as large as the village's
columns, and operations multiplied by their cost. *Reached* is roof divided by time.
"""
WHY = {
    "pass_week": "about ten loops in turn over a block of 512 households, and between them searches for the few that move, "
    "single tests with an exponential for these, and the neighbours and ties of those that turn, which are lines apart",
    "visit_households": "members' lists are followed one household after another, with a branch on each; lists are in "
    "order of plots, but every column of a visited household takes a line of its own",
    "call": "callers go from door to door one by one, and a caller's round begins anywhere: single visits, each with "
    "branches and a column's line of its own",
    "belong": "households that an intervention chose are found by a bit for each household, and shares are kept between "
    "0 and 1 in loops that have no cost in the roof",
    "talk": "speakers are searched for in all rungs, and each speaks to somebody elsewhere: a tie or a plot, found by "
    "following two or three indices",
    "dispute": "one draw for each public plot and a division by its yards, and every fourth week a look at the nearest plot "
    "of each household",
    "award": "the search for clean yards begins where the last award stopped",
    "give": "every thirteenth household is looked at, so that a line is fetched for few of its bytes",
    "join_and_leave": "the rung of each willing household is looked up one by one",
    "change_public_plots": "public plots are few and each takes a division and branches",
}
"""What a phase does that has no cost in the roof."""


def by_number(row: Any, columns: tuple[str, ...], digits: int = 2) -> str:
    """Return cells of a table."""
    return " | ".join("–" if pd.isna(row[name]) else f"{row[name]:,.{digits}f}" for name in columns)


def table_of(rows: pd.DataFrame) -> list[str]:
    """Return one scenario's table, without the phases that take less than a hundredth of a nanosecond."""
    lines = [
        "| Phase | Time, ns | Draws | Exponentials | Bytes touched | in lines | of columns | Moving, ns | Working, ns "
        "| Reached |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for _, row in rows[(rows["ns"] >= 0.01) | (rows["bytes"] >= 0.01)].iterrows():
        cells = by_number(row, ("ns", "draws", "exponentials"))
        moved = by_number(row, ("bytes", "bytes_in_lines", "bytes_of_columns"), 1)
        least = by_number(row, ("moving_ns", "working_ns"))
        reached = "–" if pd.isna(row["reached"]) else f"{row['reached']:.0%}"
        lines.append(f"| {row['phase']} | {cells} | {moved} | {least} | {reached} |")
    return lines


def between(rows: pd.DataFrame) -> str:
    """Return what accounts for the gap between time and roof in one scenario, the largest part first."""
    phases = rows[~rows["phase"].isin((ALL, ADVANCE))].copy()
    phases["gap"] = phases["ns"] - phases["roof_ns"]
    whole = rows.set_index("phase").loc[ALL]
    gap = phases["gap"].clip(lower=0.0).sum()
    bound = phases[phases["moving_ns"] > phases["working_ns"]]["ns"].sum() / whole["ns"]
    saved = 1 - whole["bytes_in_lines"] / whole["bytes_of_columns"]
    lines = [
        f"Of {whole['ns']:.1f} ns the roofs add up to {whole['roof_ns']:.1f} ns, and moving and working to "
        f"{whole['moving_ns'] + whole['working_ns']:.1f} ns if they never overlapped. Phases whose roof comes from bytes take "
        f"{bound:.0%} of the time; the others' roof comes from operations. Skipping saves {saved:.0%} of the bytes of the "
        "columns that phases look at. The gap comes from:\n"
    ]
    for _, row in phases.nlargest(4, "gap").iterrows():
        if row["gap"] > 0.02 * gap:
            why = WHY.get(row["phase"], "work on villages and single households that has no cost in the roof")
            lines.append(f"- `{row['phase']}`, {row['gap']:.1f} ns ({row['gap'] / gap:.0%} of the gap): {why}.")
    return "\n".join(lines)


def machine_text(report: dict[str, Any]) -> str:
    """Return what was measured of the machine and of memory. report : roofline.json."""
    machine, memory = report["machine"], report["memory"]
    speeds = [
        f"| {name}, {part['bytes'] / 1e6:,.1f} MB | {part['bytes_per_second'] / 1e9:.1f} GB/s |"
        for name, part in report["bandwidth"].items()
    ]
    prices = [f"| {name} | {ns:.2f} ns |" for name, ns in report["operation_ns"].items()]
    reached = "reached" if memory["peak"] <= memory["limit"] else "not reached"
    load = [f"{machine[key][0]:.1f}" for key in ("load_average", "load_average_after")]
    lines = [
        "## The machine", "",
        f"{report['date']}, commit {machine['commit']}: {machine['processor']}, {machine['cores']} cores, load average "
        f"{load[0]} before and {load[1]} after. One core, processor seconds, the quickest of several runs.", "",
        "| Triad (a = b + 3 x) over | moves |", "| --- | --- |", *speeds, "",
        f"A default village of {report['village_households']:,} households has {report['village_bytes'] / 1e3:,.0f} kB of "
        "columns and stays in the core's own cache (the first row).", "",
        "| Operation | of one draw, exponential or household |", "| --- | --- |", *prices, "",
        "## Memory", "",
        f"| {memory['households']:,} households | bytes for each |", "| --- | --- |",
        f"| columns | {memory['columns']:.0f} |",
        f"| growth of the process, at its highest during building and {memory['weeks']} weeks | {memory['peak']:.0f} |",
        f"| growth of the process, at the end | {memory['running']:.0f} |", "",
        f"The goal is at most {memory['limit']} at its highest: {reached}. Beyond its columns the process holds scratch of "
        "two numbers per household, and memory left over from building.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def page(frame: pd.DataFrame, report: dict[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    frame : roofline.csv. report : roofline.json.
    """
    parts = [INTRODUCTION]
    for name, rows in frame.groupby("scenario", sort=False):
        parts.append(f"## {name}\n\nOne village of {report['households']:,} households, {report['weeks']} weeks.\n")
        parts.append("\n".join(table_of(rows)) + "\n")
        parts.append(between(rows) + "\n")
    return "\n".join([*parts, machine_text(report)])
