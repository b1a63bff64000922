"""Calibrate the model to the patterns of the documents."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import Jobs, Results

if TYPE_CHECKING:
    from sim.analysis.calibration import Stage


def calibrate(
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
) -> None:
    """Find which values of households' parameters are compatible with the documents, and score what is held out."""
    from sim.analysis.calibration.village import Plan
    from sim.analysis.calibration.village import calibrate as calibrate_village
    from sim.calibration_report import calibration_folder, calibration_text, cost_text, save_calibration, save_draws

    threads = jobs or os.cpu_count() or 1
    plan = Plan(draws, (wave_draws,) * waves, replicates, seed, only_fit, scored, priors)
    if preview:
        print(cost_text(plan, threads))
        return
    found = calibrate_village(plan, results / "calibration", threads, stages())
    folder = out or calibration_folder(results, plan)
    save_calibration(found, folder)
    if save is not None:
        save_draws(found, save)
    print(calibration_text(found))
    print(f"\ntables and pictures: {folder}")


def stages() -> Callable[[Stage], None]:
    """Return a reporter that tells the stages of a calibration: one line kept up to date, or one now and then."""
    terminal = sys.stderr.isatty()
    last = [0.0]

    def report(stage: Stage) -> None:
        now = time.monotonic()
        finished = stage.done >= stage.draws
        if not finished and now - last[0] < (0.1 if terminal else 5.0):
            return
        last[0] = now
        made = stage.done - stage.found
        left = stage.seconds / made * (stage.draws - stage.done) if made else 0.0
        text = f"{stage.name}: {stage.done}/{stage.draws} ({stage.found} found), {left:.0f} s left in it"
        print(f"\r{text:78s}" if terminal else text, end="\n" if finished or not terminal else "", file=sys.stderr)

    return report
