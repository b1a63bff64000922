"""Calibrate the model to the patterns in the documents."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.base.whole import REPLICATES
from sim.commands.cost import memory_text
from sim.commands.options import Formats, Jobs, Results, Scheduler, Seed, pace
from sim.commands.output import Output

if TYPE_CHECKING:
    import pandas as pd

PRINTED = ("waves", "acceptance", "fit", "marginals", "scores")
"""The tables of a calibration that --json prints; all are in its folder."""


def calibrate(
    output: Output,
    draws: Annotated[int, typer.Option(min=1, help="Draws of the prior to consider.")] = 32768,
    waves: Annotated[int, typer.Option(min=0, help="Waves of history matching; 0 is plain rejection.")] = 2,
    wave_draws: Annotated[int, typer.Option(min=50, help="Greatest number of draws simulated in a wave.")] = 1024,
    replicates: Annotated[
        int, typer.Option(min=1, max=REPLICATES, help="Runs of a draw, all of which must meet every band.")
    ] = 8,
    seed: Seed = 2022,
    only_fit: Annotated[
        bool, typer.Option("--only-fit", help="Leave out the bands of patterns that the register holds out.")
    ] = False,
    scored: Annotated[int, typer.Option(min=2, help="Draws over which all patterns are measured.")] = 20,
    priors: Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="Another file of priors.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only estimate the cost.")] = False,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Also save the draws here, with a record of their origin.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for tables and figures; in --results if left out.")] = None,
    results: Results = Path("results"),
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    formats: Formats = None,
) -> None:
    """Find values of the households' parameters that are compatible with the documents, and score held-out patterns."""
    from sim.analysis.calibration.fit_patterns import BANDS
    from sim.analysis.calibration.village import Plan, seconds_a_draw
    from sim.analysis.calibration.village import calibrate as calibrate_village
    from sim.analysis.pattern_measures import RUNS
    from sim.report.calibration import (
        DRAWS,
        ORIGIN,
        SUMMARY,
        calibration_report,
        cost_text,
        save_calibration,
    )
    from sim.report.formats import formats_of
    from sim.results import write_text

    threads = jobs or os.cpu_count() or 1
    plan = Plan(draws, (wave_draws,) * waves, replicates, seed, only_fit, scored, priors)
    if preview:
        each = seconds_a_draw(plan, threads)
        output.text(cost_text(plan, threads, each))
        output.text(memory_text((setting.load() for setting in RUNS.values()), jobs))
        output.table("cost", [{"draws": draws, "waves": waves, "threads": threads, "seconds_a_draw": each}])
        return
    report = calibration_report(results, plan, out)
    report.command, report.formats = output.line, formats_of(formats)

    def show(tables: Mapping[str, pd.DataFrame]) -> None:
        if save is not None:
            write_text(save, report.read_text(DRAWS))
            write_text(save.with_suffix(".json"), report.read_text(ORIGIN))
        output.text(report.read_text(SUMMARY))
        units = {name: one.unit for name, one in BANDS.items()}
        for name in PRINTED:
            table = tables[name]
            output.table(name, table.assign(unit=table["target"].map(units)) if "target" in table else table)
        output.table("defaults", [json.loads(report.read_text(ORIGIN))["defaults"]])

    tables = report.kept()
    if tables:
        show(tables)
    else:
        save_calibration(calibrate_village(plan, results, jobs, output.reporter(pace), scheduler), report, show)
    output.file(report.folder, f"\ntables and pictures: {report.folder}")
