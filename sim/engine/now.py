"""Now: what holds in a village in a week, which is all that mechanisms see besides the state.

A mechanism is a function of the state, the `Week` and scratch room. It asks for a named value's row by name at its top
(`named_value`), and for what interventions add to it with ``w.now.wide[VALUE]``, where they add the same for the whole
village, or `effect`, where they may have chosen households. Chance comes from `key_of` and `sim.numerics.draws`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.base.arrays import F64, I32, I64, U32
from sim.compiler.arguments import bundle
from sim.compiler.compiled import compiled
from sim.engine.programme import Programme
from sim.engine.tallies import tally
from sim.engine.world.columns import ATTENTION, STARTED, State
from sim.interventions.values import GIFT_USES, NAMED_VALUES
from sim.numerics import draws

PROGRAMME_FEN = tally("programme_fen", "fen", "what interventions state as their cost in money")
PROGRAMME_SECONDS = tally("programme_seconds", "seconds", "organisers' time that interventions state as their cost")
IN_PROGRAMME = tally("in_programme", "villages", "villages in which the programme has begun")


class Now(NamedTuple):
    """What interventions add in one village in one week, and its luck.

    wide : (values,), what they add for the whole village. first, bit : as in `Programme`; amount : (effects,), what they
    add for the chosen. gifts : (uses,), fen given. keys : (2, channels), the keys of the week's draws.
    """

    wide: F64
    first: I32
    bit: I32
    amount: F64
    gifts: I64
    keys: U32


@bundle
class Record(NamedTuple):
    """What is recorded: counts, (weeks, villages, tallies), and totals, (weeks, villages, measures).

    Rows of weeks to be run must be 0. shares : each village's adopted share as the week opens, (villages,), which is all
    that villages see of each other.
    """

    counts: I64
    totals: F64
    shares: F64


class Week(NamedTuple):
    """A week in a village, as its phases see it; or in the whole world, while the week opens.

    p : `sim.engine.parameters.Parameters`. number : of the week, from 0. v : the village, 0 while the week opens.
    """

    p: Any
    programme: Programme
    now: Now
    record: Record
    number: int
    v: int


def named_value(name: str) -> np.int64:
    """Return the row of a named value, for the top of the module that reads it.

    A NumPy integer and not Python's: Numba compiles a function anew for every Python integer that it is called with.

    Raises
    ------
    KeyError : there is no such value; the message says which name is nearest.
    """
    return np.int64(NAMED_VALUES[name].row)


def make_now(programme: Programme) -> Now:
    """Return room for what holds in a village and a week; it says nothing until `set_programme` has written it."""
    return Now(
        np.zeros(len(NAMED_VALUES)), programme.first, programme.bit, np.zeros(programme.bit.size),
        np.zeros(len(GIFT_USES), np.int64), np.zeros((2, draws.CHANNELS), np.uint32),
    )  # fmt: skip


@compiled
def week_of(programme: Programme, k: int, week: int, started: int) -> int:
    """Return the week of intervention k's own calendar, in a village that began at `started`; -1 where it doesn't act."""
    if not programme.rolled[k]:
        return week
    return week - started if started >= 0 else -1


@compiled
def set_programme(s: State, w: Week, room: Any) -> None:
    """Look up what interventions add in the village this week, and count organisers' costs."""
    programme, now, count = w.programme, w.now, w.record.counts[w.number, w.v]
    where, started, attention = programme.where[:, w.v], s.village_i64[STARTED, w.v], s.village_f64[ATTENTION, w.v]
    draws.week_keys(s.village_key[0, w.v], s.village_key[1, w.v], w.number, now.keys)
    now.wide[:] = 0.0
    for e in range(programme.wide_value.size):
        k = programme.wide_lever[e]
        t = week_of(programme, k, w.number, started)
        if where[k] and t >= 0:
            shared = programme.rolled[k] and not programme.wide_bound[e]
            now.wide[programme.wide_value[e]] += programme.wide_level[e, t] * (attention if shared else 1.0)
    for e in range(programme.bit.size):
        k = programme.lever[e]
        t = week_of(programme, k, w.number, started)
        now.amount[e] = 0.0
        if where[k] and t >= 0:
            now.amount[e] = programme.level[e, t] * (attention if programme.rolled[k] else 1.0)
    now.gifts[:] = 0
    for k in range(where.size):
        t = week_of(programme, k, w.number, started)
        if where[k] and t >= 0:
            count[PROGRAMME_FEN] += programme.fen[k, t]
            count[PROGRAMME_SECONDS] += programme.seconds[k, t]
            for use in range(now.gifts.size):
                now.gifts[use] += programme.gift_fen[k, use, t]
    count[IN_PROGRAMME] = started >= 0


@compiled
def last_week(w: Week, tally: int) -> int:
    """Return a tally of the village in the week before; 0 in the first."""
    return int(w.record.counts[w.number - 1, w.v, tally]) if w.number > 0 else 0


@compiled
def key_of(now: Now, channel: int) -> draws.Key:
    """Return the key of the village's draws on a channel this week."""
    return now.keys[0, channel], now.keys[1, channel]


@compiled
def effect(now: Now, value: np.int64, chosen: int) -> float:
    """Return what is added to a named value for a household whose column CHOSEN is `chosen`; 0.0 without any effect."""
    total: float = now.wide[value]
    for e in range(now.first[value], now.first[value + 1]):
        total += now.amount[e] if (chosen >> now.bit[e]) & 1 else 0.0  # a number, and so no branch
    return total


@compiled
def bits_of(now: Now, value: np.int64) -> int:
    """Return the bits of the column CHOSEN that make a difference to `effect` in this village and week."""
    bits = np.int64(0)
    for e in range(now.first[value], now.first[value + 1]):
        bits |= np.int64(now.amount[e] != 0.0) << now.bit[e]
    return bits  # type: ignore[return-value]


@compiled
def reaches(now: Now, value: np.int64) -> bool:
    """Return False where `effect` is surely not above 0 for anybody."""
    found = now.wide[value] > 0.0
    for e in range(now.first[value], now.first[value + 1]):
        found |= now.amount[e] > 0.0
    return bool(found)


@compiled
def moved(now: Now, value: np.int64) -> bool:
    """Return whether anything is added to a named value in this village and week."""
    amount = now.wide[value]
    for e in range(now.first[value], now.first[value + 1]):
        amount += now.amount[e]
    return bool(amount > 0.0)
