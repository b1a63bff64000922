"""Evaluations: a study's draws run, or found where an earlier study at the same points left them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.analysis.sensitivity.study import Study
from sim.base.arrays import F64
from sim.base.errors import InputError
from sim.runs import Collection, Report, missing, run

NAME = "sensitivity-runs"
"""The folder of all studies' runs in a results folder; a run is found there by its content."""


def evaluate_study(
    study: Study,
    root: Path | None = None,
    jobs: int | None = None,
    report: Report | None = None,
    scheduler: str | None = None,
) -> F64:
    """Return what is observed at every draw of a study, shape (draws, replicates, observed); see `Study.observed`.

    Parameters
    ----------
    root : results folder, in which runs are kept and found; None keeps none. jobs, report, scheduler : see `sim.runs.run`.

    Raises
    ------
    InputError : a run failed, such as at values that contradict each other; all others are made first.
    """
    observed: dict[str, F64] = {}
    with Collection(root, NAME) as kept:
        for request in study.requests(study.design.draws):
            runs = run(request, kept, jobs=jobs, report=report, scheduler=scheduler, stage=", ".join(request.scenarios))
            if runs.failures:
                raise InputError(f"{len(runs.failures)} runs failed; the first: {runs.failures[0]}")
            for label, table in runs.tables.items():
                columns = np.column_stack([table[name] for name in study.observed])
                observed[label] = columns.reshape(study.design.draws.size, study.replicates, -1)
    first, *others = (observed[label] for label in study.scenarios)
    return first - others[0] if others else first


def missing_runs(study: Study, root: Path) -> int:
    """Return how many of the study's runs have yet to be made."""
    return sum(missing(request, Collection(root, NAME)) for request in study.requests(study.design.draws))
