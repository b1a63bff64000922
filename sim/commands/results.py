"""Look after results folders: list, query, compare, export, clean."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.base.errors import InputError
from sim.commands.options import Results

results = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look after what is kept in a results folder.")

Which = Annotated[str, typer.Argument(metavar="NAME[/HASH]", help="As `grassroots results list` tells it.")]
MOST = 200
"""Rows that a query prints."""


def _kept(root: Path) -> list[Any]:
    """Return what is in a results folder, and tell of each damaged folder in a line."""
    from sim.results.catalogue import entries

    found, wrong = entries(root)
    for error in wrong:
        print(error, file=sys.stderr)
    return found


@results.command("list")
def list_results(root: Results = Path("results")) -> None:
    """List what is kept: scenario, seed, weeks, draws, runs, date, commit, model, size."""
    from sim.report.text_tables import aligned

    kept = _kept(root)
    if not kept:
        print(f"{root}: nothing is kept")
        return
    rows = [("", "seed", "weeks", "draws", "replicates", "runs", "written", "commit", "model", "MB", "")]
    rows += [
        (item.label, str(item.seed), str(item.weeks), item.draws or "-", str(item.replicates), str(item.runs or "-"),
         f"{item.made:%Y-%m-%d %H:%M}", item.commit or "-", "current" if item.current else "old",
         f"{item.bytes / 1e6:.1f}",
         "comparison" if item.kind == "comparison" else "stopped: the same command goes on" if item.unfinished else "")
        for item in kept
    ]  # fmt: skip
    print(aligned(rows))


@results.command()
def query(
    sql: Annotated[str, typer.Argument(help="SQL of DuckDB over the views runs, weekly, villages and draws.")],
    root: Results = Path("results"),
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all rows to a .csv or .parquet instead.")
    ] = None,
) -> None:
    """Ask what is kept in SQL, such as "select scenario, avg(adopted) from runs where current group by all"."""
    from sim.report.text_tables import aligned
    from sim.results.query import Database

    database = Database(_kept(root))
    if out is not None:
        database.write(sql, out)
        print(out)
        return
    names, rows, more = database.ask(sql, MOST)
    if names:
        print(aligned([tuple(names), *(tuple(_cell(value) for value in row) for row in rows)]))
    if more:
        print(f"... the first {MOST} rows; --out FILE.csv writes all of them")


def _cell(value: Any) -> str:
    return "-" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


@results.command("compare")
def compare_results(
    which: Annotated[
        list[str], typer.Argument(metavar="NAME[/HASH]...", help="Two or more; the first is the reference.")
    ],
    root: Results = Path("results"),
    full: Annotated[bool, typer.Option("--full", help="Print every outcome.")] = False,
) -> None:
    """Compare runs that are kept, without simulating."""
    from sim.analysis.stored import stored_comparison
    from sim.report.text_tables import MAIN, effects_text
    from sim.results.catalogue import the_one

    kept = _kept(root)
    found = stored_comparison([the_one(kept, name) for name in which])
    print(effects_text(found.effects, None if full else MAIN))


@results.command()
def export(
    which: Which,
    out: Annotated[Path, typer.Option(help="Folder for the CSV files.")],
    root: Results = Path("results"),
) -> None:
    """Write what is kept of a scenario as CSV: runs, weekly, villages, draws, and the units of the columns."""
    from sim.results.catalogue import the_one
    from sim.results.files import write_text
    from sim.results.query import Database
    from sim.results.rows import units

    database = Database([the_one(_kept(root), which)])
    for view in database.views:
        database.write(f"SELECT * FROM {view}", out / f"{view}.csv")
        print(out / f"{view}.csv")
    lines = [f"{table},{column},{unit}" for table, columns in units().items() for column, unit in columns.items()]
    write_text(out / "units.csv", "\n".join(["table,column,unit", *lines]) + "\n")
    print(out / "units.csv")


@results.command()
def clean(
    which: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME[/HASH]...]", help="What to remove; of other models if left out."),
    ] = None,
    root: Results = Path("results"),
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Remove results of other versions of the model, or those that are named; never results/reference."""
    from sim.results.catalogue import chosen
    from sim.results.removing import remove

    kept = _kept(root)
    if which:
        doomed = [item for name in which for item in chosen(kept, name)]
    else:
        doomed = [item for item in kept if not item.current]
    if not doomed:
        print("nothing to remove")
        return
    for item in doomed:
        print(f"{item.label}  {item.runs} runs, {item.bytes / 1e6:.1f} MB")
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("removes nothing without --yes where it can't ask", "results clean")
        typer.confirm("Remove these?", abort=True)
    for item in doomed:
        if not remove(item):
            print(f"{item.folder}: holds files of others, which stay", file=sys.stderr)
