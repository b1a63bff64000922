"""Write the report of an analysis as one page that can be sent to others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.base.errors import InputError
from sim.base.sources import fingerprint
from sim.commands.options import Interventions, Results, take_in
from sim.commands.output import Output

if TYPE_CHECKING:
    from sim.page.comparison import Replayed
    from sim.results.catalogue import Entry
    from sim.scenario import Scenario

COMPARISON = "comparison"
MOST = 2_000_000
"""Household-weeks of all scenarios that a page replays; of larger worlds it keeps the first villages, at least one."""


def report(
    output: Output,
    which: Annotated[str, typer.Argument(metavar="RESULTS", help="A comparison: its folder, or NAME[/HASH].")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE.html", help="The page to write.")] = Path(
        "report.html"
    ),
    results: Results = Path("results"),
    interventions: Interventions = None,
) -> None:
    """Write a kept comparison as one HTML page, with maps that play, curves, evidence and provenance."""
    from sim.analysis.stored import stored_scenario
    from sim.page.comparison import comparison_page
    from sim.report.keeping import PRESENTATION, Report
    from sim.results import write_text
    from sim.results.catalogue import entries
    from sim.results.identity import code_inputs
    from sim.results.manifest import read_manifest

    if out.suffix != ".html":
        raise InputError("the page's name has to end in .html", "--out")
    take_in(interventions)
    root, typed = _place_of(which, results)
    kept, damaged = entries(root)
    for error in damaged:
        output.note(error)
    item = _the_comparison(kept, typed)
    manifest = read_manifest(item.folder)
    made, present = manifest["inputs"], code_inputs()
    if (made["model"], made["presentation"]) != (present["model"], fingerprint(PRESENTATION)):
        raise InputError("another version of grassroots made it; run the same comparison again", item.folder)
    if not set(made["intervention_files"]) <= set(present["intervention_files"]):
        raise InputError("name the files of --interventions with which it was made, unchanged", item.folder)
    tables = Report(root, item.kind, item.name, manifest["inputs"], item.folder).kept()
    if not tables:
        raise InputError("runs of it failed, or its files are incomplete; run the same comparison again", item.folder)
    by_hash = {one.hash: one for one in kept}
    scenarios: dict[str, Scenario] = {}
    for label in manifest["inputs"]["order"]:
        runs = by_hash.get(manifest["inputs"]["scenarios"][label]["runs"])
        if runs is None:
            raise InputError(f"the runs of '{label}' are gone; run the same comparison again", item.folder)
        title = manifest["inputs"]["scenarios"][label]["title"]  # runs may have been made under another
        scenarios[label] = stored_scenario(runs).model_copy(update={"title": title})
        drawn = bool(runs.draws)
    replayed = None if drawn else _replayed(manifest["inputs"], tables, scenarios)
    write_text(out, comparison_page(manifest, tables, scenarios, replayed))
    output.file(out, f"{out} ({out.stat().st_size / 1000:.0f} kB; opens in a browser, from disk)")


def _place_of(which: str, results: Path) -> tuple[Path, str]:
    """Return (the results folder, NAME/HASH or NAME) of what was typed, which may be a path."""
    from sim.results.manifest import NAME

    path = Path(which)
    if (path / NAME).is_file():
        folder = path.resolve()
        return folder.parents[1], f"{folder.parent.name}/{folder.name}"
    if path.is_dir() and any(path.glob(f"*/{NAME}")):
        return path.resolve().parent, path.resolve().name
    return results, which


def _the_comparison(kept: list[Entry], typed: str) -> Entry:
    """Return the comparison that was named. Raises InputError for none, for several, and for another analysis."""
    from sim.results.catalogue import chosen

    named = chosen(kept, typed)
    comparisons = [item for item in named if item.kind == COMPARISON]
    comparisons = [item for item in comparisons if item.current] or comparisons
    if not comparisons:
        raise InputError(
            f"'{typed}' is {named[0].kind}; a page can be made of a comparison (grassroots compare)", "report"
        )
    if len(comparisons) > 1:
        raise InputError(
            f"'{typed}' names {len(comparisons)} comparisons; choose one: {', '.join(item.short for item in comparisons[:6])}",
            "report",
        )
    return comparisons[0]


def _replayed(inputs: dict[str, Any], tables: Any, scenarios: dict[str, Scenario]) -> Replayed:
    """Run the typical replicate of every scenario again, week by week."""
    import numpy as np

    from sim.analysis.typical import typical_replicate
    from sim.page.comparison import Replayed
    from sim.report.runs import quarters
    from sim.runs.replay import packed, replay

    weeks, seed = inputs["weeks"], inputs["seed"]
    replicate = typical_replicate(tables["totals"], inputs["order"][0])
    explained = [week - 1 for week in quarters(weeks)]
    villages = next(iter(scenarios.values())).villages
    sizes = np.cumsum([village.households for village in villages]) * weeks * len(scenarios)
    shown = range(max(1, int((sizes <= MOST).sum())))
    films = {
        label: packed(replay(scenario, seed, replicate, weeks, explained, shown))
        for label, scenario in scenarios.items()
    }
    return Replayed(replicate, films, len(shown), len(villages))
