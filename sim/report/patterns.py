"""Reports on the documents' patterns: tables, the figure of all places, and text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.pattern_measures import PLACES, Tables
from sim.analysis.patterns import by_pattern, courses, judge
from sim.evidence import load_register, seeds_folder
from sim.report.keeping import Report, files_hash
from sim.report.text_tables import aligned
from sim.scenario import load_scenario, scenarios_folder

if TYPE_CHECKING:
    import pandas as pd

PATTERNS = "patterns"
"""The kind of report, and its name."""
QUANTITIES, VERDICTS = "quantities", "pattern_verdicts"
"""The names of its tables."""


def patterns_report(root: Path, seed: int, replicates: int) -> Report:
    """Return the report on all patterns, which rests on all scenarios and the whole register."""
    files = [files_hash(folder) for folder in (scenarios_folder(), seeds_folder())]
    return Report(root, PATTERNS, PATTERNS, {"seed": seed, "replicates": replicates, "files": files})


def save_patterns(runs: Tables, report: Report, replicates: int) -> dict[str, pd.DataFrame]:
    """Write the tables and the figure; return the tables by name."""
    from sim.figures.places import places

    register = load_register()
    quantities = judge(runs, register)
    tables = {QUANTITIES: quantities, VERDICTS: by_pattern(quantities, register), "courses": courses(runs)}
    for name, table in tables.items():
        report.table(name, table)
    titles = {place: load_scenario(f"places/{place}").title for place in PLACES}
    report.figure("places", places(tables["courses"], titles))
    report.finish(replicates)
    return tables


def patterns_text(verdicts: pd.DataFrame) -> str:
    """Return the verdicts as a table, one line a pattern, and below it why patterns fail or can't be tested."""
    rows: list[tuple[str, ...]] = [("pattern", "use", "quantities reproduced", "verdict")]
    rows += [tuple(map(str, row)) for row in verdicts[["pattern", "use", "quantities", "verdict"]].to_numpy()]
    why = [f"{pattern}: {reason}" for pattern, reason in verdicts[["pattern", "why"]].to_numpy() if reason]
    return "\n".join([aligned(rows, left=2), *([""] if why else []), *why])
