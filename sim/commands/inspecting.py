"""List, check and explain scenarios, and show the evidence."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.commands.options import Interventions, Overrides, ScenarioName, Sets, overlay, scenarios_like, take_in
from sim.commands.output import Output


def scenarios(output: Output) -> None:
    """List the scenarios that come with the model."""
    from sim.report.text_tables import aligned
    from sim.scenario import load_scenario, scenario_names

    titles = {name: load_scenario(name).title for name in scenario_names()}
    output.text(aligned(list(titles.items()), left=2))
    output.table("scenarios", {"name": list(titles), "title": list(titles.values())})


def check(
    output: Output,
    paths: Annotated[list[str], typer.Argument(help="Names or paths of scenarios.", autocompletion=scenarios_like)],
    sets: Sets = None,
    interventions: Interventions = None,
) -> None:
    """Check scenarios, and report mistakes, at most 20, each with its file, line and the nearest valid name."""
    from sim.base.memory import amount, free_memory
    from sim.engine.simulation import bytes_of_a_run
    from sim.scenario import load_scenario

    take_in(interventions)
    rows = []
    free = free_memory()
    for path in paths:
        scenario = load_scenario(path, overlay(sets, None))
        output.remarks([scenario])
        villages, weeks = len(scenario.villages), scenario.weeks
        size = bytes_of_a_run(scenario, weeks)
        output.text(
            f"{path}: ok: {scenario.title}; {villages} village(s), {weeks} weeks, {amount(size)} of memory a run"
        )
        if free is not None and size > free:
            output.note(f"{path}: not enough memory to run it here: {amount(free)} are free")
        rows.append({"scenario": path, "title": scenario.title, "villages": villages, "weeks": weeks, "bytes": size})
    output.table("checked", rows)


def explain(
    output: Output,
    scenario: ScenarioName,
    key: Annotated[str | None, typer.Argument(help="A key or block, such as household.own_yard.")] = None,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
) -> None:
    """Print resolved values with unit, range, evidence, and the file and line that set each."""
    from sim.scenario import explain as explain_scenario
    from sim.scenario import explained, load_scenario

    take_in(interventions)
    loaded = load_scenario(scenario, overlay(sets, override))
    output.remarks([loaded])
    output.text(explain_scenario(loaded, key))
    rows = [
        {"key": name, "value": value.value, "unit": value.unit, "low": value.low, "high": value.high,
         "symbol": value.symbol, "meaning": value.meaning, "evidence": value.evidence, "records": value.records,
         "file": value.file, "line": value.line, "override": value.override}
        for name, value in explained(loaded, key).items()
    ]  # fmt: skip
    output.table("values", rows)


def evidence(
    output: Output, record: Annotated[str | None, typer.Argument(metavar="ID", help="A record, such as S03.")] = None
) -> None:
    """Show the evidence register, or one record and every parameter that cites it."""
    from sim.evidence import describe, entries_named, load_register, overview, resting_on
    from sim.scenario import load_scenario, provenance, scenario_names

    register = load_register()
    if record is None:
        output.text(overview(register))
        for kind in ("documents", "records", "patterns", "literature"):
            output.table(kind, getattr(register, kind).values())
        return
    parameters = {}
    for name in scenario_names():
        found = provenance(load_scenario(name))
        parameters.update({key: value.records for key, value in found.items() if value.records})
    output.text(describe(register, record, parameters))
    for kind, entry in entries_named(register, record).items():
        output.table(kind, [entry])
    output.table("parameters", [{"key": k, "evidence": names} for k, names in resting_on(record, parameters).items()])
