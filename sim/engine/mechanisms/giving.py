"""Giving: gifts come in, adopted households give a little, and money for hands and awards finds households.

Money is counted in whole fen: what is given equals what is spent and what is in hand, always. Gifts are recognised as
far as they are transparent, and recognition fades. Paid hands are offered, not imposed: a household uses them by
clearing, and only used time is paid (see housework). Awards, and plaques that cost nothing, go round the clean yards.
Worthies give now and then, and more after praise (P13). Left out: taxes, collective income, envy of who gets help.
"""

from __future__ import annotations

from sim.base.arrays import F64, I32, U8
from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch, places
from sim.engine.now import Now, Week, effect, key_of, named_value, reaches
from sim.engine.tallies import tallies, tally
from sim.engine.world.columns import (  # fmt: skip
    AWARD,
    AWARD_NEXT,
    CHOSEN,
    CLEAN,
    FIRST,
    FUND,
    HELPING,
    PAID_CALLS,
    PAID_NEXT,
    PLAQUE_CREDIT,
    PRAISE,
    RECOGNISED,
    ROLES,
    RUNG,
    STOP,
    WORTHY,
    State,
)
from sim.interventions import GIFT_USES
from sim.numerics import draws

MATCH = named_value("match")
PLAQUES = named_value("plaques")
PRAISE_ADDED = named_value("praise")
SERVED = named_value("served")
TRANSPARENCY = named_value("transparency")

FOR_WORKS, FOR_HANDS, FOR_AWARDS, FOR_CHARITY, FOR_BUDGET = map(
    GIFT_USES.index, ("works", "hauling", "awards", "charity", "budget")
)
GIVEN = tallies("given", GIFT_USES, "fen", "money given for {}")
GIVEN_BY_HOUSEHOLDS = tally("given_by_households", "fen", "of it, households' own gifts for works")
GIVEN_BY_WORTHIES = tally("given_by_worthies", "fen", "of it, worthies' gifts for works")
SPENT = tallies("spent", GIFT_USES, "fen", "money spent on {}")
PLAQUES_GIVEN = tally("plaques", "plaques", "plaques given, which cost nothing")
QUARTER = 13


@compiled
def give(s: State, w: Week, room: Scratch) -> None:
    """Take in the week's gifts and collections in the village, and pass on what is for charity."""
    p, now, count, v = w.p, w.now, w.record.counts[w.number, w.v], w.v
    row = s.village_i64[:, v]
    households = row[STOP] - row[FIRST]
    donated = 0
    for use in range(now.gifts.size):
        fen = now.gifts[use]
        row[FUND + use] += fen
        count[GIVEN + use] += fen
        donated += fen if use != FOR_BUDGET else 0
    match = now.wide[MATCH]
    # A match raises response; beyond one to one its ratio doesn't matter (L28).
    willing = p.give_probability * (1.0 + p.match_response * min(1.0, match))
    collected = collect(s, w, False, willing, int(100.0 * p.give_yuan + 0.5), room)
    matched = int(collected * match)
    praise = p.praise_retention * s.village_f64[PRAISE, v] + now.wide[PRAISE_ADDED]
    s.village_f64[PRAISE, v] = praise
    generous = p.worthy_gives + p.praise_response * praise  # P13
    by_worthies = collect(s, w, True, generous, int(100.0 * p.worthy_yuan + 0.5), room)
    row[FUND + FOR_WORKS] += collected + matched + by_worthies
    count[GIVEN + FOR_WORKS] += collected + matched + by_worthies
    count[GIVEN_BY_WORTHIES] += by_worthies
    count[GIVEN_BY_HOUSEHOLDS] += collected
    count[SPENT + FOR_CHARITY] += row[FUND + FOR_CHARITY]
    row[FUND + FOR_CHARITY] = 0
    seen = min(1.0, now.wide[TRANSPARENCY]) * (donated + matched) + collected + by_worthies
    s.village_f64[RECOGNISED, v] = p.recognition_retention * s.village_f64[RECOGNISED, v] + seen / (100.0 * households)


@compiled
def collect(s: State, w: Week, worthies: bool, probability: float, fen: int, room: Scratch) -> int:
    """Return the fen that worthies, or else adopted households, give this week; each is asked once a quarter.

    probability : of a gift when asked, 0..1. fen : of a gift.
    """
    rungs, roles, asked = s.u8[RUNG], s.u8[ROLES], room.numbers
    first, stop = s.village_i64[FIRST, w.v], s.village_i64[STOP, w.v]
    key = key_of(w.now, draws.GIVE)
    given = 0
    # Worthies' weeks are others than their households', so that the two gifts don't hang on one draw.
    i = first + (w.number + worthies) % QUARTER
    while i < stop and probability > 0.0:
        n = 0
        while i < stop and n < draws.BLOCK:
            asked[n] = i - first
            n += (roles[i] & WORTHY) != 0 if worthies else rungs[i] >= HELPING
            i += QUARTER
        u = room.floats[0, :n]
        draws.fill_uniform_at(key, draws.NO_SLOT, asked, u, room.words)
        for k in range(n):
            if u[k] < probability:
                given += fen
    return given


