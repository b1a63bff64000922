"""Run a scenario at every point of a grid of values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.base.whole import REPLICATES
from sim.commands.cost import say_cost
from sim.commands.options import (
    Formats,
    Interventions,
    Jobs,
    Overrides,
    Results,
    ScenarioName,
    Scheduler,
    Seed,
    Sets,
    WeeksOfAll,
    keys_like,
    outcome_unit,
    overlay,
    pace,
    take_in,
)
from sim.commands.output import Output


def sweep(
    output: Output,
    scenario: ScenarioName,
    over: Annotated[
        list[str],
        typer.Option(
            "--over",
            metavar="KEY=LOW:HIGH:N",
            help="Vary this value: N evenly spaced values, or a list KEY=A,B,C; one to three keys.",
            autocompletion=keys_like,
        ),
    ],
    against: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Compare every point with this scenario, run by run.")
    ] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="An outcome of a run (adopted if left out); repeatable.")
    ] = None,
    method: Annotated[
        str, typer.Option(help="grid, or sobol: points that fill the box of --over KEY=LOW:HIGH evenly.")
    ] = "grid",
    n: Annotated[int | None, typer.Option("--n", help="Points of --method sobol; 64 if left out.")] = None,
    replicates: Annotated[
        int, typer.Option(min=1, max=REPLICATES, help="Runs of each point; fewer than 20 support no verdict.")
    ] = 20,
    draws: Annotated[
        str | None,
        typer.Option(metavar="TABLE", help="Run each point with each draw: posterior, or the path of a CSV file."),
    ] = None,
    seed: Seed = 0,
    weeks: WeeksOfAll = None,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    results: Results = Path("results"),
    name: Annotated[str, typer.Option(help="Name of the sweep's folder.")] = "sweep",
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    formats: Formats = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only estimate the cost.")] = False,
) -> None:
    """Vary one to three values of a scenario on a grid, and show where an outcome is highest, or differs from a reference."""
    from sim.analysis.compare import label
    from sim.analysis.sweep import evaluate, missing_runs, plan_of
    from sim.report.formats import formats_of
    from sim.report.sweep import SUMMARY, save_sweep, sweep_report, units_of
    from sim.uncertainty.draw_table import load_draw_table

    take_in(interventions)
    outcomes = tuple(dict.fromkeys(outcome or ("adopted",)))
    for one in outcomes:
        outcome_unit(one)
    named = label([scenario, *([] if against is None else [against])], overlay(sets, override))
    output.remarks(named.values(), weeks)
    table = None if draws is None else load_draw_table(draws)
    plan = plan_of(named, over, method=method, n=n, replicates=replicates, seed=seed, weeks=weeks, draws=table)
    if preview:
        requests = plan.requests
        size = {"values": len(plan.axes), "points": len(plan.points) * plan.shape[1], "replicates": replicates}
        size |= {"scenarios": len(named), "weeks": plan.weeks, "runs": sum(request.runs for request in requests)}
        first = plan.first()
        output.table(
            "cost", [say_cost({**size, "runs_left": missing_runs(plan, results)}, first.requests, jobs, output.text)]
        )
        return
    report = sweep_report(results, name, plan, outcomes)
    report.command, report.formats = output.line, formats_of(formats)
    tables = report.kept()
    if not tables:
        swept = evaluate(plan, outcomes, results, jobs=jobs, report=output.reporter(pace), scheduler=scheduler)
        tables = save_sweep(swept, report)
    output.text(report.read_text(SUMMARY))
    output.table("points", tables["points"], units_of(plan))
    output.file(report.folder, f"\ntables and pictures: {report.folder}")
