"""Patterns: does the model reproduce what the documents report? Tables in, tables out, and Markdown for people.

A quantity's value is the mean over replicates with its 95 % interval. It is reproduced when the whole interval meets the
requirement, or, if the replicates are too much alike for an interval, when every one of them does; a pattern is reproduced
when all of its quantities are. There is no partial credit, and nothing is tuned here. Verdicts aren't corrected for their
number: each quantity is a claim of its own, and a pattern needs all of its quantities, which makes it harder to reproduce and
not easier. Of the quantities whose true value lies just outside the requirement, 2.5 % will look reproduced.

What never happens in some runs, such as half of the households adopting, has no mean: the quantity isn't reproduced, and the
table says in how many runs it happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.bounds import LEAST
from sim.analysis.intervals import interval
from sim.analysis.pattern_measures import MEASURES, PLACES, UNTESTED, Measure, Setting, Tables, weekly
from sim.base.errors import InputError
from sim.evidence import Register
from sim.runs import Keeping, Report, Request, run

if TYPE_CHECKING:
    import pandas as pd

YES, NO, OPEN, INFORMATION = "reproduced", "not reproduced", "not testable here", "for information"
UNMEASURED = "not measured yet"
TOO_FEW = "too few replicates to tell"
COLUMNS = (
    "pattern", "use", "quantity", "runs", "unit", "wanted", "basis", "value", "low", "high", "replicates", "defined",
    "within", "verdict",
)  # fmt: skip


def run_all(
    settings: Mapping[str, Setting], seed: int, replicates: int, jobs: int | None = None, kept: Keeping = None,
    scheduler: str | None = None, report: Report | None = None,
) -> Tables:  # fmt: skip
    """Run each setting over its scenario's weeks, with the same luck, and return the tables by label.

    jobs, kept, scheduler, report : see `sim.runs.run`. Raises InputError where a run fails.
    """
    scenarios = {label: setting.load() for label, setting in settings.items()}
    weeks = {label: scenario.weeks for label, scenario in scenarios.items()}
    request = Request.of(scenarios, replicates, seed, weeks)
    runs = run(request, kept, jobs=jobs, scheduler=scheduler, report=report, stage="patterns")
    if runs.failures:
        raise InputError(f"{len(runs.failures)} runs failed; the first: {runs.failures[0]}")
    return runs.tables


def wanted(measure: Measure) -> str:
    """Return the requirement for a quantity, such as ``> 0``; empty for information."""
    if measure.above is not None:
        return f"> {measure.above:g}"
    if measure.low is not None and measure.high is not None:
        return f"{measure.low:g} to {measure.high:g}"
    if measure.low is not None:
        return f">= {measure.low:g}"
    return "" if measure.high is None else f"<= {measure.high:g}"


def meets(measure: Measure, values: float | Sequence[float]) -> bool:
    """Return whether all of these values meet the requirement for the quantity."""
    found = np.asarray(values, np.float64)
    ok = np.isfinite(found)
    for bound, right in ((measure.low, found >= (measure.low or 0)), (measure.high, found <= (measure.high or 0)),
                         (measure.above, found > (measure.above or 0))):  # fmt: skip
        if bound is not None:
            ok &= right
    return bool(ok.all())


def judge(runs: Tables, register: Register, measures: Sequence[Measure] = MEASURES) -> pd.DataFrame:
    """Return one row per quantity: requirement, value with interval, share of replicates that meet it, and verdict.

    ``defined`` is the number of replicates in which the quantity is defined; in fewer than all, it has no value.
    """
    import pandas as pd

    rows = []
    for measure in measures:
        values = measure.of(runs)
        defined = int(np.isfinite(values).sum())
        found = interval(values if defined == values.size else values[:0])
        needs = wanted(measure)
        within = float(np.mean([meets(measure, float(x)) for x in values])) if needs else float("nan")
        rows.append((
            measure.pattern, register.patterns[measure.pattern].use, measure.quantity, measure.runs, measure.unit, needs,
            measure.basis, found["difference"], found["low"], found["high"], values.size, defined, within,
            _verdict(measure, found, within, values.size, defined) if needs else INFORMATION,
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _verdict(measure: Measure, found: Mapping[str, Any], within: float, replicates: int, defined: int) -> str:
    if replicates < LEAST:
        return TOO_FEW
    if defined == replicates and np.isnan(found["low"]):
        return YES if within == 1.0 else NO
    return YES if meets(measure, (found["low"], found["high"])) else NO


def by_pattern(quantities: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Return one row per pattern: its statement, the number of its quantities reproduced, the verdict, and why."""
    import pandas as pd

    asked = [row for row in rows_in(quantities) if row["verdict"] != INFORMATION]
    rows = []
    for name, pattern in register.patterns.items():
        mine = [row for row in asked if row["pattern"] == name]
        failed = [row for row in mine if row["verdict"] != YES]
        verdicts = {row["verdict"] for row in mine}
        none = UNMEASURED if pattern.unmeasured else OPEN
        verdict = none if not mine else next(one for one in (NO, TOO_FEW, YES) if one in verdicts)
        why = [
            f"Fails: {row['quantity']} is {value_text(row)}, not {row['wanted']}."
            for row in failed
            if row["verdict"] == NO
        ]
        why += [one for one in (UNTESTED.get(name, ""), pattern.unmeasured) if one]
        met = f"{len(mine) - len(failed)} of {len(mine)}"
        rows.append((name, pattern.use, pattern.statement, met, verdict, " ".join(why)))
    return pd.DataFrame(rows, columns=["pattern", "use", "statement", "quantities", "verdict", "why"])


