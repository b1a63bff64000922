"""Compare scenarios with the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.base.whole import REPLICATES
from sim.commands.effects import print_effects
from sim.commands.options import (
    Formats,
    Interventions,
    Jobs,
    Overrides,
    Results,
    Scheduler,
    Seed,
    Sets,
    WeeksOfAll,
    overlay,
    pace,
    scenarios_like,
    take_in,
)
from sim.commands.output import Output

if TYPE_CHECKING:
    import pandas as pd


def compare(
    output: Output,
    scenario: Annotated[
        list[str],
        typer.Argument(
            help="Two or more (the first is the reference), or one to compare with and without its programme.",
            autocompletion=scenarios_like,
        ),
    ],
    replicates: Annotated[int, typer.Option(min=2, max=REPLICATES, help="Pairs of runs.")] = 100,
    seed: Seed = 0,
    weeks: WeeksOfAll = None,
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
    formats: Formats = None,
    full: Annotated[bool, typer.Option("--full", help="Print every outcome.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Print the terms of the decision that tipped climbs.")] = False,
) -> None:
    """Compare scenarios in pairs of runs with the same luck, or one scenario with and without its programme."""
    from sim.analysis.comparable import notes
    from sim.analysis.compare import beside_none, horizon_of, label
    from sim.analysis.precision import precision_text
    from sim.engine.outcomes import TOTALS
    from sim.report.comparison import comparison_report, titles_of
    from sim.report.effects import interaction_text
    from sim.report.formats import formats_of
    from sim.report.text_tables import attribution_text, carried_text, pairing_text, titles_text
    from sim.uncertainty.draw_table import load_draw_table

    take_in(interventions)
    named = beside_none(label(scenario, overlay(sets, override)))
    output.remarks(named.values(), horizon_of(named, weeks))
    table = None if draws is None else load_draw_table(draws)
    pairs = {"pairs": replicates} if precision is None else {"least": replicates, "precision": precision, "most": most}
    horizon = horizon_of(named, weeks)

    def show(tables: Mapping[str, pd.DataFrame]) -> None:
        if precision is not None:
            output.text(precision_text(tables["precision"], precision) + "\n")
        print_effects(output, tables["effects_full" if full else "effects"], notes(named, horizon), full=full)
        if full:
            output.text("\n" + pairing_text(tables["pairing"]))
            output.table("pairing", tables["pairing"])
        if "interaction" in tables:
            output.text("\n" + interaction_text(tables["interaction"]))
            output.table("interaction", tables["interaction"])
        output.text("\n" + (attribution_text if why else carried_text)(tables["attribution"]))
        output.table("attribution", tables["attribution"])
        output.text("\n" + titles_text(titles_of(named)))

    report = comparison_report(results, name, named, seed, horizon, table, pairs)
    report.command, report.formats = output.line, formats_of(formats)
    tables = report.kept()
    if not tables or (full and "pairing" not in tables):
        from sim.analysis.compare import compare as compare_scenarios
        from sim.analysis.pairing import pairing
        from sim.analysis.precision import precision_table
        from sim.report.comparison import save_comparison

        comparison = compare_scenarios(
            named, replicates, seed, weeks, folder=results, jobs=jobs, report=output.reporter(pace), draws=table,
            scheduler=scheduler, precision=precision, most=most,
        )  # fmt: skip
        more = {} if precision is None else {"precision": precision_table(comparison)}
        if full:
            every = comparison.effects_on([outcome.name for outcome in TOTALS])
            more |= {"pairing": pairing(comparison), "effects_full": every}
        for failure in comparison.failures:
            output.failure(failure)
        save_comparison(comparison, report, more, show)
    else:
        show(tables)
    output.file(report.folder, f"\ntables and pictures: {report.folder}")
