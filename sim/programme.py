"""The programme: what the levers of a scenario add to each named value, week by week and village by village.

`Programme` holds the levers' tables for a whole run. In each week and village `set_programme` looks up what holds there
and then, and writes it into `Now`, which is all that mechanisms see of levers.
"""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim import draws
from sim.compiled import compiled
from sim.interventions import GIFT_USES, LEVER_VALUES, Intervention, Who
from sim.scenario.schema import Scenario
from sim.tallies import PROGRAMME_FEN, PROGRAMME_SECONDS
from sim.world.columns import F64, I32, I64, U8, U32
from sim.world.people import uniform_of_each

# NumPy's integers and not Python's: Numba compiles a function anew for every Python integer that it is called with.
(CONTACT_TIME, MESSAGE, UNWILLING_FIRST, EXAMPLE, VOLUNTEER_TIME, VOLUNTEER_MESSAGE, TRANSPARENCY, SERVED, MATCH) = map(
    np.int64, range(len(LEVER_VALUES))
)


class Programme(NamedTuple):
    """The levers' tables.

    Effects on whole villages: wide_value, wide_lever (effects,), the named value and the lever; wide_level (effects,
    weeks), the amount added. Effects on chosen households, sorted by value, those on value v being first[v]..first[v+1],
    first (values + 1,): bit, lever (effects,), the bit of the column CHOSEN, and the lever; level (effects, weeks).
    where : (levers, villages), 1 where a lever reaches. gift_fen : (levers, uses, weeks), fen given to each use. fen,
    seconds : (levers, weeks), organisers' costs.
    """

    wide_value: I32
    wide_lever: I32
    wide_level: F64
    first: I32
    bit: I32
    lever: I32
    level: F64
    where: U8
    gift_fen: I64
    fen: I64
    seconds: I64


class Now(NamedTuple):
    """What holds in one village in one week.

    wide : (values,), what levers add for the whole village. first, bit : as in `Programme`; amount : (effects,), what
    they add for the chosen. gifts : (uses,), fen given. keys : (2, channels), the keys of the week's draws.
    """

    wide: F64
    first: I32
    bit: I32
    amount: F64
    gifts: I64
    keys: U32


def make_now(programme: Programme) -> Now:
    """Return room for what holds in a village and a week; it says nothing until `set_programme` has written it."""
    return Now(
        np.zeros(len(LEVER_VALUES)), programme.first, programme.bit, np.zeros(programme.bit.size),
        np.zeros(len(GIFT_USES), np.int64), np.zeros((2, draws.CHANNELS), np.uint32),
    )  # fmt: skip


@compiled
def set_programme(programme: Programme, village_key: U32, week: int, v: int, now: Now, count: I64) -> None:
    """Write what holds in village v in a week into `now`, and add organisers' costs to the tally."""
    where = programme.where[:, v]
    draws.week_keys(village_key[0, v], village_key[1, v], week, now.keys)
    now.wide[:] = 0.0
    for e in range(programme.wide_value.size):
        if where[programme.wide_lever[e]]:
            now.wide[programme.wide_value[e]] += programme.wide_level[e, week]
    for e in range(programme.bit.size):
        now.amount[e] = programme.level[e, week] if where[programme.lever[e]] else 0.0
    now.gifts[:] = 0
    for k in range(where.size):
        if where[k]:
            count[PROGRAMME_FEN] += programme.fen[k, week]
            count[PROGRAMME_SECONDS] += programme.seconds[k, week]
            for use in range(now.gifts.size):
                now.gifts[use] += programme.gift_fen[k, use, week]


@compiled
def lever(now: Now, value: np.int64, chosen: int) -> float:
    """Return what levers add to a named value for a household whose column CHOSEN is `chosen`; 0.0 without any."""
    total: float = now.wide[value]
    for e in range(now.first[value], now.first[value + 1]):
        if (chosen >> now.bit[e]) & 1:
            total += now.amount[e]
    return total


def active(scenario: Scenario) -> tuple[Intervention, ...]:
    """Return the interventions that have any strength; the others are as if they were not there."""
    return tuple(item for item in scenario.interventions if item.strength > 0)


