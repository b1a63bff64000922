"""Tell where each value of a resolved scenario comes from. It rides along and is no part of what a scenario is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sim.scenario.schema import Scenario
from sim.scenario.values import Provenance


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a scenario's values come from.

    `settings` maps dotted keys to their provenance; `own` holds the keys ``villages.NAME.x`` that a village sets
    itself rather than sharing ``village.x``; `members` maps the name of an item of `villages` to the names of the
    villages it stands for; `changed` are numbers that `with_values` put in since.
    """

    settings: Mapping[str, Provenance] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changed: Mapping[str, float] = field(default_factory=dict)

    # Equal to any other, so that it never decides whether two scenarios are the same.
    def __eq__(self, other: object) -> bool:
        return other is None or isinstance(other, Origin)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type[Origin], tuple[object, ...]]:
        # A worker process needs to know which villages share a value, not who said it.
        return Origin, ({}, self.own, dict(self.members), {})


def attach(scenario: Scenario, origin: Origin) -> Scenario:
    """Give a new scenario its origin and return it."""
    scenario._origin = origin
    return scenario


def origin_of(scenario: Scenario) -> Origin:
    """Return a scenario's origin; an empty one if it was built in Python."""
    origin = scenario._origin
    return origin if isinstance(origin, Origin) else Origin(members={v.name: (v.name,) for v in scenario.villages})


def provenance(scenario: Scenario) -> Mapping[str, Provenance]:
    """Return the provenance of every value by dotted key.

    Keys are ``household.own_yard``, ``village.contact.message``, ``villages.NAME.contact.message`` (only where the
    scenario lists villages; copies share one key) and ``interventions.NAME.yuan``. A scenario that was built in
    Python, or unpickled, has none.
    """
    origin = origin_of(scenario)
    settings = dict(origin.settings)
    for key, value in origin.changed.items():
        old = origin.settings.get(key)
        if old is None:
            continue
        new = replace(old, value=value, evidence="set by the program", records=(), file="with_values", line=None,
                      owner="", override="", replaced=old)  # fmt: skip
        settings[key] = new
        root, _, rest = key.partition(".")
        if root == "village":
            settings |= {
                shared: new
                for shared in (f"villages.{item}.{rest}" for item in origin.members)
                if shared in settings and shared not in origin.own
            }
    return settings


def parameters_by_record(scenario: Scenario) -> dict[str, list[str]]:
    """Return, for each record, derived figure, pattern or paper that a value rests on, the keys that rest on it."""
    found: dict[str, list[str]] = {}
    for key, value in provenance(scenario).items():
        for record in value.records:
            found.setdefault(record, []).append(key)
    return found
