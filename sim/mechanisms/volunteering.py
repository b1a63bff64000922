"""Volunteering: volunteers call at households, offer hands to who clears, and clean public plots; they tire.

A volunteer goes from door to door, starting beside the own, so that one volunteer more changes no other's round. A part
of the time goes to public plots in turn. Fatigue grows in active weeks, takes that share of the time, and fades in
rest. Left out: joining and leaving by contagion, and skills.
"""

from __future__ import annotations

from typing import Any

from sim import draws
from sim.compiled import compiled
from sim.mechanisms.persuasion import persuaded
from sim.programme import VOLUNTEER_MESSAGE, VOLUNTEER_TIME, Now, lever
from sim.tallies import CALLS, PLOT_SECONDS, VOLUNTEER_SECONDS, VOLUNTEERS
from sim.world.columns import (
    CHOSEN,
    CLEAN,
    F64,
    FIRST,
    FREE_CALLS,
    I32,
    I64,
    IDLE,
    LAST_BY_VOLUNTEER,
    PARTY_YEARS,
    PERSUASION,
    PUBLIC_CLEANLINESS,
    PUBLIC_FIRST,
    PUBLIC_KIND,
    PUBLIC_NEXT,
    PUBLIC_STOP,
    ROLES,
    STANDING,
    STOP,
    TEAM_FATIGUE,
    TEAM_FIRST,
    TEAM_HOUSEHOLD,
    TEAM_NEXT,
    TEAM_SECONDS,
    TEAM_STOP,
    TRUST,
    VOLUNTEER,
    VOLUNTEER_HOURS,
    State,
)  # fmt: skip


@compiled
def clean_public_plots(public_i32: I32, public_f64: F64, row: I64, hours: float, plot_hours: float) -> float:
    """Clear in turn the plots that are neither amenities nor building sites, a round at most; return the hours used."""
    left = hours
    first, plots = row[PUBLIC_FIRST], row[PUBLIC_STOP] - row[PUBLIC_FIRST]
    for _ in range(plots):
        if left <= 0.0:
            break
        k = first + row[PUBLIC_NEXT]
        if public_i32[PUBLIC_KIND, k] <= IDLE:
            needed = (1.0 - public_f64[PUBLIC_CLEANLINESS, k]) * plot_hours
            if needed > left:  # the next week's work goes on here
                public_f64[PUBLIC_CLEANLINESS, k] += left / plot_hours
                return hours
            public_f64[PUBLIC_CLEANLINESS, k] = 1.0
            left -= needed
        row[PUBLIC_NEXT] = (row[PUBLIC_NEXT] + 1) % plots
    return hours - left


@compiled
def volunteer(s: State, p: Any, now: Now, week: int, v: int, count: I64) -> None:
    """Let the volunteers of village v work for a week."""
    f64, i32, u8, team, row = s.f64, s.i32, s.u8, s.team_i32, s.village_i64[:, v]
    key = now.keys[0, draws.VOLUNTEER_MESSAGE], now.keys[1, draws.VOLUNTEER_MESSAGE]
    first, households = row[FIRST], row[STOP] - row[FIRST]
    call_seconds = int(3600.0 * p.hands_per_call)
    for_plots = 0
    for a in range(row[TEAM_FIRST], row[TEAM_STOP]):
        j = team[TEAM_HOUSEHOLD, a]
        chosen = i32[CHOSEN, j]
        hours = lever(now, VOLUNTEER_TIME, chosen)
        if u8[ROLES, j] & STANDING:
            hours += s.village_f64[VOLUNTEER_HOURS, v]
        fatigue = s.team_f64[TEAM_FATIGUE, a]
        seconds = int(3600.0 * hours * (1.0 - fatigue))
        if hours > 0.0:
            u8[ROLES, j] |= VOLUNTEER
            count[VOLUNTEERS] += 1
            s.team_f64[TEAM_FATIGUE, a] = fatigue + p.fatigue * (1.0 - fatigue)
        else:
            u8[ROLES, j] &= ~VOLUNTEER & 0xFF
            s.team_f64[TEAM_FATIGUE, a] = fatigue * p.fatigue_retention
        count[VOLUNTEER_SECONDS] += seconds
        plots = int(p.cleanup_share * seconds)
        for_plots += plots
        in_hand = team[TEAM_SECONDS, a] + seconds - plots
        message = lever(now, VOLUNTEER_MESSAGE, chosen)
        door = team[TEAM_NEXT, a]
        while in_hand >= call_seconds:
            in_hand -= call_seconds
            door = door + 1 if door + 1 < households else 0
            i = first + door
            if i == j:
                continue
            count[CALLS] += 1
            u8[FREE_CALLS, i] = min(255, u8[FREE_CALLS, i] + 1)
            if message > 0.0 and (message >= 1.0 or draws.uniform(key, i - first, j - first) < message):
                f64[PERSUASION, i] = persuaded(
                    p, f64[PERSUASION, i], f64[TRUST, i], p.volunteer_weight,
                    u8[PARTY_YEARS, j], u8[CLEAN, j], week - i32[LAST_BY_VOLUNTEER, i],
                )  # fmt: skip
                i32[LAST_BY_VOLUNTEER, i] = week
        team[TEAM_SECONDS, a] = in_hand
        team[TEAM_NEXT, a] = door
    if for_plots > 0:
        used = clean_public_plots(s.public_i32, s.public_f64, row, for_plots / 3600.0, p.plot_hours)
        count[PLOT_SECONDS] += int(3600.0 * used)
