"""The plan: consent, burden, quorum, and the promise kept by agreement."""

from __future__ import annotations

import numpy as np
import pytest
from one_village import LIVELY, content, grown

from sim.engine import tallies as t
from sim.engine.world import columns as c

WILLING = {key.replace(".", "__"): value for key, value in LIVELY.items()}
OUTCOMES = (t.row("consenting"), t.row("agreed_plan"))


def plan(**keys: object) -> dict[str, object]:
    return {"kind": "consent_project", **keys}


def test_a_plan_that_nobody_can_bear_changes_no_household() -> None:
    bare, there = grown(**WILLING), grown(plan(burden=20.0), **WILLING)
    assert content(bare) == content(there)


def test_before_agreement_only_consent_is_counted() -> None:
    bare, there = grown(**WILLING), grown(plan(burden=0.0, quorum=1.0), **WILLING)
    assert there.counts[:, 0, t.row("consenting")].max() > 20
    assert not there.counts[:, 0, t.row("agreed_plan")].any()
    rest = [k for k in range(len(t.TALLIES)) if k not in OUTCOMES]
    assert np.array_equal(bare.counts[:, :, rest], there.counts[:, :, rest])
    assert np.array_equal(bare.totals, there.totals)


@pytest.mark.parametrize("quorum", [0.05, 0.2, 0.4])
def test_a_plan_is_agreed_in_the_week_after_a_quorum_consents_and_stays_agreed(quorum: float) -> None:
    simulation = grown(plan(burden=0.0, quorum=quorum), weeks=60, household__predisposition=-0.6)
    consenting, agreed = (simulation.counts[:, 0, row] for row in OUTCOMES)
    first = int(np.argmax(consenting >= quorum * 200)) + 1
    assert 1 <= first < 60
    assert agreed.tolist() == [0] * first + [1] * (60 - first)


def test_a_greater_burden_finds_fewer() -> None:
    """Before agreement the households are the same, so consent falls with the burden in every week; exact."""
    found = [
        grown(plan(burden=b, quorum=1.0), **WILLING).counts[:, 0, t.row("consenting")] for b in (0.0, 0.5, 1.0, 2.0)
    ]
    for less, more in zip(found[1:], found, strict=False):
        assert (less <= more).all()
    assert found[0][-1] > found[-1][-1]


@pytest.mark.parametrize("redesign", [0.0, 0.1, 1.0])
def test_redrawing_lowers_the_burden_by_a_share_a_week(redesign: float) -> None:
    simulation = grown(plan(burden=2.0, redesign=redesign), weeks=12)
    assert simulation.state.village_f64[c.BURDEN, 0] == pytest.approx((1 - redesign) ** 12, rel=1e-12)


def test_a_plan_without_burden_left_is_as_one_without_any() -> None:
    one = grown(plan(burden=5.0, redesign=1.0, quorum=1.0), **WILLING)
    other = grown(plan(burden=0.0, quorum=1.0), **WILLING)
    assert np.array_equal(one.counts, other.counts)


def test_agreement_is_a_promise_kept() -> None:
    """In its week trust moves promise_trust * attachment of the way up, once; the week before it is the same as without."""
    bare, there = (
        grown(*more, weeks=60, household__predisposition=-0.6, public__promise_trust=0.5, public__dispute_rate=0.0)
        for more in ((), (plan(burden=0.0, quorum=0.3),))
    )
    week = int(np.argmax(there.counts[:, 0, t.row("agreed_plan")]))
    assert 0 < week < 60
    before, after = bare.totals[:, 0, t.measure_row("trust")], there.totals[:, 0, t.measure_row("trust")]
    assert np.array_equal(before[:week], after[:week])
    assert after[week] - before[week] > 0.3 * (200 - before[week])
