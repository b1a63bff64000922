"""Example (老党员带头): the households that an intervention binds to keep their own yard clear, week by week.

Which of the chosen follow is drawn once for each household, so that growing strength adds households and takes none
away. What it means for the yard is in housework. Left out: followers of the example who are not chosen.
"""

from __future__ import annotations

from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.mechanisms.rollout import SUPPORT
from sim.engine.now import Week, effect, named_value, week_of
from sim.engine.world.columns import CHOSEN, EXEMPLAR, FIRST, STARTED, STOP, State
from sim.numerics import draws

EXAMPLE = named_value("example")


@compiled
def changes(s: State, w: Week) -> bool:
    """Return whether any intervention's example differs from the week before in the village."""
    now, programme, week, v = w.now, w.programme, w.number, w.v
    started = s.village_i64[STARTED, v]
    # Attention may have changed in any week of support, and goes back to 1 in the week after.
    supported = started >= 0 and week - started <= programme.spread[SUPPORT]
    for e in range(now.first[EXAMPLE], now.first[EXAMPLE + 1]):
        k = programme.lever[e]
        if not programme.where[k, v]:
            continue
        if programme.rolled[k] and supported:
            return True
        before = week_of(programme, k, week - 1, started) if week > 0 else -1
        if now.amount[e] != (programme.level[e, before] if before >= 0 else 0.0):
            return True
    for e in range(programme.wide_value.size):
        k = programme.wide_lever[e]
        if programme.wide_value[e] != EXAMPLE or not programme.where[k, v]:
            continue
        if programme.rolled[k] and supported:
            return True
        t = week_of(programme, k, week, started)
        before = week_of(programme, k, week - 1, started) if week > 0 else -1
        if t >= 0 and programme.wide_level[e, t] != (programme.wide_level[e, before] if before >= 0 else 0.0):
            return True
    return False


@compiled
def set_example(s: State, w: Week, room: Scratch) -> None:
    """Mark the households of the village that keep their own yard clear this week."""
    if not changes(s, w):
        return
    now, row = w.now, s.village_i64[:, w.v]
    key = draws.phase_key(s.village_key[0, w.v], s.village_key[1, w.v], draws.BUILDING, draws.EXAMPLE)
    for i in range(row[FIRST], row[STOP]):
        share = effect(now, EXAMPLE, s.i32[CHOSEN, i])
        s.u8[EXEMPLAR, i] = 1 if share > 0.0 and draws.uniform(key, i - row[FIRST], draws.NO_SLOT) < share else 0
