"""Observation: what the record keeps of a village as it is at the end of a week.

Left out: what outcomes are made of it (`sim.engine.outcomes`).
"""

from __future__ import annotations

from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.mechanisms.visits import REACHED
from sim.engine.now import Week, last_week
from sim.engine.tallies import measure, tallies
from sim.engine.world.columns import (  # fmt: skip
    CELL,
    CELL_NAMES,
    CELLS,
    PUBLIC_CLEANLINESS,
    PUBLIC_FIRST,
    PUBLIC_STOP,
    RECOGNISED,
    State,
)

HOUSEHOLDS = tallies("households", CELL_NAMES, "households", "households that are {}")
PUBLIC_SUM = measure("public_cleanliness", "0..1", "cleanliness, summed over public plots")
RECOGNISED_GIVING = measure("recognised_giving", "yuan/household", "recognised giving")


@compiled
def observe(s: State, w: Week, room: Scratch) -> None:
    """Enter the village as it is into the week's record."""
    count, total, v = w.record.counts[w.number, w.v], w.record.totals[w.number, w.v], w.v
    count[REACHED] += last_week(w, REACHED)  # households reached so far
    for k in range(CELLS):
        count[HOUSEHOLDS + k] = s.village_i64[CELL + k, v]
    for k in range(s.village_i64[PUBLIC_FIRST, v], s.village_i64[PUBLIC_STOP, v]):
        total[PUBLIC_SUM] += s.public_f64[PUBLIC_CLEANLINESS, k]
    total[RECOGNISED_GIVING] = s.village_f64[RECOGNISED, v]
