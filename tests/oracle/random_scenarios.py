"""Scenarios at random: up to three unlike villages, any values of the model, any levers with any keys, half of them spread.

Everything is drawn from a `random.Random`, so a test can hand over hypothesis's own and a long hunt a seeded one.
"""

from __future__ import annotations

from random import Random
from typing import Any, get_args

from any_intervention import Told, told

from sim.base.fields import Frozen
from sim.interventions import KINDS, NAMED_VALUES, Effect, Gift, Intervention, Outsiders, Who
from sim.interventions.base import Cost, Where
from sim.scenario import Household, Public, Scenario, load_scenario

WEEKS = 30
GROUPS = get_args(Who.model_fields["group"].annotation)
CALLING = {"volunteer_time": 12.0, "worthy_time": 6.0, "representative_time": 6.0}
OF_PERSONS = ("contact_time", "message", "unwilling_first", "example", "volunteer_message", "served", "list_time", "skill",
              "reassurance", "belonging")  # fmt: skip
NARROW = {
    "household.climb_rate": (0.1, 0.6), "household.slip_rate": (0.0, 0.4), "household.predisposition": (-4.0, 1.0),
    "household.newcomer_gap": (-2.0, 1.0), "household.member_bonus": (-1.0, 1.0), "household.persuasion": (0.0, 2.0),
    "household.threshold_help": (-1.0, 2.0), "household.threshold_initiate": (-1.0, 3.0), "household.habit": (0.0, 4.0),
    "household.neighbours": (0.0, 4.0), "household.kin": (0.0, 4.0), "household.surroundings": (0.0, 3.0),
    "household.trust": (0.0, 3.0), "household.effort": (0.0, 2.0), "household.giving": (0.0, 2.0),
    "household.passivity": (0.0, 2.0), "household.awards": (0.0, 2.0), "household.predisposition_sd": (0.0, 3.0),
    "household.clutter_start": (0.0, 30.0), "household.clutter_growth": (0.0, 3.0), "household.clutter_cap": (6.0, 40.0),
    "household.clean_below": (0.0, 5.0), "household.persuasion_cap": (0.5, 6.0), "household.give_yuan": (0.0, 500.0),
    "household.work_pushed": (0.0, 4.0), "household.work_helping": (0.0, 6.0), "household.work_initiated": (0.0, 9.0),
    "household.match_response": (0.0, 2.0), "household.authority": (0.0, 0.5), "public.hands_per_call": (0.1, 3.0),
    "public.work_yuan": (200.0, 20_000.0), "public.wage_yuan": (1.0, 60.0), "public.award_yuan": (1.0, 400.0),
    "public.paid_hours": (0.1, 5.0), "public.recognition_half": (1.0, 900.0), "public.plot_hours": (1.0, 60.0),
    "public.worthy_yuan": (0.0, 9_000.0), "public.small_capacity": (0.0, 3.0), "public.large_capacity": (0.0, 3.0),
    "public.dispute_rate": (0.0, 1.0), "public.work_weeks": (1, 9),
}  # fmt: skip
"""Ranges of values whose own range is so wide that nothing would happen in most of it."""


def scenario(luck: Random) -> Scenario:
    """Return a scenario at random, `WEEKS` weeks long."""
    values = {**rule(luck, "household", Household), **rule(luck, "public", Public), "weeks": WEEKS}
    if values["household.climb_rate"] + values["household.slip_rate"] > 1.0:
        values["household.slip_rate"] = 0.1
    villages = {"villages": [village(luck, name) for name in "abc"[: luck.randint(1, 3)]]}
    world = load_scenario("baseline", [values, villages])
    return world.model_copy(update={"interventions": programme(luck)})


