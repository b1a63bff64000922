"""Tell where each value of a resolved scenario comes from. It rides along and is no part of what a scenario is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sim.scenario.drawing import BY_SIZE, Drawn, value_at
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
    drawn: Mapping[str, Drawn] = field(default_factory=dict)
    changed: Mapping[str, float] = field(default_factory=dict)

    # Equal to any other, so that it never decides whether two scenarios are the same.
    def __eq__(self, other: object) -> bool:
        return other is None or isinstance(other, Origin)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type[Origin], tuple[object, ...]]:
        # A worker process needs to know which villages share a value and how they are drawn, not who said it.
        return Origin, ({}, self.own, dict(self.members), dict(self.drawn), {})


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
    scenario lists villages; copies share one key, but for what is drawn for each) and ``interventions.NAME.yuan``. A
    scenario that was built in Python, or unpickled, has none.
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
    if settings:
        for item, drawn in origin.drawn.items():
            settings |= _drawn(scenario, item, drawn, origin.members[item], settings)
    return settings


def _drawn(
    scenario: Scenario, item: str, drawn: Drawn, names: tuple[str, ...], settings: Mapping[str, Provenance]
) -> dict[str, Provenance]:
    """Return the settings of what is drawn for the villages of an item: the centre, and each village's own value."""
    found: dict[str, Provenance] = {}
    named = frozenset(names)
    villages = [village for village in scenario.villages if village.name in named]
    for key in drawn.traits():
        path = f"villages.{item}.{key}"
        centre = settings[path]
        values = [value_at(village, key) for village in villages]
        extent = f"drawn about this: {min(values):,.6g} to {max(values):,.6g} in {len(values)} villages"
        found[path] = replace(centre, evidence=f"{centre.evidence}; {extent}")
        sd = value_at(drawn.spread, key)
        by_size = key in BY_SIZE and drawn.spread.people_by_size
        how = [f"with a spread of {sd:g}"] * (sd > 0) + ["in proportion to households"] * by_size
        told = " and ".join(how) or "as far as there are households"
        kept = ", totals kept" if drawn.spread.keep_totals and key in ("households", *BY_SIZE) else ""
        why = f"assumption: drawn from {path} ({centre.value:,.6g}) {told}, by the village's name{kept}"
        # What the centre rests on says nothing of a single village.
        spread = settings[f"villages.{item}.spread.{key if sd else 'households'}"]
        one = replace(spread, shape=centre.shape, evidence=why, records=(), replaced=None)
        found |= {
            f"villages.{village.name}.{key}": replace(one, value=value)
            for village, value in zip(villages, values, strict=True)
        }
    return found


def parameters_by_record(scenario: Scenario) -> dict[str, list[str]]:
    """Return, for each record, derived figure, pattern or paper that a value rests on, the keys that rest on it."""
    found: dict[str, list[str]] = {}
    for key, value in provenance(scenario).items():
        for record in value.records:
            found.setdefault(record, []).append(key)
    return found
