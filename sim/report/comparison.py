"""Reports of comparisons: tables and figures, identified by their inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.attribution import Attribution
from sim.analysis.comparable import households_of
from sim.analysis.compare import Comparison
from sim.engine.outcomes import DRAWN_CURVES, DRAWN_EFFECTS
from sim.report.keeping import Report
from sim.report.runs import map_figure, quarters
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable

if TYPE_CHECKING:
    import pandas as pd

COMPARISON = "comparison"
"""The kind of report."""
AS_TEXT = ("effects", "interaction", "climbs", "attribution", "pairing", "precision", "effects_full")
"""Tables for people, which are also written as CSV."""


def comparison_report(
    root: Path, name: str, scenarios: Mapping[str, Scenario], seed: int, weeks: int, draws: DrawTable | None,
    pairs: Mapping[str, float], folder: Path | None = None,
) -> Report:  # fmt: skip
    """Return the report of a comparison. pairs : the settings that decide their number. folder : see `Report`."""
    return Report.of(root, COMPARISON, name, scenarios, seed, weeks, {"pairs": dict(pairs)}, draws, folder)


def comparison_tables(comparison: Comparison, attribution: Attribution) -> dict[str, pd.DataFrame]:
    """Return the tables of a comparison by name, without empty ones."""
    tables = {
        "effects": comparison.effects, "interaction": comparison.interaction, "curves": comparison.curves,
        "totals": comparison.totals, "climbs": attribution.climbs, "attribution": attribution.differences,
    }  # fmt: skip
    return {name: table for name, table in tables.items() if not table.empty}


def save_comparison(
    comparison: Comparison, report: Report, more: Mapping[str, pd.DataFrame] | None = None,
    show: Callable[[dict[str, pd.DataFrame]], None] = lambda tables: None,
) -> None:  # fmt: skip
    """Write a comparison's tables, the tables in `more`, and its figures.

    show : called with all tables before the figures are drawn, which takes longer than the comparison of 100 pairs.
    """
    attribution = Attribution(comparison)
    tables = comparison_tables(comparison, attribution) | dict(more or {})
    for name, table in tables.items():
        report.table(name, table, name in AS_TEXT)
    show(tables)
    draw_comparison(comparison, attribution, report)
    report.finish(comparison.replicates, comparison.failures)


def titles_of(scenarios: Mapping[str, Scenario]) -> dict[str, str]:
    """Return the label of each scenario in figures: its title, or its name if another scenario has the same title."""
    titles = [scenario.title for scenario in scenarios.values()]
    return {name: one.title if titles.count(one.title) == 1 else name for name, one in scenarios.items()}


def draw_comparison(
    comparison: Comparison, attribution: Attribution, report: Report, map_weeks: Sequence[int] | None = None
) -> None:
    """Draw a comparison's figures: curves, ladder, forest, climbs, attribution, and a map.

    The map is that of the last scenario's first replicate.
    """
    from sim.figures.attribution import attribution as attribution_figure
    from sim.figures.climbs import climbs_by_term
    from sim.figures.curves import outcome_curves
    from sim.figures.forest import forest
    from sim.figures.ladder import ladder

    titles = titles_of(comparison.scenarios)
    households = {name: households_of(scenario) for name, scenario in comparison.scenarios.items()}
    for outcome in DRAWN_CURVES:
        report.figure(outcome, outcome_curves(comparison.curves, outcome, labels=titles))
    report.figure("ladder", ladder(comparison.curves, labels=titles, columns=2))
    report.figure("effects", forest(comparison.effects, DRAWN_EFFECTS, titles))
    report.figure("climbs", climbs_by_term(attribution.climbs, titles, households))
    report.figure("attribution", attribution_figure(attribution.differences, titles))
    last = list(comparison.scenarios.values())[-1]
    report.figure("map", map_figure(last, comparison.seed, 0, map_weeks or quarters(comparison.weeks)))
