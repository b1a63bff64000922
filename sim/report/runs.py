"""Figures of a single run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.compare import Comparison
from sim.base.errors import InputError
from sim.results import NO_DRAW, folder_name
from sim.runs import Pairs, Request, run
from sim.runs.single import states
from sim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def quarters(weeks: int) -> list[int]:
    """Return the default weeks of a map: the first, a quarter, half and the last."""
    return sorted({1, max(1, weeks // 4), max(1, weeks // 2), weeks})


def map_figure(scenario: Scenario, seed: int, replicate: int, weeks: Sequence[int]) -> Figure:
    """Run a scenario and return the map of its first village after each of these numbers of weeks."""
    from sim.figures.snapshots import snapshot
    from sim.figures.village_map import village_map

    shown = [snapshot(state, 0, week - 1) for week, state in states(scenario, seed, replicate, weeks)]
    village = f", {scenario.villages[0].name}" if len(scenario.villages) > 1 else ""
    return village_map(shown, scenario.title + village, f"One run: seed {seed}, replicate {replicate}.")


def draw_run(
    scenario: Scenario, name: str, seed: int, replicate: int, weeks: int | None, map_weeks: Sequence[int], out: Path,
    formats: Sequence[str] = ("png", "svg"),
) -> list[Path]:  # fmt: skip
    """Run a scenario once and draw its ladder, its adopted share by group, and its map; return each figure's first path.

    Raises InputError if the run fails.
    """
    from sim.figures.curves import outcome_curves
    from sim.figures.ladder import ladder
    from sim.figures.output import save

    horizon = weeks or scenario.weeks
    request = Request({name: scenario}, Pairs.listed(np.array([[NO_DRAW, replicate]])), seed, horizon)
    runs = run(request, jobs=1)
    if runs.failures:
        raise InputError(str(runs.failures[0]))
    comparison = Comparison({name: scenario}, seed, horizon, 1, runs.tables, [])
    stem = f"{folder_name(name)}-{seed}-{replicate}"
    titles = {name: scenario.title}
    figures = {
        "ladder": ladder(comparison.curves, labels=titles),
        "adopted": outcome_curves(comparison.curves, "adopted", labels=titles),
        "map": map_figure(scenario, seed, replicate, map_weeks or quarters(comparison.weeks)),
    }
    return [path for kind, figure in figures.items() for path in save(figure, out / f"{stem}-{kind}", formats)[:1]]
