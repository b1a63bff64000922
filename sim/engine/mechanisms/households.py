"""One pass over a village's households: each decides, does its housework and forgets; what it shows changes at the end.

Decision and housework are phases of their own in the model. They can share a pass, block by block while the block is in
the processor's cache, because a household's housework depends on no other household, and because what others see of it
changes only after the pass: everybody has then decided on the state at the phase's start.
"""

from __future__ import annotations

from sim.base.arrays import F64
from sim.compiler.compiled import compiled
from sim.engine.equations import recognised
from sim.engine.mechanisms.blocks import Scratch, sums_of
from sim.engine.mechanisms.decision import DRAWS, OTHERS, SCORES, Stretch, decide
from sim.engine.mechanisms.deliberation import CONSENTING, count_consent, has_plan, plan_burden
from sim.engine.mechanisms.housework import show_yard, tell_ties, with_offers, work
from sim.engine.now import Week, key_of, named_value
from sim.engine.tallies import measure
from sim.engine.terms import Village
from sim.engine.world.columns import (  # fmt: skip
    CHARTERED,
    CLEAN,
    CLUTTER,
    FIRST,
    HELPING,
    PASSIVITY,
    PERSUASION,
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
def village_of(s: State, w: Week) -> Village:
    """Return what is the same for all households' scores this week."""
    p, wide = w.p, w.now.wide
    return Village(
        p.giving * recognised(s.village_f64[RECOGNISED, w.v], p.recognition_half),
        p.neighbours + (wide[CHARTER_WEIGHT] if s.village_i64[CHARTERED, w.v] >= 0 else 0.0),
        p.kin,  # not read from `p` by the term: a read in one branch only would become a gather in the loop
        p.awards * max(0.0, wide[POINTS]),
    )


@compiled
def forget(persuasion: F64, retention: float) -> None:
    """Let a week's forgetting pass over the stock of persuasion."""
    for k in range(persuasion.size):
        persuasion[k] *= retention


@compiled
def record_sums(s: State, w: Week, first: int, stop: int) -> None:
    """Add the households first .. stop - 1 to the measures."""
    trust, persuasion, clutter, passivity = sums_of(
        s.f64[TRUST, first:stop],
        s.f64[PERSUASION, first:stop],
        s.f64[CLUTTER, first:stop],
        s.f64[PASSIVITY, first:stop],
    )
    w.record.totals[w.number, w.v, TRUST_SUM] += trust
    w.record.totals[w.number, w.v, PERSUASION_SUM] += persuasion
    w.record.totals[w.number, w.v, CLUTTER_SUM] += clutter
    w.record.totals[w.number, w.v, PASSIVITY_SUM] += passivity


@compiled
def pass_week(s: State, w: Week, room: Scratch) -> None:
    """Let the households decide and work for a week."""
    row, shown, told = s.village_i64[:, w.v], room.households[0], room.households[1]
    key = key_of(w.now, draws.DECISION)
    village, burden = village_of(s, w), plan_burden(s, w)
    room.floats[OTHERS] = 0.0
    n_shown = 0
    n_told = 0
    for lo in range(row[FIRST], row[STOP], draws.BLOCK):
        hi = min(lo + draws.BLOCK, row[STOP])
        draws.fill_uniform(key, lo - row[FIRST], draws.NO_SLOT, room.floats[DRAWS, : hi - lo], room.words)
        stretch = Stretch(lo, hi, with_offers(s, lo, hi, room))
        n_told += decide(s, w, village, stretch, room, told[n_told:])
        if has_plan(w.now):
            w.record.counts[w.number, w.v, CONSENTING] += count_consent(room.floats[SCORES, : hi - lo], burden)
        n_shown += work(s, w, stretch, room, shown[n_shown:])
        record_sums(s, w, lo, hi)
        forget(s.f64[PERSUASION, lo:hi], w.p.persuasion_retention)
    for k in range(n_shown):
        show_yard(s, row, shown[k], 1 - s.u8[CLEAN, shown[k]])
    for k in range(n_told):
        tell_ties(s, row, told[k], 1 if s.u8[RUNG, told[k]] >= HELPING else 0)
