"""Keep tables and manifests in a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.sources import fingerprint
from sim.engine.outcomes import TOTALS
from sim.results import commit, run_hash, versions, write_parquet, write_text
from sim.runs import Failure
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

PRESENTATION = ("analysis", "figures", "report")
"""What turns runs into a report; part of the hash of a report's folder, because it can change what stands there."""


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
