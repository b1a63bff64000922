"""Run scenarios, draws and replicates into a results folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.base.errors import InputError
from sim.base.whole import REPLICATES
from sim.commands.options import (
    Interventions,
    Jobs,
    Overrides,
    Results,
    Scheduler,
    Seed,
    Sets,
    Weeks,
    overlay,
    pace,
    scenarios_like,
    take_in,
)
from sim.commands.output import Output


def batch(
    output: Output,
    scenario: Annotated[
        list[str], typer.Argument(help="One or more; all have the same luck.", autocompletion=scenarios_like)
    ],
    replicates: Annotated[int, typer.Option(min=1, max=REPLICATES, help="Runs of each scenario and draw.")] = 100,
    draws: Annotated[
        str | None,
        typer.Option(metavar="TABLE", help="Run with a table of draws: posterior, or the path of a CSV file."),
    ] = None,
    only: Annotated[int | None, typer.Option(min=1, metavar="N", help="Use only the table's first N draws.")] = None,
    seed: Seed = 0,
    weeks: Weeks = None,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    results: Results = Path("results"),
    jobs: Jobs = None,
    scheduler: Scheduler = None,
) -> None:
    """Run scenarios with draws and replicates; after an interruption the same command continues where it stopped."""
    from sim.analysis.compare import label
    from sim.report.summary import batch_rows, of_batch
    from sim.results import folder_name, run_hash
    from sim.runs import Request, run
    from sim.uncertainty.draw_table import load_draw_table

    take_in(interventions)
    named = label(scenario, overlay(sets, override))
    table = None if draws is None else load_draw_table(draws)
    if table is not None and only is not None:
        table = table.head(only)
    horizon = weeks or max(s.weeks for s in named.values())
    output.remarks(named.values(), horizon)
    request = Request.of(named, replicates, seed, horizon, table)
    runs = run(request, results, jobs=jobs, scheduler=scheduler, report=output.reporter(pace))
    if not any(runs.tables.values()):
        raise InputError(f"every run failed; the first: {runs.failures[0]}")
    output.text(of_batch(runs.tables))
    output.table("batch", batch_rows(runs.tables))
    for name in named:
        output.file(results / folder_name(name) / run_hash(named[name], seed, horizon, table))
    for failure in runs.failures:
        output.failure(failure)
