"""Scenario files as the page writes them: what a scenario extends, and only what differs from that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from sim.base.errors import InputError
from sim.base.fields import Frozen
from sim.scenario import Scenario, canonical, load_scenario, load_text

Document = dict[str, Any]
"""The content of a scenario file, in YAML's types."""
BELOW = "baseline"
"""What a document extends that describes a whole scenario."""
ITEMS = ("villages", "interventions")
"""The lists of a scenario, whose items are named."""


def text_of(document: Mapping[str, Any]) -> str:
    """Return a document as YAML; blocks without blocks stand in one line, but not the whole document."""
    return "".join(
        yaml.safe_dump(
            {key: value}, sort_keys=False, allow_unicode=True, width=120,
            default_flow_style=None if isinstance(value, dict | list) else False,
        )
        for key, value in document.items()
    )  # fmt: skip


def changed(
    document: Mapping[str, Any], values: Mapping[str, Any], add: Mapping[str, str], drop: Iterable[str]
) -> Document:
    """Return a document with changes laid over it.

    values : by dotted key, such as ``household.own_yard`` and ``interventions.donation.yuan``. add : kinds of interventions
    by their names. drop : names of interventions to leave out.
    """
    result: Document = {key: value for key, value in document.items() if key not in ITEMS}
    lists = {key: {_name(item): dict(item) for item in document.get(key, ())} for key in ITEMS}
    for name in drop:
        if lists["interventions"].pop(name, None) is None:
            lists["interventions"][name] = {"name": name, "drop": True}
    for name, kind in add.items():
        lists["interventions"][name] = {"kind": kind} | ({"name": name} if name != kind else {})
    for key, value in values.items():
        head, *steps = key.split(".")
        block = result
        if head in ITEMS and len(steps) > 1:
            head, *steps = steps
            block = lists[key.partition(".")[0]]
            block.setdefault(head, {"name": head})
        for step in steps:
            block[head] = dict(block.get(head) or {})
            block, head = block[head], step
        block[head] = value
    return result | {key: list(items.values()) for key, items in lists.items() if items}


def _name(item: Mapping[str, Any]) -> str:
    return str(item.get("name", item.get("kind")))


def document_of(scenario: Scenario) -> Document:
    """Return the document of a scenario that has no file, such as one of kept results.

    Raises InputError if a file can't say it, as of a run whose interventions were given twice under one name.
    """
    base = load_scenario(BELOW)
    (village,) = base.villages
    document: Document = {"extends": BELOW, "title": scenario.title}
    if scenario.weeks != base.weeks:
        document["weeks"] = scenario.weeks
    for key in ("household", "public"):
        document |= _some(key, _differences(getattr(scenario, key), getattr(base, key)))
    if len(scenario.villages) == 1:
        document |= _some("village", _differences(scenario.villages[0], village))
    else:
        document["villages"] = [{"name": one.name} | _differences(one, village) for one in scenario.villages]
    document |= _some("interventions", [
        {"kind": one.kind} | ({} if one.name == one.kind else {"name": one.name})
        | {
            key: _plain(getattr(one, key)) for key, field in type(one).model_fields.items()
            if key not in ("kind", "name") and getattr(one, key) != field.default
        }
        for one in scenario.interventions
    ])  # fmt: skip
    if canonical(load_text(text_of(document), scenario.title)) != canonical(scenario):
        raise InputError("these results can't be written as a scenario file; choose the file from which they were made")
    return document


def _some(key: str, value: Any) -> Document:
    return {key: value} if value else {}


def _differences(block: Frozen, base: Frozen) -> Document:
    """Return the values of a block that differ from those of another, block by block."""
    found: Document = {}
    for key in type(block).model_fields:
        here, there = getattr(block, key), getattr(base, key)
        if here != there:
            found[key] = _differences(here, there) if isinstance(here, Frozen) else _plain(here)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Frozen):
        return {key: _plain(getattr(value, key)) for key in type(value).model_fields}
    return list(value) if isinstance(value, tuple) else value