def rule(luck: Random, block: str, model: type[Frozen]) -> dict[str, Any]:
    """Return values for about half of a block's keys; the others stay as they are by default."""
    half = luck.random()
    values = {f"{block}.{key}": number(luck, f"{block}.{key}", info) for key, info in model.model_fields.items()}
    always = {"household.climb_rate", "household.slip_rate", "household.clutter_cap", "household.clean_below"}
    return {key: value for key, value in values.items() if key in always or luck.random() < half}


def number(luck: Random, key: str, info: Any) -> Any:
    """Return a value of a key, within its own range and a bearable one; sometimes an end of it."""
    low, high = NARROW.get(key) or span(info)
    if info.annotation is int or isinstance(low, int):
        return luck.randint(int(low), int(high))
    return luck.choice([low, high]) if luck.random() < 0.1 else luck.uniform(low, high)


def span(info: Any) -> tuple[float, float]:
    """Return the range of a key, cut to three times its default and one where it is wider."""
    low = next(float(bound.ge) for bound in info.metadata if hasattr(bound, "ge"))
    high = next(float(bound.le) for bound in info.metadata if hasattr(bound, "le"))
    default = info.default if isinstance(info.default, int | float) else 1.0
    return low, min(high, 3.0 * default + 1.0)


def village(luck: Random, name: str) -> dict[str, Any]:
    """Return the keys of a village."""
    households = luck.choice([luck.randint(10, 30), luck.randint(30, 120), luck.randint(500, 560)])
    members = luck.randint(1, max(1, households // 4))
    return {
        "name": name, "households": households, "party_members": members,
        "newcomer_share": luck.choice([0.0, 0.3, 0.7, 1.0]), "worthies": luck.randint(0, 8),
        "volunteers": min(luck.randint(0, 12), households),
        "volunteer_hours": luck.uniform(0, 6), "willing_share": luck.uniform(0, 0.5),
        "representatives": luck.randint(0, 6),
        "floating_members": min(luck.choice([0, luck.randint(0, 9)]), households - members),
        "youth_share": luck.random(), "predisposition_shift": luck.uniform(-1, 1), "heterogeneity": luck.random(),
        "plan": {
            "sight": luck.randint(1, 3), "lane_rows": luck.randint(0, 6), "lane_columns": luck.randint(0, 9),
            "households_per_public_plot": luck.randint(2, 40), "public_cleanliness": luck.random(),
            "idle_share": luck.random(),
        },
        "ties": {"local": luck.randint(0, 5), "newcomer": luck.randint(0, 5), "across": luck.random()},
        "contact": {
            "contacts_per_member_year": luck.choice([0.0, 86.5, luck.uniform(0, 4000)]), "message": luck.uniform(0, 0.3),
            "fear": luck.random(), "minutes_per_visit": luck.uniform(10, 90), "persons_per_visit": luck.uniform(0.5, 3),
            "period_weeks": luck.choice([49.7, luck.uniform(20, 53)]),
        },
    }  # fmt: skip


def programme(luck: Random) -> tuple[Intervention, ...]:
    """Return levers: some kinds of the package and some that move single values, in any order, perhaps spread."""
    share = luck.random()
    found: list[Intervention] = [
        lever(luck, kind) for kind in KINDS if kind != "rollout" and luck.random() < share
    ]  # fmt: skip
    found += [single(luck, value) for value in NAMED_VALUES if luck.random() < 0.15 * share]
    if luck.random() < 0.3:
        found.append(told(name="gifts", given=tuple(Gift(use, luck.uniform(0, 40_000)) for use in USES), stop=WEEKS))
    luck.shuffle(found)
    choices = {(item.name, effect.who) for item in found for effect in item.effects() if effect.who is not None}
    while len(choices) > 31:  # as many as the engine tells apart
        gone = found.pop()
        choices = {choice for choice in choices if choice[0] != gone.name}
    if found and luck.random() < 0.6:
        found.insert(luck.randint(0, len(found)), rollout(luck, found))
    return tuple(found)


USES = ("works", "hauling", "awards", "charity", "budget")


def when(luck: Random) -> dict[str, Any]:
    """Return when, where, how strongly and at what price a lever acts."""
    start = luck.choice([0, luck.randint(0, 10)])
    return {
        "start": start,
        "stop": luck.choice([None, start + luck.randint(0, 25)]),
        "ramp": luck.choice([0, luck.randint(1, 9)]),
        "strength": luck.choice([1.0, luck.random()]),
        "where": Where(villages=luck.choice([(), ("a",), ("b", "a")]), share=luck.choice([1.0, luck.random()])),
        "cost": Cost(**{key: luck.uniform(0, 900) for key in Cost.model_fields if luck.random() < 0.3}),
    }


def who(luck: Random, group: str | None = None) -> Who:
    """Return a choice of people."""
    return Who(
        group=group or luck.choice(GROUPS),  # type: ignore[arg-type]
        min_years_in_party=luck.choice([0, 0, luck.randint(0, 40)]),
        within=luck.choice([None, luck.randint(0, 8)]),
        share=luck.choice([1.0, luck.random()]),
        count=luck.choice([None, luck.randint(0, 40)]),
    )


def lever(luck: Random, kind: str) -> Intervention:
    """Return a lever of a kind, with values of its own for about half of its keys."""
    keys: dict[str, Any] = {}
    for key, info in KINDS[kind].model_fields.items():
        if key in Intervention.model_fields or luck.random() < 0.5:
            continue
        if key == "who":
            keys[key] = who(luck, luck.choice([None, info.default.group]))
        elif key == "uses":
            parts = [luck.random() for _ in range(4)]
            keys[key] = type(info.default)(**dict(zip(USES, (part / sum(parts) for part in parts), strict=False)))
        elif key == "yuan":
            keys[key] = luck.uniform(0, 60_000)
        else:
            keys[key] = number(luck, f"{kind}.{key}", info)
    keys.update(when(luck))
    if kind in ("donation", "public_works") and keys["stop"] is None:
        keys["stop"] = WEEKS  # what is spread must end, if it gives money
    return KINDS[kind](kind=kind, name=kind, **keys)


def single(luck: Random, value: str) -> Told:
    """Return a lever that moves one named value, of a village or of people as it may be."""
    chosen: Any = None
    amount = luck.uniform(0.0, CALLING.get(value, 1.5)) * luck.choice([1.0, 1.0, -1.0])
    if value == "cadre_time" or (value == "volunteer_time" and luck.random() < 0.3):
        chosen, amount = Outsiders(luck.randint(0, 4)), luck.uniform(0.0, 20.0)
    elif value in CALLING or (value in OF_PERSONS and luck.random() < 0.7):
        chosen = who(luck)
    is_bound = value in ("charter_quorum", "consent_quorum")
    effect = Effect(value, amount, chosen, every=luck.choice([0, 1, 1, 4]), scaled=not is_bound)
    return Told(name=f"only {value}", said=(effect,), **when(luck))


def rollout(luck: Random, others: list[Intervention]) -> Intervention:
    """Return a roll-out of half of the other levers."""
    attention = luck.choice([0, luck.randint(1, 2)])
    spread = [item.name for item in others if luck.random() < 0.5]
    waves = sorted(luck.sample(range(1, 20), luck.randint(0, 2)))
    return KINDS["rollout"](
        kind="rollout", name="rollout", interventions=tuple(spread or [others[0].name]),
        pilot_villages=tuple(luck.sample("abc", luck.randint(0, 2))), first=luck.randint(0, 2),
        wave_weeks=tuple(waves), wave_sizes=tuple(luck.randint(0, 2) for _ in waves), start=luck.randint(0, 6),
        copying=luck.choice([0.0, luck.random()]), lead=luck.choice([0.0, 0.5 * luck.random()]),
        attention=0 if not spread else attention, support=luck.randint(0, 8), where=Where(), cost=Cost(),
    )  # fmt: skip
