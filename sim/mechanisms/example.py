"""Example (老党员带头): the households that a lever binds to keep their own yard clear, week by week.

Which of the chosen follow is drawn once for each household, so that growing strength adds households and takes none
away. What it means for the yard is in housework. Left out: followers of the example who are not chosen.
"""

from __future__ import annotations

from sim import draws
from sim.compiled import compiled
from sim.programme import EXAMPLE, Now, Programme, lever
from sim.world.columns import CHOSEN, EXEMPLAR, FIRST, STOP, State


@compiled
def changes(now: Now, programme: Programme, week: int, v: int) -> bool:
    """Return whether any lever of example may differ from the week before in village v."""
    for e in range(now.first[EXAMPLE], now.first[EXAMPLE + 1]):
        k = programme.lever[e]
        if programme.rolled[k]:
            return True  # attention may have changed, too
        before = programme.level[e, week - 1] if week > 0 and programme.where[k, v] else 0.0
        if now.amount[e] != before:
            return True
    return False


@compiled
def set_example(s: State, programme: Programme, now: Now, week: int, v: int) -> None:
    """Mark the households of village v that keep their own yard clear this week."""
    if not changes(now, programme, week, v):
        return
    row = s.village_i64[:, v]
    key = draws.phase_key(s.village_key[0, v], s.village_key[1, v], draws.BUILDING, draws.EXAMPLE)
    for i in range(row[FIRST], row[STOP]):
        share = lever(now, EXAMPLE, s.i32[CHOSEN, i])
        s.u8[EXEMPLAR, i] = 1 if share > 0.0 and draws.uniform(key, i - row[FIRST], draws.NO_SLOT) < share else 0