@compiled
def mark_cluttered(clean: U8, mask: U8) -> None:
    """Mark cluttered yards."""
    mask[clean.size :] = 0
    for k in range(clean.size):
        mask[k] = clean[k] == 0


@compiled
def keep_served(now: Now, chosen: I32, found: I32, n: int) -> int:
    """Keep those of the n places `found` in a block whose households gifts may reach; return how many."""
    kept = 0
    for f in range(n):  # without a branch, which would be guessed wrong
        found[kept] = found[f]
        kept += effect(now, SERVED, chosen[found[f]]) > 0.0
    return kept


@compiled
def offer_paid_hands(s: State, w: Week, room: Scratch) -> None:
    """Offer paid hands to cluttered yards in turn, as far as the fund can pay if all of them are used."""
    p, now, row, chosen = w.p, w.now, s.village_i64[:, w.v], s.i32[CHOSEN]
    # What the offer costs if it is used in full, reckoned as housework pays it; so no fund is ever overdrawn.
    price = max(1, int(100.0 * p.wage_yuan + 0.5) * int(3600.0 * p.paid_hours) // 3600)
    offers = row[FUND + FOR_HANDS] // price
    if offers <= 0 or not reaches(now, SERVED):
        return
    first, households = row[FIRST], row[STOP] - row[FIRST]
    everyone = now.first[SERVED] == now.first[SERVED + 1] and now.wide[SERVED] > 0.0
    at = row[PAID_NEXT]
    after = at
    looked = 0
    while offers > 0 and looked < households:
        size = min(draws.BLOCK, households - looked, households - at)
        mark_cluttered(s.u8[CLEAN, first + at : first + at + size], room.flags)
        n = places(room.flags, room.numbers)
        if not everyone:
            n = keep_served(now, chosen[first + at : first + at + size], room.numbers, n)
        n = min(n, offers)
        for f in range(n):
            s.u8[PAID_CALLS, first + at + room.numbers[f]] = 1
        if n > 0:
            after = at + room.numbers[n - 1] + 1
        offers -= n
        looked += size
        at = at + size if at + size < households else 0
    row[PAID_NEXT] = after if after < households else 0


@compiled
def fade(glow: F64, retention: float) -> None:
    """Let a week pass over the glow of last awards."""
    for k in range(glow.size):
        glow[k] *= retention


@compiled
def mark_worthy(clean: U8, glow: F64, mask: U8) -> None:
    """Mark clean yards without a fresh award."""
    mask[clean.size :] = 0
    for k in range(clean.size):
        mask[k] = (clean[k] != 0) & (glow[k] < 0.5)


@compiled
def award(s: State, w: Week, room: Scratch) -> None:
    """Let last awards fade, and give new ones to clean yards in turn that have none fresh, as far as the fund goes."""
    p, now, count, v = w.p, w.now, w.record.counts[w.number, w.v], w.v
    row, chosen = s.village_i64[:, v], s.i32[CHOSEN]
    first, households = row[FIRST], row[STOP] - row[FIRST]
    glow = s.f64[AWARD, first : row[STOP]]
    price = max(1, int(100.0 * p.award_yuan + 0.5))
    if row[AWARD_NEXT] > 0:  # once there has been an award: it holds the number of the next household, plus 1
        fade(glow, p.award_retention)
    plaques = s.village_f64[PLAQUE_CREDIT, v] % 1.0 + max(0.0, now.wide[PLAQUES])
    s.village_f64[PLAQUE_CREDIT, v] = plaques
    free = int(plaques)
    if row[FUND + FOR_AWARDS] < price and free == 0:
        return
    at = max(0, row[AWARD_NEXT] - 1)
    looked = 0
    while (row[FUND + FOR_AWARDS] >= price or free > 0) and looked < households:
        size = min(draws.BLOCK, households - looked, households - at)
        mark_worthy(s.u8[CLEAN, first + at : first + at + size], glow[at : at + size], room.flags)
        for f in range(places(room.flags, room.numbers)):
            k = at + room.numbers[f]
            paid = row[FUND + FOR_AWARDS] >= price and effect(now, SERVED, chosen[first + k]) > 0.0
            if not paid and free == 0:
                continue
            if paid:
                row[FUND + FOR_AWARDS] -= price
                count[SPENT + FOR_AWARDS] += price
            else:
                free -= 1
                count[PLAQUES_GIVEN] += 1
            glow[k] = 1.0
            row[AWARD_NEXT] = k + 2
        looked += size
        at = at + size if at + size < households else 0
    if row[AWARD_NEXT] > households:
        row[AWARD_NEXT] = 1
