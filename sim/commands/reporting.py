"""Write the report of an analysis as one page that can be sent to others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.base.errors import InputError
from sim.base.sources import fingerprint
from sim.commands.options import Interventions, Results, take_in
from sim.commands.output import Output

if TYPE_CHECKING:
    from sim.results.catalogue import Entry


def report(
    output: Output,
    which: Annotated[
        str, typer.Argument(metavar="RESULTS", help="A kept analysis or batch: its folder, or NAME[/HASH].")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE.html", help="The page to write.")] = Path(
        "report.html"
    ),
    results: Results = Path("results"),
    interventions: Interventions = None,
) -> None:
    """Write a kept analysis as one HTML page: findings, limits, maps that play, curves, evidence and provenance."""
    from sim.page.pages import PAGES
    from sim.page.story import Kept
    from sim.report.keeping import PRESENTATION, Report
    from sim.results import write_text
    from sim.results.catalogue import entries
    from sim.results.files import read_bytes
    from sim.results.identity import code_inputs
    from sim.results.manifest import RUNS, read_manifest

    if out.suffix != ".html":
        raise InputError("the page's name has to end in .html", "--out")
    take_in(interventions)
    root, typed = _place_of(which, results)
    kept, damaged = entries(root)
    for error in damaged:
        output.note(error)
    item = _the_one_with_a_page(kept, typed, list(PAGES))
    manifest = read_manifest(item.folder)
    made, present = manifest["inputs"], code_inputs()
    if made["model"] != present["model"] or made.get("presentation", "") not in ("", fingerprint(PRESENTATION)):
        raise InputError("another version of grassroots made it; run the same command again", item.folder)
    if not set(made["intervention_files"]) <= set(present["intervention_files"]):
        raise InputError("name the files of --interventions with which it was made, unchanged", item.folder)
    tables = {}
    if item.kind != RUNS:
        report = Report(root, item.kind, item.name, manifest["inputs"], item.folder)
        report.formats = ()  # whichever it has
        tables = report.kept()
        if not tables:
            raise InputError("runs of it failed, or its files are incomplete; run the same command again", item.folder)
    page = PAGES[item.kind](Kept(item, manifest, tables, lambda name: read_bytes(item.folder / name), kept))
    write_text(out, page)
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


def _the_one_with_a_page(kept: list[Entry], typed: str, kinds: list[str]) -> Entry:
    """Return what was named. Raises InputError for nothing, for several, and for what has no page."""
    from sim.results.catalogue import chosen

    named = chosen(kept, typed)
    shown = [item for item in named if item.kind in kinds]
    shown = [item for item in shown if item.current] or shown
    if not shown:
        raise InputError(f"'{typed}' is {named[0].kind}; pages show {', '.join(kinds)}", "report")
    if len(shown) > 1:
        raise InputError(
            f"'{typed}' names {len(shown)} results; choose one: {', '.join(item.short for item in shown[:6])}", "report"
        )
    return shown[0]
