"""Search for the mix of interventions that keeps most households within a budget."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from sim.base.errors import legible
from sim.base.whole import REPLICATES
from sim.commands.cost import memory_text
from sim.commands.options import (
    Formats,
    Interventions,
    Jobs,
    Overrides,
    Results,
    Scheduler,
    Seed,
    Sets,
    overlay,
    pace,
    take_in,
)  # fmt: skip
from sim.commands.output import Output


def optimise(
    output: Output,
    menu: Annotated[str, typer.Argument(help="Name or path of a menu in scenarios/policies, or a scenario's name.")],
    budget_yuan: Annotated[float, typer.Option(min=0, max=1e12, help="Yuan beyond the routine.")],
    budget_hours: Annotated[float, typer.Option(min=0, max=1e12, help="Unpaid hours beyond the routine.")],
    draws: Annotated[
        str | None,
        typer.Option(help="Table of draws, such as posterior; the scenario's values if left out."),
    ] = None,
    trials: Annotated[int, typer.Option(min=2, help="Mixes that the search tries.")] = 200,
    finalists: Annotated[int, typer.Option(min=1, help="Mixes that are judged with fresh luck.")] = 8,
    luck: Annotated[
        int, typer.Option(min=8, help="Runs of a finalist in the search; a trial has a quarter of them.")
    ] = 32,
    judged: Annotated[int, typer.Option(min=2, help="Draws of the judgement.")] = 24,
    replicates: Annotated[int, typer.Option(min=1, max=REPLICATES, help="Runs of each draw in the judgement.")] = 2,
    mix: Annotated[
        list[str] | None, typer.Option("--mix", metavar="INTERVENTION", help="Mix this intervention; repeatable.")
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only print prices and estimate the cost.")] = False,
    seed: Seed = 0,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    results: Results = Path("results"),
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    formats: Formats = None,
) -> None:
    """Find the mix, timing and targeting with most households adopted a year after the programme, within a budget."""
    from sim.analysis.menu import load_menu
    from sim.analysis.policy import optimise as search
    from sim.analysis.policy_runs import NAME, OUTCOMES, PolicyRuns, planned_runs
    from sim.report.formats import formats_of
    from sim.report.policy import policy_report, policy_text, price_table, prices_text, save_policy
    from sim.runs import Collection
    from sim.uncertainty.draw_table import load_draw_table

    take_in(interventions)
    chosen_from = load_menu(menu, overlay(sets, override))
    if mix:
        chosen_from = chosen_from.only(mix)
    full = dict.fromkeys(chosen_from.interventions, 1.0)
    output.remarks([chosen_from.scenario_at(full, chosen_from.plain)], chosen_from.horizon)
    table = None if draws is None else load_draw_table(draws)
    name, budget = legible(Path(menu).stem), {"yuan": budget_yuan, "hours": budget_hours}
    with Collection(results, NAME) as kept:
        runs = PolicyRuns(chosen_from, table, seed, luck, (judged, replicates), jobs, kept, scheduler)
        report = policy_report(runs, results, name, budget, trials, finalists)
        report.command, report.formats = output.line, formats_of(formats)
        tables = report.kept()
        if preview or not tables:
            began = time.monotonic()
            priced = runs.interventions(budget)
            prices = price_table(priced, chosen_from, budget)
            rate = (runs.done - runs.found) / (time.monotonic() - began)
            runs.planned = planned_runs(runs, trials, finalists)
            pace_told = f", {runs.planned / rate:,.0f} s at {rate:.0f} a second" if rate else ""
            cost = f"at most {runs.planned:,} runs{pace_told}"
        else:
            prices = tables["prices"]
        output.text(prices_text(prices) + "\n")
        output.table("prices", prices)
        if preview:
            output.text(cost)
            everything = chosen_from.scenario_at(dict.fromkeys(chosen_from.interventions, 1.0), chosen_from.plain)
            output.text(memory_text([everything], jobs, chosen_from.horizon))
            output.table("cost", [{"runs": runs.planned, "seconds": runs.planned / rate if rate else None}])
            return
        if not tables:
            output.note(cost)
            runs.report = output.reporter(pace)
            found = search(
                runs, priced, budget, outcomes=OUTCOMES, search=runs.search, fresh=runs.fresh,
                settings=chosen_from.settings, trials=trials, finalists=finalists, seed=seed,
            )  # fmt: skip
            runs.finish()
            title = f"{chosen_from.title}: best mix found for {budget_yuan:,.0f} yuan and {budget_hours:,.0f} hours"
            tables = {"policies": save_policy(found, runs, report, title, prices)}
    output.text(policy_text(tables["policies"], budget))
    output.table("policies", tables["policies"])
    output.file(report.folder, f"\ntables, pictures and the chosen mix as a scenario (policy.yaml): {report.folder}")
