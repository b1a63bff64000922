"""What two scenarios have in common: whether their pairs are the same village, and which outcomes can be compared.

Pairs of the same village share people and luck. Pairs of different villages share only random numbers. Their outcomes still go
together (the correlation of adoption is 0.1 to 0.9), so differences are taken pair by pair there too: each pair is independent
of the others, and the interval of the mean holds. But such a difference is one of villages as well as of programmes, and a
difference of sums (money, hours, households) means nothing between villages of different size.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario import Scenario

SUMS = ("yuan", "hours", "households")
"""Units of outcomes that grow with the village."""
OTHER_SIZE = "not comparable: another size of village"
"""The verdict on a difference in such an outcome between villages of different size."""
SHOWN = 4
"""Differences that a note lists."""


def comparable(unit: str, scenario: Scenario, reference: Scenario) -> bool:
    """Return whether a difference in an outcome of this unit means anything between two scenarios."""
    return unit not in SUMS or households_of(scenario) == households_of(reference)


def notes(scenarios: Mapping[str, Scenario], weeks: int) -> list[str]:
    """Return one line for each scenario that differs from the first in more than its programme; weeks : of the runs."""
    (first, reference), *others = scenarios.items()
    lines = []
    for name, scenario in others:
        apart = _differences(scenario, reference)
        village = any(key.startswith("village") for key in apart)
        listed = [f"{key} {a}, not {b}" for key, (a, b) in list(apart.items())[:SHOWN]]
        listed += [f"{len(apart) - SHOWN} more"] * (len(apart) > SHOWN)
        if apart:
            lines.append(
                f"{name} differs from {first} in more than its programme: {'; '.join(listed)}"
                + (". Pairs share luck, but not people" if village else "")
            )
    own = {name: scenario.weeks for name, scenario in scenarios.items() if scenario.weeks != weeks}
    if len({scenario.weeks for scenario in scenarios.values()}) > 1 and own:
        lines.append(f"all run for {weeks} weeks, though " + ", ".join(f"{name} has {n}" for name, n in own.items()))
    return lines


def households_of(scenario: Scenario) -> int:
    """Return the number of households of all villages."""
    return sum(village.households for village in scenario.villages)


def _differences(scenario: Scenario, reference: Scenario) -> dict[str, tuple[Any, Any]]:
    """Return the values that differ, by dotted key, except for titles, weeks and interventions."""
    here, there = ({"household": one.household, "public": one.public} for one in (scenario, reference))
    if len(scenario.villages) == len(reference.villages) == 1:
        here |= {"village": scenario.villages[0]}
        there |= {"village": reference.villages[0]}
        apart: dict[str, tuple[Any, Any]] = {}
    else:
        sizes = [f"{len(one.villages)} with {households_of(one):,} households" for one in (scenario, reference)]
        apart = {} if scenario.villages == reference.villages else {"villages": (sizes[0], sizes[1])}
    flat, other = ({key: value for key, value in _flat(one)} for one in (here, there))
    return apart | {key: (value, other.get(key)) for key, value in flat.items() if value != other.get(key)}


def _flat(block: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    items: list[tuple[str, Any]] = []
    for key, value in block.items():
        inner = value.model_dump() if hasattr(value, "model_dump") else value
        items += _flat(inner, f"{prefix}{key}.") if isinstance(inner, dict) else [(f"{prefix}{key}", inner)]
    return items
