"""The command ``grassroots``: thin; every line of work lives elsewhere and is imported when a command needs it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.batch import Progress

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    help="Simulate grassroots mobilisation: who clears the yard, who keeps it up, and what moves them.",
)  # fmt: skip

ScenarioName = Annotated[str, typer.Argument(help="A name of `grassroots scenarios`, or a path to a YAML file.")]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set one value; repeatable.")]
Overrides = Annotated[list[str] | None, typer.Option("--override", help="Apply a named override; repeatable.")]
Seed = Annotated[int, typer.Option(min=0, help="Root of all chance.")]
Weeks = Annotated[int | None, typer.Option(min=1, help="Weeks to run; the scenario's own if left out.")]
Results = Annotated[Path, typer.Option("--results", help="Results folder.")]
Levers = Annotated[
    list[Path] | None,
    typer.Option("--levers", metavar="FILE.py", help="Take in levers from a file of your own; repeatable."),
]
Jobs = Annotated[int | None, typer.Option(min=1, help="Threads; all cores if left out.")]


def overlay(sets: list[str] | None, overrides: list[str] | None) -> list[Any]:
    """Return what --override and --set ask for, as `load_scenario` takes it."""
    from sim.scenario import parse_set

    return [*(overrides or []), *(parse_set(text) for text in sets or [])]


def take_in(levers: list[Path] | None) -> None:
    """Load the files of --levers, before a scenario is read."""
    from sim.interventions import load_levers

    for path in levers or []:
        load_levers(path)


@app.command()
def scenarios() -> None:
    """List the scenarios that come with the model."""
    from sim.scenario import load_scenario, scenario_names
    from sim.tables import aligned

    print(aligned([(name, load_scenario(name).title) for name in scenario_names()], left=2))


@app.command()
def check(
    paths: Annotated[list[str], typer.Argument(help="Names or paths of scenarios.")],
    sets: Sets = None,
    levers: Levers = None,
) -> None:
    """Check scenarios; the first mistake is told in one line with its file, line and the nearest valid name."""
    from sim.scenario import load_scenario

    take_in(levers)
    for path in paths:
        scenario = load_scenario(path, overlay(sets, None))
        print(f"{path}: ok: {scenario.title}; {len(scenario.villages)} village(s), {scenario.weeks} weeks")


@app.command()
def explain(
    scenario: ScenarioName,
    key: Annotated[str | None, typer.Argument(help="A key or block, such as household.own_yard.")] = None,
    sets: Sets = None,
    override: Overrides = None,
    levers: Levers = None,
) -> None:
    """Print resolved values with unit, range, evidence, and the file and line that set each."""
    from sim.scenario import explain as explain_scenario
    from sim.scenario import load_scenario

    take_in(levers)
    print(explain_scenario(load_scenario(scenario, overlay(sets, override)), key))


@app.command()
def evidence(record: Annotated[str | None, typer.Argument(metavar="ID", help="A record, such as S03.")] = None) -> None:
    """Show the evidence register, or one record and every parameter that rests on it."""
    from sim.evidence import describe, load_register, overview
    from sim.scenario import load_scenario, provenance, scenario_names

    register = load_register()
    if record is None:
        print(overview(register))
        return
    parameters = {}
    for name in scenario_names():
        found = provenance(load_scenario(name))
        parameters.update({key: value.records for key, value in found.items() if value.records})
    print(describe(register, record, parameters))


@app.command()
def run(
    scenario: ScenarioName,
    seed: Seed = 0,
    replicate: Annotated[int, typer.Option(min=0, help="Which run under that seed.")] = 0,
    weeks: Weeks = None,
    sets: Sets = None,
    override: Overrides = None,
    levers: Levers = None,
    results: Results = Path("results"),
) -> None:
    """Run a scenario once, print what came of it, and keep its weekly table."""
    from sim.runs import run_and_keep
    from sim.scenario import load_scenario
    from sim.summary import between_villages, summary

    take_in(levers)
    loaded = load_scenario(scenario, overlay(sets, override))
    kept = run_and_keep(loaded, Path(scenario).stem, seed, replicate, weeks, results)
    print(summary(loaded.title, kept.totals))
    if kept.villages is not None:
        print("\n" + between_villages(kept.villages))
    print(f"\n{'found' if kept.found else 'wrote'} {kept.path}")


@app.command()
def compare(
    scenario: Annotated[
        list[str], typer.Argument(help="Two or more, the first is the reference; or one, to set against none.")
    ],
    replicates: Annotated[int, typer.Option(min=2, help="Pairs of runs.")] = 100,
    seed: Seed = 0,
    weeks: Weeks = None,
    sets: Sets = None,
    override: Overrides = None,
    levers: Levers = None,
    results: Results = Path("results"),
    name: Annotated[str, typer.Option(help="Name of the comparison's folder.")] = "comparison",
    jobs: Jobs = None,
    full: Annotated[bool, typer.Option("--full", help="Print every outcome.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Print all terms that tipped climbs.")] = False,
) -> None:
    """Run scenarios in pairs under the same luck, or one with and without its programme, and tell what differs."""
    from sim.analysis.attribution import Attribution
    from sim.analysis.compare import beside_none, label
    from sim.analysis.compare import compare as compare_scenarios
    from sim.report import comparison_folder, save_comparison
    from sim.tables import attribution_text, carried_text, effects_text, interaction_text

    take_in(levers)
    named = beside_none(label(scenario, overlay(sets, override)))
    found = compare_scenarios(named, replicates, seed, weeks, folder=results, jobs=jobs, report=progress())
    folder = comparison_folder(results, name, named, seed, found.weeks, replicates)
    attribution = Attribution(found)
    if not (folder / "manifest.json").exists():
        save_comparison(found, folder, attribution)
    shown = None if full else ("adopted", "clean", "self_initiated", "newcomer_gap", "yuan", "hours")
    print(effects_text(found.effects, shown))
    if not found.interaction.empty:
        print("\n" + interaction_text(found.interaction))
    print("\n" + (attribution_text if why else carried_text)(attribution.differences))
    print(f"\ntables and pictures: {folder}")
    for failure in found.failures:
        print(failure, file=sys.stderr)
    if found.failures:
        raise typer.Exit(1)


@app.command()
def plot(
    scenario: ScenarioName,
    seed: Seed = 0,
    replicate: Annotated[int, typer.Option(min=0)] = 0,
    weeks: Weeks = None,
    map_weeks: Annotated[str, typer.Option("--map", metavar="WEEKS", help="Map after these weeks, as 1,26,52.")] = "",
    sets: Sets = None,
    override: Overrides = None,
    levers: Levers = None,
    out: Annotated[Path, typer.Option(help="Folder for the pictures.")] = Path("results/figures"),
) -> None:
    """Draw one run of a scenario: its ladder, its curves by group, and the village map at chosen weeks."""
    from sim.report import draw_run
    from sim.scenario import load_scenario

    take_in(levers)
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


INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""


def main() -> None:
    """Run the command; bad input is one line on standard error and exit code 2."""
    # Typer brings its own copy of click from 0.20 on; its usage errors are known by the base of one that it exports.
    usage_error: Any = typer.BadParameter.__base__
    try:
        code = app(standalone_mode=False)
    except InputError as error:
        print(error, file=sys.stderr)
        code = 2
    except usage_error as error:
        print("grassroots: " + " ".join(error.format_message().split()), file=sys.stderr)
        code = 2
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    if code == INTERRUPTED:  # Typer may also catch the interruption itself and return this code
        print("interrupted; finished runs are kept, and the same command goes on from there", file=sys.stderr)
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
