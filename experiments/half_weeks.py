"""A scenario in steps of half a week: every number that is by the week is rescaled by its unit.

With p a weekly probability or share of a way, a half step has 1 - (1 - p)**(1/2), so that two of them come to p; a
retention has its square root; what flows by the week is halved; dates and durations are doubled. What is by visit, by
call or by gift stays. Each rule is exact for what it rescales alone; what isn't, and so makes half weeks another model
in more than its step, is a climb's probability (its greatest value is rescaled, which is then multiplied by the
logistic of the score), and two rungs in a week, which half steps allow.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from sim.engine.mechanisms import disputes, giving, persuasion
from sim.scenario import Scenario

Model = TypeVar("Model", bound=BaseModel)
Rule = Callable[[float], float]


def _same(x: float) -> float:
    return x


def _half(x: float) -> float:
    return x / 2


def _twice(x: float) -> float:
    return 2 * x


def _part(x: float) -> float:
    return 1 - math.sqrt(1 - x)


BY_UNIT: dict[str, Rule] = {
    "1/week": _part, "hours/week": _half, "yuan/week": _half, "disputes/week": _half,
    "week": _twice, "weeks": _twice,
}  # fmt: skip
BY_NAME: dict[str, Rule] = {
    "passivity_step": _part,  # of a week with clearing
    "paid_hours": _half,  # offered in a week
    "contacts_per_member_year": _half, "period_weeks": _same,  # the same contacts over twice the steps
}  # fmt: skip
PERIODS = ((persuasion, "HALF_YEAR"), (giving, "QUARTER"), (disputes, "MEETING_WEEKS"))
"""Constants of compiled code, in weeks: a process that runs half weeks doubles them before it compiles anything."""


def rule(name: str, unit: str) -> Rule:
    """Return how a number of a scenario is rescaled, from its name and unit."""
    if name in BY_NAME:
        return BY_NAME[name]
    if name.endswith("_retention"):
        return math.sqrt
    return BY_UNIT.get(unit, _same)


def half_weeks(scenario: Scenario) -> Scenario:
    """Return the scenario for steps of half a week; it has twice the weeks. `PERIODS` are the caller's to double."""
    return _rescaled(scenario)


def _rescaled(block: Model) -> Model:
    """Return a block with its numbers rescaled, and so the blocks within it."""
    changed: dict[str, object] = {}
    for name, field in type(block).model_fields.items():
        value = getattr(block, name)
        extra = field.json_schema_extra
        unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
        if isinstance(value, BaseModel):
            changed[name] = _rescaled(value)
        elif isinstance(value, tuple):
            changed[name] = tuple(_rescaled(item) if isinstance(item, BaseModel) else item for item in value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            changed[name] = type(value)(rule(name, unit)(value))
    return block.model_copy(update=changed)
