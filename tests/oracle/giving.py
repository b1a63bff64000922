"""Giving: gifts and collections come in, paid hands and awards go round. Money is whole fen and never overdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oracle.household import Household
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.village import Village

QUARTER = 13
"""Weeks from one time that a household is asked for a gift to the next."""
FADED = 0.5
"""An award whose glow is below this is no longer fresh."""


def give(village: Village, week: int) -> None:
    """Take in the week's gifts and collections, and pass on what is for charity."""
    public, rule, tally, now = village.public, village.rule, village.tally, village.now
    for use, fen in now.gifts.items():
        village.receive(use, fen)
    donated = sum(fen for use, fen in now.gifts.items() if use != "budget")
    match = now.village("match")
    # A match raises response; beyond one to one its ratio doesn't matter (L28).
    willing = rule.give_probability * (1.0 + rule.match_response * min(1.0, match))
    helpers = [household for household in asked(village, week) if household.adopted]
    collected = collect(village, helpers, willing, int(100.0 * rule.give_yuan + 0.5))
    matched = int(collected * match)
    village.praise = public.praise_retention * village.praise + now.village("praise")
    generous = public.worthy_gives + public.praise_response * village.praise
    worthies = [household for household in asked(village, week + 1) if household.worthy]
    by_worthies = collect(village, worthies, generous, int(100.0 * public.worthy_yuan + 0.5))
    village.receive("works", collected + matched + by_worthies)
    tally["given_by_households"] += collected
    tally["given_by_worthies"] += by_worthies
    village.spend("charity", village.fund["charity"])
    seen = min(1.0, now.village("transparency")) * (donated + matched) + collected + by_worthies
    households = len(village.households_by_number)
    village.recognised = public.recognition_retention * village.recognised + seen / (100.0 * households)


def asked(village: Village, week: int) -> list[Household]:
    """Return the households that are asked in a week: one in thirteen, by number, everyone once a quarter."""
    return village.households_by_number[week % QUARTER :: QUARTER]


def collect(village: Village, households: list[Household], probability: float, fen: int) -> int:
    """Return the fen that households give, each with a probability."""
    return sum(fen for household in households if village.luck.draw(draws.GIVE, household.number) < probability)


def in_turn(village: Village, first: int) -> Iterator[Household]:
    """Yield every household once, in order of number from `first` on."""
    everyone = village.households_by_number
    yield from everyone[first:]
    yield from everyone[:first]


def is_served(household: Household) -> bool:
    """Return whether levers let paid hands and awards reach a household."""
    return household.village.now.person("served", household.choices) > 0.0


def offer_paid_hands(village: Village) -> None:
    """Offer paid hands to cluttered yards in turn, as far as the fund can pay if all of them are used in full."""
    public = village.public
    price = max(1, int(100.0 * public.wage_yuan + 0.5) * int(3600.0 * public.paid_hours) // 3600)
    offers = village.fund["hauling"] // price
    for household in in_turn(village, village.next_for_hands):
        if offers == 0:
            return
        if not household.clean and is_served(household):
            household.paid_offers = 1
            offers -= 1
            village.next_for_hands = (household.number + 1) % len(village.households_by_number)


def award(village: Village) -> None:
    """Let last awards fade, and give awards and plaques to clean yards in turn that have no fresh one.

    Who is served gets an award while the fund can pay; any other, or all when it can't, gets a plaque while there are some.
    """
    price = max(1, int(100.0 * village.public.award_yuan + 0.5))
    for household in village.households_by_number:
        household.award *= village.rule.award_retention
    village.plaques = village.plaques % 1.0 + max(0.0, village.now.village("plaques"))
    plaques = int(village.plaques)
    for household in in_turn(village, village.next_for_award or 0):
        if village.fund["awards"] < price and plaques == 0:
            return
        if not household.clean or household.award >= FADED:
            continue
        if village.fund["awards"] >= price and is_served(household):
            village.spend("awards", price)
        elif plaques > 0:
            plaques -= 1
            village.tally["plaques"] += 1
        else:
            continue
        household.award = 1.0
        village.next_for_award = (household.number + 1) % len(village.households_by_number)
