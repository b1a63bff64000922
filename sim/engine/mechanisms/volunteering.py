"""Volunteering: willing households that act of their own accord join the volunteers, tire, and leave (P14).

Who is willing is drawn once. A willing household joins with a small probability a week once it is self-initiated, more
often where an intervention recruits; it leaves when it no longer takes part, or with a probability that grows with its
fatigue. What volunteers do is in calls. Left out: friends who join together, and skills.
"""

from __future__ import annotations

from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.now import Week, key_of, named_value
from sim.engine.tallies import tally
from sim.engine.world.columns import (  # fmt: skip
    BY_LEVER,
    FIRST,
    HELPING,
    INITIATED,
    JOINED,
    RUNG,
    TEAM_FATIGUE,
    TEAM_FIRST,
    TEAM_HOUSEHOLD,
    TEAM_STATUS,
    TEAM_STOP,
    WILLING,
    State,
)
from sim.numerics import draws

RECRUITMENT = named_value("recruitment")

JOINED_TEAM = tally("joined", "households", "households that join the volunteers")
LEFT_TEAM = tally("left", "households", "households that leave the volunteers")


@compiled
def may_change(s: State, a: int) -> bool:
    """Return whether a caller has anything to decide: a willing household on the top rung, or one that had joined."""
    status = s.team_i32[TEAM_STATUS, a]
    if status == BY_LEVER:
        return False
    return bool(status == JOINED or s.u8[RUNG, s.team_i32[TEAM_HOUSEHOLD, a]] == INITIATED)


@compiled
def join_and_leave(s: State, w: Week, room: Scratch) -> None:
    """Let willing households of the village join the volunteers or leave them."""
    p, now, count = w.p, w.now, w.record.counts[w.number, w.v]
    team, row, asked, rows = s.team_i32, s.village_i64[:, w.v], room.numbers, room.households[0]
    key = key_of(now, draws.JOIN)
    first, a, stop = row[FIRST], row[TEAM_FIRST], row[TEAM_STOP]
    joins = p.join_rate * max(0.0, 1.0 + now.wide[RECRUITMENT])
    while a < stop:
        n = 0
        while a < stop and n < draws.BLOCK:
            if may_change(s, a):
                asked[n] = team[TEAM_HOUSEHOLD, a] - first
                rows[n] = a
                n += 1
            a += 1
        u = room.floats[0, :n]
        draws.fill_uniform_at(key, draws.NO_SLOT, asked, u, room.words)
        for k in range(n):
            b = rows[k]
            if team[TEAM_STATUS, b] == WILLING:
                if u[k] < joins:
                    team[TEAM_STATUS, b] = JOINED
                    count[JOINED_TEAM] += 1
            elif s.u8[RUNG, first + asked[k]] < HELPING or u[k] < p.leave_rate * s.team_f64[TEAM_FATIGUE, b]:
                team[TEAM_STATUS, b] = WILLING
                count[LEFT_TEAM] += 1
