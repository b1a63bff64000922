"""Reports of a sensitivity study: tables, figures and a manifest next to its evaluations, and text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.bounds import LEAST
from sim.analysis.sensitivity.convergence import HEADLINE, NAMES, UNITS
from sim.analysis.sensitivity.findings import Findings
from sim.analysis.sensitivity.indices import DUMMY, screening
from sim.engine.outcomes import TOTALS, WEEKLY
from sim.report.keeping import Report
from sim.report.text_tables import aligned

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.analysis.sensitivity.study import Study

SENSITIVITY = "sensitivity"
"""The kind of report."""
SUMMARY = "summary.txt"
"""The file of the report that holds what is printed."""
SHOWN = 12
"""Greatest number of parameters in the printed table."""


def study_report(root: Path, name: str, study: Study, outcome: str, width: float, grows: bool = False) -> Report:
    """Return the report of a study on one outcome; grows : whether its size follows from `width`, not from its design."""
    made = study.design
    settings = {
        "study": study.digest(), "outcome": outcome, "method": made.method, "n": "as needed" if grows else made.n,
        "width": width,
    }  # fmt: skip
    return Report.of(root, SENSITIVITY, name, study.scenarios, study.seed, study.weeks, settings)


def save_findings(findings: Findings, report: Report, unit: str) -> dict[str, pd.DataFrame]:
    """Write tables, figures and text; return the tables. unit : of the outcome."""
    import pandas as pd

    made = findings.study.design
    indices = findings.table.assign(unit=unit if made.method == "morris" else "1")
    verdict = pd.DataFrame([{"outcome": findings.outcome, "verdict": findings.verdict}])
    tables = {"indices": indices, "convergence": findings.convergence, "verdict": verdict}
    if findings.weeks is not None:
        tables["weeks"] = findings.weeks
    if findings.noise is not None:
        tables["luck"] = pd.DataFrame([findings.noise._asdict() | {"unit": unit}])
    for name, table in tables.items():
        report.table(name, table)
    for name, figure in figures(findings).items():
        report.figure(name, figure)
    report.text(SUMMARY, findings_text(findings))
    report.finish(findings.study.replicates)
    return tables


def figures(findings: Findings) -> dict[str, Figure]:
    """Return the figures of a study: Morris's plane or bars, convergence, and weeks and pairs if there are any."""
    from sim.figures.index_maps import index_pairs, index_weeks
    from sim.figures.indices import index_bars, index_convergence
    from sim.figures.sensitivity import morris

    made, labels, said = findings.study.design, labels_of(findings), outcome_words(findings)
    drawn: dict[str, Figure] = {}
    if made.method == "morris":
        noise = float("nan") if findings.noise is None else findings.noise.sd
        table = screening(made, findings.table, findings.outcome).assign(seed_noise=noise)
        drawn["morris"] = morris(table, said, "points of the design", outcome_unit(findings))
    else:
        drawn["indices"] = index_bars(findings.table, said, labels)
    drawn["convergence"] = index_convergence(findings.convergence, said, labels)
    if findings.weeks is not None:
        drawn["weeks"] = index_weeks(findings.weeks, outcome_words(findings, weekly=True), labels)
    if made.second_order and len(made.names) > 1:
        drawn["pairs"] = index_pairs(findings.table, said, labels)
    return drawn


def labels_of(findings: Findings) -> Mapping[str, str]:
    """Return the label of each parameter."""
    made = findings.study.design
    return dict(zip(made.names, made.labels, strict=True))


def outcome_unit(findings: Findings) -> str:
    """Return the unit of the outcome."""
    return next(outcome.unit for outcome in TOTALS if outcome.name == findings.outcome)


def outcome_words(findings: Findings, weekly: bool = False) -> str:
    """Return a description of the outcome with its unit, the scenario, and the scenario subtracted from it."""
    meaning, unit = next((o.meaning, o.unit) for o in (WEEKLY if weekly else TOTALS) if o.name == findings.outcome)
    first, *other = (name.replace("_", " ") for name in findings.study.scenarios)
    return f"{meaning.partition(';')[0]} ({unit}): {first}" + (f" minus {other[0]}" if other else "")


def findings_text(findings: Findings) -> str:
    """Return the largest indices as a table, one line for the share of luck, and the verdict."""
    made, labels = findings.study.design, labels_of(findings)
    headline = HEADLINE[made.method]
    kinds = {"morris": ("mu_star", "mu", "sigma"), "sobol": ("ST", "S1"), "pawn": ("pawn", "pawn_max")}[made.method]
    wide = findings.table[findings.table["other"] == ""].pivot(index="parameter", columns="index")
    wide = wide.sort_values(("value", headline), ascending=False, kind="stable")
    told = {kind for kind in kinds if wide["high", kind].notna().any()}  # sigma has no intervals
    rows = [("", *(part for kind in kinds for part in (NAMES.get(kind, kind), *["95 % interval"] * (kind in told))))]
    for parameter, row in wide.iterrows():
        if len(rows) > SHOWN and parameter != DUMMY:
            continue
        cells = []
        for kind in kinds:
            cells.append(f"{row['value', kind]:.3g}")
            if kind in told:
                known = row["high", kind] == row["high", kind]
                cells.append(f"[{row['low', kind]:.3g}, {row['high', kind]:.3g}]" if known else "-")
        rows.append((f"  {labels.get(str(parameter), str(parameter))}", *cells))
    hidden = len(made.names) - min(SHOWN, len(made.names))
    more = f"\n  and {hidden} smaller ones" if hidden else ""
    lines = [f"{outcome_words(findings)}\n{aligned(rows)}{more}"]
    if made.second_order:
        lines.append(pairs_text(findings.table, labels))
    lines.append(noise_text(findings))
    lines.append(findings.verdict)
    return "\n\n".join(lines)


def pairs_text(table: pd.DataFrame, labels: Mapping[str, str], most: int = 5) -> str:
    """Return one line with the largest second-order indices whose interval is above 0."""
    pairs = table[(table["index"] == "S2") & (table["low"] > 0)].sort_values("value", ascending=False).head(most)
    told = [
        f"{labels[str(row['parameter'])]} with {labels[str(row['other'])]} {row['value']:.3g} "
        f"[{row['low']:.3g}, {row['high']:.3g}]"
        for _, row in pairs.iterrows()
    ]
    return "second order: " + ("; ".join(told) if told else "no pair has an interval above 0")


def noise_text(findings: Findings) -> str:
    """Return one line with the share of luck in the outcome."""
    noise = findings.noise
    if noise is None:
        return "luck: its share can't be estimated from one replicate per point; use --replicates 2 or more"
    if math.isnan(noise.low):
        made = findings.study.design
        told = f"luck: too few {UNITS[made.method]} to tell its share: n = {made.n}, at least {LEAST} needed"
        return f"{told}; the s.d. of a single run is {noise.sd:.3g}"
    return (
        f"luck: {100 * noise.share:.1f} % [{100 * noise.low:.1f}, {100 * noise.high:.1f}] of a single run's variance "
        f"(s.d. {noise.sd:.3g}); of the mean of {noise.replicates} replicates, which the indices use, "
        f"{100 * noise.averaged:.1f} % [{100 * noise.averaged_low:.1f}, {100 * noise.averaged_high:.1f}]"
    )
