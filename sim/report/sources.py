"""What an analysis rests on, as tables kept with it: each scenario's values with their evidence, and its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.errors import legible
from sim.evidence import load_register
from sim.results.identity import identity
from sim.scenario import Scenario, explained, provenance
from sim.scenario.explain import place_text, range_text, record_text, value_text

if TYPE_CHECKING:
    import pandas as pd

VALUES, FILES = "values", "files"
"""The names of the two tables."""
COLUMNS = ("scenario", "key", "value", "unit", "range", "meaning", "evidence", "records", "place")


def source_tables(scenarios: Mapping[str, Scenario]) -> dict[str, pd.DataFrame]:
    """Return the tables `VALUES` and `FILES` by name, without empty ones."""
    tables = {VALUES: values_table(scenarios), FILES: files_table(scenarios)}
    return {name: table for name, table in tables.items() if not table.empty}


def sources_hash(scenarios: Mapping[str, Scenario]) -> str:
    """Return a hash of the source tables, which depend on more than the runs do, such as the texts of the evidence."""
    return identity({name: table.to_json() for name, table in source_tables(scenarios).items()})


def values_table(scenarios: Mapping[str, Scenario]) -> pd.DataFrame:
    """Return one row per scenario and value, all of it text: see `COLUMNS`.

    records : the evidence that the value cites, a line each. place : file and line that set the value; the file without its
    folder. A scenario built in Python has no rows.
    """
    import pandas as pd

    register = load_register()
    rows = []
    for name, scenario in scenarios.items():
        for key, value in explained(scenario).items() if provenance(scenario) else ():
            records = "\n".join(f"{record}: {record_text(register, record)}" for record in value.records)
            unit = "" if value.unit == "1" else value.unit
            place = legible(Path(place_text(value)).name)
            rows.append(
                (name, key, value_text(value.value), unit, range_text(value), value.meaning, value.evidence, records, place)
            )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def files_table(scenarios: Mapping[str, Scenario]) -> pd.DataFrame:
    """Return one row per scenario that was read from a file: scenario, file (its name) and text."""
    import pandas as pd

    rows = []
    for name, scenario in scenarios.items():
        title = provenance(scenario).get("title")
        if title and title.line is not None:
            path = Path(title.file)
            rows.append((name, legible(path.name), path.read_text(encoding="utf-8")))
    return pd.DataFrame(rows, columns=("scenario", "file", "text"))
