"""Options that several commands take, and what they ask for."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sim.runs import Progress

ScenarioName = Annotated[str, typer.Argument(help="A name of `grassroots scenarios`, or a path to a YAML file.")]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set one value; repeatable.")]
Overrides = Annotated[list[str] | None, typer.Option("--override", help="Apply a named override; repeatable.")]
Seed = Annotated[int, typer.Option(min=0, help="Root of all chance.")]
Weeks = Annotated[int | None, typer.Option(min=1, help="Weeks to run; the scenario's own if left out.")]
Results = Annotated[Path, typer.Option("--results", help="Results folder.")]
Interventions = Annotated[
    list[Path] | None,
    typer.Option(
        "--interventions", metavar="FILE.py", help="Take in interventions from a file of your own; repeatable."
    ),
]
Jobs = Annotated[int | None, typer.Option(min=1, help="Threads; all cores if left out.")]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Run on the workers of this Dask scheduler, such as tcp://127.0.0.1:8786."),
]


def overlay(sets: list[str] | None, overrides: list[str] | None) -> list[Any]:
    """Return what --override and --set ask for, as `load_scenario` takes it."""
    from sim.scenario import parse_set

    return [*(overrides or []), *(parse_set(text) for text in sets or [])]


def take_in(interventions: list[Path] | None) -> None:
    """Load the files of --interventions, before a scenario is read."""
    from sim.interventions import load_interventions

    for path in interventions or []:
        load_interventions(path)


def check_outcome(outcome: str) -> None:
    """Raise InputError, with the nearest name, for what isn't an outcome of a run."""
    from sim.base.errors import InputError, nearest
    from sim.engine.outcomes import TOTALS

    names = [one.name for one in TOTALS]
    if outcome not in names:
        raise InputError(f"unknown outcome '{outcome}'{nearest(outcome, names)}", "--outcome")


def progress() -> Any:
    """Return a reporter that keeps one line up to date on a terminal, and prints a line now and then elsewhere."""
    terminal = sys.stderr.isatty()
    last = [0.0]

    def report(p: Progress) -> None:
        now = time.monotonic()
        finished = p.done >= p.runs
        if not finished and now - last[0] < (0.1 if terminal else 5.0):
            return
        last[0] = now
        rate = (p.done - p.found) / p.seconds if p.seconds else 0.0
        text = f"{p.done}/{p.runs} runs ({p.found} found), {rate:.0f} a second, {p.seconds_left:.0f} s left"
        print(f"\r{text:70s}" if terminal else text, end="\n" if finished or not terminal else "", file=sys.stderr)

    return report
