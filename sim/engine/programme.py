"""The programme: what the interventions of a scenario add to each named value, week by week and village by village.

`Programme` holds their tables for a whole run; `sim.engine.now` looks up what holds in a week and village.
"""

from __future__ import annotations

from math import fsum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64, I32, I64, U8
from sim.compiler.arguments import bundle
from sim.engine.world.callers import Chooser
from sim.engine.world.columns import (  # fmt: skip
    BY_CADRE,
    BY_REPRESENTATIVE,
    BY_VOLUNTEER,
    BY_WORTHY,
    NEVER,
)
from sim.engine.world.luck import draw_villages
from sim.interventions import GIFT_USES, NAMED_VALUES, Intervention, Outsiders, Who, check_choices
from sim.numerics import draws
from sim.scenario.schema import Scenario

CALLER_TIMES = {"volunteer_time": BY_VOLUNTEER, "worthy_time": BY_WORTHY, "representative_time": BY_REPRESENTATIVE,
                "cadre_time": BY_CADRE}  # fmt: skip
"""The named values that make a chosen household, or an outsider, a caller of a kind."""
UNREACHED = NEVER - 1
"""The planned week of a village that a roll-out doesn't reach: it neither begins by plan nor copies."""


@bundle
class Programme(NamedTuple):
    """The interventions' tables; their axes are effects, levers (the active interventions), uses of money, villages, weeks.

    Effects on whole villages: wide_value, wide_lever (effects,), the named value and the intervention; wide_bound
    (effects,), 1 for bounds, which attention doesn't scale; wide_level (effects, weeks), the amount added. Effects on
    chosen households, sorted by value, those on value v being first[v]..first[v+1], first (values + 1,): bit, lever
    (effects,), the bit of the column CHOSEN, and the intervention; level (effects, weeks). where : (levers, villages), 1
    where an intervention reaches. rolled : (levers,), 1 for what a roll-out spreads: its weeks count from the village's
    start. gift_fen : (levers, uses, weeks), fen given to each use. fen, seconds : (levers, weeks), organisers' costs.
    planned : (villages,), the week in which a village begins by plan, `NEVER` without one or `UNREACHED`. spread : (4,),
    pace of copying, share of what is seen that must be ahead, villages that organisers can attend to at once (0 for any
    number), weeks that a village needs them.
    """

    wide_value: I32
    wide_lever: I32
    wide_bound: U8
    wide_level: F64
    first: I32
    bit: I32
    lever: I32
    level: F64
    where: U8
    rolled: U8
    gift_fen: I64
    fen: I64
    seconds: I64
    planned: I32
    spread: F64


def active(scenario: Scenario) -> tuple[Intervention, ...]:
    """Return the interventions that have any strength; the others are as if they were not there."""
    return tuple(item for item in scenario.interventions if item.strength > 0)


def choosers(scenario: Scenario) -> list[Chooser]:
    """Return each distinct choice of people by an intervention; the order of bits is the file's.

    Raises
    ------
    InputError : there are more choices than can be told apart.
    """
    check_choices(scenario.interventions)
    found: dict[tuple[str, Who | Outsiders], set[int]] = {}
    for item in active(scenario):
        for effect in item.effects():
            if effect.who is not None and effect.amount != 0:
                kinds = found.setdefault((item.name, effect.who), set())
                kinds.update({CALLER_TIMES[effect.value]} if effect.value in CALLER_TIMES else set())
    return [Chooser(name, who, bit, tuple(sorted(kinds))) for bit, ((name, who), kinds) in enumerate(found.items())]


def bonds_per_newcomer(scenario: Scenario) -> float:
    """Return the ties to locals that each newcomer will make in an association, if one ever comes to its strength."""
    amounts = [e.amount * item.strength for item in active(scenario) for e in item.effects() if e.value == "bonds"]
    # Those that take ties away may begin later than the others; and a sum that Python rounds alike in every version.
    return fsum(max(0.0, amount) for amount in amounts)


def reached_villages(item: Intervention, scenario: Scenario, seed: int, replicate: int) -> npt.NDArray[np.bool_]:
    """Return which villages the intervention reaches, shape (villages,); a share is drawn by village and lever."""
    names = set(item.where.villages)
    named = [not names or village.name in names for village in scenario.villages]
    if item.where.share >= 1:
        return np.array(named)
    return np.array(named) & (_of_villages(item, scenario, seed, replicate) < item.where.share)


def _of_villages(item: Intervention, scenario: Scenario, seed: int, replicate: int) -> F64:
    """Return an intervention's draw for each village, shape (villages,)."""
    keys = [draws.village_key(seed, replicate, village.name) for village in scenario.villages]
    u = np.empty(len(scenario.villages))
    draw_villages(
        np.ascontiguousarray(np.array(keys, np.uint32).T), draws.CHOSEN_VILLAGE, draws.identity(item.name)[0], u
    )
    return u


