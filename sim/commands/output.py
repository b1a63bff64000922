"""The one place through which commands print: text for people, or with --json one object for programs.

A command passes its results as text and as tables; the options --json and --quiet, which `printing` gives to every
command, decide what is printed. Standard output has only results: progress, notes and errors go to standard error.
The form of the object is in output.schema.json in this folder, and docs/JSON.md explains it.
"""

from __future__ import annotations

import inspect
import json
import math
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from numbers import Number
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from sim.base.sources import fingerprint
from sim.base.version import __version__
from sim.commands.tables import TABLES
from sim.compiler import first_run

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text (docs/JSON.md).")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results and errors only, no progress, no notes.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]  # `sim.cli.main` looks for it
Event = TypeVar("Event")
NO_RESULT = (
    "name",
    "results",
    "jobs",
    "scheduler",
    "preview",
    "out",
    "save",
    "full",
    "why",
    "as_json",
    "quiet",
    "debug",
)
"""Options that decide where and how something is run, kept or shown, but not what comes out."""


def _fonts() -> Any:
    """Return the module that notes which characters no font has, if anything was drawn; importing it takes long."""
    return sys.modules.get("sim.figures.fonts")


class Output:
    """The output of one run of a command.

    command : its name, such as "results list". as_json, quiet : the values of its options. line : see `Output.line`.

    Attributes
    ----------
    line : the command that gives the same result, see `command_line`.
    """

    def __init__(self, command: str, as_json: bool = False, quiet: bool = False, line: str = "") -> None:
        self.line = line
        self._json, self._quiet = as_json, quiet
        first_run.quiet = quiet
        if fonts := _fonts():  # what another command of this process drew
            fonts.MISSING.clear()
        self._tables: dict[str, Any] = {}
        self._files: list[str] = []
        self._failures: list[str] = []
        self._command = command

    def text(self, text: str) -> None:
        """Print a result as text, unless --json."""
        if not self._json:
            print(text, flush=True)

    def table(self, name: str, rows: Any, units: Mapping[str, str] | None = None) -> None:
        """Add a table to the object.

        name : one of `TABLES`. rows : a data frame, a mapping from columns to their values, or mappings or dataclasses,
        one a row. units : of columns that `TABLES` doesn't know.
        """
        if not self._json:
            return
        form = TABLES[name]
        records = [_plain(row) for row in _records(rows)]
        units = {**form.units, **(units or {})}
        columns = {
            column: {"unit_column": "unit"}
            if column in form.by_row
            else {"unit": units.get(column, units.get(column.partition(".")[0]))}
            for column in (records[0] if records else rows if hasattr(rows, "keys") else ())
        }
        self._tables[name] = {"columns": columns, "rows": records}

    def file(self, path: os.PathLike[str] | str, said: str | None = None) -> None:
        """Report a file or folder with results; said : the line for people, its path if None."""
        self._files.append(str(path))
        self.text(str(path) if said is None else said)

    def note(self, text: object) -> None:
        """Print a note on standard error, unless --quiet."""
        if not self._quiet:
            print(text, file=sys.stderr)

    def remarks(self, scenarios: Iterable[Any], weeks: int | None = None) -> None:
        """Print as notes what may not be meant in scenarios; weeks : of the run, the scenario's own if None."""
        from sim.scenario import remarks

        for line in dict.fromkeys(line for scenario in scenarios for line in remarks(scenario, weeks)):
            self.note(f"note: {line}")

    def failure(self, failure: object) -> None:
        """Report a failure after which the command continues; it then ends with exit code 1."""
        self._failures.append(str(failure))
        print(failure, file=sys.stderr)

    def limit(self, as_text: int, as_json: int) -> int:
        """Return the greatest number of rows of a long table to print: as text, or in the object."""
        return as_json if self._json else as_text

    def reporter(self, line_of: Callable[[Event], tuple[str, bool]]) -> Callable[[Event], None] | None:
        """Return a function that takes the events of a long computation and shows its progress; None with --quiet.

        On a terminal it updates one line; elsewhere it prints a line from time to time. line_of : takes an event and
        returns (the line, whether it is the last).
        """
        if self._quiet:
            return None
        terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        last = -math.inf
        widest = 0

        def report(event: Event) -> None:
            nonlocal last, widest
            text, finished = line_of(event)
            now = time.monotonic()
            if not finished and now - last < (0.1 if terminal else 5.0):
                return
            last, widest = now, max(widest, len(text))
            line = f"\r{text:{widest}}" if terminal else text
            print(line, end="" if terminal and not finished else "\n", file=sys.stderr, flush=True)

        return report

    def finish(self) -> None:
        """Print the object with --json. Raises typer.Exit with code 1 if something failed."""
        if (fonts := _fonts()) and fonts.MISSING:
            signs = "".join(sorted(fonts.MISSING))
            self.note(f"no installed font has these characters, so a {fonts.BOX} stands for them in pictures: {signs}")
        if self._json:
            print(json.dumps({
                "command": self._command, "version": __version__, "model": fingerprint(), "tables": self._tables,
                "files": self._files, "failures": self._failures,
            }, allow_nan=False), flush=True)  # fmt: skip
        if self._failures:
            raise typer.Exit(1)


def printing(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options --json, --quiet and --debug in place of its first parameter, its `Output`."""

    def wrap(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(*, as_json: bool, quiet: bool, debug: bool, context: typer.Context, **options: Any) -> None:
            output = Output(name, as_json, quiet, command_line(name, context))
            command(output, **options)
            output.finish()

        signature = inspect.signature(command, eval_str=True)
        own = list(signature.parameters.values())[1:]
        own += [
            inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=annotation)
            for option, annotation in (("as_json", Json), ("quiet", Quiet), ("debug", Debug))
        ]
        own.append(inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context))
        run.__signature__ = signature.replace(parameters=own)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in own}
        return run

    return wrap


def command_line(name: str, context: typer.Context) -> str:
    """Return the command that gives the same result: its arguments, and those options that decide it and were changed.

    Files are called by their names, because a report may be sent to others.
    """
    words = ["grassroots", *name.split()]
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if parameter.name in NO_RESULT or value in (None, [], ()) or value == parameter.get_default(context):
            continue
        option = [max(parameter.opts, key=len)] if parameter.param_type_name == "option" else []
        for one in value if isinstance(value, list | tuple) else [value]:
            words += option if one is True else [*option, _typed(one)]
    return shlex.join(words)


def _typed(value: object) -> str:
    """Return a value as someone would type it; a file without its folder."""
    if isinstance(value, float):
        return f"{value:.15g}"
    path = Path(str(value))
    return path.name if path.suffix in (".yaml", ".yml", ".csv", ".py") else str(value)


def _records(rows: Any) -> list[Any]:
    """Return a table's rows, each a mapping or a dataclass."""
    if hasattr(rows, "to_dict"):
        return list(rows.to_dict("records"))
    if isinstance(rows, Mapping):
        return [dict(zip(rows, row, strict=True)) for row in zip(*rows.values(), strict=True)]
    return list(rows)


def _plain(value: Any) -> Any:
    """Return a value in JSON's types; a number that isn't finite is null."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "tolist"):  # NumPy's arrays and single values
        return _plain(value.tolist())
    if isinstance(value, Number):
        return float(value) if math.isfinite(value) else None  # type: ignore[arg-type]
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
