"""Manage results folders: list, query, compare, export, clean."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.base.errors import InputError
from sim.commands.effects import print_effects
from sim.commands.options import Results
from sim.commands.output import Output, printing

results = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="List, query, compare, export or remove stored results."
)

Which = Annotated[str, typer.Argument(metavar="NAME[/HASH]", help="As printed by `grassroots results list`.")]
MOST, MOST_JSON = 200, 50_000
"""Greatest numbers of rows that a query prints as text and with --json."""


def _entries(root: Path, report: Callable[[object], None]) -> list[Any]:
    """Return the entries of a results folder, and report each damaged folder in it."""
    from sim.results.catalogue import entries

    kept, damaged = entries(root)
    for error in damaged:
        report(error)
    return kept


def _readable(output: Output, root: Path, kept: list[Any]) -> list[Any]:
    """Return the entries that this edition can read, and note how many it can't."""
    from sim.results.catalogue import EARLIER

    readable = [item for item in kept if item.kind != EARLIER]
    if len(readable) < len(kept):
        output.note(f"{root}: leaves {len(kept) - len(readable)} folder(s) of an earlier edition alone")
    return readable


@results.command("list")
@printing("results list")
def list_results(output: Output, root: Results = Path("results")) -> None:
    """List stored results: scenario, seed, weeks, draws, runs, date, commit, model, size."""
    from sim.report.text_tables import aligned

    kept = _entries(root, output.failure)
    output.table("kept", [item.as_dict() for item in kept])
    if not kept:
        output.text(f"{root}: no stored results")
        return
    rows = [("", "seed", "weeks", "draws", "replicates", "runs", "written", "commit", "model", "MB", "")]
    rows += [
        (item.label, str(item.seed), str(item.weeks), item.draws or "-", str(item.replicates), str(item.runs or "-"),
         f"{item.made:%Y-%m-%d %H:%M}", item.commit or "-", "current" if item.current else "old",
         f"{item.bytes / 1e6:.1f}",
         _state(item))
        for item in kept
    ]  # fmt: skip
    output.text(aligned(rows))


@results.command()
@printing("results query")
def query(
    output: Output,
    sql: Annotated[str, typer.Argument(help="SQL of DuckDB over the views runs, weekly, villages and draws.")],
    root: Results = Path("results"),
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all rows to a .csv or .parquet instead.")
    ] = None,
) -> None:
    """Query stored results with SQL, such as "select scenario, avg(adopted) from runs where current group by all"."""
    from sim.report.text_tables import aligned
    from sim.results.query import Database

    database = Database(_readable(output, root, _entries(root, output.failure)))
    if out is not None:
        database.write(sql, out)
        output.file(out)
        return
    most = output.limit(MOST, MOST_JSON)
    names, rows, more = database.ask(sql, most)
    if more and most == MOST_JSON:
        raise InputError(f"more than {MOST_JSON} rows; --out FILE.csv or FILE.parquet writes all of them", "--json")
    if names:
        output.text(aligned([tuple(names), *(tuple(_cell(value) for value in row) for row in rows)]))
        output.table("rows", {name: [row[k] for row in rows] for k, name in enumerate(names)})
    if more:
        output.text(f"... the first {MOST} rows; --out FILE.csv writes all of them")
    if database.shared:
        output.note(f"several folders have the same name and are called NAME/HASH in SQL: {', '.join(database.shared)}")


def _state(item: Any) -> str:
    """Return what is to be said of an entry besides numbers."""
    if item.unfinished:
        return "stopped: the same command continues"
    return {"runs": "", "earlier edition": "of an earlier edition, left alone"}.get(str(item.kind), str(item.kind))


def _cell(value: Any) -> str:
    return "-" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


@results.command("compare")
@printing("results compare")
def compare_results(
    output: Output,
    which: Annotated[
        list[str], typer.Argument(metavar="NAME[/HASH]...", help="Two or more; the first is the reference.")
    ],
    root: Results = Path("results"),
    full: Annotated[bool, typer.Option("--full", help="Print every outcome.")] = False,
) -> None:
    """Compare stored runs, without simulating."""
    from sim.analysis.comparable import notes
    from sim.analysis.stored import stored_comparison
    from sim.engine.outcomes import TOTALS
    from sim.results.catalogue import the_one

    kept = _entries(root, output.note)
    found = stored_comparison([the_one(kept, name) for name in which])
    effects = found.effects_on([outcome.name for outcome in TOTALS]) if full else found.effects
    print_effects(output, effects, notes(found.scenarios, found.weeks), full=full)


@results.command()
@printing("results export")
def export(
    output: Output,
    which: Which,
    out: Annotated[Path, typer.Option(help="Folder for the CSV files.")],
    root: Results = Path("results"),
) -> None:
    """Write a scenario's stored results as CSV: runs, weekly, villages, draws, and the units of the columns."""
    from sim.results.catalogue import the_one
    from sim.results.files import write_text
    from sim.results.query import ALL, Database
    from sim.results.views import VIEWS

    item = the_one(_entries(root, output.note), which)
    database = Database([item])
    for name in VIEWS:
        if f"{ALL}{name}" in database.views:
            database.write(f"SELECT * FROM {ALL}{name}", out / f"{name}.csv")
            output.file(out / f"{name}.csv")
    assert item.store is not None
    lines = [f"{table},{column},{unit}" for table, column, unit in item.store.shape.units()]
    write_text(out / "units.csv", "\n".join(["table,column,unit", *lines]) + "\n")
    output.file(out / "units.csv")


@results.command()
@printing("results clean")
def clean(
    output: Output,
    which: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME[/HASH]...]", help="What to remove; results of other model versions if left out."),
    ] = None,
    root: Results = Path("results"),
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation.")] = False,
) -> None:
    """Remove results of other versions of the model, or those listed; never results/reference."""
    from sim.results.catalogue import chosen
    from sim.results.removing import remove

    kept = _entries(root, output.note)
    if which:
        doomed = list(dict.fromkeys(item for name in which for item in chosen(kept, name)))
    else:
        doomed = [item for item in kept if not item.current]
    doomed = _readable(output, root, doomed)
    if not doomed:
        output.text("nothing to remove")
    for item in doomed:
        output.text(f"{item.label}  {item.runs} runs, {item.bytes / 1e6:.1f} MB")
    if doomed and not yes:
        if not sys.stdin.isatty():
            raise InputError("needs --yes if it can't ask for confirmation", "results clean")
        if not typer.confirm("Remove these?", err=True):
            doomed = []
    for item in doomed:
        if not remove(item):
            output.note(f"{item.folder}: also has files that grassroots didn't write; they stay")
    output.table("removed", [item.as_dict() for item in doomed])