def build_programme(scenario: Scenario, seed: int, replicate: int, weeks: int) -> Programme:
    """Tabulate the scenario's interventions over `weeks` weeks (a scenario may be run for longer or shorter than it says)."""
    items, calendar = active(scenario), np.arange(weeks)
    bits = {(chooser.name, chooser.who): chooser.bit for chooser in choosers(scenario)}
    wide: list[tuple[int, int, bool, F64]] = []
    narrow: list[tuple[int, int, int, F64]] = []
    where = np.zeros((len(items), len(scenario.villages)), np.uint8)
    gift_fen = np.zeros((len(items), len(GIFT_USES), weeks), np.int64)
    fen = np.zeros((len(items), weeks), np.int64)
    seconds = np.zeros((len(items), weeks), np.int64)
    rollout = next((item for item in items if item.spreads()), None)
    rolled = np.array([rollout is not None and rollout.spreads_to(item.name) for item in items], np.uint8)
    for k, item in enumerate(items):
        intensity = item.intensity(calendar)
        where[k] = reached_villages(item, scenario, seed, replicate)
        since = calendar - item.start
        for effect in item.effects():
            if effect.amount == 0:
                continue
            value = NAMED_VALUES[effect.value].row
            due = since % effect.every == 0 if effect.every else since == 0
            level = (intensity if effect.scaled else intensity > 0) * effect.amount * due
            if effect.who is None:
                wide.append((value, k, not effect.scaled, level))
            else:
                narrow.append((value, bits[item.name, effect.who], k, level))
        for gift in (gift for gift in item.gifts() if gift.yuan != 0):
            gift_fen[k, GIFT_USES.index(gift.use)] += _instalments(item, gift.yuan, scenario.weeks, weeks)
        began = (since == 0) & (intensity > 0)
        weekly = np.floor(100 * (item.cost.yuan_per_week * intensity + item.cost.yuan_once * began) + 0.5)
        fen[k] = weekly.astype(np.int64)
        seconds[k] = np.floor(3600 * item.cost.hours_per_week * intensity).astype(np.int64)
    narrow.sort(key=lambda row: row[0])
    planned = np.full(len(scenario.villages), NEVER, np.int32)
    spread = np.zeros(4)
    if rollout is not None:
        planned[:] = planned_weeks(rollout, scenario, seed, replicate)
        spread[:] = rollout.spreads()
    return Programme(
        np.array([row[0] for row in wide], np.int32), np.array([row[1] for row in wide], np.int32),
        np.array([row[2] for row in wide], np.uint8), np.array([row[3] for row in wide]).reshape(len(wide), weeks),
        np.searchsorted([row[0] for row in narrow], np.arange(len(NAMED_VALUES) + 1)).astype(np.int32),
        np.array([row[1] for row in narrow], np.int32), np.array([row[2] for row in narrow], np.int32),
        np.array([row[3] for row in narrow]).reshape(len(narrow), weeks), where, rolled, gift_fen, fen, seconds, planned,
        spread,
    )  # fmt: skip


def planned_weeks(rollout: Intervention, scenario: Scenario, seed: int, replicate: int) -> I32:
    """Return the week in which each village begins by plan, shape (villages,); `NEVER` for those that may only copy.

    Waves are drawn by village: those with the lowest draws begin first. Named pilots come before all others. Villages
    that the roll-out doesn't reach are `UNREACHED`, even if they are named as pilots.
    """
    u = _of_villages(rollout, scenario, seed, replicate)
    reached = reached_villages(rollout, scenario, seed, replicate)
    planned = np.where(reached, NEVER, UNREACHED).astype(np.int32)
    named = {village.name: v for v, village in enumerate(scenario.villages) if reached[v]}
    first = list(dict.fromkeys(named[name] for name in rollout.pilots() if name in named))
    pilots = set(first)
    order = first + [v for v in map(int, np.argsort(u, kind="stable")) if reached[v] and v not in pilots]
    at = 0
    for week, villages in rollout.waves():
        planned[order[at : at + villages]] = week
        at += villages
    return planned


def _instalments(item: Intervention, yuan: float, horizon: int, weeks: int) -> I64:
    """Return the fen given in each week, shape (weeks,): equal parts, remainders spread, times the intensity's ramp.

    The whole is strength * yuan, given from `start` to `stop`, or to the scenario's last week where there is no stop;
    a ramp shifts money to later weeks and keeps the whole.
    """
    stop = horizon if item.stop is None else item.stop
    given = np.zeros(max(weeks, stop), np.int64)
    total = int(np.floor(100 * yuan * item.strength + 0.5))
    steps = np.minimum(np.arange(1, stop - item.start + 1), max(item.ramp, 1)).cumsum().tolist()
    # In Python's whole numbers, so that parts which should be equal differ by a fen at most and none is too large.
    until = [0, *(total * step // steps[-1] for step in steps)]
    given[item.start : item.start + len(steps)] = np.diff(until)
    return given[:weeks]
