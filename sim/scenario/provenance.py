"""The provenance of each value of a resolved scenario; it is attached to the scenario but doesn't affect its equality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sim.scenario.drawing import BY_SIZE, Drawn, value_at
from sim.scenario.schema import Scenario
from sim.scenario.values import Provenance


@dataclass(frozen=True, eq=False)
class Origin:
    """The origin of a scenario's values.

    `settings` maps dotted keys to their provenance; `own` has the keys ``villages.NAME.x`` that a village sets
    itself instead of sharing ``village.x``; `members` maps the name of an item of `villages` to the names of its
    villages; `drawn` has the items whose villages are drawn; `changed` has the numbers that `with_values` has set since;
    `remarks` says what may not be meant.
    """

    settings: Mapping[str, Provenance] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drawn: Mapping[str, Drawn] = field(default_factory=dict)
    changed: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    # Any two are equal, so that the origin never decides whether two scenarios are equal.
    def __eq__(self, other: object) -> bool:
        return other is None or isinstance(other, Origin)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type[Origin], tuple[object, ...]]:
        # A worker process needs to know which villages share a value and how they are drawn, but not who set it.
        return Origin, ({}, self.own, dict(self.members), dict(self.drawn), {})


def attach(scenario: Scenario, origin: Origin) -> Scenario:
    """Give a new scenario its origin and return it."""
    scenario._origin = origin
    return scenario


def origin_of(scenario: Scenario) -> Origin:
    """Return a scenario's origin; an empty one for a scenario built in Python."""
    origin = scenario._origin
    return origin if isinstance(origin, Origin) else Origin(members={v.name: (v.name,) for v in scenario.villages})


def provenance(scenario: Scenario) -> Mapping[str, Provenance]:
    """Return the provenance of every value by dotted key.

    Keys are ``household.own_yard``, ``village.contact.message``, ``villages.NAME.contact.message`` (only if the
    scenario lists villages; copies share one key, except for values drawn for each) and ``interventions.NAME.yuan``. A
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
    """Return the settings of the traits that are drawn for an item: the centre, and each village's own value."""
    settings_of_traits: dict[str, Provenance] = {}
    named = frozenset(names)
    villages = [village for village in scenario.villages if village.name in named]
    for key in drawn.traits():
        path = f"villages.{item}.{key}"
        centre = settings[path]
        values = [value_at(village, key) for village in villages]
        extent = f"drawn about this: {min(values):,.6g} to {max(values):,.6g} in {len(values)} villages"
        settings_of_traits[path] = replace(centre, evidence=f"{centre.evidence}; {extent}")
        sd = value_at(drawn.spread, key)
        by_size = key in BY_SIZE and drawn.spread.people_by_size
        how = [f"with a spread of {sd:g}"] * (sd > 0) + ["in proportion to households"] * by_size
        method = " and ".join(how) or "at most the number of households"
        totals = ", totals kept" if drawn.spread.keep_totals and key in ("households", *BY_SIZE) else ""
        why = f"assumption: drawn from {path} ({centre.value:,.6g}) {method}, by the village's name{totals}"
        # The evidence for the centre isn't evidence for a single village.
        spread = settings[f"villages.{item}.spread.{key if sd else 'households'}"]
        one = replace(spread, shape=centre.shape, evidence=why, records=(), replaced=None)
        settings_of_traits |= {
            f"villages.{village.name}.{key}": replace(one, value=value)
            for village, value in zip(villages, values, strict=True)
        }
    return settings_of_traits


def parameters_by_record(scenario: Scenario) -> dict[str, list[str]]:
    """Return, for each record, derived figure, pattern or paper that is evidence for values, the keys of these values."""
    keys: dict[str, list[str]] = {}
    for key, value in provenance(scenario).items():
        for record in value.records:
            keys.setdefault(record, []).append(key)
    return keys
