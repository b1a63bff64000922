"""Comparisons: kept in a results folder that is found again by the hash of their inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.attribution import Attribution
from sim.analysis.compare import Comparison
from sim.base.sources import fingerprint
from sim.engine.outcomes import DRAWN_CURVES, DRAWN_EFFECTS
from sim.report.keeping import PRESENTATION, save_table, write_manifest
from sim.report.runs import draw_map, quarters
from sim.results import folder_name, run_hash
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("effects", "interaction", "curves", "totals")
AS_TEXT = ("effects", "interaction", "climbs", "attribution")
"""Tables that are written as CSV besides: those that people read."""


def comparison_folder(
    root: Path, name: str, scenarios: Mapping[str, Scenario], seed: int, weeks: int, replicates: int,
    draws: DrawTable | None = None,
) -> Path:  # fmt: skip
    """Return the folder of a comparison; its hash covers the runs, their number and the text of the analysis."""
    parts = [f"{label}:{run_hash(scenario, seed, weeks, draws)}" for label, scenario in scenarios.items()]
    text = "\0".join([*parts, str(replicates), fingerprint(PRESENTATION)])
    return root / folder_name(name) / hashlib.sha256(text.encode()).hexdigest()[:16]


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


def titles_of(scenarios: Mapping[str, Scenario]) -> dict[str, str]:
    """Return what pictures call each scenario: its title, or its name where another scenario has the same title."""
    titles = [scenario.title for scenario in scenarios.values()]
    return {name: one.title if titles.count(one.title) == 1 else name for name, one in scenarios.items()}


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

    titles = titles_of(comparison.scenarios)
    for outcome in DRAWN_CURVES:
        save(outcome_curves(comparison.curves, outcome, labels=titles), folder / outcome)
    save(ladder(comparison.curves, labels=titles, columns=2), folder / "ladder")
    save(forest(comparison.effects, DRAWN_EFFECTS, titles), folder / "effects")
    save(climbs_by_term(attribution.climbs, titles), folder / "climbs")
    save(attribution_figure(attribution.differences, titles), folder / "attribution")
    last = list(comparison.scenarios.values())[-1]
    draw_map(last, comparison.seed, 0, map_weeks or quarters(comparison.weeks), folder / "map")
