"""Reports of a sensitivity study: tables, figures and a manifest next to its evaluations, and text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.sensitivity.convergence import HEADLINE, NAMES
from sim.analysis.sensitivity.findings import Findings
from sim.analysis.sensitivity.indices import DUMMY, screening
from sim.base.sources import fingerprint
from sim.engine.outcomes import TOTALS, WEEKLY
from sim.report.text_tables import aligned
from sim.results import commit, folder_name, run_hash, versions, write_parquet, write_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.sensitivity.study import Study

SHOWN = 12
"""Greatest number of parameters in the printed table."""


def study_folder(root: Path, name: str, study: Study) -> Path:
    """Return the folder of a study, whatever its n: the larger one goes on from the smaller one's evaluations."""
    return root / folder_name(name) / study.digest()


def save_findings(findings: Findings, folder: Path) -> Path:
    """Write tables (Parquet and CSV), figures and, last, the manifest; return their folder, under `folder`.

    It is named by outcome, method and n, so that several lie beside each other over the same evaluations.
    """
    study = findings.study
    made = study.design
    there = folder / f"{findings.outcome}-{made.method}-{made.n}"
    tables = {"indices": findings.table, "convergence": findings.convergence}
    if findings.weeks is not None:
        tables["weeks"] = findings.weeks
    for name, table in tables.items():
        write_parquet(there / f"{name}.parquet", {str(key): table[key].to_numpy() for key in table})
        write_text(there / f"{name}.csv", table.to_csv(index=False, float_format="%.6g"))
    draw_findings(findings, there)
    manifest = {
        "scenarios": {name: run_hash(one, study.seed, study.weeks) for name, one in study.scenarios.items()},
        "outcome": findings.outcome, "method": made.method, "n": made.n, "seed": study.seed, "weeks": study.weeks,
        "replicates": study.replicates,
        "varied": {key: [low, high] for key, low, high in zip(made.names, made.low, made.high, strict=True)},
        "noise": None if findings.noise is None else findings.noise._asdict(), "verdict": findings.verdict,
        "model": fingerprint(), "versions": versions(), "commit": commit(),
    }  # fmt: skip
    write_text(there / "manifest.json", json.dumps(manifest, indent=1) + "\n")
    return there


def draw_findings(findings: Findings, folder: Path) -> None:
    """Draw the figures of a study: Morris's plane or bars, convergence, and weeks and pairs if there are any."""
    from sim.figures.index_maps import index_pairs, index_weeks
    from sim.figures.indices import index_bars, index_convergence
    from sim.figures.output import save
    from sim.figures.sensitivity import morris

    made, labels, said = findings.study.design, labels_of(findings), outcome_words(findings)
    if made.method == "morris":
        noise = float("nan") if findings.noise is None else findings.noise.sd
        table = screening(made, findings.table, findings.outcome).assign(seed_noise=noise)
        save(morris(table, said, noise_at="points of the design"), folder / "morris")
    else:
        save(index_bars(findings.table, said, labels), folder / "indices")
    save(index_convergence(findings.convergence, said, labels), folder / "convergence")
    if findings.weeks is not None:
        save(index_weeks(findings.weeks, outcome_words(findings, weekly=True), labels), folder / "weeks")
    if made.second_order and len(made.names) > 1:
        save(index_pairs(findings.table, said, labels), folder / "pairs")


def labels_of(findings: Findings) -> Mapping[str, str]:
    """Return the label of each parameter."""
    made = findings.study.design
    return dict(zip(made.names, made.labels, strict=True))


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
    return (
        f"luck: {100 * noise.share:.1f} % [{100 * noise.low:.1f}, {100 * noise.high:.1f}] of a single run's variance "
        f"(s.d. {noise.sd:.3g}); of the mean of {noise.replicates} replicates, which the indices use, "
        f"{100 * noise.averaged:.1f} % [{100 * noise.averaged_low:.1f}, {100 * noise.averaged_high:.1f}]"
    )
