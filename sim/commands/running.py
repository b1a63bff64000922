"""Run a scenario once, and draw it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.base.errors import InputError
from sim.commands.options import Interventions, Overrides, Results, ScenarioName, Seed, Sets, Weeks, overlay, take_in


def run(
    scenario: ScenarioName,
    seed: Seed = 0,
    replicate: Annotated[int, typer.Option(min=0, help="Which run under that seed.")] = 0,
    weeks: Weeks = None,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    results: Results = Path("results"),
) -> None:
    """Run a scenario once, print what came of it, and keep its weekly table."""
    from sim.report.summary import between_villages, summary
    from sim.runs.single import run_and_keep
    from sim.scenario import load_scenario

    take_in(interventions)
    loaded = load_scenario(scenario, overlay(sets, override))
    kept = run_and_keep(loaded, Path(scenario).stem, seed, replicate, weeks, results)
    print(summary(loaded.title, kept.totals))
    if kept.villages is not None:
        print("\n" + between_villages(kept.villages))
    print(f"\n{'found' if kept.found else 'wrote'} {kept.path}")


def plot(
    scenario: ScenarioName,
    seed: Seed = 0,
    replicate: Annotated[int, typer.Option(min=0)] = 0,
    weeks: Weeks = None,
    map_weeks: Annotated[str, typer.Option("--map", metavar="WEEKS", help="Map after these weeks, as 1,26,52.")] = "",
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    out: Annotated[Path, typer.Option(help="Folder for the pictures.")] = Path("results/figures"),
) -> None:
    """Draw one run of a scenario: its ladder, its curves by group, and the village map at chosen weeks."""
    from sim.report.runs import draw_run
    from sim.scenario import load_scenario

    take_in(interventions)
    loaded = load_scenario(scenario, overlay(sets, override))
    for path in draw_run(loaded, Path(scenario).stem, seed, replicate, weeks, week_list(map_weeks), out):
        print(path)


def week_list(text: str) -> list[int]:
    """Return the weeks of ``--map``; none for an empty text. Raises InputError."""
    try:
        weeks = [int(part) for part in text.split(",")] if text else []
    except ValueError:
        raise InputError(f"'{text}' isn't a list of weeks such as 1,26,52", "--map") from None
    if any(week < 1 for week in weeks):
        raise InputError("weeks count from 1, the end of the first week", "--map")
    return weeks
