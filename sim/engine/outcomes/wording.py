"""How outcomes and their units are called in tables and figures; a name that is no outcome's stands for itself."""

from __future__ import annotations

from collections.abc import Iterable

from sim.engine.outcomes.declaration import Outcome
from sim.engine.outcomes.declared import TOTALS, WEEKLY

_BY_NAME: dict[str, Outcome] = {outcome.name: outcome for outcome in (*WEEKLY, *TOTALS)}


def label_of(name: str) -> str:
    """Return how tables call an outcome."""
    return _BY_NAME[name].label if name in _BY_NAME else name.replace("_", " ")


def axis_text(name: str) -> str:
    """Return how figures call an outcome, without its unit."""
    text = label_of(name)
    return (name in _BY_NAME and _BY_NAME[name].axis) or text[:1].upper() + text[1:]


def unit_of(name: str) -> str:
    """Return the unit of an outcome's numbers, empty for what is none."""
    return _BY_NAME[name].unit if name in _BY_NAME else ""


def unit_text(unit: str) -> str:
    """Return a unit as people read it: shares are told in percent, and a pure number has none."""
    return {"share": "%", "0..1": "0 to 1", "1": ""}.get(unit, unit)


def difference_unit(unit: str) -> str:
    """Return the unit of differences of an outcome as people read it."""
    return "percentage points" if unit == "share" else unit_text(unit)


def by_topic(names: Iterable[str]) -> dict[str, list[str]]:
    """Return outcomes by topic, topics and outcomes in the order in which they first come."""
    topics: dict[str, list[str]] = {}
    for name in names:
        topics.setdefault(_BY_NAME[name].topic, []).append(name)
    return topics
