"""Giving: gifts come in, adopted households give a little, and money for hands and awards finds households.

Money is counted in whole fen: what is given equals what is spent and what is in hand, always. Gifts are recognised as
far as they are transparent, and recognition fades. Paid hands are offered, not imposed: a household uses them by
clearing, and only used time is paid (see housework). Awards go round the clean yards. Left out: taxes, collective
income, envy of those who get help.
"""

from __future__ import annotations

from typing import Any

from sim import draws
from sim.compiled import compiled
from sim.programme import MATCH, SERVED, TRANSPARENCY, Programme, lever
from sim.tallies import GIVEN, GIVEN_BY_HOUSEHOLDS, SPENT
from sim.world.columns import (
    AWARD,
    AWARD_NEXT,
    CHOSEN,
    CLEAN,
    F64,
    FIRST,
    FUND,
    HELPING,
    I64,
    PAID_CALLS,
    PAID_NEXT,
    RECOGNISED,
    RUNG,
    STOP,
    State,
)  # fmt: skip

FOR_WORKS, FOR_HANDS, FOR_AWARDS, FOR_CHARITY = range(4)
QUARTER = 13


@compiled
def give(s: State, p: Any, programme: Programme, week: int, v: int, count: I64) -> None:
    """Take in the week's gifts and collections in village v, and pass on what is for charity."""
    row = s.village_i64[:, v]
    effect, bit, level = programme.first, programme.bit, programme.level
    households = row[STOP] - row[FIRST]
    donated = 0
    for use in range(4):
        fen = programme.gift_fen[use, week, v]
        row[FUND + use] += fen
        count[GIVEN + use] += fen
        donated += fen
    match = lever(effect, bit, level, MATCH, week, v, 0)
    collected = collect(s, p, week, v, match)
    matched = int(collected * match)
    row[FUND + FOR_WORKS] += collected + matched
    count[GIVEN + FOR_WORKS] += collected + matched
    count[GIVEN_BY_HOUSEHOLDS] += collected
    count[SPENT + FOR_CHARITY] += row[FUND + FOR_CHARITY]
    row[FUND + FOR_CHARITY] = 0
    seen = min(1.0, lever(effect, bit, level, TRANSPARENCY, week, v, 0)) * (donated + matched) + collected
    s.village_f64[RECOGNISED, v] = p.recognition_retention * s.village_f64[RECOGNISED, v] + seen / (100.0 * households)


@compiled
def collect(s: State, p: Any, week: int, v: int, match: float) -> int:
    """Return the fen that households give this week; each is asked once a quarter, and gives only if it has adopted."""
    row = s.village_i64[:, v]
    key = draws.phase_key(s.village_key[0, v], s.village_key[1, v], week, draws.GIVE)
    # A match raises response; beyond one to one its ratio doesn't matter (L28).
    probability = p.give_probability * (1.0 + p.match_response * min(1.0, match))
    fen = 0
    if probability > 0.0:
        first = row[FIRST]
        for i in range(first + week % QUARTER, row[STOP], QUARTER):
            if s.u8[RUNG, i] >= HELPING and draws.uniform(key, i - first, 0) < probability:
                fen += int(100.0 * p.give_yuan)
    return fen


@compiled
def offer_paid_hands(s: State, p: Any, programme: Programme, week: int, v: int) -> None:
    """Offer paid hands to cluttered yards in turn, as far as the fund can pay if all of them are used."""
    row, u8, chosen = s.village_i64[:, v], s.u8, s.i32[CHOSEN]
    effect, bit, level = programme.first, programme.bit, programme.level
    # What the offer costs if it is used in full, reckoned as housework pays it; so no fund is ever overdrawn.
    price = max(1, int(100.0 * p.wage_yuan) * int(3600.0 * p.paid_hours) // 3600)
    offers = row[FUND + FOR_HANDS] // price
    first, stop = row[FIRST], row[STOP]
    i = first + row[PAID_NEXT]
    looked = 0
    while offers > 0 and looked < stop - first:
        if u8[CLEAN, i] == 0 and lever(effect, bit, level, SERVED, week, v, chosen[i]) > 0.0:
            u8[PAID_CALLS, i] = 1
            offers -= 1
        i = i + 1 if i + 1 < stop else first
        looked += 1
    row[PAID_NEXT] = i - first


@compiled
def fade(glow: F64, retention: float) -> None:
    """Let a week pass over the glow of last awards."""
    for k in range(glow.size):
        glow[k] *= retention


@compiled
def award(s: State, p: Any, programme: Programme, week: int, v: int, count: I64) -> None:
    """Let last awards fade, and give new ones to clean yards in turn that have none fresh, as far as the fund goes."""
    row, clean, glow, chosen = s.village_i64[:, v], s.u8[CLEAN], s.f64[AWARD], s.i32[CHOSEN]
    first, stop = row[FIRST], row[STOP]
    effect, bit, level = programme.first, programme.bit, programme.level
    price = max(1, int(100.0 * p.award_yuan))
    if row[AWARD_NEXT] > 0:  # once there has been an award: it holds the number of the next household, plus 1
        fade(glow[first:stop], p.award_retention)
    fund = row[FUND + FOR_AWARDS]
    if fund < price:
        return
    i = first + max(0, row[AWARD_NEXT] - 1)
    looked = 0
    while fund >= price and looked < stop - first:
        if clean[i] and glow[i] < 0.5 and lever(effect, bit, level, SERVED, week, v, chosen[i]) > 0.0:
            glow[i] = 1.0
            fund -= price
            count[SPENT + FOR_AWARDS] += price
        i = i + 1 if i + 1 < stop else first
        looked += 1
    row[FUND + FOR_AWARDS] = fund
    row[AWARD_NEXT] = i - first + 1
