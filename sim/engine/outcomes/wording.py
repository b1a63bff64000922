"""The names of outcomes and units in printed tables and figures; other names stay as they are, with blanks."""

from __future__ import annotations

from collections.abc import Iterable

from sim.engine.outcomes.declaration import Outcome
from sim.engine.outcomes.declared import TOTALS, WEEKLY

_BY_NAME: dict[str, Outcome] = {outcome.name: outcome for outcome in (*WEEKLY, *TOTALS)}


def label_of(name: str) -> str:
    """Return the name of an outcome in printed tables."""
    outcome = _BY_NAME.get(name)
    return outcome.label if outcome else name.replace("_", " ")


def axis_text(name: str) -> str:
    """Return the name of an outcome in figures, without its unit."""
    outcome, label = _BY_NAME.get(name), label_of(name)
    return outcome.axis if outcome and outcome.axis else label[:1].upper() + label[1:]


def unit_of(name: str) -> str:
    """Return the unit of an outcome, empty for other names."""
    outcome = _BY_NAME.get(name)
    return outcome.unit if outcome else ""


def unit_text(unit: str) -> str:
    """Return a unit for people to read: percent for shares, nothing for pure numbers."""
    return {"share": "%", "0..1": "0 to 1", "1": ""}.get(unit, unit)


def difference_unit(unit: str) -> str:
    """Return the unit of differences for people to read: percentage points for shares."""
    return "percentage points" if unit == "share" else unit_text(unit)


def by_topic(names: Iterable[str]) -> dict[str, list[str]]:
    """Return names of outcomes by topic; topics come in the order of their first outcome."""
    topics: dict[str, list[str]] = {}
    for name in names:
        topics.setdefault(_BY_NAME[name].topic, []).append(name)
    return topics
