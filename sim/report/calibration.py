"""Reports of a calibration: tables, figures and a manifest in a folder, the draws as a table for scenarios, and text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.calibration.fit_patterns import BANDS, CAMPAIGN, EARLY, STUCK
from sim.analysis.calibration.history_matching import NOISE_POINTS, NOISE_SEEDS
from sim.analysis.calibration.predictive import PARTS
from sim.analysis.calibration.result import OPEN
from sim.analysis.calibration.village import Calibration, Plan, default_values
from sim.base.sources import fingerprint
from sim.evidence import seeds_folder
from sim.report.keeping import Report, files_hash
from sim.report.text_tables import aligned
from sim.results import commit, versions
from sim.scenario import load_scenario, scenarios_folder

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

CALIBRATION = "calibration"
"""The kind of report, and its name."""
DRAWS, ORIGIN, SUMMARY = "posterior.csv", "posterior.json", "summary.txt"
"""Files of the report: the draws, how they came about, and what is printed."""
SHOWN = 6
"""Number of values in the figure of pairs, those about which most was learnt."""


def calibration_report(root: Path, plan: Plan, folder: Path | None = None) -> Report:
    """Return the report of a calibration, whose hash covers all that it depends on. folder : see `Report`."""
    priors, targets = plan.load()
    inputs = {
        "plan": repr(plan), "priors": repr(priors), "targets": repr(targets), "seed": plan.seed, "weeks": STUCK,
        "files": [files_hash(folder) for folder in (scenarios_folder(), seeds_folder())],
    }  # fmt: skip
    return Report(root, CALIBRATION, CALIBRATION, inputs, folder)


def made_by(calibration: Calibration) -> dict[str, Any]:
    """Return the origin of a calibration: command, model, numbers of draws, and how the defaults compare with it."""
    plan, found = calibration.plan, calibration.found
    command = ["grassroots calibrate", f"--draws {plan.draws}", f"--waves {len(plan.waves)}"]
    command += [f"--wave-draws {plan.waves[0]}"] if plan.waves else []
    command += [f"--replicates {plan.replicates}", f"--seed {plan.seed}", f"--scored {plan.scored}"]
    command += ["--only-fit"] if plan.only_fit else []
    command += [f"--priors {plan.priors}"] if plan.priors else []
    return {
        "command": " ".join(command), "model": fingerprint(), "versions": versions(), "commit": commit(),
        "targets": {name: list(target) for name, target in found.targets.items()}, "considered": found.considered,
        "not_ruled_out": int(found.acceptance["draws"].iloc[0]), "accepted": len(found), "simulations": found.simulations,
        "acceptance": found.acceptance.to_dict("records"), "defaults": calibration.defaults(),
    }  # fmt: skip


def origin_text(calibration: Calibration) -> str:
    """Return the origin of a calibration's draws as JSON, for the file next to them."""
    return json.dumps(made_by(calibration), indent=1) + "\n"


def tables(calibration: Calibration) -> dict[str, pd.DataFrame]:
    """Return all tables of a calibration by name; `marginals` has a further column with the default values."""
    import pandas as pd

    found = calibration.found
    summaries = pd.DataFrame(found.summaries, columns=list(found.targets))
    summaries.insert(0, "draw", found.numbers)
    return {
        "waves": found.waves, "acceptance": found.acceptance, "fit": found.fit(), "summaries": summaries,
        "marginals": found.marginals().assign(default=default_values(found.priors)), "densities": found.densities(),
        "pairs": found.pairs(), "courses": calibration.courses, "scores": calibration.scores,
    }  # fmt: skip


def save_calibration(
    calibration: Calibration, report: Report, show: Callable[[Mapping[str, pd.DataFrame]], None]
) -> None:  # fmt: skip
    """Write the draws as a table for ``--draws`` with their origin, the tables, text and figures.

    show : called with all tables before the figures are drawn, which takes long.
    """
    by_name = tables(calibration)
    for name, table in by_name.items():
        report.table(name, table)
    report.file(DRAWS, calibration.found.draw_table(Path(DRAWS).stem).write)
    report.text(ORIGIN, origin_text(calibration))
    report.text(SUMMARY, calibration_text(calibration))
    show(by_name)
    for name, figure in figures(calibration, by_name).items():
        report.figure(name, figure)
    report.finish(calibration.plan.replicates)


