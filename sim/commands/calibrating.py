"""Calibrate the model to the patterns of the documents."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Jobs, Results, Scheduler, pace
from sim.commands.output import Output

PRINTED = ("waves", "acceptance", "fit", "marginals", "scores")
"""The tables of a calibration that --json prints; all are in its folder."""


def calibrate(
    output: Output,
    draws: Annotated[int, typer.Option(min=1, help="Draws of the prior that are considered.")] = 32768,
    waves: Annotated[int, typer.Option(min=0, help="Waves of history matching; 0 is plain rejection.")] = 2,
    wave_draws: Annotated[int, typer.Option(min=50, help="Draws simulated in each wave, at most.")] = 1024,
    replicates: Annotated[int, typer.Option(min=1, help="Runs that must all meet every band.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Root of all chance.")] = 2022,
    only_fit: Annotated[
        bool, typer.Option("--only-fit", help="Leave out the bands of patterns that the register holds out.")
    ] = False,
    scored: Annotated[int, typer.Option(min=2, help="Draws that all patterns are measured over.")] = 16,
    priors: Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="Another file of priors.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only tell what it would cost.")] = False,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Save the draws here, too, and how they came about.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of tables and figures; in --results if left out.")] = None,
    results: Results = Path("results"),
    jobs: Jobs = None,
    scheduler: Scheduler = None,
) -> None:
    """Find which values of households' parameters are compatible with the documents, and score what is held out."""
    from sim.analysis.calibration.village import Plan, seconds_a_draw
    from sim.analysis.calibration.village import calibrate as calibrate_village
    from sim.report.calibration import (
        calibration_folder,
        calibration_text,
        cost_text,
        save_calibration,
        save_draws,
        tables,
    )

    threads = jobs or os.cpu_count() or 1
    plan = Plan(draws, (wave_draws,) * waves, replicates, seed, only_fit, scored, priors)
    if preview:
        each = seconds_a_draw(plan, threads)
        output.text(cost_text(plan, threads, each))
        output.table("cost", [{"draws": draws, "waves": waves, "threads": threads, "seconds_a_draw": each}])
        return
    found = calibrate_village(plan, results, jobs, output.reporter(pace), scheduler)
    folder = out or calibration_folder(results, plan)
    save_calibration(found, folder)
    if save is not None:
        save_draws(found, save)
    output.text(calibration_text(found))
    for name, table in tables(found).items():
        if name in PRINTED:
            output.table(name, table)
    output.table("defaults", [found.defaults()])
    output.file(folder, f"\ntables and pictures: {folder}")
