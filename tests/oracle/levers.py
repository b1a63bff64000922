"""What each kind of lever does: the amounts that it adds to named values, and the money that it gives.

Written from the tables of ``docs/reference/interventions.md``, key by key. A lever that isn't listed there - one from outside
the package - says itself what it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any

from sim.interventions import ONCE, Effect, Gift, Intervention, Outsiders, Who

EVERYONE = Who()
USES = ("works", "hauling", "awards", "charity", "budget")
"""What money is for; all but the last are gifts."""


def household_contact(k: Any) -> list[Effect]:
    """Visits speak of the yard, may take more of a member's time, and may begin with the unwilling."""
    return [
        Effect("contact_time", k.time_factor - 1.0, k.who),
        Effect("message", k.message, k.who),
        Effect("unwilling_first", k.unwilling_first, k.who),
    ]


def role_model(k: Any) -> list[Effect]:
    """The chosen clear their own yard and speak of yards."""
    return [
        Effect("example", 1.0, k.who),
        Effect("message", k.message, k.who),
        Effect("contact_time", k.extra_time, k.who),
    ]


def donation(k: Any) -> list[Effect]:
    """Gifts are told of, matched, and reach whom they are meant for."""
    served = None if k.who == EVERYONE else k.who
    return [Effect("transparency", k.transparency), Effect("match", k.match), Effect("served", 1.0, served)]


def volunteer_team(k: Any) -> list[Effect]:
    """Households give hours, social workers with them; representatives call; the willing join sooner."""
    workers = Outsiders(k.social_workers)
    return [
        Effect("volunteer_time", k.hours, k.who),
        Effect("volunteer_message", k.message, k.who),
        *([Effect("volunteer_time", k.social_worker_hours, workers)] if k.social_workers else []),
        *([Effect("volunteer_message", k.message, workers)] if k.social_workers else []),
        Effect("recruitment", k.recruitment - 1.0),
        Effect("representative_time", k.representative_hours, Who(group="representative")),
    ]


def dual_grid(k: Any) -> list[Effect]:
    """Members give up visiting time; small disputes are seen early; plots are cleared."""
    return [
        Effect("contact_time", -k.time_share, k.who),
        Effect("detection", k.detection),
        Effect("plot_time", k.plot_hours),
    ]


def compound_linkage(k: Any) -> list[Effect]:
    """Building groups carry the message, owners settle quarrels, the company clears shared space."""
    return [
        Effect("message", k.message, k.who),
        Effect("plot_time", k.property_hours),
        Effect("small_capacity", k.owners_capacity),
    ]


def task_load(k: Any) -> list[Effect]:
    """Other tasks take hours."""
    return [Effect("other_tasks", k.share)]


def review_cycle(k: Any) -> list[Effect]:
    """A review now and then restores effort."""
    return [Effect("review", k.restores, every=k.every)]


def branch_index(k: Any) -> list[Effect]:
    """A ranking now and then moves effort."""
    return [Effect("ranking", k.spread, every=k.every)]


def points(k: Any) -> list[Effect]:
    """Clean yards and members' work earn points."""
    return [Effect("points", k.yards), Effect("member_points", k.members)]


def floating_members(k: Any) -> list[Effect]:
    """Members without a branch help with a list."""
    return [Effect("list_time", k.time, k.who), Effect("message", k.message, k.who)]


def mobilisation_meeting(k: Any) -> list[Effect]:
    """One meeting, in the lever's first week."""
    return [Effect("meeting", k.effort, every=ONCE)]


def rollout(k: Any) -> list[Effect]:
    """A roll-out moves no value itself (see `oracle.rollout`)."""
    return []


def contractor_cleaning(k: Any) -> list[Effect]:
    """Hired hands clear yards."""
    return [Effect("contractor_time", k.hours)]


def consent_project(k: Any) -> list[Effect]:
    """A plan needs consent; its burden and quorum are bounds and hold in full."""
    return [
        Effect("consent_burden", k.burden, scaled=False),
        Effect("consent_quorum", k.quorum, scaled=False),
        Effect("redesign", k.redesign),
    ]


def recognition(k: Any) -> list[Effect]:
    """Worthies are praised, yards get plaques."""
    return [Effect("praise", k.praise, every=k.praise_every), Effect("plaques", k.plaques)]


