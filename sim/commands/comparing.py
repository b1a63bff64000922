"""Compare scenarios under the same luck."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Jobs, Levers, Overrides, Results, Seed, Sets, Weeks, overlay, progress, take_in


def compare(
    scenario: Annotated[
        list[str], typer.Argument(help="Two or more, the first is the reference; or one, to set against none.")
    ],
    replicates: Annotated[int, typer.Option(min=2, help="Pairs of runs.")] = 100,
    seed: Seed = 0,
    weeks: Weeks = None,
    sets: Sets = None,
    override: Overrides = None,
    levers: Levers = None,
    results: Results = Path("results"),
    name: Annotated[str, typer.Option(help="Name of the comparison's folder.")] = "comparison",
    jobs: Jobs = None,
    full: Annotated[bool, typer.Option("--full", help="Print every outcome.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Print all terms that tipped climbs.")] = False,
) -> None:
    """Run scenarios in pairs under the same luck, or one with and without its programme, and tell what differs."""
    from sim.analysis.attribution import Attribution
    from sim.analysis.compare import beside_none, label
    from sim.analysis.compare import compare as compare_scenarios
    from sim.report import comparison_folder, save_comparison
    from sim.tables import attribution_text, carried_text, effects_text, interaction_text

    take_in(levers)
    named = beside_none(label(scenario, overlay(sets, override)))
    found = compare_scenarios(named, replicates, seed, weeks, folder=results, jobs=jobs, report=progress())
    folder = comparison_folder(results, name, named, seed, found.weeks, replicates)
    attribution = Attribution(found)
    if not (folder / "manifest.json").exists():
        save_comparison(found, folder, attribution)
    shown = None if full else ("adopted", "clean", "self_initiated", "newcomer_gap", "yuan", "hours")
    print(effects_text(found.effects, shown))
    if not found.interaction.empty:
        print("\n" + interaction_text(found.interaction))
    print("\n" + (attribution_text if why else carried_text)(attribution.differences))
    print(f"\ntables and pictures: {folder}")
    for failure in found.failures:
        print(failure, file=sys.stderr)
    if found.failures:
        raise typer.Exit(1)