def rows_in(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as dicts by column."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def number(value: float) -> str:
    """Return a number with three significant digits; thousands as whole numbers."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value + 0.0:.3g}"


def value_text(row: Mapping[str, Any]) -> str:
    """Return a quantity's value; or, if it is undefined in some runs, in how many it isn't."""
    runs = row["replicates"] if "replicates" in row else row["draws"]
    return number(row["value"]) if row["defined"] == runs else f"defined in {row['defined']} of {runs} runs only"


def markdown(quantities: pd.DataFrame, patterns: pd.DataFrame) -> str:
    """Return both tables as Markdown."""
    head = ("Pattern", "Use", "Documents report", "Quantities reproduced", "Verdict", "Why, and what can't be tested")
    first = _table(head, [[str(cell) for cell in row] for row in patterns.itertuples(index=False)])
    rows = [
        (*(str(q[key]) for key in ("pattern", "quantity", "runs", "unit", "wanted", "basis")),
         value_text(q) + (f" [{number(q['low'])}, {number(q['high'])}]" if q["low"] == q["low"] else ""),
         "" if q["within"] != q["within"] else f"{q['within']:.0%}", str(q["verdict"]))
        for q in rows_in(quantities)
    ]  # fmt: skip
    second = _table(
        ("Pattern", "Quantity", "Runs", "Unit", "Must be", "By", "Mean [95 %]", "Replicates within", "Verdict"), rows
    )
    return f"{first}\n\n{second}\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    cells = [[cell.replace("|", "\\|").replace("<", "&lt;") for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *cells])


def courses(runs: Tables, places: Sequence[str] = PLACES) -> pd.DataFrame:
    """Return one row per place, week and kind of run: median and 10th and 90th percentile of the adopted share."""
    import pandas as pd

    parts = []
    for place in places:
        for kind, label in (("programme", place), ("none", f"{place}, no programme")):
            q = np.quantile(weekly(runs, label, "adopted"), (0.1, 0.5, 0.9), axis=0)
            parts.append(pd.DataFrame({
                "place": place, "kind": kind, "week": np.arange(q.shape[1]), "q10": q[0], "q50": q[1], "q90": q[2],
                "replicates": runs[label].runs,
            }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)
