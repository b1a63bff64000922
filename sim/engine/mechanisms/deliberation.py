"""Deliberation (议事, 村规民约, 截污管网): the village votes on rules, and a plan needs its households' consent (P3, P10).

Village rules hold once, in a week of voting, enough households take part (any rung above watching); from then on clean
yards in sight weigh more for everybody. A household consents to a plan while its score reaches the plan's burden;
redrawing lowers the burden; when enough consent the plan is agreed, for good, and a kept promise raises trust. Left
out: what a plan builds, compensation, and majorities that overrule.
"""

from __future__ import annotations

from sim.base.arrays import F64
from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.now import Now, Week, last_week, named_value
from sim.engine.tallies import tally
from sim.engine.world.columns import (  # fmt: skip
    AGREED,
    ATTACHMENT,
    BURDEN,
    CHARTERED,
    FIRST,
    PUSHED,
    STOP,
    TRUST,
    State,
    on_or_above,
)

CHARTER_QUORUM = named_value("charter_quorum")
CHARTER_VOTE = named_value("charter_vote")
CONSENT_BURDEN = named_value("consent_burden")
CONSENT_QUORUM = named_value("consent_quorum")
REDESIGN = named_value("redesign")

IN_CHARTER = tally("in_charter", "villages", "villages whose rules hold")
AGREED_PLAN = tally("agreed_plan", "villages", "villages that have agreed to their plan")
CONSENTING = tally("consenting", "households", "households that consent to the plan")


@compiled
def plan_burden(s: State, w: Week) -> float:
    """Return the score that consent to the plan needs now, logit."""
    return float(w.now.wide[CONSENT_BURDEN] * s.village_f64[BURDEN, w.v])


@compiled
def has_plan(now: Now) -> bool:
    """Return whether a plan is before the village."""
    return bool(now.wide[CONSENT_QUORUM] > 0.0)


@compiled
def keep_promise(trust: F64, attachment: F64, gain: float) -> None:
    """Raise trust as after a kept promise."""
    for i in range(trust.size):
        trust[i] += gain * attachment[i] * (1.0 - trust[i])


@compiled
def deliberate(s: State, w: Week, room: Scratch) -> None:
    """Hold the week's vote in the village, redraw its plan, and see whether enough consented last week."""
    now, row = w.now, s.village_i64[:, w.v]
    first, stop = row[FIRST], row[STOP]
    households = stop - first
    # A share is compared with a quorum, and not a number with a product: 0.55 of 100 is rounded to more than 55.
    votes = now.wide[CHARTER_VOTE] > 0.0 and row[CHARTERED] < 0
    if votes and on_or_above(row, PUSHED) / households >= now.wide[CHARTER_QUORUM]:
        row[CHARTERED] = w.number
    w.record.counts[w.number, w.v, IN_CHARTER] = row[CHARTERED] >= 0
    if has_plan(now):
        s.village_f64[BURDEN, w.v] *= 1.0 - min(1.0, max(0.0, now.wide[REDESIGN]))
    open_ = has_plan(now) and row[AGREED] < 0
    if open_ and last_week(w, CONSENTING) / households >= now.wide[CONSENT_QUORUM]:
        row[AGREED] = w.number
        keep_promise(s.f64[TRUST, first:stop], s.f64[ATTACHMENT, first:stop], w.p.promise_trust)
    w.record.counts[w.number, w.v, AGREED_PLAN] = row[AGREED] >= 0


@compiled
def count_consent(scores: F64, burden: float) -> int:
    """Return how many of the scores reach the burden."""
    number = 0
    for k in range(scores.size):
        number += scores[k] >= burden
    return number
