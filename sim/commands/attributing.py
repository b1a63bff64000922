"""Divide a programme's effect among its interventions, or among the mechanisms that carry it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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
    Weeks,
    outcome_unit,
    overlay,
    pace,
    take_in,
)  # fmt: skip
from sim.commands.output import Output


def attribute(
    output: Output,
    scenario: ScenarioName,
    replicates: Annotated[
        int, typer.Option(min=2, max=REPLICATES, help="Replicates of every set of interventions.")
    ] = 50,
    seed: Seed = 0,
    weeks: Weeks = None,
    outcome: Annotated[str, typer.Option(help="The outcome to print; the table has all of them.")] = "adopted",
    mechanisms: Annotated[
        bool,
        typer.Option("--mechanisms", help="Switch off mechanisms one by one instead."),
    ] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Only estimate the cost.")] = False,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    results: Results = Path("results"),
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    formats: Formats = None,
) -> None:
    """Show what each intervention of a scenario adds (Shapley shares), or what each mechanism carries (--mechanisms)."""
    from sim.analysis.compare import label
    from sim.report.formats import formats_of
    from sim.report.shares import MECHANISMS, SHARES, carried_text, shares_report, shares_text

    take_in(interventions)
    unit = outcome_unit(outcome)
    ((name, loaded),) = label([scenario], overlay(sets, override)).items()
    kind = MECHANISMS if mechanisms else SHARES
    horizon = weeks or loaded.weeks
    output.remarks([loaded], horizon)
    if preview:
        from sim.analysis.shapley import NAME, request_of_sets
        from sim.analysis.switching_off import request_of_mechanisms
        from sim.runs import Collection, missing

        request_of = request_of_mechanisms if mechanisms else request_of_sets
        request = request_of(loaded, replicates, seed, horizon)
        size = {"replicates": replicates, "scenarios": len(request.scenarios), "weeks": horizon, "runs": request.runs}
        size["runs_left"] = missing(request, Collection(results, NAME))
        output.table("cost", [say_cost(size, [request_of(loaded, 1, seed, horizon)], jobs, output.text)])
        return
    report = shares_report(results, kind, name, loaded, seed, horizon, replicates, outcome)
    report.command, report.formats = output.line, formats_of(formats)
    tables = report.kept()
    if not tables:
        from sim.analysis.shapley import shares
        from sim.analysis.switching_off import switch_off
        from sim.report.shares import save_carried, save_shares

        how: dict[str, Any] = {
            "folder": results, "jobs": jobs, "scheduler": scheduler, "report": output.reporter(pace)
        }  # fmt: skip
        if mechanisms:
            off = switch_off(loaded, replicates, seed, horizon, **how)
            tables, failures = save_carried(off, outcome, report), off.comparison.failures
        else:
            shared = shares(loaded, replicates, seed, horizon, **how)
            tables, failures = save_shares(shared, outcome, report, replicates), shared.failures
        for failure in failures:
            output.failure(failure)
    table = tables[kind]
    if mechanisms:
        output.text(carried_text(table, outcome))
        output.table(MECHANISMS, table.assign(unit=unit))
    else:
        output.text(shares_text(table, outcome))
        output.table(SHARES, table)
    output.file(report.folder, f"\ntables and pictures: {report.folder}")
