"""Visits (户联系): members call on the households of their lists, as far as their time goes.

Time is counted in whole seconds and carried over from week to week, so that a year's visits come out as recorded (S02,
S03) and every household of a list is reached (S04). Routine visits are about other business; an intervention makes them speak
of the yard, as far as organisers' effort goes and fear of meeting villagers leaves it said. Other tasks take their
share of the time. A visit is an entry: calls at closed doors are part of its time. Party members without a branch help
with a list when an intervention gives them time. Left out: what routine visits do to trust.
"""

from __future__ import annotations

import numpy as np

from sim.base.arrays import I32, U8
from sim.compiler.compiled import compiled
from sim.engine.equations import trust_after
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.mechanisms.persuasion import persuaded
from sim.engine.now import Week, bits_of, effect, key_of, named_value
from sim.engine.tallies import tally
from sim.engine.world.columns import (  # fmt: skip
    ATTACHMENT,
    CHOSEN,
    CLEAN,
    EFFORT,
    FEAR,
    FIRST,
    LAST_BY_MEMBER,
    LAST_VISIT,
    LIST_FIRST,
    LIST_HELPER,
    LIST_MEMBER,
    LIST_NEXT,
    LIST_SECONDS,
    LIST_STOP,
    LISTS_FIRST,
    LISTS_STOP,
    NEVER,
    PARTY_YEARS,
    PERSUASION,
    ROUTINE_MESSAGE,
    ROUTINE_SECONDS,
    RUNG,
    SEEN,
    TRUST,
    VISIT_SECONDS,
    State,
)
from sim.numerics import draws

CONTACT_TIME = named_value("contact_time")
COURAGE = named_value("courage")
LIST_TIME = named_value("list_time")
MESSAGE = named_value("message")
OTHER_TASKS = named_value("other_tasks")
SKILL = named_value("skill")
UNWILLING_FIRST = named_value("unwilling_first")

VISITS = tally("visits", "visits", "members' visits")
MESSAGES = tally("messages", "visits", "visits that speak of the yard")
REACHED = tally("reached", "households", "households that a member has visited at least once so far")
CONTACT_SECONDS = tally("contact_seconds", "seconds", "members' time for visits")
CONTACT_SECONDS_LOST = tally(
    "contact_seconds_lost", "seconds", "members' time lost to other tasks, or left with nobody to see"
)

OUT_OF_REACH = np.int64(2**62)
"""The place in the order of visits of who was visited this week."""
UNKNOWN = np.int64(2**40)
"""No member's bits."""


@compiled
def least_willing(i32: I32, u8: U8, listed: I32, first: int, stop: int, week: int) -> int:
    """Return the position on a list of the household on the lowest rung, longest unvisited; -1 if all were seen this week."""
    best = -1
    least = OUT_OF_REACH
    for place in range(first, stop):
        i = listed[place]
        last = i32[LAST_VISIT, i]
        # The rung first, then the week, in one number, so that there is one comparison and no branch.
        order = (np.int64(u8[RUNG, i]) << 32) + (last - NEVER) if last != week else OUT_OF_REACH
        best = place if order < least else best
        least = min(order, least)
    return best


@compiled
def asked(s: State, w: Week, chosen: int, helps: bool) -> tuple[int, int, float, float, float]:
    """Return what a week asks of a member of the village.

    That is: seconds of visits; seconds that other tasks take from them; the probability that a visit is about the yard;
    the member's skill; and the probability that the unwilling come first. chosen : the member's bits. helps : whether
    the list is another member's.
    """
    now, v = w.now, w.v
    effort = s.village_f64[EFFORT, v]
    routine = s.village_i64[ROUTINE_SECONDS, v] * (max(0.0, effect(now, LIST_TIME, chosen)) if helps else 1.0)
    more = effect(now, CONTACT_TIME, chosen)
    # Who is tired gives less of the extra time that is asked for, and isn't spared what other duties take.
    seconds = int(routine * max(0.0, 1.0 + (effort * more if more > 0.0 else more)))
    left = seconds
    if now.wide[OTHER_TASKS] != 0.0:
        left = int(seconds * max(0.0, 1.0 - now.wide[OTHER_TASKS]))
    said = 1.0 - s.village_f64[FEAR, v] * max(0.0, 1.0 - now.wide[COURAGE])
    message = (s.village_f64[ROUTINE_MESSAGE, v] + min(1.0, effort) * effect(now, MESSAGE, chosen)) * said
    skill = 1.0 + effect(now, SKILL, chosen)
    return left, max(0, seconds - left), message, skill, effect(now, UNWILLING_FIRST, chosen)


