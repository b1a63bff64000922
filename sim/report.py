"""Keep a comparison in a results folder: tables, figures and a manifest, found again by the hash of their inputs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from sim.analysis.attribution import Attribution
from sim.analysis.compare import Comparison
from sim.batch import Failure, run_chunk
from sim.compiled import PACKAGE, fingerprint
from sim.outcomes import TOTALS
from sim.results import commit, run_hash, safe_name, versions, write_parquet, write_text
from sim.scenario import Scenario
from sim.simulation import Simulation
from sim.uncertainty.draw_table import DrawTable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

TABLES = ("effects", "interaction", "curves", "totals")
AS_TEXT = ("effects", "interaction", "climbs", "attribution")
"""Tables that are written as CSV besides: those that people read."""
PRESENTATION = ("analysis", "figures", "report.py", "shares_report.py", "policy_report.py", "tables.py")


def comparison_folder(
    root: Path, name: str, scenarios: Mapping[str, Scenario], seed: int, weeks: int, replicates: int,
    draws: DrawTable | None = None,
) -> Path:  # fmt: skip
    """Return the folder of a comparison; its hash covers the runs, their number and the text of the analysis."""
    parts = [f"{label}:{run_hash(scenario, seed, weeks, draws)}" for label, scenario in scenarios.items()]
    text = "\0".join([*parts, str(replicates), fingerprint([p for p in PRESENTATION if (PACKAGE / p).exists()])])
    return root / safe_name(name) / hashlib.sha256(text.encode()).hexdigest()[:16]


def save_comparison(comparison: Comparison, folder: Path, attribution: Attribution | None = None) -> None:
    """Write tables (Parquet, and CSV for those in `AS_TEXT`) and figures, the manifest last.

    attribution : that of the comparison, if it has been made already.
    """
    attribution = attribution or Attribution(comparison)
    tables: dict[str, pd.DataFrame] = {name: getattr(comparison, name) for name in TABLES}
    tables |= {"climbs": attribution.climbs, "attribution": attribution.differences}
    for name, table in tables.items():
        if not table.empty:
            save_table(folder, name, table, name in AS_TEXT)
    draw_comparison(comparison, attribution, folder)
    write_manifest(
        folder, comparison.scenarios, comparison.seed, comparison.weeks, comparison.replicates, comparison.failures
    )


def save_table(folder: Path, name: str, table: pd.DataFrame, as_text: bool = True) -> None:
    """Write a table as Parquet with the units of outcomes, and as CSV too if it is one that people read."""
    units = {outcome.name: outcome.unit for outcome in TOTALS}
    write_parquet(folder / f"{name}.parquet", {str(key): table[key].to_numpy() for key in table}, units)
    if as_text:
        write_text(folder / f"{name}.csv", table.to_csv(index=False, float_format="%.6g"))


def write_manifest(
    folder: Path, scenarios: Mapping[str, Scenario], seed: int, weeks: int, replicates: int, failures: Sequence[Failure],
    **more: object,
) -> None:  # fmt: skip
    """Write what the tables of a folder were made from: the runs' hashes, their number, `more`, and versions."""
    manifest = {
        "scenarios": {name: run_hash(scenario, seed, weeks) for name, scenario in scenarios.items()},
        "seed": seed, "weeks": weeks, "replicates": replicates, **more,
        "failures": [str(failure) for failure in failures],
        "model": fingerprint(), "versions": versions(), "commit": commit(),
    }  # fmt: skip
    write_text(folder / "manifest.json", json.dumps(manifest, indent=1) + "\n")


def save_study(folder: Path, tables: Mapping[str, pd.DataFrame], figures: Mapping[str, Figure], finding: str) -> None:
    """Write a study's tables (CSV), figures (PNG and SVG) and what was found (text), each by its name."""
    from sim.figures.output import save

    for name, table in tables.items():
        write_text(folder / f"{name}.csv", table.to_csv(index=False, float_format="%.6g"))
    for name, figure in figures.items():
        save(figure, folder / name)
    write_text(folder / "finding.md", fill(" ".join(finding.split()), 100) + "\n")


def draw_comparison(
    comparison: Comparison, attribution: Attribution, folder: Path, map_weeks: Sequence[int] | None = None
) -> None:
    """Draw a comparison's figures: curves, ladder, forest, climbs and what carried them, and a map.

    The map is that of the last scenario's first replicate.
    """
    from sim.figures.attribution import attribution as attribution_figure
    from sim.figures.climbs import climbs_by_term
    from sim.figures.curves import outcome_curves
    from sim.figures.forest import forest
    from sim.figures.ladder import ladder
    from sim.figures.output import save

    titles = {name: scenario.title for name, scenario in comparison.scenarios.items()}
    save(outcome_curves(comparison.curves, "adopted", labels=titles), folder / "adopted")
    save(outcome_curves(comparison.curves, "clean", labels=titles), folder / "clean")
    save(ladder(comparison.curves, labels=titles, columns=2), folder / "ladder")
    save(forest(comparison.effects, ("adopted", "clean", "self_initiated", "newcomer_gap"), titles), folder / "effects")
    save(climbs_by_term(attribution.climbs, titles), folder / "climbs")
    save(attribution_figure(attribution.differences, titles), folder / "attribution")
    last = list(comparison.scenarios.values())[-1]
    draw_map(last, comparison.seed, 0, map_weeks or quarters(comparison.weeks), folder / "map")


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
