"""Ties: who is kin or in a chat group with whom, and whom an association would bring together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from oracle.household import Household
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.village import Village

Pair = tuple[Household, Household]


def make_ties(village: Village) -> None:
    """Let every household propose ties to households drawn at random, and tie who agree, once and on both sides."""
    join(proposals(village), "ties")


def proposals(village: Village) -> Iterable[Pair]:
    """Yield the proposals that hold: not to oneself, and across the divide with a given probability only."""
    facts, luck, everyone = village.facts.ties, village.luck, village.households_by_number
    for household in everyone:
        for k in range(facts.newcomer if household.newcomer else facts.local):
            other = everyone[int(luck.once(draws.TIE, household.number, 2 * k) * len(everyone))]
            if other is household:
                continue
            across = household.newcomer != other.newcomer
            if not across or luck.once(draws.TIE, household.number, 2 * k + 1) < facts.across:
                yield household, other


def make_bonds(village: Village, bonds: float) -> None:
    """Draw the ties to locals that an association would bring: `bonds` a newcomer, the fraction as one more by chance."""
    everyone, luck = village.households_by_number, village.luck
    newcomers = [household for household in everyone if household.newcomer]
    locals_ = [household for household in everyone if not household.newcomer]
    pairs = [
        (newcomer, locals_[int(luck.once(draws.BOND, newcomer.number, 2 * k) * len(locals_))])
        for newcomer in newcomers
        for k in range(math.ceil(bonds) if locals_ else 0)
        if luck.once(draws.BOND, newcomer.number, 2 * k + 1) < bonds - k
    ]
    join(pairs, "bonds")


def join(pairs: Iterable[Pair], kind: str) -> None:
    """Write pairs into both households' lists, each other household once, in order of number."""
    found: dict[Household, set[Household]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    for household, others in found.items():
        setattr(household, kind, sorted(others, key=lambda other: other.number))
