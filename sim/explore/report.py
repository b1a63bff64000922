"""The page of a comparison of both sides, as ``grassroots report`` writes it of a kept one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from sim.analysis.attribution import Attribution
from sim.analysis.compare import Comparison
from sim.explore.sides import Loaded
from sim.page.comparison import comparison_page
from sim.page.typical import replayed_runs
from sim.report.sources import FILES, VALUES, values_table
from sim.results import run_hash
from sim.results.identity import code_inputs
from sim.results.manifest import manifest


def report_page(comparison: Comparison, sides: Mapping[str, Loaded]) -> str:
    """Return the page as HTML. It calls the scenarios A.yaml and B.yaml, files whose text it holds."""
    named = {f"{label}.yaml": side for label, side in sides.items()}
    scenarios = {name: side.scenario for name, side in named.items()}
    tables = {f"{label}.yaml": table for label, table in comparison.tables.items()}
    compared = replace(comparison, scenarios=scenarios, tables=tables)
    seed, weeks = comparison.seed, comparison.weeks
    inputs = {
        "runs": {name: run_hash(scenario, seed, weeks) for name, scenario in scenarios.items()},
        "files": {name: side.text for name, side in named.items()}, "seed": seed, "weeks": weeks,
        "pairs": comparison.replicates, **code_inputs(*scenarios.values()),
    }  # fmt: skip
    command = (
        f"grassroots compare {' '.join(named)} --replicates {comparison.replicates} --seed {comparison.seed} "
        f"--weeks {comparison.weeks}"
    )
    told = manifest("comparison", "explore", inputs, command=command)
    texts = [(name, name, side.text) for name, side in named.items()]
    content = {
        "effects": compared.effects, "curves": compared.curves, "attribution": Attribution(compared).differences,
        VALUES: values_table(scenarios), FILES: pd.DataFrame(texts, columns=("scenario", "file", "text")),
    }  # fmt: skip
    replayed = replayed_runs(scenarios, compared.totals, comparison.seed, comparison.weeks)
    return comparison_page(told, content, scenarios, replayed)
