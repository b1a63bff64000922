"""Compare scenarios with the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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


def compare(
    output: Output,
    scenario: Annotated[
        list[str],
        typer.Argument(
            help="Two or more (the first is the reference), or one to compare with and without its programme.",
            autocompletion=scenarios_like,
        ),
    ],
    replicates: Annotated[int, typer.Option(min=2, help="Pairs of runs.")] = 100,
    seed: Seed = 0,
    weeks: Weeks = None,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    results: Results = Path("results"),
    name: Annotated[str, typer.Option(help="Name of the comparison's folder.")] = "comparison",
    jobs: Jobs = None,
    draws: Annotated[
        str | None, typer.Option(metavar="TABLE", help="Use a table of draws: posterior, or the path of a CSV file.")
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(metavar="D", help="Add pairs until every effect on adopted is known to +-D (0.01: one point)."),
    ] = None,
    most: Annotated[int, typer.Option("--max", min=2, help="Greatest number of pairs, with --precision.")] = 10_000,
    scheduler: Scheduler = None,
    full: Annotated[bool, typer.Option("--full", help="Print every outcome.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Print the terms of the decision that tipped climbs.")] = False,
) -> None:
    """Compare scenarios in pairs of runs with the same luck, or one scenario with and without its programme."""
    from sim.analysis.attribution import Attribution
    from sim.analysis.compare import beside_none, label
    from sim.analysis.compare import compare as compare_scenarios
    from sim.analysis.pairing import pairing
    from sim.analysis.precision import precision_text
    from sim.engine.outcomes import MAIN, TOTALS
    from sim.report.comparison import comparison_folder, save_comparison, titles_of
    from sim.report.text_tables import (
        attribution_text,
        carried_text,
        effects_text,
        full_effects_text,
        interaction_text,
        pairing_text,
        titles_text,
    )
    from sim.uncertainty.draw_table import load_draw_table

    take_in(interventions)
    named = beside_none(label(scenario, overlay(sets, override)))
    table = None if draws is None else load_draw_table(draws)
    found = compare_scenarios(
        named, replicates, seed, weeks, folder=results, jobs=jobs, report=output.reporter(pace), draws=table,
        scheduler=scheduler, precision=precision, most=most,
    )  # fmt: skip
    folder = comparison_folder(results, name, named, seed, found.weeks, found.replicates, table)
    attribution = Attribution(found)
    if not (folder / "manifest.json").exists():
        save_comparison(found, folder, attribution)
    if precision is not None:
        output.text(precision_text(found, precision) + "\n")
    effects = found.effects_on([outcome.name for outcome in TOTALS]) if full else found.effects
    output.text(full_effects_text(effects) if full else effects_text(effects, MAIN))
    output.table("effects", effects)
    if full:
        saved = pairing(found)
        output.text("\n" + pairing_text(saved))
        output.table("pairing", saved)
    if not found.interaction.empty:
        output.text("\n" + interaction_text(found.interaction))
        output.table("interaction", found.interaction)
    output.text("\n" + (attribution_text if why else carried_text)(attribution.differences))
    output.table("attribution", attribution.differences)
    output.text("\n" + titles_text(titles_of(found.scenarios)))
    output.file(folder, f"\ntables and pictures: {folder}")
    for failure in found.failures:
        output.failure(failure)
