"""One pass over a village's households: each decides, does its housework and forgets; what it shows changes at the end.

Decision and housework are phases of their own in the model. They can share a pass, block by block while the block is in
the processor's cache, because a household's housework depends on no other household, and because what others see of it
changes only after the pass: everybody has then decided on the state at the phase's start.
"""

from __future__ import annotations

from typing import Any

from sim.base.arrays import F64, I64
from sim.compiler.compiled import compiled
from sim.engine.equations import recognised
from sim.engine.mechanisms.blocks import Room, sums_of
from sim.engine.mechanisms.decision import Village, decide
from sim.engine.mechanisms.deliberation import CONSENTING, count_consent, has_plan, plan_burden
from sim.engine.mechanisms.housework import show_yard, tell_ties, with_offers, work
from sim.engine.programme import Now, named_value
from sim.engine.tallies import measure
from sim.engine.world.columns import (  # fmt: skip
    CELL,
    CELLS,
    CHARTERED,
    CLEAN,
    CLUTTER,
    FIRST,
    FUND,
    HELPING,
    PASSIVITY,
    PERSUASION,
    PUBLIC_CLEANLINESS,
    RECOGNISED,
    RUNG,
    STOP,
    TRUST,
    State,
)
from sim.numerics import draws

CHARTER_WEIGHT = named_value("charter_weight")
POINTS = named_value("points")

TRUST_SUM = measure("trust", "0..1", "trust, summed over households")
PERSUASION_SUM = measure("persuasion", "logit", "stock of persuasion, summed over households")
CLUTTER_SUM = measure("clutter", "hours", "clutter outstanding, summed over households")
PASSIVITY_SUM = measure("passivity", "0..1", "passivity, summed over households")


@compiled
def forget(persuasion: F64, retention: float) -> None:
    """Let a week's forgetting pass over the stock of persuasion."""
    for k in range(persuasion.size):
        persuasion[k] *= retention


@compiled
def pass_week(s: State, p: Any, now: Now, v: int, count: I64, total: F64, room: Room) -> None:
    """Let the households of village v decide and work for a week."""
    f64, i32, u8, row, public = s.f64, s.i32, s.u8, s.village_i64[:, v], s.public_f64[PUBLIC_CLEANLINESS]
    cells, funds = row[CELL : CELL + CELLS], row[FUND : FUND + 5]
    mask, found, shown, told = room.flags, room.numbers, room.households[0], room.households[1]
    first, stop = row[FIRST], row[STOP]
    key = now.keys[0, draws.DECISION], now.keys[1, draws.DECISION]
    village = Village(
        p.giving * recognised(s.village_f64[RECOGNISED, v], p.recognition_half),
        p.neighbours + (now.wide[CHARTER_WEIGHT] if row[CHARTERED] >= 0 else 0.0),
        p.awards * max(0.0, now.wide[POINTS]),
    )
    burden = plan_burden(s, now, v)
    room.floats[2] = 0.0
    n_shown = 0
    n_told = 0
    for lo in range(first, stop, draws.BLOCK):
        hi = min(lo + draws.BLOCK, stop)
        u, scores, others = room.floats[0, : hi - lo], room.floats[1, : hi - lo], room.floats[2, : hi - lo]
        draws.fill_uniform(key, lo - first, draws.NO_SLOT, u, room.words)
        offered = room.offered[: with_offers(u8, lo, hi, mask, room.offered)]
        n_told += decide(
            f64, i32, u8, public, p, village, lo, u, scores, room.floats[3:], offered, mask, found, cells, count,
            told[n_told:],
        )  # fmt: skip
        if has_plan(now):
            count[CONSENTING] += count_consent(scores, burden)
        n_shown += work(f64, u8, p, lo, hi, offered, mask, found, others, cells, funds, count, shown[n_shown:])
        trust, persuasion, clutter, passivity = sums_of(
            f64[TRUST, lo:hi], f64[PERSUASION, lo:hi], f64[CLUTTER, lo:hi], f64[PASSIVITY, lo:hi]
        )
        total[TRUST_SUM] += trust
        total[PERSUASION_SUM] += persuasion
        total[CLUTTER_SUM] += clutter
        total[PASSIVITY_SUM] += passivity
        forget(f64[PERSUASION, lo:hi], p.persuasion_retention)
    for k in range(n_shown):
        show_yard(s, row, shown[k], 1 - u8[CLEAN, shown[k]])
    for k in range(n_told):
        tell_ties(s, row, told[k], 1 if u8[RUNG, told[k]] >= HELPING else 0)
