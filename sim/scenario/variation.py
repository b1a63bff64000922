"""Change numbers of a resolved scenario in well under a millisecond, for analyses that try thousands of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from sim.errors import InputError
from sim.fields import Frozen
from sim.scenario import shape
from sim.scenario.overrides import nearest_key, plain_node
from sim.scenario.provenance import Origin, attach, origin_of
from sim.scenario.schema import Scenario, Village
from sim.scenario.values import check

LABEL = "with_values"

Path = tuple[str | int, ...]


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with other numbers, the same as loading its file with these overrides.

    Parameters
    ----------
    scenario : a resolved scenario.
    values : dotted keys, as `provenance` has them, and numbers in the unit of each. ``village.x`` changes every
        village that doesn't set x itself.

    Raises
    ------
    InputError : (labelled ``with_values``) an unknown key, a key that holds no number, a wrong type or range, or
        values that contradict each other.
    """
    origin = origin_of(scenario)
    changes: dict[str | int, Any] = {}
    checked: dict[str, float] = {}
    # What all villages share goes first, so that a village's own value wins whatever the order of the keys.
    for key in sorted(values, key=lambda key: not key.startswith("village.")):
        leaf, targets = _find(scenario, origin, key)
        if not leaf.is_number:
            raise InputError(f"{key} holds no number", LABEL)
        checked[key] = check(leaf, plain_node(values[key], LABEL), key)
        for target in targets:
            at = changes
            for step in target[:-1]:
                at = at.setdefault(step, {})
            at[target[-1]] = checked[key]
    own = origin.own | {key for key in values if key.startswith("villages.")}
    changed = {**origin.changed, **checked}
    return attach(_rebuilt(scenario, changes, ""), Origin(origin.settings, frozenset(own), origin.members, changed))


def _find(scenario: Scenario, origin: Origin, key: str) -> tuple[shape.Leaf, list[Path]]:
    """Return the shape of the value at `key`, and the path of every place in the scenario that holds it."""
    root, _, rest = key.partition(".")
    name, _, inner = rest.partition(".")
    leaf: shape.Leaf | None = None
    places: Iterator[Path] = iter(())
    if root == "village":
        leaf = _leaf(Village, rest)
        sharing = {one for item, names in origin.members.items() if f"villages.{item}.{rest}" not in origin.own
                   for one in names}  # fmt: skip
        places = (("villages", at, *rest.split(".")) for at, one in enumerate(scenario.villages) if one.name in sharing)
    elif root == "villages" and name in origin.members:
        leaf = _leaf(Village, inner)
        wanted = frozenset(origin.members[name])
        places = (("villages", at, *inner.split(".")) for at, one in enumerate(scenario.villages) if one.name in wanted)
    elif root == "interventions":
        for at, lever in enumerate(scenario.interventions):
            if lever.name == name:
                leaf, places = _leaf(type(lever), inner), iter([("interventions", at, *inner.split("."))])
    else:
        leaf, places = _leaf(Scenario, key), iter([tuple(key.split("."))])
    if leaf is None:
        raise InputError(f"unknown key '{key}'{nearest_key(key, _keys(scenario, origin))}", LABEL)
    return leaf, list(places)


def _leaf(model: type[Frozen], key: str) -> shape.Leaf | None:
    part: shape.Shape | None = shape.scenario_shape() if model is Scenario else shape.block(model)
    for step in key.split("."):
        part = part.fields.get(step) if isinstance(part, shape.Block) else None
    return part if isinstance(part, shape.Leaf) else None


def _keys(scenario: Scenario, origin: Origin) -> list[str]:
    parts = [("", shape.scenario_shape())]
    parts += [(f"villages.{item}", shape.block(Village)) for item in origin.members]
    parts += [(f"interventions.{lever.name}", shape.block(type(lever))) for lever in scenario.interventions]
    return [key for path, part in parts for key, leaf in shape.leaves(part, path) if leaf.is_number]


def _rebuilt(model: Any, changes: Mapping[str | int, Any], path: str) -> Any:
    """Return a frozen model, or a tuple of them, with `changes` in it; only what changes is checked again."""
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
