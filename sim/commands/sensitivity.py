"""Find the uncertain values and interventions on which an outcome depends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.base.errors import InputError
from sim.base.whole import REPLICATES
from sim.commands.cost import say_cost
from sim.commands.options import (
    Formats,
    Interventions,
    Jobs,
    Overrides,
    Results,
    ScenarioName,
    Scheduler,
    Seed,
    Sets,
    WeeksOfAll,
    outcome_unit,
    overlay,
    pace,
    take_in,
)
from sim.commands.output import Output

if TYPE_CHECKING:
    from sim.analysis.sensitivity.study import Study


def sensitivity(
    output: Output,
    scenario: ScenarioName,
    against: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Explain the difference from this scenario, run by run.")
    ] = None,
    method: Annotated[str, typer.Option(help="morris (screening), sobol (shares of variance) or pawn.")] = "morris",
    n: Annotated[
        int | None,
        typer.Option(
            "--n",
            help="Trajectories (morris; as many as --width asks for if left out), base points, a power of 2 (sobol, 256), "
            "or points (pawn, 1024).",
        ),
    ] = None,
    outcome: Annotated[
        str, typer.Option(help="Any outcome of a run, such as adopted, clean, trust or hours.")
    ] = "adopted",
    replicates: Annotated[
        int,
        typer.Option(
            min=1, max=REPLICATES, help="Runs of each point, which are averaged; 2 or more also give the share of luck."
        ),
    ] = 2,
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="KEY[=LOW:HIGH]",
            help="Vary this value; 'priors' for all priors (the default); repeatable.",
        ),
    ] = None,
    second_order: Annotated[
        bool, typer.Option("--second-order", help="Sobol: also indices of pairs, with nearly twice the runs.")
    ] = False,
    width: Annotated[
        float, typer.Option(min=0.01, max=1e12, help="Greatest width of an interval that counts as converged.")
    ] = 0.2,
    seed: Seed = 0,
    weeks: WeeksOfAll = None,
    sets: Sets = None,
    override: Overrides = None,
    interventions: Interventions = None,
    results: Results = Path("results"),
    name: Annotated[str, typer.Option(help="Name of the study's folder.")] = "sensitivity",
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    formats: Formats = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only estimate the cost.")] = False,
) -> None:
    """Vary uncertain values and interventions together, and show on which of them an outcome depends."""
    from sim.analysis.comparable import comparable, notes
    from sim.analysis.compare import horizon_of, label
    from sim.analysis.sensitivity.design import design
    from sim.analysis.sensitivity.study import Study, varied
    from sim.report.formats import formats_of
    from sim.report.sensitivity import SUMMARY, study_report

    take_in(interventions)
    unit = outcome_unit(outcome)
    scenarios = label([scenario, *([] if against is None else [against])], overlay(sets, override))
    output.remarks(scenarios.values(), weeks)
    bounds, horizon = varied(scenarios, over or ()), horizon_of(scenarios, weeks)
    if against is not None and not comparable(unit, *scenarios.values()):
        raise InputError(f"a difference in {outcome} means nothing between villages of different size", "--against")
    for line in notes(scenarios, horizon):
        output.note(line)

    def study_of(size: int | None) -> Study:
        return Study(scenarios, design(bounds, method, size, seed, second_order), replicates, seed, horizon)

    study, grows = study_of(n), method == "morris" and n is None
    report = study_report(results, name, study, outcome, width, grows)
    report.command, report.formats = output.line, formats_of(formats)
    tables = {} if preview else report.kept()
    if not tables:
        from sim.analysis.sensitivity.convergence import until_narrow
        from sim.analysis.sensitivity.evaluations import evaluate_study
        from sim.analysis.sensitivity.findings import Findings
        from sim.report.sensitivity import save_findings

        cost = cost_of(study, width if grows else None, results, jobs, output.text if preview else output.note)
        if preview:
            output.table("cost", [cost])
            return

        def findings_of(study: Study) -> Findings:
            values = evaluate_study(study, results, jobs, output.reporter(pace), scheduler)
            return Findings(study, outcome, values, width)

        findings = until_narrow(lambda size: findings_of(study_of(size)), width) if grows else findings_of(study)
        tables = save_findings(findings, report, unit)
    output.text(report.read_text(SUMMARY))
    for table in ("indices", "luck", "verdict"):
        if table in tables:
            output.table(table, tables[table])
    output.file(report.folder, f"\ntables and pictures: {report.folder}")


def cost_of(
    study: Study, width: float | None, results: Path, jobs: int | None, say: Callable[[str], None]
) -> dict[str, float]:
    """Return the size of a study and the time that its missing runs take, and say both.

    width : at which the study stops growing (see `until_narrow`); None for a study that doesn't grow.
    """
    from sim.analysis.sensitivity.convergence import MOST
    from sim.analysis.sensitivity.evaluations import missing_runs

    points, left = study.design.draws.size, missing_runs(study, results)
    size = {"values": len(study.design.names), "points": points, "replicates": study.replicates}
    cost = say_cost(
        size | {"scenarios": len(study.scenarios), "weeks": study.weeks, "runs": study.runs, "runs_left": left},
        study.requests(study.design.draws[:1]), jobs, say,
    )  # fmt: skip
    if width is not None:
        say(
            f"this is the start: trajectories are added until the widest interval is at most {width:g} of the largest mu*, "
            f"up to {MOST} trajectories ({study.runs // study.design.n * MOST:,} runs); --n N runs exactly N"
        )
    return cost