def worthy_advocacy(k: Any) -> list[Effect]:
    """Worthies call."""
    return [Effect("worthy_time", k.hours, k.who)]


def neighbourhood_association(k: Any) -> list[Effect]:
    """Ties, belonging, small disputes, recruits."""
    return [
        Effect("bonds", k.bonds),
        Effect("belonging", k.belonging, k.who),
        Effect("small_capacity", k.small_capacity),
        Effect("detection", k.gathered, every=k.gather_every),
        Effect("recruitment", k.recruitment - 1.0),
    ]


def council(k: Any) -> list[Effect]:
    """Large disputes are settled, plans are redrawn at its meetings."""
    return [Effect("large_capacity", k.large_capacity), Effect("redesign", k.redesign, every=k.meets_every)]


def charter(k: Any) -> list[Effect]:
    """A vote now and then; the quorum is a bound."""
    return [
        Effect("charter_vote", 1.0, every=k.vote_every),
        Effect("charter_quorum", k.quorum, scaled=False),
        Effect("charter_weight", k.weight),
    ]


def public_works(k: Any) -> list[Effect]:
    """Only money."""
    return []


def smart_gates(k: Any) -> list[Effect]:
    """Less rubbish from outside, and everybody feels a little safer."""
    return [Effect("dumping", k.dumping), Effect("reassurance", k.reassurance)]


def service_station(k: Any) -> list[Effect]:
    """Trust and attachment grow nearby."""
    return [Effect("reassurance", k.reassurance, k.who), Effect("belonging", k.belonging, k.who)]


def training(k: Any) -> list[Effect]:
    """Visits of the trained weigh more."""
    return [Effect("skill", k.skill, k.who)]


def first_secretary(k: Any) -> list[Effect]:
    """Cadres call, members dare."""
    cadres = [Effect("cadre_time", k.hours, Outsiders(k.cadres))] if k.cadres else []
    return [*cadres, Effect("courage", k.courage)]


KINDS: dict[str, Callable[[Any], list[Effect]]] = {
    does.__name__: does
    for does in (
        household_contact, role_model, donation, volunteer_team, dual_grid, compound_linkage, task_load, review_cycle,
        branch_index, points, floating_members, mobilisation_meeting, rollout, contractor_cleaning, consent_project,
        recognition, worthy_advocacy, neighbourhood_association, council, charter, public_works, smart_gates,
        service_station, training, first_secretary,
    )
}  # fmt: skip


def effects(lever: Intervention) -> list[Effect]:
    """Return what a lever adds, at full strength; amounts of 0 are as if they weren't there."""
    found: Iterable[Effect] = KINDS[lever.kind](lever) if lever.kind in KINDS else lever.effects()
    return [effect for effect in found if effect.amount != 0]


def gifts(lever: Any) -> list[Gift]:
    """Return the money that a lever gives a village over its active weeks, at full strength."""
    if lever.kind == "donation":
        return [Gift(use, lever.yuan * getattr(lever.uses, use)) for use in USES[:-1]]
    if lever.kind == "public_works":
        return [Gift("budget", lever.yuan)]
    return [] if lever.kind in KINDS else list(lever.gifts())


def intensity(lever: Intervention, week: int) -> float:
    """Return how strongly a lever acts in a week of its own calendar: 0 before `start` and from `stop` on."""
    if week < lever.start or (lever.stop is not None and week >= lever.stop):
        return 0.0
    if lever.ramp <= 1:
        return lever.strength
    return lever.strength * min(1.0, (week - lever.start + 1) / lever.ramp)


def is_due(lever: Intervention, every: int, week: int) -> bool:
    """Return whether an effect that comes every so many weeks falls in a week; 0 for the lever's first week only."""
    since = week - lever.start
    return since % every == 0 if every else since == 0


def instalments(lever: Intervention, yuan: float, weeks: int) -> list[int]:
    """Return the fen of a gift in each week from `start` on: equal parts, smaller along the ramp, in whole numbers.

    weeks : the scenario's weeks, at which a gift without `stop` ends.
    """
    stop = weeks if lever.stop is None else lever.stop
    fen = int(100 * yuan * lever.strength + 0.5)
    steps = list(accumulate(min(week, max(lever.ramp, 1)) for week in range(1, stop - lever.start + 1)))
    until = [fen * step // steps[-1] for step in steps]
    return [after - before for before, after in zip([0, *until], until, strict=False)]
