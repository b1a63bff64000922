"""Works and public plots: black spots and idle land breed rubbish from cluttered yards; money turns them into amenities.

A plot that is no amenity drifts to the cleanliness of the yards around it (idle land below that); an amenity keeps a
floor and rarely relapses. When the fund can pay, the dirtiest plot becomes a building site, and weeks later an amenity.
Left out: quarrels about land, upkeep costs, and what kind of amenity it is (parking, park, mural wall).
"""

from __future__ import annotations

from typing import Any

from sim.base.arrays import I64
from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.mechanisms.giving import FOR_BUDGET, FOR_WORKS, SPENT
from sim.engine.now import Week, key_of, named_value
from sim.engine.tallies import tally
from sim.engine.world.columns import (  # fmt: skip
    AMENITY,
    BLACK_SPOT,
    FOR_PLOTS,
    FUND,
    IDLE,
    PUBLIC_CLEANLINESS,
    PUBLIC_CLUTTERED,
    PUBLIC_FIRST,
    PUBLIC_KIND,
    PUBLIC_NEXT,
    PUBLIC_STOP,
    PUBLIC_WEEKS_LEFT,
    PUBLIC_YARDS,
    WORKS,
    State,
)
from sim.numerics import draws

DUMPING = named_value("dumping")
PLOT_TIME = named_value("plot_time")

PLOT_SECONDS = tally("plot_seconds", "seconds", "volunteers' time spent on public plots")
UPKEEP_SECONDS = tally("upkeep_seconds", "seconds", "time of others than volunteers spent on public plots")
WORKS_FINISHED = tally("works_finished", "plots", "public plots turned into amenities")


@compiled
def clean_public_plots(s: State, w: Week, room: Scratch) -> None:
    """Let volunteers and whoever else is paid to clear the village's public plots."""
    row = s.village_i64[:, w.v]
    if row[FOR_PLOTS] > 0:
        w.record.counts[w.number, w.v, PLOT_SECONDS] += int(3600.0 * clear_plots(s, w.p, row, row[FOR_PLOTS] / 3600.0))
    if w.now.wide[PLOT_TIME] > 0.0:
        w.record.counts[w.number, w.v, UPKEEP_SECONDS] += int(3600.0 * clear_plots(s, w.p, row, w.now.wide[PLOT_TIME]))


@compiled
def clear_plots(s: State, p: Any, row: I64, hours: float) -> float:
    """Clear in turn the plots that are neither amenities nor building sites, a round at most; return the hours used."""
    left = hours
    cleanliness = s.public_f64[PUBLIC_CLEANLINESS]
    first, plots = row[PUBLIC_FIRST], row[PUBLIC_STOP] - row[PUBLIC_FIRST]
    for _ in range(plots):
        if left <= 0.0:
            break
        k = first + row[PUBLIC_NEXT]
        if s.public_i32[PUBLIC_KIND, k] <= IDLE:
            needed = (1.0 - cleanliness[k]) * p.plot_hours
            if needed > left:  # the next week's work goes on here
                cleanliness[k] += left / p.plot_hours
                return hours
            cleanliness[k] = 1.0
            left -= needed
        row[PUBLIC_NEXT] = row[PUBLIC_NEXT] + 1 if row[PUBLIC_NEXT] + 1 < plots else 0
    return hours - left


@compiled
def start_works(s: State, w: Week, room: Scratch) -> None:
    """Start works on the dirtiest plots of the village while the fund can pay for one more."""
    p, row, kinds, cleanliness = w.p, s.village_i64[:, w.v], s.public_i32[PUBLIC_KIND], s.public_f64[PUBLIC_CLEANLINESS]
    price = int(100.0 * p.work_yuan + 0.5)
    while row[FUND + FOR_WORKS] >= price or row[FUND + FOR_BUDGET] >= price:
        worst = -1
        for k in range(row[PUBLIC_FIRST], row[PUBLIC_STOP]):
            if kinds[k] <= IDLE and (worst < 0 or cleanliness[k] < cleanliness[worst]):
                worst = k
        if worst < 0:
            return
        purse = FOR_BUDGET if row[FUND + FOR_BUDGET] >= price else FOR_WORKS
        row[FUND + purse] -= price
        w.record.counts[w.number, w.v, SPENT + purse] += price
        kinds[worst] = WORKS
        s.public_i32[PUBLIC_WEEKS_LEFT, worst] = int(p.work_weeks)


@compiled
def change_public_plots(s: State, w: Week, room: Scratch) -> None:
    """Let a week pass over the public plots of the village."""
    p, now, row = w.p, w.now, s.village_i64[:, w.v]
    kinds, cleanliness = s.public_i32[PUBLIC_KIND], s.public_f64[PUBLIC_CLEANLINESS]
    key = key_of(now, draws.RELAPSE)
    first, stop = row[PUBLIC_FIRST], row[PUBLIC_STOP]
    for k in range(first, stop):
        number = (k - first) % draws.BLOCK
        if number == 0:
            draws.fill_uniform(key, k - first, draws.NO_SLOT, room.floats[0, : min(draws.BLOCK, stop - k)], room.words)
        if kinds[k] == WORKS:
            s.public_i32[PUBLIC_WEEKS_LEFT, k] -= 1
            if s.public_i32[PUBLIC_WEEKS_LEFT, k] <= 0:
                kinds[k] = AMENITY
                cleanliness[k] = 1.0
                w.record.counts[w.number, w.v, WORKS_FINISHED] += 1
            continue
        yards = s.public_i32[PUBLIC_YARDS, k]
        around = 1.0 - s.public_i32[PUBLIC_CLUTTERED, k] / yards if yards > 0 else 1.0
        if kinds[k] == AMENITY:
            around = max(around, p.amenity_floor)
            if room.floats[0, number] < p.amenity_relapse:
                kinds[k] = BLACK_SPOT
        elif kinds[k] == IDLE:
            around *= p.idle_breeds
        around = 1.0 - (1.0 - around) * (1.0 - min(1.0, max(0.0, now.wide[DUMPING])))
        cleanliness[k] += p.plot_drift * (around - cleanliness[k])
