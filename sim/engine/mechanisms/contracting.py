"""Contracting (政府干、群众看): contractors clear yards instead of their households, who watch.

They go from one cluttered yard to the next as far as their hours reach, and leave each one clear. The household's
passivity moves as if others had done all the clearing for as many weeks as a helping household would have taken. A yard
that they cleared is an example to neighbours like any clean yard. Left out: contracts, and contractors' quality.
"""

from __future__ import annotations

import math

from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch, places
from sim.engine.mechanisms.giving import mark_cluttered
from sim.engine.now import Week, named_value
from sim.engine.tallies import tally
from sim.engine.world.columns import (  # fmt: skip
    CLEAN,
    CLUTTER,
    CONTRACTOR_CREDIT,
    CONTRACTOR_NEXT,
    FIRST,
    PASSIVITY,
    STOP,
    State,
)
from sim.numerics import draws

CONTRACTOR_TIME = named_value("contractor_time")

CONTRACTOR_SECONDS = tally("contractor_seconds", "seconds", "contractors' time in yards")


@compiled
def contract(s: State, w: Week, room: Scratch) -> None:
    """Let contractors clear yards of the village for a week; hours that find nothing to clear are not worked."""
    p, now, count, v = w.p, w.now, w.record.counts[w.number, w.v], w.v
    hours = s.village_f64[CONTRACTOR_CREDIT, v] + now.wide[CONTRACTOR_TIME]
    if now.wide[CONTRACTOR_TIME] <= 0.0:
        s.village_f64[CONTRACTOR_CREDIT, v] = 0.0
        return
    row, clutter, passivity = s.village_i64[:, v], s.f64[CLUTTER], s.f64[PASSIVITY]
    first, households = row[FIRST], row[STOP] - row[FIRST]
    at = row[CONTRACTOR_NEXT]
    looked = 0
    short = False
    worked = 0.0
    while looked < households and not short:
        size = min(draws.BLOCK, households - looked, households - at)
        mark_cluttered(s.u8[CLEAN, first + at : first + at + size], room.flags)
        for f in range(places(room.flags, room.numbers)):
            i = first + at + room.numbers[f]
            if clutter[i] > hours - worked:  # begun next week, with what is left of this week's hours
                short = True
                row[CONTRACTOR_NEXT] = i - first
                break
            worked += clutter[i]
            for _ in range(math.ceil(clutter[i] / max(p.work_helping, 0.1))):
                passivity[i] += p.passivity_step * (1.0 - passivity[i])
            clutter[i] = 0.0
        looked += size
        at = at + size if at + size < households else 0
    s.village_f64[CONTRACTOR_CREDIT, v] = hours - worked if short else 0.0
    count[CONTRACTOR_SECONDS] += int(3600.0 * worked)
