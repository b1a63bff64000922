"""Pictures of a single run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.analysis.compare import Comparison
from sim.engine.simulation import Simulation
from sim.results import safe_name
from sim.runs import run_chunk
from sim.scenario import Scenario


def quarters(weeks: int) -> list[int]:
    """Return the weeks at which a map is drawn unless others are asked for: the first, a quarter, half and the last."""
    return sorted({1, max(1, weeks // 4), max(1, weeks // 2), weeks})


def draw_map(scenario: Scenario, seed: int, replicate: int, weeks: Sequence[int], path: Path) -> None:
    """Run a scenario and draw its first village after so many weeks each."""
    from sim.figures.output import save
    from sim.figures.snapshots import snapshot
    from sim.figures.village_map import village_map

    simulation = Simulation(scenario, seed, replicate, max(weeks))
    snapshots = []
    for week in sorted(weeks):
        simulation.advance(week - simulation.week)
        snapshots.append(snapshot(simulation.state, 0, week - 1))
    save(village_map(snapshots), path)


def draw_run(
    scenario: Scenario, name: str, seed: int, replicate: int, weeks: int | None, map_weeks: Sequence[int], out: Path
) -> list[Path]:
    """Run a scenario once and draw its ladder, its adopted share by group, and its map; return the pictures' paths."""
    from sim.figures.curves import outcome_curves
    from sim.figures.ladder import ladder
    from sim.figures.output import save

    horizon = weeks or scenario.weeks
    chunk = run_chunk(scenario, name, seed, horizon, [replicate])
    if chunk.failures:
        raise RuntimeError(str(chunk.failures[0]))
    comparison = Comparison({name: scenario}, seed, horizon, 1, {name: chunk.runs}, [])
    stem = f"{safe_name(name)}-{seed}-{replicate}"
    titles = {name: scenario.title}
    save(ladder(comparison.curves, labels=titles), out / f"{stem}-ladder")
    save(outcome_curves(comparison.curves, "adopted", labels=titles), out / f"{stem}-adopted")
    draw_map(scenario, seed, replicate, map_weeks or quarters(comparison.weeks), out / f"{stem}-map")
    return [out / f"{stem}-{kind}.png" for kind in ("ladder", "adopted", "map")]
