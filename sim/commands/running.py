"""Run a scenario once, or draw figures of one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.base.errors import InputError
from sim.commands.options import (
    Formats,
    Interventions,
    Overrides,
    Replicate,
    Results,
    ScenarioName,
    Scheduler,
    Seed,
    Sets,
    Weeks,
    overlay,
    take_in,
)
from sim.commands.output import Output


def run(
    output: Output,
    scenario: ScenarioName,
    seed: Seed = 0,
    replicate: Replicate = 0,
    weeks: Weeks = None,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    results: Results = Path("results"),
    scheduler: Scheduler = None,
) -> None:
    """Run a scenario once, print its outcomes, and store it."""
    import numpy as np

    from sim.analysis.compare import label
    from sim.engine.outcomes import BY_VILLAGE, TOTALS
    from sim.report.summary import between_villages, summary
    from sim.results import NO_DRAW, folder_name, run_hash
    from sim.runs import Pairs, Request
    from sim.runs import run as runs_of

    take_in(interventions)
    ((name, loaded),) = label([scenario], overlay(sets, override)).items()
    output.remarks([loaded], weeks)
    request = Request({name: loaded}, Pairs.listed(np.array([[NO_DRAW, replicate]])), seed, weeks or loaded.weeks)
    found: list[int] = []
    runs = runs_of(request, results, scheduler=scheduler, report=lambda progress: found.append(progress.found))
    if runs.failures:
        raise InputError(str(runs.failures[0]))
    table = runs.tables[name]
    totals = {outcome.name: float(table[outcome.name][0]) for outcome in TOTALS}
    output.text(summary(loaded.title, totals))
    outcomes = [
        {"outcome": one.name, "value": totals[one.name], "unit": one.unit, "meaning": one.meaning} for one in TOTALS
    ]
    output.table("outcomes", outcomes)
    if len(loaded.villages) > 1:
        villages = {one.name: table[f"villages.{one.name}"][0] for one in BY_VILLAGE}
        output.text("\n" + between_villages(villages["adopted"], villages["weeks_to_half"]))
        named = {"village": table.shape.villages, **villages}
        output.table("villages", named, {one.name: one.unit for one in BY_VILLAGE})
    folder = results / folder_name(name) / run_hash(loaded, seed, weeks or loaded.weeks)
    output.file(folder, f"\n{'found' if found[0] else 'wrote'} {folder}")


def plot(
    output: Output,
    scenario: ScenarioName,
    seed: Seed = 0,
    replicate: Replicate = 0,
    weeks: Weeks = None,
    map_weeks: Annotated[str, typer.Option("--map", metavar="WEEKS", help="Weeks of the map, such as 1,26,52.")] = "",
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    out: Annotated[Path, typer.Option(help="Folder for the pictures.")] = Path("results/figures"),
    formats: Formats = None,
) -> None:
    """Draw one run of a scenario: the ladder, curves by group, and the village map in chosen weeks."""
    from sim.report.formats import PICTURES, formats_of
    from sim.report.runs import draw_run
    from sim.results.names import label_of
    from sim.scenario import load_scenario

    pictures = [kind for kind in formats_of(formats) if kind in PICTURES]
    if not pictures:
        raise InputError(f"plot draws pictures: {', '.join(PICTURES)}", "--format")
    take_in(interventions)
    loaded = load_scenario(scenario, overlay(sets, override))
    output.remarks([loaded], weeks)
    chosen = week_list(map_weeks, weeks or loaded.weeks)
    for path in draw_run(loaded, label_of(Path(scenario).name), seed, replicate, weeks, chosen, out, pictures):
        output.file(path)


def week_list(text: str, most: int) -> list[int]:
    """Return the weeks of ``--map``, from 1 to `most`; none for an empty text. Raises InputError."""
    try:
        weeks = [int(part) for part in text.split(",")] if text else []
    except ValueError:
        raise InputError(f"'{text}' isn't a list of weeks such as 1,26,52", "--map") from None
    if any(not 1 <= week <= most for week in weeks):
        raise InputError(f"weeks are counted from 1, the end of the first week, to {most}, the last", "--map")
    return weeks
