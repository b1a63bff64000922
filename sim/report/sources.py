"""What a comparison rests on, as tables that are kept with it: each scenario's values with their evidence, and its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.evidence import load_register
from sim.scenario import Scenario, explained, provenance
from sim.scenario.explain import place_text, range_text, record_text, value_text

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("scenario", "key", "value", "unit", "range", "meaning", "evidence", "records", "place")


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
            place = Path(place_text(value)).name
            rows.append(
                (
                    name,
                    key,
                    value_text(value.value),
                    unit,
                    range_text(value),
                    value.meaning,
                    value.evidence,
                    records,
                    place,
                )
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def files_table(scenarios: Mapping[str, Scenario]) -> pd.DataFrame:
    """Return one row per scenario that was read from a file: scenario, file (its name) and text."""
    import pandas as pd

    rows = []
    for name, scenario in scenarios.items():
        title = provenance(scenario).get("title")
        if title and title.line is not None:
            path = Path(title.file)
            rows.append((name, path.name, path.read_text(encoding="utf-8")))
    return pd.DataFrame(rows, columns=("scenario", "file", "text"))
