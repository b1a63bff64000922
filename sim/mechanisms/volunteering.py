"""Volunteering: willing households that act of their own accord join the volunteers, tire, and leave (P14).

Who is willing is drawn once. A willing household joins with a small probability a week once it is self-initiated, more
often where a lever recruits; it leaves when it no longer takes part, or with a probability that grows with its fatigue.
What volunteers do is in calls. Left out: friends who join together, and skills.
"""

from __future__ import annotations

from typing import Any

from sim import draws
from sim.compiled import compiled
from sim.mechanisms.blocks import Room
from sim.programme import RECRUITMENT, VOLUNTEER_TIME, Now, lever
from sim.tallies import JOINED_TEAM, LEFT_TEAM
from sim.world.columns import (
    BY_VOLUNTEER,
    FIRST,
    HELPING,
    I64,
    INITIATED,
    JOINED,
    ROLES,
    RUNG,
    STANDING,
    TEAM_CHOSEN,
    TEAM_FATIGUE,
    TEAM_FIRST,
    TEAM_HOUSEHOLD,
    TEAM_KIND,
    TEAM_STATUS,
    TEAM_STOP,
    VOLUNTEER,
    WILLING,
    State,
)  # fmt: skip


@compiled
def join_and_leave(s: State, p: Any, now: Now, v: int, count: I64, room: Room) -> None:
    """Let willing households of village v join the volunteers or leave them, and mark who volunteers this week."""
    team, row = s.team_i32, s.village_i64[:, v]
    key = now.keys[0, draws.JOIN], now.keys[1, draws.JOIN]
    first, asked = row[FIRST], room.numbers
    joins = p.join_rate * max(0.0, 1.0 + now.wide[RECRUITMENT])
    a, stop = row[TEAM_FIRST], row[TEAM_STOP]
    while a < stop:
        begin = a
        n = 0
        while a < stop and n < draws.BLOCK:
            asked[n] = team[TEAM_HOUSEHOLD, a] - first
            n += 1
            a += 1
        u = room.floats[0, :n]
        draws.fill_uniform_at(key, draws.NO_SLOT, asked, u, room.words)
        for k in range(n):
            decide_to_volunteer(s, p, now, begin + k, u[k], joins, count)


@compiled
def decide_to_volunteer(s: State, p: Any, now: Now, a: int, u: float, joins: float, count: I64) -> None:
    """Let one caller join or leave by a draw u, and mark whether it volunteers."""
    team, j = s.team_i32, s.team_i32[TEAM_HOUSEHOLD, a]
    if j < 0 or team[TEAM_KIND, a] != BY_VOLUNTEER:
        return
    rung = s.u8[RUNG, j]
    if team[TEAM_STATUS, a] == WILLING and rung == INITIATED and u < joins:
        team[TEAM_STATUS, a] = JOINED
        count[JOINED_TEAM] += 1
    elif team[TEAM_STATUS, a] == JOINED and (rung < HELPING or u < p.leave_rate * s.team_f64[TEAM_FATIGUE, a]):
        team[TEAM_STATUS, a] = WILLING
        count[LEFT_TEAM] += 1
    roles = s.u8[ROLES, j]
    busy = roles & STANDING or team[TEAM_STATUS, a] == JOINED or lever(now, VOLUNTEER_TIME, team[TEAM_CHOSEN, a]) > 0.0
    s.u8[ROLES, j] = roles | VOLUNTEER if busy else roles & ~VOLUNTEER & 0xFF
