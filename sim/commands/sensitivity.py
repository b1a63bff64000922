"""Find the uncertain values and interventions on which an outcome depends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import (
    Interventions,
    Jobs,
    Overrides,
    Results,
    ScenarioName,
    Scheduler,
    Seed,
    Sets,
    Weeks,
    outcome_unit,
    overlay,
    pace,
    take_in,
)
from sim.commands.output import Output


def sensitivity(
    output: Output,
    scenario: ScenarioName,
    against: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Explain the difference from this scenario, run by run.")
    ] = None,
    method: Annotated[str, typer.Option(help="morris (screening), sobol (shares of variance) or pawn.")] = "morris",
    n: Annotated[
        int | None,
        typer.Option(
            "--n",
            help="Trajectories (morris; as many as --width asks for if left out), base points, a power of 2 (sobol, 256), "
            "or points (pawn, 1024).",
        ),
    ] = None,
    outcome: Annotated[
        str, typer.Option(help="Any outcome of a run, such as adopted, clean, trust or hours.")
    ] = "adopted",
    replicates: Annotated[
        int, typer.Option(min=1, help="Runs of each point, which are averaged; 2 or more also give the share of luck.")
    ] = 2,
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="KEY[=LOW:HIGH]",
            help="Vary this value; 'priors' for all priors (the default); repeatable.",
        ),
    ] = None,
    second_order: Annotated[
        bool, typer.Option("--second-order", help="Sobol: also indices of pairs, with nearly twice the runs.")
    ] = False,
    width: Annotated[
        float, typer.Option(min=0.01, help="Greatest width of an interval that counts as converged.")
    ] = 0.2,
    seed: Seed = 0,
    weeks: Weeks = None,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    results: Results = Path("results"),
    name: Annotated[str, typer.Option(help="Name of the study's folder.")] = "sensitivity",
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only estimate the cost.")] = False,
) -> None:
    """Vary uncertain values and interventions together, and show on which of them an outcome depends."""
    from sim.analysis.compare import label
    from sim.analysis.sensitivity.convergence import MOST, until_narrow
    from sim.analysis.sensitivity.design import design
    from sim.analysis.sensitivity.evaluations import evaluate_study, missing_runs
    from sim.analysis.sensitivity.findings import Findings
    from sim.analysis.sensitivity.study import Study, varied
    from sim.report.sensitivity import findings_text, save_findings, study_folder

    take_in(interventions)
    unit = outcome_unit(outcome)
    scenarios = label([scenario, *([] if against is None else [against])], overlay(sets, override))
    horizon = max(one.weeks for one in scenarios.values()) if weeks is None else weeks
    values = varied(scenarios, over or ())

    def study_of(size: int | None) -> Study:
        return Study(scenarios, design(values, method, size, seed, second_order), replicates, seed, horizon)

    study = study_of(n)
    made, folder = study.design, study_folder(results, name, study)
    grows = method == "morris" and n is None
    left = missing_runs(study, results)
    say = output.text if preview else output.note
    say(
        f"{len(made.names)} values, {made.draws.size} points x {replicates} replicates x {len(scenarios)} scenario(s) = "
        f"{study.runs} runs of {horizon} weeks, {study.runs - left} of them stored already"
    )
    seconds = 0.0
    if left:
        each, threads = study.seconds_a_run(), jobs or os.cpu_count() or 1
        seconds = left * each / threads
        say(f"a run takes {1000 * each:.0f} ms: about {seconds:.0f} s on {threads} thread(s)")
    if grows:
        say(
            f"that is the beginning: trajectories are added until the widest interval is at most {width:g} of the largest "
            f"mu*, up to {MOST} of them ({study.runs // made.n * MOST:,} runs); --n N takes N"
        )
    if preview:
        cost = {
            "values": len(made.names), "points": made.draws.size, "replicates": replicates, "scenarios": len(scenarios),
            "weeks": horizon, "runs": study.runs, "runs_left": left, "seconds": seconds,
        }  # fmt: skip
        output.table("cost", [cost])
        return

    def findings_at(size: int) -> Findings:
        one = study_of(size)
        return Findings(one, outcome, evaluate_study(one, results, jobs, output.reporter(pace), scheduler), width)

    findings = until_narrow(findings_at, width) if grows else findings_at(made.n)
    output.text(findings_text(findings))
    output.table("indices", findings.table.assign(unit=unit if method == "morris" else "1"))
    if findings.noise is not None:
        output.table("luck", [findings.noise._asdict() | {"unit": unit}])
    output.table("verdict", [{"outcome": outcome, "verdict": findings.verdict}])
    there = save_findings(findings, folder)
    output.file(there, f"\ntables and pictures: {there}")
