"""Remarks on a scenario that is valid, but perhaps not what its author meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.base.errors import InputError
from sim.interventions import Who
from sim.scenario.files import scenarios_folder
from sim.scenario.provenance import Origin, origin_of
from sim.scenario.schema import Scenario, Village

ROLES = {"member": "party_members", "worthy": "worthies", "volunteer": "volunteers", "representative": "representatives",
         "floating_member": "floating_members"}  # fmt: skip
"""The keys of a village that give the number of households in a group; they don't follow the village's size."""


def remarks(scenario: Scenario, weeks: int | None = None) -> list[str]:
    """Return what is worth a look, each in one line with its place. weeks : of the run; the scenario's own if None."""
    origin = origin_of(scenario)
    horizon = scenario.weeks if weeks is None else weeks
    return [*origin.remarks, *_late(scenario, origin, horizon), *_counts(scenario, origin), *_sizes(origin)]


def _late(scenario: Scenario, origin: Origin, weeks: int) -> Iterator[str]:
    """Yield the interventions that never act because the run ends before."""
    for intervention in scenario.interventions:
        if intervention.strength > 0 and intervention.start >= weeks:
            setting = origin.settings.get(f"interventions.{intervention.name}.start")
            what = (
                f"interventions.{intervention.name} starts in week {intervention.start} and never acts: weeks are counted "
                f"from 0, and the run has {weeks}"
            )
            yield str(InputError(what, setting.file or None, setting.line) if setting else InputError(what))


def _counts(scenario: Scenario, origin: Origin) -> Iterator[str]:
    """Yield the numbers of households to choose that a village doesn't have, so that all of the group are chosen there."""
    for intervention in scenario.interventions if scenario.villages else ():
        reached = intervention.where.villages or [village.name for village in scenario.villages]
        for field in type(intervention).model_fields:
            who = getattr(intervention, field)
            if not isinstance(who, Who) or who.count is None:
                continue
            least = min(
                (village for village in scenario.villages if village.name in reached), key=lambda one: _most(who, one)
            )
            if who.count > _most(who, least):
                key = f"interventions.{intervention.name}.{field}.count"
                setting = origin.settings.get(key)
                group = "households" if who.group == "everyone" else f"households of the group {who.group}"
                what = f"{key} is {who.count:,}, but {least.name} has at most {_most(who, least):,} {group}: all are chosen"
                yield str(InputError(what, setting.file or None, setting.line) if setting else InputError(what))


def _most(who: Who, village: Village) -> int:
    """Return how many households of a village a choice could take at most."""
    return int(getattr(village, ROLES[who.group])) if who.group in ROLES else village.households


def _sizes(origin: Origin) -> Iterator[str]:
    """Yield the villages whose size changed in a user's file or option while numbers of people in them stayed as they were."""
    # Each setting once: villages share that of `village`.
    keys: dict[int, str] = {}
    for key, size in origin.settings.items():
        if key.endswith(".households"):
            keys.setdefault(id(size), key)
    for key in keys.values():
        size, village = origin.settings[key], key.removesuffix(".households")
        before = [old.file for old in size.chain() if old.value != size.value]
        if not before or Path(size.file).resolve().is_relative_to(scenarios_folder()):
            continue
        settings = {role: origin.settings.get(f"{village}.{role}") for role in ROLES.values()}
        kept = [f"{role} {one.value}" for role, one in settings.items() if one and one.value and one.file in before]
        if kept:
            numbers = ", ".join(kept)
            what = f"{key} is {size.value:,}, but these keep the numbers of another size: {numbers}; set them too"
            yield str(InputError(what, size.file, size.line))