@compiled
def speak(s: State, w: Week, room: Scratch, n: int) -> None:
    """Draw on which of n visits the yard is spoken of, count them, and let them persuade.

    room : of each visit its household's place in the village in `numbers`, its list in `households[0]`, the probability
    and the member's skill in `floats[1]` and `floats[2]`.
    """
    p, week, first, visited, on_list = w.p, w.number, s.village_i64[FIRST, w.v], room.numbers, room.households[0]
    f64, i32, u8 = s.f64, s.i32, s.u8
    u, message, skill = room.floats[0, :n], room.floats[1], room.floats[2]
    draws.fill_uniform_at(key_of(w.now, draws.MESSAGE), draws.NO_SLOT, visited, u, room.words)
    spoken = 0
    for k in range(n):  # first without a branch: those on which it is
        visited[spoken], on_list[spoken], skill[spoken] = visited[k], on_list[k], skill[k]
        spoken += u[k] < message[k]
    for k in range(spoken):
        i, member = first + visited[k], s.lists[LIST_MEMBER, on_list[k]]
        clean = u8[CLEAN, member]
        trust = f64[TRUST, i]
        since = week - i32[LAST_BY_MEMBER, i]
        f64[PERSUASION, i] = persuaded(p, f64[PERSUASION, i], trust, skill[k], u8[PARTY_YEARS, member], clean, since)
        f64[TRUST, i] = trust_after(trust, clean, p.trust_step, f64[ATTACHMENT, i])
        i32[LAST_BY_MEMBER, i] = week
    w.record.counts[w.number, w.v, MESSAGES] += spoken


@compiled
def visit_households(s: State, w: Week, room: Scratch) -> None:
    """Make the week's visits in the village."""
    now, count, week, v = w.now, w.record.counts[w.number, w.v], w.number, w.v
    i32, u8, lists, row = s.i32, s.u8, s.lists, s.village_i64[:, v]
    visited, on_list, messages, skills = room.numbers, room.households[0], room.floats[1], room.floats[2]
    order_key = draws.phase_key(s.village_key[0, v], s.village_key[1, v], draws.BUILDING, draws.UNWILLING_FIRST)
    first = row[FIRST]
    visit_seconds = row[VISIT_SECONDS]
    bits = bits_of(now, LIST_TIME) | bits_of(now, CONTACT_TIME) | bits_of(now, MESSAGE)
    bits |= bits_of(now, SKILL) | bits_of(now, UNWILLING_FIRST)
    known = UNKNOWN
    left, lost, message, skill, unwilling = 0, 0, 0.0, 0.0, 0.0
    n = 0
    for a in range(row[LISTS_FIRST], row[LISTS_STOP]):
        member = lists[LIST_MEMBER, a]
        kind = 2 * (i32[CHOSEN, member] & bits) + (lists[LIST_HELPER, a] != 0)
        if kind != known:  # most are asked the same as the one before
            left, lost, message, skill, unwilling = asked(s, w, i32[CHOSEN, member], lists[LIST_HELPER, a] != 0)
            known = kind
        count[CONTACT_SECONDS_LOST] += lost
        in_hand = lists[LIST_SECONDS, a] + left
        if in_hand < visit_seconds:
            lists[LIST_SECONDS, a] = in_hand
            continue
        list_first, list_stop = lists[LIST_FIRST, a], lists[LIST_STOP, a]
        sweep = unwilling <= 0.0 or draws.uniform(order_key, member - first, draws.NO_SLOT) >= unwilling
        visits = 0
        while in_hand >= visit_seconds and visits < list_stop - list_first:
            if sweep:
                place = lists[LIST_NEXT, a]
                lists[LIST_NEXT, a] = place + 1 if place + 1 < list_stop else list_first
            else:
                place = least_willing(i32, u8, s.listed, list_first, list_stop, week)
                if place < 0:  # a helper and the member in charge have between them seen everybody this week
                    idle = min(in_hand // visit_seconds, list_stop - list_first - visits) * visit_seconds
                    count[CONTACT_SECONDS_LOST] += idle
                    in_hand -= idle
                    break
            visits += 1
            in_hand -= visit_seconds
            i = s.listed[place]
            i32[LAST_VISIT, i] = week
            count[REACHED] += 1 - u8[SEEN, i]
            u8[SEEN, i] = 1
            if message > 0.0 and i != member:
                visited[n], on_list[n], messages[n], skills[n] = i - first, a, message, skill
                n += 1
                if n == draws.BLOCK:
                    speak(s, w, room, n)
                    n = 0
        # Who has seen the whole list this week can't save the rest of the time for the next.
        unused = max(0, in_hand - visit_seconds)
        lists[LIST_SECONDS, a] = in_hand - unused
        count[VISITS] += visits
        count[CONTACT_SECONDS] += visits * visit_seconds
        count[CONTACT_SECONDS_LOST] += unused
    if n > 0:
        speak(s, w, room, n)
