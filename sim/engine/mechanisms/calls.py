"""Calls: volunteers, worthies, representatives and cadres from outside go from door to door and speak of the yard.

A caller's round starts beside the own door, so that one caller more changes no other's round. Each kind is a messenger of
its own (P1). Volunteers also offer hands to who clears and give a part of their time to public plots; they tire, and
fatigue takes that share of their time. A cadre lives elsewhere, has no yard to be judged by, and builds trust as a
member's visit does. Left out: calls that only chat, and callers who choose whom to see.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiler.compiled import compiled
from sim.engine.equations import trust_after
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.mechanisms.persuasion import persuaded
from sim.engine.now import Week, effect, key_of, named_value
from sim.engine.tallies import tally
from sim.engine.world.columns import (  # fmt: skip
    ATTACHMENT,
    BY_CADRE,
    BY_REPRESENTATIVE,
    BY_VOLUNTEER,
    BY_WORTHY,
    CLEAN,
    FIRST,
    FOR_PLOTS,
    FREE_CALLS,
    JOINED,
    LAST_BY_CALLER,
    PARTY_YEARS,
    PERSUASION,
    ROLES,
    STANDING,
    STOP,
    TEAM_CHOSEN,
    TEAM_FATIGUE,
    TEAM_FIRST,
    TEAM_HOUSEHOLD,
    TEAM_KIND,
    TEAM_NEXT,
    TEAM_SECONDS,
    TEAM_STATUS,
    TEAM_STOP,
    TRUST,
    VISIT_SECONDS,
    VOLUNTEER,
    VOLUNTEER_HOURS,
    WILLING,
    State,
)
from sim.numerics import draws

CADRE_TIME = named_value("cadre_time")
OTHER_TASKS = named_value("other_tasks")
REPRESENTATIVE_TIME = named_value("representative_time")
VOLUNTEER_MESSAGE = named_value("volunteer_message")
VOLUNTEER_TIME = named_value("volunteer_time")
WORTHY_TIME = named_value("worthy_time")

CALLS = tally("calls", "calls", "calls of volunteers, worthies, representatives and cadres")
VOLUNTEERS = tally("volunteers", "people", "volunteers with time this week")
VOLUNTEER_SECONDS = tally("volunteer_seconds", "seconds", "volunteers' time")
CALLER_SECONDS = tally("caller_seconds", "seconds", "other callers' time")

TIMES = np.array([VOLUNTEER_TIME, WORTHY_TIME, REPRESENTATIVE_TIME, CADRE_TIME])
"""The named value that gives time, by kind of caller."""
OUTSIDE = 0x80000000
"""Added to the slot of the draws of callers who live elsewhere."""


@compiled
def weight_of(p: Any, kind: int) -> float:
    """Return a kind's persuasion relative to a member's [w_role]."""
    if kind == BY_VOLUNTEER:
        return float(p.volunteer_weight)
    if kind == BY_WORTHY:
        return float(p.worthy_weight)
    return float(p.representative_weight if kind == BY_REPRESENTATIVE else p.cadre_weight)


@compiled
def tire(s: State, p: Any, a: int, busy: bool) -> float:
    """Let a week pass over a volunteer's fatigue and return what it was, 0..1."""
    fatigue = s.team_f64[TEAM_FATIGUE, a]
    s.team_f64[TEAM_FATIGUE, a] = fatigue + p.fatigue * (1.0 - fatigue) if busy else fatigue * p.fatigue_retention
    return float(fatigue)


@compiled
def call(s: State, w: Week, room: Scratch) -> None:
    """Let the village's callers make a week's round; volunteers keep some of their time for public plots."""
    p, now, count, week = w.p, w.now, w.record.counts[w.number, w.v], w.number
    f64, i32, u8, team, row = s.f64, s.i32, s.u8, s.team_i32, s.village_i64[:, w.v]
    key = key_of(now, draws.CALL_MESSAGE)
    first, households = row[FIRST], row[STOP] - row[FIRST]
    free = max(0.0, 1.0 - now.wide[OTHER_TASKS])
    recruited = now.wide[VOLUNTEER_TIME] > 0.0 or now.first[VOLUNTEER_TIME + 1] > now.first[VOLUNTEER_TIME]
    # Without fatigue, who has just left would look like who never joined, and would stay a volunteer in name.
    may_skip = not recruited and p.fatigue > 0.0
    row[FOR_PLOTS] = 0
    for a in range(row[TEAM_FIRST], row[TEAM_STOP]):
        kind, j, chosen = team[TEAM_KIND, a], team[TEAM_HOUSEHOLD, a], team[TEAM_CHOSEN, a]
        if may_skip and team[TEAM_STATUS, a] == WILLING and s.team_f64[TEAM_FATIGUE, a] == 0.0:
            continue  # has not joined, is not asked, and is rested
        hours = effect(now, TIMES[kind], chosen)
        message = 1.0
        call_seconds = row[VISIT_SECONDS]
        if kind == BY_VOLUNTEER:
            if team[TEAM_STATUS, a] == JOINED or (j >= 0 and u8[ROLES, j] & STANDING):
                hours += s.village_f64[VOLUNTEER_HOURS, w.v]
            fatigue = tire(s, p, a, hours > 0.0)
            if j >= 0:
                u8[ROLES, j] = u8[ROLES, j] | VOLUNTEER if hours > 0.0 else u8[ROLES, j] & ~VOLUNTEER & 0xFF
            message = effect(now, VOLUNTEER_MESSAGE, chosen)
            call_seconds = int(3600.0 * p.hands_per_call)
            seconds = int(3600.0 * hours * free * (1.0 - fatigue))
            plots = int(p.cleanup_share * seconds)
            row[FOR_PLOTS] += plots
            count[VOLUNTEERS] += hours > 0.0
            count[VOLUNTEER_SECONDS] += seconds
            in_hand = team[TEAM_SECONDS, a] + seconds - plots
        else:
            seconds = int(3600.0 * hours * free)
            count[CALLER_SECONDS] += seconds
            in_hand = team[TEAM_SECONDS, a] + seconds
        clean = u8[CLEAN, j] if j >= 0 else 1
        years = u8[PARTY_YEARS, j] if j >= 0 else 0
        slot = j - first if j >= 0 else OUTSIDE - j
        door = team[TEAM_NEXT, a]
        while in_hand >= call_seconds:
            in_hand -= call_seconds
            door = door + 1 if door + 1 < households else 0
            i = first + door
            if i == j:
                continue
            count[CALLS] += 1
            if kind == BY_VOLUNTEER:
                u8[FREE_CALLS, i] = min(255, u8[FREE_CALLS, i] + 1)
            if message <= 0.0 or (message < 1.0 and draws.uniform(key, i - first, slot) >= message):
                continue
            trust = f64[TRUST, i]
            since = week - i32[LAST_BY_CALLER + kind, i]
            f64[PERSUASION, i] = persuaded(p, f64[PERSUASION, i], trust, weight_of(p, kind), years, clean, since)
            i32[LAST_BY_CALLER + kind, i] = week
            if kind == BY_CADRE:
                f64[TRUST, i] = trust_after(trust, clean, p.trust_step, f64[ATTACHMENT, i])
        team[TEAM_SECONDS, a] = in_hand
        team[TEAM_NEXT, a] = door
