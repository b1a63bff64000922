"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.base.errors import InputError, legible, nearest
from sim.base.whole import REPLICATES, SEEDS, WEEKS

if TYPE_CHECKING:
    from sim.runs import Progress


def scenarios_like(incomplete: str) -> list[str]:
    """Return the package's scenarios whose names begin with `incomplete`, for the shell's completion."""
    from sim.scenario import scenario_names

    return [name for name in scenario_names() if name.startswith(incomplete)]


def keys_like(context: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of the scenario's numbers that begin with `incomplete`, for the shell's completion."""
    from sim.scenario import load_scenario, provenance

    values = provenance(load_scenario(context.params.get("scenario") or "baseline"))
    return [f"{key}=" for key, value in values.items() if value.shape.is_number and key.startswith(incomplete)]


def utf8(folder: Path) -> Path:
    """Return a results folder. Raises InputError if its name isn't UTF-8 text, which Arrow and DuckDB need."""
    if legible(str(folder)) != str(folder):
        raise InputError("its name isn't UTF-8 text; choose another", folder)
    return folder


ScenarioName = Annotated[
    str,
    typer.Argument(help="A name of `grassroots scenarios`, or a path to a YAML file.", autocompletion=scenarios_like),
]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set one value; repeatable.")]
Overrides = Annotated[list[str] | None, typer.Option("--override", help="Apply a named override; repeatable.")]
Seed = Annotated[int, typer.Option(min=0, max=SEEDS, help="Root of all random draws.")]
Replicate = Annotated[int, typer.Option(min=0, max=REPLICATES, help="Number of the run with that seed.")]
Weeks = Annotated[int | None, typer.Option(min=1, max=WEEKS, help="Weeks to run; the scenario's own if left out.")]
WeeksOfAll = Annotated[
    int | None,
    typer.Option("--weeks", min=1, max=WEEKS, help="Weeks to run; the longest of the scenarios' own if left out."),
]
Results = Annotated[Path, typer.Option("--results", help="Results folder.", callback=utf8)]
Interventions = Annotated[
    list[Path] | None,
    typer.Option("--interventions", metavar="FILE.py", help="Load interventions from a file of your own; repeatable."),
]
Jobs = Annotated[int | None, typer.Option(min=1, max=1024, help="Threads; all cores if left out.")]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Run on the workers of this Dask scheduler, such as tcp://127.0.0.1:8786."),
]


Formats = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="LIST",
        help="Formats of pictures and tables: png, svg, pdf, csv, md, latex, xlsx [png,svg,csv].",
    ),
]


def overlay(sets: list[str] | None, overrides: list[str] | None) -> list[Any]:
    """Return the overrides of --override and --set in the form of `load_scenario`."""
    from sim.scenario import parse_set

    return [*(overrides or []), *(parse_set(text) for text in sets or [])]


def take_in(interventions: list[Path] | None) -> None:
    """Load the files of --interventions, before a scenario is read."""
    from sim.interventions import load_interventions

    for path in interventions or []:
        load_interventions(path)


def outcome_unit(outcome: str) -> str:
    """Return the unit of an outcome of a run. Raises InputError, with the nearest name, for an unknown one."""
    from sim.engine.outcomes import TOTALS

    units = {one.name: one.unit for one in TOTALS}
    if outcome not in units:
        raise InputError(f"unknown outcome '{outcome}'{nearest(outcome, units)}", "--outcome")
    return units[outcome]


def pace(progress: Progress) -> tuple[str, bool]:
    """Return the progress of runs as a line, and whether all are done; for `Output.reporter`."""
    return str(progress), progress.done >= progress.runs
