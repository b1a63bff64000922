"""Deliberation: charters that hold, burdens that fall, and consent counted as NumPy counts it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from any_intervention import told, under, values

from sim.engine.mechanisms.deliberation import AGREED_PLAN, CONSENTING, IN_CHARTER
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.interventions import Effect


def on_rungs(simulation: Simulation, *households: int) -> None:
    """Put so many households on rungs 1, 2, 3, and keep the cells right."""
    s = simulation.state
    rungs = np.repeat([1, 2, 3], households)
    s.column("rung")[: rungs.size] = rungs
    roles, clean = s.column("roles").astype(int), s.column("clean")
    cells = 8 * (roles & (c.NEWCOMER | c.MEMBER)) + 2 * s.column("rung") + clean
    s.village_i64[c.CELL : c.CELL + c.CELLS, 0] = np.bincount(cells, minlength=c.CELLS)


def charter(every: int = 1, quorum: float = 0.55, start: int = 0, stop: int | None = None) -> Any:
    return told(Effect("charter_vote", 1.0, every=every), Effect("charter_quorum", quorum), start=start, stop=stop)


@pytest.mark.parametrize(("taking_part", "holds"), [(109, False), (110, True), (200, True)])
def test_a_charter_needs_its_quorum_of_households_above_watching(taking_part: int, holds: bool) -> None:
    """0.55 of 200 is 110, to the household."""
    simulation = under(charter(), weeks=3)
    on_rungs(simulation, taking_part - 60, 40, 20)
    simulation.advance(3)
    assert (simulation.counts[:, 0, IN_CHARTER] == holds).all()


def test_the_quorum_is_met_exactly_in_a_village_where_the_product_rounds_up() -> None:
    """0.55 * 100 is 55.00000000000001 in floats: 55 of 100 households are a quorum all the same, for charter and plan."""
    assert 0.55 * 100 > 55
    lever = told(Effect("charter_vote", 1.0), Effect("charter_quorum", 0.55), Effect("consent_quorum", 0.55))
    for number, holds in ((54, False), (55, True)):
        simulation = under(lever, village__households=100, weeks=3, village__party_members=10)
        on_rungs(simulation, number, 0, 0)
        score = -20.0 + 40.0 * (np.arange(100) < number)
        simulation.state.column("predisposition")[:] = score
        simulation.advance(3)
        assert simulation.counts[:, 0, CONSENTING].tolist() == [number] * 3
        assert simulation.counts[:, 0, IN_CHARTER].tolist() == [holds] * 3
        assert simulation.counts[:, 0, AGREED_PLAN].tolist() == [0, holds, holds]


def test_a_charter_holds_from_the_first_vote_with_a_quorum_and_never_lapses() -> None:
    """Votes in weeks 2, 6, 10; enough take part from week 5 on, and none do from week 12 on."""
    simulation = under(charter(every=4, start=2, stop=11), weeks=20)
    simulation.advance(5)
    on_rungs(simulation, 110, 0, 0)
    simulation.advance(7)
    simulation.state.column("rung")[:] = 0
    on_rungs(simulation, 0, 0, 0)
    simulation.advance(8)
    assert simulation.counts[:, 0, IN_CHARTER].tolist() == [0] * 6 + [1] * 14
    assert simulation.state.village_i64[c.CHARTERED, 0] == 6


def test_without_a_vote_no_charter() -> None:
    simulation = under(values(charter_quorum=0.0, charter_weight=3.0), weeks=5)
    on_rungs(simulation, 200, 0, 0)
    simulation.advance(5)
    assert not simulation.counts[:, 0, IN_CHARTER].any()


def scores(simulation: Simulation, charter_weight: float = 0.0) -> Any:
    """Return every household's score from the columns, shape (households,), term by term in NumPy."""
    s, p = simulation.state, simulation.scenario.household
    column = s.column
    giving = s.village_f64[c.RECOGNISED, 0]
    return (
        column("predisposition") - p.effort * column("clutter") / 10 - p.passivity * column("passivity")
        + p.trust * (column("trust") - 0.5) + column("persuasion") + p.awards * column("award")
        + (p.neighbours + charter_weight) * column("clean_neighbours") / np.maximum(1, column("neighbours"))
        + np.where(column("rung") == 0, p.kin * column("adopted_ties") / np.maximum(1, column("ties")), 0)
        + p.surroundings * s.public_f64[c.PUBLIC_CLEANLINESS][column("public_plot")]
        + p.giving * giving / (giving + simulation.scenario.public.recognition_half)
    )  # fmt: skip


@pytest.mark.parametrize("weight", [0.0, 4.0])
def test_consent_is_who_reaches_the_burden(weight: float) -> None:
    """Thirty weeks of a lively village, public plots and all else but the households standing still: the number that
    consent is the number of scores at or above the burden, redrawn by 3 % a week, the charter's weight included."""
    lever = values(consent_burden=2.0, consent_quorum=2.0, redesign=0.03, charter_vote=1.0, charter_weight=weight)
    simulation = under(lever, household__predisposition=-0.5, household__climb_rate=0.5, household__slip_rate=0.2,
                       household__talk=0.0, public__plot_drift=0.0)  # fmt: skip
    seen = set()
    for week in range(30):
        found = scores(simulation, weight)
        burden = 2.0 * 0.97 ** (week + 1)
        assert np.abs(found - burden).min() > 1e-9
        simulation.advance(1)
        assert simulation.counts[week, 0, CONSENTING] == (found >= burden).sum()
        seen.add(int((found >= burden).sum()))
    assert len(seen) > 5


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0, 2.0])
def test_a_plan_s_burden_after_k_redesigns(share: float) -> None:
    """(1 - r)**k, every fourth week from the third on; with 1 or more nothing is left. Without a plan none is redrawn."""
    simulation = under(told(Effect("redesign", share, every=4), start=3), values("plan", consent_quorum=0.9), weeks=30)
    for week in range(30):
        simulation.advance(1)
        k = (week - 3) // 4 + 1 if week >= 3 else 0
        assert simulation.state.village_f64[c.BURDEN, 0] == pytest.approx((1 - min(1.0, share)) ** k, rel=1e-12)
    none = under(values(redesign=share), weeks=3)
    none.advance(3)
    assert none.state.village_f64[c.BURDEN, 0] == 1.0


def test_a_plan_is_agreed_once_and_for_good_and_trust_rises_once() -> None:
    """Everybody consents from week 0: agreed in week 1, by last week's consent; trust moves promise_trust * attachment
    of the way up, once. Consent falls away from week 5 on, and the plan stands."""
    lever = values(consent_burden=1.0, consent_quorum=0.8)
    simulation = under(lever, public__promise_trust=0.2, household__attachment_newcomer=0.5)
    s = simulation.state
    s.column("predisposition")[:] = 20.0
    before = s.column("trust").copy()
    simulation.advance(1)
    assert np.array_equal(s.column("trust"), before)
    simulation.advance(4)
    s.column("predisposition")[:] = -20.0
    simulation.advance(5)
    assert np.allclose(s.column("trust"), before + 0.2 * s.column("attachment") * (1 - before), rtol=1e-12)
    assert simulation.counts[:10, 0, AGREED_PLAN].tolist() == [0] + [1] * 9
    assert simulation.counts[:10, 0, CONSENTING].tolist() == [200] * 5 + [0] * 5
    assert s.village_i64[c.AGREED, 0] == 1


def test_without_a_plan_nobody_consents() -> None:
    simulation = under(values(consent_burden=-50.0), weeks=5)
    simulation.advance(5)
    assert not simulation.counts[:, 0, [CONSENTING, AGREED_PLAN]].any()
