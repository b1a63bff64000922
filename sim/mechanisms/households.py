"""One pass over a village's households: each decides, does its housework and forgets; what it shows changes at the end.

Decision and housework are phases of their own in the model. They can share a pass, block by block while the block is in
the processor's cache, because a household's housework depends on no other household, and because what others see of it
changes only after the pass: everybody has then decided on the state at the phase's start.
"""

from __future__ import annotations

from typing import Any

from sim import draws
from sim.compiled import compiled
from sim.mechanisms.blocks import sum_of
from sim.mechanisms.decision import decide
from sim.mechanisms.housework import show_yard, tell_ties, work
from sim.rules import recognised
from sim.tallies import CLUTTER_SUM, PASSIVITY_SUM, PERSUASION_SUM, TRUST_SUM
from sim.world.columns import (
    CELL,
    CELLS,
    CLEAN,
    CLUTTER,
    F64,
    FIRST,
    FUND,
    HELPING,
    I32,
    I64,
    PASSIVITY,
    PERSUASION,
    PUBLIC_CLEANLINESS,
    RECOGNISED,
    RUNG,
    STOP,
    TRUST,
    U8,
    U32,
    State,
)  # fmt: skip


@compiled
def forget(persuasion: F64, retention: float) -> None:
    """Let a week's forgetting pass over the stock of persuasion."""
    for k in range(persuasion.size):
        persuasion[k] *= retention


@compiled
def pass_week(
    s: State, p: Any, week: int, v: int, count: I64, total: F64, buffer: F64, scores: F64, others: F64, scratch: U32,
    mask: U8, found: I32, shown: I32, told: I32,
) -> None:  # fmt: skip
    """Let the households of village v decide and work for a week.

    buffer, scores, others, scratch, mask, found : room for a block of households. shown, told : room for all households.
    """
    f64, i32, u8, row, public = s.f64, s.i32, s.u8, s.village_i64[:, v], s.public_f64[PUBLIC_CLEANLINESS]
    cells, funds = row[CELL : CELL + CELLS], row[FUND : FUND + 4]
    first, stop = row[FIRST], row[STOP]
    key = draws.phase_key(s.village_key[0, v], s.village_key[1, v], week, draws.DECISION)
    giving = p.giving * recognised(s.village_f64[RECOGNISED, v], p.recognition_half)
    n_shown = 0
    n_told = 0
    for lo in range(first, stop, draws.BLOCK):
        hi = min(lo + draws.BLOCK, stop)
        u = buffer[: hi - lo]
        draws.fill_uniform(key, lo - first, u, scratch)
        n_told = decide(
            f64, i32, u8, public, p, giving, lo, u, scores[: hi - lo], mask, found, cells, count, told, n_told
        )
        n_shown = work(f64, u8, p, lo, hi, mask, found, others[: hi - lo], cells, funds, count, shown, n_shown)
        total[TRUST_SUM] += sum_of(f64[TRUST, lo:hi])
        total[PERSUASION_SUM] += sum_of(f64[PERSUASION, lo:hi])
        total[CLUTTER_SUM] += sum_of(f64[CLUTTER, lo:hi])
        total[PASSIVITY_SUM] += sum_of(f64[PASSIVITY, lo:hi])
        forget(f64[PERSUASION, lo:hi], p.persuasion_retention)
    for k in range(n_shown):
        show_yard(s, row, shown[k], 1 - u8[CLEAN, shown[k]])
    for k in range(n_told):
        tell_ties(s, told[k], 1 if u8[RUNG, told[k]] >= HELPING else 0)
