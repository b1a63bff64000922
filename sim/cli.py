"""The command ``grassroots``: its commands in the order of `--help`, its exit codes, and errors in one line."""

from __future__ import annotations

import re
import sys
import traceback
from typing import Annotated, Any

import typer

from sim.base.errors import InputError
from sim.base.sources import fingerprint
from sim.base.version import __version__
from sim.commands.attributing import attribute
from sim.commands.batch import batch
from sim.commands.calibrating import calibrate
from sim.commands.comparing import compare
from sim.commands.exploring import explore
from sim.commands.inspecting import check, evidence, explain, scenarios
from sim.commands.judging import patterns
from sim.commands.optimising import optimise
from sim.commands.output import Debug, printing
from sim.commands.reporting import report
from sim.commands.results import results
from sim.commands.running import plot, run
from sim.commands.sensitivity import sensitivity
from sim.commands.streams import make_safe
from sim.commands.sweeping import sweep

EXIT_CODES = (
    "Exit codes: 0 done; 1 partly done, because runs failed or results are damaged, as standard error says (or, with a "
    "traceback, a fault in grassroots); 2 no result, because of bad input, because the system refused something, or because "
    "every run failed; 130 interrupted; the same command continues."
)
app = typer.Typer(
    rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    help="Simulate grassroots mobilisation: who clears the yard, who keeps it up, and what moves them.", epilog=EXIT_CODES,
)  # fmt: skip


def print_version(asked: bool) -> None:
    """Print the version, and the fingerprint of the model, which results folders also record."""
    if asked:
        print(f"grassroots {__version__} (model {fingerprint()})")
        raise typer.Exit


@app.callback()
def grassroots(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Accept the options before a command."""


COMMANDS = (
    scenarios, check, explain, evidence, run, batch, compare, report, explore, plot, sweep, sensitivity, calibrate, patterns,
    attribute, optimise,
)  # fmt: skip
for command in COMMANDS:
    app.command()(printing(command.__name__)(command))
app.add_typer(results, name="results")

INTERRUPTED = 130
"""The exit code after Ctrl-C, by the convention of shells."""


def main() -> None:
    """Run the command; bad input, and whatever the system refuses, lead to one line on standard error and exit code 2."""
    make_safe()
    # Typer brings its own copy of click from 0.20 on; its usage errors are known by the base of one that it exports.
    usage_error: Any = typer.BadParameter.__base__
    try:
        code = app(standalone_mode=False)
    except usage_error as error:
        text = error.format_message()
        is_help = text.startswith("Usage: ")  # of a command that was named without anything to do
        print(text if is_help else f"grassroots: {' '.join(text.split())}{what_to_write(text)}", file=sys.stderr)
        code = 2
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except (InputError, OSError, MemoryError, UnicodeError) as error:
        print(traceback.format_exc() if "--debug" in sys.argv else one_line(error), file=sys.stderr)
        code = 2
    if code == INTERRUPTED:  # Typer may also catch the interruption itself and return this code
        print("interrupted; finished runs are stored, and the same command continues from them", file=sys.stderr)
    sys.exit(code or 0)


def what_to_write(message: str) -> str:
    """Return ``; write ...`` for the message on an option's number that a scenario would accept, such as 300,000 or 1 year."""
    option = re.search(r"Invalid value for '(--[\w-]+)': Input should be a valid (?:number|integer)", message)
    typed = " ".join(sys.argv).partition(f" {option[1]}")[2][1:] if option else ""
    if not typed:
        return ""
    from sim.scenario.notation import read_number

    unit = "weeks" if option and option[1] == "--weeks" else ""
    typed = typed.partition(" --")[0]
    number = read_number(typed, (unit,))
    return "" if number is None or f"{number:.15g}" == typed else f"; write {number:.15g}"


def one_line(error: InputError | OSError | MemoryError | UnicodeError) -> str:
    """Return an error that isn't a fault in grassroots as a line."""
    if isinstance(error, InputError):
        return str(error)
    if isinstance(error, OSError):
        return str(InputError(error.strerror or str(error), error.filename))
    cause = "not enough memory" if isinstance(error, MemoryError) else "a name isn't UTF-8 text"
    return f"grassroots: {cause}: {' '.join(str(error).split())}".removesuffix(": ")


if __name__ == "__main__":
    main()
