"""Organisers' effort (党建星期二, 动员会, 战斗力指数): it wears out while they campaign, and reviews and meetings restore it.

Effort is 1 at full routine. It falls in weeks in which an intervention asks any of them to speak of the yard, faster
under other tasks (P11), slower where members earn points, and comes back in quiet weeks. A review restores a share of
what is lost; a meeting adds effort, even beyond 1; a ranking of branches moves it from the first villages to the last. It
scales what interventions ask of members: the extra time and the messages. Left out: who the organisers are, and careers.
"""

from __future__ import annotations

from sim.base.arrays import F64
from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.now import Now, Week, effect, named_value
from sim.engine.tallies import measure
from sim.engine.world.columns import CHOSEN, EFFORT, LIST_MEMBER, LISTS_FIRST, LISTS_STOP, State

MEETING = named_value("meeting")
MEMBER_POINTS = named_value("member_points")
MESSAGE = named_value("message")
OTHER_TASKS = named_value("other_tasks")
RANKING = named_value("ranking")
REVIEW = named_value("review")

EFFORT_OF = measure("effort", "1", "organisers' effort; 1 is routine")
MOST = 2.0
"""Effort never exceeds twice the routine's."""


@compiled
def standing(shares: F64, v: int) -> float:
    """Return village v's place in the ranking by adopted share: 1/2 for the last, -1/2 for the first, 0 if alone."""
    before = 0
    behind = 0
    for other in range(shares.size):
        before += shares[other] > shares[v]
        behind += shares[other] < shares[v]
    return 0.5 * (before - behind) / max(1, shares.size - 1)


@compiled
def campaigns(s: State, now: Now, v: int) -> bool:
    """Return whether an intervention asks anybody in village v who has or helps with a list to speak of the yard."""
    if now.first[MESSAGE] == now.first[MESSAGE + 1]:  # nobody in particular
        return bool(now.wide[MESSAGE] > 0.0)
    for a in range(s.village_i64[LISTS_FIRST, v], s.village_i64[LISTS_STOP, v]):
        if effect(now, MESSAGE, s.i32[CHOSEN, s.lists[LIST_MEMBER, a]]) > 0.0:
            return True
    return False


@compiled
def move_effort(s: State, w: Week, room: Scratch) -> None:
    """Let a week pass over the effort of the village's organisers."""
    p, now, v = w.p, w.now, w.v
    effort = s.village_f64[EFFORT, v]
    if campaigns(s, now, v):
        load = max(0.0, 1.0 + now.wide[OTHER_TASKS]) * max(0.0, 1.0 - now.wide[MEMBER_POINTS])
        effort -= min(1.0, p.effort_loss * load) * effort
    else:
        effort += p.effort_recovery * (1.0 - effort)
    if effort < 1.0:
        effort += min(1.0, max(0.0, now.wide[REVIEW])) * (1.0 - effort)
    effort += now.wide[MEETING]
    if now.wide[RANKING] != 0.0:
        effort += now.wide[RANKING] * standing(w.record.shares, v)
    s.village_f64[EFFORT, v] = min(MOST, max(0.0, effort))
    w.record.totals[w.number, w.v, EFFORT_OF] = s.village_f64[EFFORT, v]
