"""Change numbers of a resolved scenario in less than a millisecond, for analyses that try thousands of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from sim.base.errors import InputError
from sim.base.fields import Frozen
from sim.scenario import shape
from sim.scenario.overrides import nearest_key, plain_node
from sim.scenario.provenance import Origin, attach, origin_of
from sim.scenario.schema import Scenario, Spread, Village
from sim.scenario.values import check

LABEL = "with_values"

Path = tuple[str | int, ...]


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with other numbers; equal to its file loaded with these overrides.

    Parameters
    ----------
    scenario : a resolved scenario.
    values : dotted keys, as in `provenance`, and numbers in the unit of each. ``village.x`` changes every village that
        doesn't set x itself.

    Raises
    ------
    InputError : (labelled ``with_values``) an unknown key, a key whose value isn't a number, a wrong type or range, or
        values that contradict each other.
    """
    origin = origin_of(scenario)
    changes: dict[str | int, Any] = {}  # paths within the scenario, and within `Origin.drawn` under "drawn"
    checked: dict[str, float] = {}
    # Values that all villages share go first, so that a village's own value wins in any order of the keys.
    for key in sorted(values, key=lambda key: not key.startswith("village.")):
        leaf, targets = _find(scenario, origin, key)
        if not leaf.is_number:
            raise InputError(f"{key} isn't a number", LABEL)
        checked[key] = check(leaf, plain_node(values[key], LABEL), key)
        for target in targets:
            at = changes
            for step in target[:-1]:
                at = at.setdefault(step, {})
            at[target[-1]] = checked[key]
    own = origin.own | {key for key in values if key.startswith("villages.")}
    drawn = dict(origin.drawn)
    villages: dict[str, Village] = {}
    for item, change in changes.pop("drawn", {}).items():
        drawn[item] = _rebuilt(drawn[item], change, f"villages.{item}")
        villages |= {village.name: village for village in drawn[item].villages(origin.members[item])}
    if villages:
        updated = tuple(villages.get(village.name, village) for village in scenario.villages)
        scenario = scenario.model_copy(update={"villages": updated})
    now = replace(origin, own=frozenset(own), drawn=drawn, changed={**origin.changed, **checked})
    return attach(_rebuilt(scenario, changes, ""), now)


def leaf_of(scenario: Scenario, key: str) -> shape.Leaf:
    """Return the shape of the value at a dotted key. Raises InputError, with the nearest key, for an unknown one."""
    return _find(scenario, origin_of(scenario), key)[0]


def without_programme(scenario: Scenario) -> Scenario:
    """Return a scenario with every intervention at strength 0, which runs as if it had none."""
    return with_values(scenario, {f"interventions.{item.name}.strength": 0.0 for item in scenario.interventions})


def _find(scenario: Scenario, origin: Origin, key: str) -> tuple[shape.Leaf, list[Path]]:
    """Return the shape of the value at `key`, and its path at every place in the scenario."""
    root, _, rest = key.partition(".")
    name, _, inner = rest.partition(".")
    leaf: shape.Leaf | None = None
    places: Iterator[Path] = iter(())
    if root == "village":
        leaf = _leaf(Village, rest)
        sharing = [item for item in origin.members if f"villages.{item}.{rest}" not in origin.own]
        places = _places(scenario, origin, sharing, rest)
    elif root == "villages" and name in origin.drawn and inner.startswith("spread."):
        leaf, places = _leaf(Spread, inner.removeprefix("spread.")), iter([("drawn", name, *inner.split("."))])
    elif root == "villages" and name in origin.members:
        leaf = _leaf(Village, inner)
        places = _places(scenario, origin, [name], inner)
    elif root == "interventions":
        for at, intervention in enumerate(scenario.interventions):
            if intervention.name == name:
                leaf, places = _leaf(type(intervention), inner), iter([("interventions", at, *inner.split("."))])
    else:
        leaf, places = _leaf(Scenario, key), iter([tuple(key.split("."))])
    if leaf is None:
        raise InputError(f"unknown key '{key}'{nearest_key(key, _keys(scenario, origin))}", LABEL)
    return leaf, list(places)


def _places(scenario: Scenario, origin: Origin, items: Sequence[str], key: str) -> Iterator[Path]:
    """Yield the path of a village's `key` in all villages of these items; an item with drawn villages has one path."""
    steps: Path = tuple(key.split("."))
    yield from (("drawn", item, "village", *steps) for item in items if item in origin.drawn)
    names = {name for item in items if item not in origin.drawn for name in origin.members[item]}
    if names:
        yield from (("villages", at, *steps) for at, one in enumerate(scenario.villages) if one.name in names)


def _leaf(model: type[Frozen], key: str) -> shape.Leaf | None:
    part: shape.Shape | None = shape.scenario_shape() if model is Scenario else shape.block(model)
    for step in key.split("."):
        part = part.fields.get(step) if isinstance(part, shape.Block) else None
    return part if isinstance(part, shape.Leaf) else None


def _keys(scenario: Scenario, origin: Origin) -> list[str]:
    parts = [("", shape.scenario_shape())]
    parts += [(f"villages.{item}", shape.block(Village)) for item in origin.members]
    parts += [(f"villages.{item}.spread", shape.block(Spread)) for item in origin.drawn]
    parts += [(f"interventions.{each.name}", shape.block(type(each))) for each in scenario.interventions]
    return [key for path, part in parts for key, leaf in shape.leaves(part, path) if leaf.is_number]


def _rebuilt(model: Any, changes: Mapping[str | int, Any], path: str) -> Any:
    """Return a frozen model, or a tuple of models, with `changes` applied; only changed parts are checked again."""
    if isinstance(model, tuple):
        return tuple(
            _rebuilt(part, changes[at], f"{path}.{part.name}") if at in changes else part
            for at, part in enumerate(model)
        )
    fields = {key: getattr(model, key) for key in type(model).model_fields}
    for key, change in changes.items():
        name = str(key)
        where = f"{path}.{name}" if path else name
        fields[name] = _rebuilt(fields[name], change, where) if isinstance(change, Mapping) else change
    try:
        return type(model).model_validate(fields)
    except ValidationError as error:
        raise InputError(f"{path}: {error.errors()[0]['msg'].removeprefix('Value error, ')}", LABEL) from None
