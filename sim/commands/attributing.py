"""Divide a programme's effect among its interventions, or among the mechanisms that carry it."""

from __future__ import annotations

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
)  # fmt: skip
from sim.commands.output import Output


def attribute(
    output: Output,
    scenario: ScenarioName,
    replicates: Annotated[int, typer.Option(min=2, help="Replicates of every set of interventions.")] = 50,
    seed: Seed = 0,
    weeks: Weeks = None,
    outcome: Annotated[str, typer.Option(help="The outcome to print; the table has all of them.")] = "adopted",
    mechanisms: Annotated[
        bool,
        typer.Option("--mechanisms", help="Switch off mechanisms one by one instead."),
    ] = False,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    results: Results = Path("results"),
    jobs: Jobs = None,
    scheduler: Scheduler = None,
) -> None:
    """Show what each intervention of a scenario adds (Shapley shares), or what each mechanism carries (--mechanisms)."""
    from sim.analysis.shapley import shares
    from sim.analysis.switching_off import switch_off
    from sim.report.shares import carried_text, save_carried, save_shares, shares_text
    from sim.scenario import load_scenario

    take_in(interventions)
    unit = outcome_unit(outcome)
    loaded = load_scenario(scenario, overlay(sets, override))
    name = Path(scenario).stem
    if mechanisms:
        off = switch_off(
            loaded,
            replicates,
            seed,
            weeks,
            folder=results,
            jobs=jobs,
            report=output.reporter(pace),
            scheduler=scheduler,
        )
        folder, failures = save_carried(off, name, outcome, results), off.comparison.failures
        output.text(carried_text(off.effects(outcome), outcome))
        output.table("mechanisms", off.effects(outcome).assign(unit=unit))
    else:
        found = shares(
            loaded, replicates, seed, weeks, name=name, folder=results, jobs=jobs, report=output.reporter(pace),
            scheduler=scheduler,
        )  # fmt: skip
        folder, failures = save_shares(found, name, outcome, results), found.failures
        output.text(shares_text(found.table, outcome))
        output.table("shares", found.table)
    output.file(folder, f"\ntables and pictures: {folder}")
    for failure in failures:
        output.failure(failure)