def figures(calibration: Calibration, made: dict[str, pd.DataFrame]) -> dict[str, Figure]:
    """Return the figures of a calibration by name, drawn from its tables."""
    import pandas as pd

    from sim.figures.marginals import marginals
    from sim.figures.pairs import pairs
    from sim.figures.predictive import predictive

    found = calibration.found
    learnt = made["marginals"].sort_values("sd_ratio", kind="stable")["key"].head(SHOWN)
    names = {prior.key: prior.name for prior in found.priors}
    draws = pd.DataFrame(found.values, columns=list(names))
    bars = [
        (scenario, week, *found.targets[name])
        for name, scenario, week in (
            ("early", "campaign", EARLY), ("agreed", "campaign", CAMPAIGN), ("stuck", "baseline", STUCK),
        )
        if name in found.targets
    ]  # fmt: skip
    asked = pd.DataFrame(bars, columns=["scenario", "week", "low", "high"])
    titles = {name: load_scenario(name).title for name in dict.fromkeys(made["courses"]["scenario"])}
    return {
        "marginals": marginals(made["densities"], made["marginals"]),
        "pairs": pairs(draws, made["pairs"], list(learnt), names),
        "predictive": predictive(made["courses"], asked, titles),
    }


def calibration_text(calibration: Calibration) -> str:
    """Return a calibration as text: waves, acceptance, what was learnt, the defaults, and patterns."""
    found = calibration.found
    parts: list[str] = []
    rows: list[tuple[str, ...]]
    if not found.waves.empty:
        rows = [("wave", "target", "points", "Q2", "s.d. between seeds", "draws left")]
        rows += [
            (str(r.wave), str(r.target), str(r.points), f"{r.q2:.3f}", f"{r.sd_between_seeds:.4f}", f"{r.left:.2%}")
            for r in found.waves.itertuples()
        ]
        parts.append("history matching\n" + aligned(rows, left=2))
    rows = [("round", "replicates", "draws", "kept")]
    rows += [tuple(map(str, row)) for row in found.acceptance.itertuples(index=False)]
    parts.append(f"real runs, of {found.considered:,} draws considered\n" + aligned(rows))
    rows = [("target", "band", "5 %", "50 %", "95 %", "what")]
    rows += [
        (str(r.target), f"{r.first:g} to {r.second:g}", f"{r.q05:.3f}", f"{r.q50:.3f}", f"{r.q95:.3f}",
         f"{BANDS[str(r.target)].pattern}: {BANDS[str(r.target)].meaning}")
        for r in found.fit().itertuples()
    ]  # fmt: skip
    parts.append("the draws' fit\n" + aligned(rows, left=2))
    table = found.marginals().sort_values("sd_ratio", kind="stable")
    rows = [("value", "prior, middle 90 %", "posterior", "s.d. of the prior's", "in the end tenth", "distance", "")]
    rows += [
        (str(r.key), f"{r.prior_05:.3g} to {r.prior_95:.3g}", f"{r.posterior_05:.3g} to {r.posterior_95:.3g}",
         f"{r.sd_ratio:.0%}", f"{r.at_end:.0%}", f"{r.ks:.2f}", str(r.verdict))
        for r in table.itertuples()
    ]  # fmt: skip
    parts.append("prior against posterior\n" + aligned(rows))
    lie = calibration.defaults()
    outside = ", ".join(lie["outside_90"]) or "none"
    parts.append(
        f"not identified: {int((table['verdict'] == OPEN).sum())} of {len(table)} values\n"
        f"default values: {lie['more_central']:.0%} of the draws are more central; outside the middle 90 %: {outside}\n"
        f"most central draw: {lie['medoid']}"
    )
    rows = [("patterns, over draws", "quantities whose mean meets it", "mean share of draws")]
    for part in PARTS:
        mine = calibration.scores[calibration.scores["part"] == part]
        if len(mine):
            good = int((mine["verdict"] == "reproduced").sum())
            rows.append((part, f"{good} of {len(mine)}", f"{mine['within'].mean():.0%}"))
    parts.append(aligned(rows))
    return "\n\n".join(parts)


def cost_text(plan: Plan, jobs: int, each: float) -> str:
    """Return the expected cost of a calibration; each : seconds for a draw and replicate, see `seconds_a_draw`."""
    waves = sum(plan.waves) + len(plan.waves) * NOISE_POINTS * NOISE_SEEDS
    lines = [
        f"{each:.3f} s per draw and replicate on {jobs} threads if run to the end; hopeless draws take a third",
        f"waves: at most {waves} draws, {waves * each:,.0f} s, plus some seconds for emulators"
        if plan.waves
        else f"no waves: {plan.draws} draws, {plan.draws * each:,.0f} s at most",
        f"acceptance: each 1 % of the {plan.draws} draws left by the waves takes {plan.draws * each / 100:,.0f} s for "
        f"the first round, and at most {plan.replicates} times that for the second",
        "an interruption loses only the runs under way; the same command continues from there",
    ]
    return "\n".join(lines)
