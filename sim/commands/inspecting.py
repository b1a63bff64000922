"""Look before running: list, check and explain scenarios, and show the evidence."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.commands.options import Interventions, Overrides, ScenarioName, Sets, overlay, take_in


def scenarios() -> None:
    """List the scenarios that come with the model."""
    from sim.report.text_tables import aligned
    from sim.scenario import load_scenario, scenario_names

    print(aligned([(name, load_scenario(name).title) for name in scenario_names()], left=2))


def check(
    paths: Annotated[list[str], typer.Argument(help="Names or paths of scenarios.")],
    sets: Sets = None,
    interventions: Interventions = None,
) -> None:
    """Check scenarios; the first mistake is told in one line with its file, line and the nearest valid name."""
    from sim.scenario import load_scenario

    take_in(interventions)
    for path in paths:
        scenario = load_scenario(path, overlay(sets, None))
        print(f"{path}: ok: {scenario.title}; {len(scenario.villages)} village(s), {scenario.weeks} weeks")


def explain(
    scenario: ScenarioName,
    key: Annotated[str | None, typer.Argument(help="A key or block, such as household.own_yard.")] = None,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
) -> None:
    """Print resolved values with unit, range, evidence, and the file and line that set each."""
    from sim.scenario import explain as explain_scenario
    from sim.scenario import load_scenario

    take_in(interventions)
    print(explain_scenario(load_scenario(scenario, overlay(sets, override)), key))


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
