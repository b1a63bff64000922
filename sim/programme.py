"""The programme: what the levers of a scenario add to each named value, week by week and village by village."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim import draws
from sim.compiled import compiled
from sim.interventions import GIFT_USES, LEVER_VALUES, Intervention, Who
from sim.scenario.schema import Scenario
from sim.world.columns import F64, I32, I64
from sim.world.people import uniform_of_each

(CONTACT_TIME, MESSAGE, UNWILLING_FIRST, EXAMPLE, VOLUNTEER_TIME, VOLUNTEER_MESSAGE, TRANSPARENCY, SERVED, MATCH) = (
    range(len(LEVER_VALUES))
)


class Programme(NamedTuple):
    """The levers' tables.

    first : (values + 1,), the effects on value v are rows first[v]..first[v+1] of `bit` and `level`.
    bit : (effects,), the bit of the column CHOSEN that marks the chosen households; -1 for whole villages.
    level : (effects, weeks, villages), the amount added.
    gift_fen : (uses, weeks, villages), fen given to each use. fen, seconds : (weeks, villages), organisers' costs.
    """

    first: I32
    bit: I32
    level: F64
    gift_fen: I64
    fen: I64
    seconds: I64


@compiled
def lever(first: I32, bit: I32, level: F64, value: int, week: int, village: int, chosen: int) -> float:
    """Return what the levers add to a named value for a household whose column CHOSEN is `chosen`; 0.0 without any.

    first, bit, level : the fields of the `Programme`.
    """
    total = 0.0
    for effect in range(first[value], first[value + 1]):
        if bit[effect] < 0 or (chosen >> bit[effect]) & 1:
            total += level[effect, week, village]
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
    villages = len(scenario.villages)
    rows: list[tuple[int, int, F64]] = []
    gift_fen = np.zeros((len(GIFT_USES), weeks, villages), np.int64)
    fen = np.zeros((weeks, villages), np.int64)
    seconds = np.zeros((weeks, villages), np.int64)
    for item in items:
        intensity = np.array([item.intensity(week) for week in range(weeks)])
        where = reached_villages(item, scenario, seed, replicate)
        for effect in item.effects():
            if effect.amount != 0:
                bit = -1 if effect.who is None else bits[item.name, effect.who]
                rows.append((values.index(effect.value), bit, np.outer(intensity * effect.amount, where)))
        for gift in item.gifts():
            gift_fen[GIFT_USES.index(gift.use)] += np.outer(_instalments(item, gift.yuan, scenario.weeks, weeks), where)
        began = (np.arange(weeks) == item.start) & (intensity > 0)
        weekly = np.floor(100 * (item.cost.yuan_per_week * intensity + item.cost.yuan_once * began) + 0.5)
        fen += np.outer(weekly.astype(np.int64), where)
        seconds += np.outer(np.floor(3600 * item.cost.hours_per_week * intensity).astype(np.int64), where)
    rows.sort(key=lambda row: row[0])
    first = np.searchsorted([row[0] for row in rows], np.arange(len(values) + 1)).astype(np.int32)
    bit_of = np.array([row[1] for row in rows], np.int32)
    level = np.array([row[2] for row in rows]) if rows else np.zeros((0, weeks, villages))
    return Programme(first, bit_of, level, gift_fen, fen, seconds)


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
