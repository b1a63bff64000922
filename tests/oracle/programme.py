"""The programme: which levers act in which villages, whom they choose, and what they add to each named value this week."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum
from typing import TYPE_CHECKING

from oracle import levers
from oracle.levers import USES
from sim.interventions import Effect, Intervention, Outsiders, Who
from sim.numerics import draws
from sim.scenario import Scenario

if TYPE_CHECKING:
    from oracle.household import Household
    from oracle.village import Village

CALLERS = {"volunteer_time": "volunteer", "worthy_time": "worthy", "representative_time": "representative",
           "cadre_time": "cadre"}  # fmt: skip
"""The named values that make a chosen household, or an outsider, a caller; and of what kind."""


@dataclass
class Choice:
    """Some people whom a lever chooses, or brings in from outside; numbered in the order of the scenario."""

    number: int
    lever: str
    who: Who | Outsiders
    calls_as: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Part:
    """One effect of one lever; `choice` is None for the whole village."""

    lever: Intervention
    effect: Effect
    choice: Choice | None


@dataclass
class Now:
    """What levers add in one village in one week."""

    wide: dict[str, float] = field(default_factory=dict)
    chosen: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    gifts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(USES, 0))

    def village(self, value: str) -> float:
        """Return what levers add to a value for the whole village."""
        return self.wide.get(value, 0.0)

    def person(self, value: str, choices: set[int]) -> float:
        """Return what levers add to a value for someone whom these choices hold."""
        total = self.wide.get(value, 0.0)
        for number, amount in self.chosen.get(value, ()):
            if number in choices:
                total += amount
        return total

    def moves(self, value: str) -> bool:
        """Return whether levers add anything to a value for anybody."""
        total = self.wide.get(value, 0.0)
        for _, amount in self.chosen.get(value, ()):
            total += amount
        return total > 0.0


class Programme:
    """The levers of a scenario that have any strength."""

    def __init__(self, scenario: Scenario) -> None:
        self.weeks = scenario.weeks
        self.levers = [lever for lever in scenario.interventions if lever.strength > 0]
        self.rollout = next((lever for lever in self.levers if lever.spreads() is not None), None)
        self.choices: list[Choice] = []
        self.parts = [Part(lever, e, self._choice(lever, e)) for lever in self.levers for e in levers.effects(lever)]

    def _choice(self, lever: Intervention, effect: Effect) -> Choice | None:
        """Return the choice behind an effect: one for each lever and `who`."""
        if effect.who is None:
            return None
        for choice in self.choices:
            if choice.lever == lever.name and choice.who == effect.who:
                break
        else:
            choice = Choice(len(self.choices), lever.name, effect.who)
            self.choices.append(choice)
        if effect.value in CALLERS:
            choice.calls_as.add(CALLERS[effect.value])
        return choice

    @cached_property
    def bonds(self) -> float:
        """Return the ties to locals that each newcomer would make in an association at its full strength."""
        amounts = (part.effect.amount * part.lever.strength for part in self.parts if part.effect.value == "bonds")
        return fsum(max(0.0, amount) for amount in amounts)

    def is_spread(self, lever: Intervention) -> bool:
        """Return whether a lever begins village by village."""
        return self.rollout is not None and self.rollout.spreads_to(lever.name)

    def reaches(self, lever: Intervention, village: Village) -> bool:
        """Return whether a lever acts in a village: it names it or none, and the draw falls under its share."""
        where = lever.where
        if where.villages and village.name not in where.villages:
            return False
        return where.share >= 1 or self.lot(lever, village) < where.share

    def lot(self, lever: Intervention, village: Village) -> float:
        """Return the draw of a village for a lever."""
        return village.luck.once(draws.CHOSEN_VILLAGE, slot=draws.identity(lever.name)[0])

    def calendar(self, lever: Intervention, village: Village, week: int) -> int | None:
        """Return the week by a lever's own calendar in a village; None where it doesn't act (yet)."""
        if not self.reaches(lever, village):
            return None
        if not self.is_spread(lever):
            return week
        return None if village.started is None else week - village.started

    def set_week(self, village: Village, week: int) -> None:
        """Write what holds in a village this week into `village.now`, and add what it costs to the tally."""
        now = Now()
        for part in self.parts:
            own = self.calendar(part.lever, village, week)
            if own is None:
                continue
            amount = self._amount(part, own)
            if self.is_spread(part.lever) and part.effect.scaled:
                amount *= village.attention
            if part.choice is None:
                now.wide[part.effect.value] = now.wide.get(part.effect.value, 0.0) + amount
            else:
                now.chosen.setdefault(part.effect.value, []).append((part.choice.number, amount))
        for lever in self.levers:
            own = self.calendar(lever, village, week)
            if own is not None:
                self._pay(lever, own, now, village)
        village.now = now
        village.tally["in_programme"] = village.started is not None

    def _amount(self, part: Part, week: int) -> float:
        """Return the amount of an effect in a week of its lever's calendar."""
        if not levers.is_due(part.lever, part.effect.every, week):
            return 0.0
        intensity = levers.intensity(part.lever, week)
        return (intensity if part.effect.scaled else float(intensity > 0.0)) * part.effect.amount

    def _pay(self, lever: Intervention, week: int, now: Now, village: Village) -> None:
        """Add a lever's gifts and costs of a week of its calendar."""
        for gift in levers.gifts(lever):
            parts = self._instalments(lever, gift.yuan)
            if 0 <= week - lever.start < len(parts):
                now.gifts[gift.use] += parts[week - lever.start]
        intensity = levers.intensity(lever, week)
        begins = week == lever.start and intensity > 0.0
        yuan = lever.cost.yuan_per_week * intensity + lever.cost.yuan_once * begins
        village.tally["programme_fen"] += math.floor(100 * yuan + 0.5)
        village.tally["programme_seconds"] += math.floor(3600 * lever.cost.hours_per_week * intensity)

    def _instalments(self, lever: Intervention, yuan: float) -> list[int]:
        key = (lever.name, yuan)
        if key not in self._parts_of_gifts:
            self._parts_of_gifts[key] = levers.instalments(lever, yuan, self.weeks)
        return self._parts_of_gifts[key]

    @cached_property
    def _parts_of_gifts(self) -> dict[tuple[str, float], list[int]]:
        return {}


def is_chosen(household: Household, choice: Choice) -> bool:
    """Return whether a household belongs to the group that a choice is made from."""
    who = choice.who
    assert isinstance(who, Who)
    group = {
        "everyone": True, "local": not household.newcomer, "newcomer": household.newcomer, "member": household.member,
        "worthy": household.worthy, "volunteer": household.standing, "representative": household.representative,
        "floating_member": household.floating, "youth": household.youth,
    }[who.group]  # fmt: skip
    near = who.within is None or household.from_the_middle <= who.within
    return group and near and household.party_years >= who.min_years_in_party


def choose(village: Village, choice: Choice) -> None:
    """Tell the households of a village that a lever chooses them: all of the group, a share, or a number drawn."""
    who = choice.who
    if not isinstance(who, Who):
        return
    group = [household for household in village.households if is_chosen(household, choice)]
    if who.share < 1 or who.count is not None:
        slot = draws.identity(choice.lever)[0]
        lots = {household: village.luck.once(draws.CHOSEN, household.number, slot) for household in group}
        group = [household for household in group if lots[household] < who.share]
        if who.count is not None:
            group = sorted(group, key=lambda household: lots[household])[: who.count]
    for household in group:
        household.choices.add(choice.number)
