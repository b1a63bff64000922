"""Judge the model by the patterns of the documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.base.whole import REPLICATES
from sim.commands.options import Formats, Jobs, Results, Scheduler, Seed, pace
from sim.commands.output import Output


def patterns(
    output: Output,
    replicates: Annotated[int, typer.Option(min=1, max=REPLICATES, help="Runs of every place.")] = 20,
    seed: Seed = 0,
    results: Results = Path("results"),
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    formats: Formats = None,
) -> None:
    """Run the places with the default values and show which of the documents' patterns the model reproduces."""
    from sim.report.formats import formats_of
    from sim.report.patterns import QUANTITIES, VERDICTS, patterns_report, patterns_text

    report = patterns_report(results, seed, replicates)
    report.command, report.formats = output.line, formats_of(formats)
    tables = report.kept()
    if not tables:
        from sim.analysis.pattern_measures import RUNS
        from sim.analysis.patterns import run_all
        from sim.report.patterns import save_patterns
        from sim.runs import Collection

        with Collection(results, "patterns-runs") as kept:
            runs = run_all(RUNS, seed, replicates, jobs, kept, scheduler, output.reporter(pace))
        tables = save_patterns(runs, report, replicates)
    output.text(patterns_text(tables[VERDICTS]))
    output.table(VERDICTS, tables[VERDICTS])
    output.table(QUANTITIES, tables[QUANTITIES])
    output.file(report.folder, f"\ntables and pictures: {report.folder}")
