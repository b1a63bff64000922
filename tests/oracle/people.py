"""People: who is a newcomer, a member, a worthy, a volunteer, and what each household starts with.

Every trait is a draw of the household's own, and a role of fixed number goes to those with the lowest draws. So one more
volunteer makes one household a volunteer's and changes no other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from oracle.elementary import normal_quantile
from oracle.household import Household
from sim.numerics import draws

if TYPE_CHECKING:
    from oracle.village import Village

LONGEST_IN_PARTY = 54
"""Years in the party are 1 to this, each as likely."""


def lowest(
    village: Village, channel: int, count: int, among: Iterable[Household], locals_first: bool
) -> list[Household]:
    """Return the `count` households with the lowest draws; a newcomer's draw counts 1 more where locals come first."""

    def lot(household: Household) -> float:
        return village.luck.once(channel, household.number) + (household.newcomer and locals_first)

    return sorted(among, key=lot)[:count]


def give_roles(village: Village) -> None:
    """Draw every household's roles."""
    facts, luck, everyone = village.facts, village.luck, village.households_by_number
    for household in everyone:
        household.newcomer = luck.once(draws.NEWCOMER, household.number) < facts.newcomer_share
        household.youth = luck.once(draws.YOUTH, household.number) < facts.youth_share
    for household in lowest(village, draws.MEMBER, facts.party_members, everyone, locals_first=True):
        household.member = True
    for household in lowest(village, draws.WORTHY, facts.worthies, everyone, locals_first=True):
        household.worthy = True
    for household in lowest(village, draws.VOLUNTEER, facts.volunteers, everyone, locals_first=False):
        household.standing = household.volunteering = True
    others = [household for household in everyone if not household.member]
    for household in lowest(village, draws.FLOATING, facts.floating_members, others, locals_first=True):
        household.floating = True
    for household in lowest(village, draws.REPRESENTATIVE, facts.representatives, everyone, locals_first=True):
        household.representative = True


def give_traits(village: Village) -> None:
    """Draw what every household starts with."""
    shift = normal_quantile(village.luck.once(draws.VILLAGE_EFFECT))
    for household in village.households_by_number:
        if household.in_the_party:
            years = LONGEST_IN_PARTY * village.luck.once(draws.PARTY_YEARS, household.number)
            household.party_years = 1 + math.floor(years)
        household.predisposition = predisposition(village, household, shift)
        household.trust = trust_at_the_start(household)
        household.attachment = (
            household.rule.attachment_newcomer if household.newcomer else household.rule.attachment_local
        )
        household.clutter = clutter_at_the_start(household)
        household.show_yard()


def predisposition(village: Village, household: Household, shift: float) -> float:
    """Return the standing inclination, logit; `shift` is the village's standard normal draw."""
    rule, facts = household.rule, village.facts
    noise = normal_quantile(village.luck.once(draws.PREDISPOSITION, household.number))
    return (
        rule.predisposition
        + facts.predisposition_shift
        + facts.heterogeneity * shift
        + rule.newcomer_gap * household.newcomer
        + rule.member_bonus * household.in_the_party
        + rule.predisposition_sd * noise
    )


def trust_at_the_start(household: Household) -> float:
    """Return trust: uniform about its mean, kept within 0..1."""
    u = household.village.luck.once(draws.TRUST, household.number)
    return min(1.0, max(0.0, household.rule.trust_start + household.rule.trust_spread * (2.0 * u - 1.0)))


def clutter_at_the_start(household: Household) -> float:
    """Return clutter, hours: uniform from half to one and a half of its mean; none in tidy members' yards."""
    luck, rule, number = household.village.luck, household.rule, household.number
    if household.in_the_party and luck.once(draws.TIDY, number) < rule.tidy_members:
        return 0.0
    return min(rule.clutter_start * (0.5 + luck.once(draws.CLUTTER, number)), rule.clutter_cap)