def choosers(scenario: Scenario) -> list[tuple[str, Who, int]]:
    """Return (intervention's name, who, bit) for each distinct choice of households; the order of bits is the file's."""
    found: dict[tuple[str, Who], int] = {}
    for item in active(scenario):
        for effect in item.effects():
            if effect.who is not None and effect.amount != 0 and (item.name, effect.who) not in found:
                found[item.name, effect.who] = len(found)
    return [(name, who, bit) for (name, who), bit in found.items()]


def reached_villages(item: Intervention, scenario: Scenario, seed: int, replicate: int) -> npt.NDArray[np.bool_]:
    """Return which villages the intervention reaches, shape (villages,); a share is drawn by village and lever."""
    named = [not item.where.villages or village.name in item.where.villages for village in scenario.villages]
    if item.where.share >= 1:
        return np.array(named)
    slot = draws.identity(item.name)[0]
    u = np.empty((len(named), 1))
    for v, village in enumerate(scenario.villages):
        uniform_of_each(*draws.village_key(seed, replicate, village.name), draws.CHOSEN_VILLAGE, slot, u[v])
    return np.array(named) & (u[:, 0] < item.where.share)


def build_programme(scenario: Scenario, seed: int, replicate: int, weeks: int) -> Programme:
    """Tabulate the scenario's levers over `weeks` weeks (a scenario may be run for longer or shorter than it says)."""
    items = active(scenario)
    bits = {(name, who): bit for name, who, bit in choosers(scenario)}
    values = list(LEVER_VALUES)
    wide: list[tuple[int, int, F64]] = []
    narrow: list[tuple[int, int, int, F64]] = []
    where = np.zeros((len(items), len(scenario.villages)), np.uint8)
    gift_fen = np.zeros((len(items), len(GIFT_USES), weeks), np.int64)
    fen = np.zeros((len(items), weeks), np.int64)
    seconds = np.zeros((len(items), weeks), np.int64)
    for k, item in enumerate(items):
        intensity = np.array([item.intensity(week) for week in range(weeks)])
        where[k] = reached_villages(item, scenario, seed, replicate)
        for effect in item.effects():
            value, level = values.index(effect.value), intensity * effect.amount
            if effect.amount == 0:
                continue
            if effect.who is None:
                wide.append((value, k, level))
            else:
                narrow.append((value, bits[item.name, effect.who], k, level))
        for gift in item.gifts():
            gift_fen[k, GIFT_USES.index(gift.use)] += _instalments(item, gift.yuan, scenario.weeks, weeks)
        began = (np.arange(weeks) == item.start) & (intensity > 0)
        weekly = np.floor(100 * (item.cost.yuan_per_week * intensity + item.cost.yuan_once * began) + 0.5)
        fen[k] = weekly.astype(np.int64)
        seconds[k] = np.floor(3600 * item.cost.hours_per_week * intensity).astype(np.int64)
    narrow.sort(key=lambda row: row[0])
    return Programme(
        np.array([row[0] for row in wide], np.int32), np.array([row[1] for row in wide], np.int32),
        np.array([row[2] for row in wide]).reshape(-1, weeks),
        np.searchsorted([row[0] for row in narrow], np.arange(len(values) + 1)).astype(np.int32),
        np.array([row[1] for row in narrow], np.int32), np.array([row[2] for row in narrow], np.int32),
        np.array([row[3] for row in narrow]).reshape(-1, weeks), where, gift_fen, fen, seconds,
    )  # fmt: skip


def _instalments(item: Intervention, yuan: float, horizon: int, weeks: int) -> I64:
    """Return the fen given in each week, shape (weeks,): equal parts, remainders spread, times the intensity's ramp.

    The whole is strength * yuan, given from `start` to `stop`, or to the scenario's last week where there is no stop;
    a ramp shifts money to later weeks and keeps the whole.
    """
    stop = horizon if item.stop is None else item.stop
    given = np.zeros(weeks, np.int64)
    total = int(np.floor(100 * yuan * item.strength + 0.5))
    # In whole numbers, so that parts which should be equal differ by a fen at most.
    steps = list(accumulate(min(k, max(item.ramp, 1)) for k in range(1, stop - item.start + 1)))
    before = 0
    for k, step in enumerate(steps):
        until = total * step // steps[-1]
        if item.start + k < weeks:
            given[item.start + k] = until - before
        before = until
    return given
