"""The controls of the page, made from what scenarios declare: a value's meaning, unit, range, evidence and default."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.base.errors import InputError, nearest
from sim.evidence import load_register
from sim.explore.sides import Side
from sim.interventions import KINDS
from sim.page.words import name_in
from sim.scenario import Scenario, explained
from sim.scenario.explain import place_text, record_text
from sim.scenario.shape import Leaf, intervention_block, leaves
from sim.scenario.values import Provenance
from sim.uncertainty.priors import load_priors

STEPS = 100
"""Steps of a slider, about."""
WIDE, TIMES = 10, 4
"""A range of more than `WIDE` times the value is too wide for a slider, which then goes to `TIMES` the value."""


def world_controls(base: Scenario) -> list[dict[str, Any]]:
    """Return the controls of all numbers of a scenario's villages and households; first those with a prior."""
    priors = {prior.key: (prior.low, prior.high) for prior in load_priors()}
    found = [
        control(key, value, base.weeks, priors.get(key))
        for key, value in explained(base).items()
        if not key.startswith("interventions.") and key != "weeks" and value.shape.is_number
    ]
    return sorted(found, key=lambda one: not one["uncertain"])


def programme_controls(base: Scenario, side: Side) -> list[dict[str, Any]]:
    """Return the interventions of a side, also dropped ones, each with its controls. Raises InputError for unknown kinds."""
    values = explained(base)
    programme = []
    for one in base.interventions:
        path = f"interventions.{one.name}."
        own = {key: value for key, value in values.items() if key.startswith(path)}
        programme.append(_intervention(one.kind, one.name, own, base.weeks) | {"dropped": one.name in side.drop})
    for name, kind in side.add.items():
        if kind not in KINDS:
            raise InputError(f"unknown kind '{kind}'{nearest(kind, KINDS)}")
        shapes = leaves(intervention_block(kind, KINDS[kind]), f"interventions.{name}")
        own = {key: _default(leaf, kind) for key, leaf in shapes if not leaf.label}
        programme.append(_intervention(kind, name, own, base.weeks) | {"added": True})
    return programme


def _default(leaf: Leaf, kind: str) -> Provenance:
    return Provenance(leaf.default, leaf, leaf.evidence, owner=kind)


def _intervention(kind: str, name: str, values: Mapping[str, Provenance], weeks: int) -> dict[str, Any]:
    return {
        "name": name, "kind": kind, "title": name_in("interventions", kind),
        "meaning": intervention_block(kind, KINDS[kind]).meaning,
        "controls": [control(key, value, weeks) for key, value in values.items()],
    }  # fmt: skip


def control(key: str, value: Provenance, weeks: int, prior: tuple[float, float] | None = None) -> dict[str, Any]:
    """Return the control of a value, in JSON's types.

    weeks : of the scenario. prior : the interval of its prior, which the slider then has. A number without ``slider`` may be
    anything in its range and is typed only.
    """
    register, leaf = load_register(), value.shape
    return {
        "key": key, "kind": "list" if leaf.many else "number" if leaf.is_number else leaf.kind,
        "name": key.rpartition(".")[2].replace("_", " "), "symbol": leaf.symbol, "meaning": leaf.meaning,
        "unit": "" if leaf.unit == "1" else leaf.unit, "low": leaf.low, "high": leaf.high,
        "whole": leaf.kind == "integer", "optional": leaf.optional, "options": leaf.options, "value": value.value,
        "slider": slider(value, weeks, prior) if leaf.is_number else None, "uncertain": prior is not None,
        "evidence": value.evidence, "place": place_text(value),
        "records": [f"{record}: {record_text(register, record)}" for record in value.records],
    }  # fmt: skip


def slider(value: Provenance, weeks: int, prior: tuple[float, float] | None = None) -> dict[str, float] | None:
    """Return the ends and the step of a number's slider; None where no part of its range suggests itself.

    The ends are those of its prior, of the run for weeks, of its range if that isn't wide, or else 0 and `TIMES` the value.
    """
    leaf, usual = value.shape, value.value
    if prior:
        low, high = prior
    elif leaf.unit in ("week", "weeks"):
        low, high = max(0.0, leaf.low or 0.0), float(weeks)
    elif usual is None or leaf.low is None or leaf.high is None:
        return None
    elif leaf.high - leaf.low <= WIDE * max(1.0, abs(usual)):
        low, high = leaf.low, leaf.high
    else:
        low, high = sorted((0.0, TIMES * usual))
        low, high = max(low, leaf.low), min(high, leaf.high)
    if usual is not None:
        low, high = min(low, usual), max(high, usual)
    if high <= low:
        return None
    step = 10.0 ** math.floor(math.log10((high - low) / STEPS))
    return {"low": low, "high": high, "step": max(1.0, step) if leaf.kind == "integer" else step}
