"""Training: a trained member's word counts for more, others' the same, and nobody speaks more often."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from interventions.small import LIVELY, STILL, after, content, same, scenario, total
from sim.engine import tallies as t
from sim.engine.world import columns as c
from sim.scenario import load_scenario

SHAPES = [{}, {"who": {"group": "member"}, "skill": 4.0}, {"who": {"group": "member", "min_years_in_party": 20}}]
SPEAKING = {**STILL, "village.contact.message": 1.0, "household.persuasion_cap": 50.0}


def intervention(skill: float, seats: int = 5) -> dict[str, object]:
    return {"kind": "training", "skill": skill, "who": {"group": "member", "count": seats}}


@pytest.mark.parametrize("skill", [0.01, 0.25, 2.0, 10.0])
def test_a_visit_counts_for_so_much_more(skill: float) -> None:
    """Trust has no part in it and nothing fades: on the lists of the trained, persuasion after 20 weeks is 1 + skill times
    what it would be; on the others' it is the same, bit for bit."""
    values = {**SPEAKING, "household.persuasion_retention": 1.0}
    bare, there = after([], 20, values), after([intervention(skill)], 20, values)
    state = there.state
    trained = state.column("chosen")[state.lists[c.LIST_MEMBER]] > 0
    mine = trained[state.column("list")]
    assert trained.sum() == 5
    before, now = bare.state.column("persuasion"), state.column("persuasion")
    assert (now[~mine] == before[~mine]).all()
    assert now[mine] == pytest.approx((1.0 + skill) * before[mine], rel=1e-12)
    assert (before[mine] > 0).sum() > 30


def test_seats_are_nested_and_no_more_than_there_are_members() -> None:
    chosen = [after([intervention(1.0, seats)], 1, STILL).state.column("chosen") > 0 for seats in (0, 3, 9, 500)]
    assert [int(one.sum()) for one in chosen] == [0, 3, 9, 16]
    assert all((few <= more).all() for few, more in pairwise(chosen))


def test_where_visits_are_about_other_business_training_is_nothing() -> None:
    """The baseline's routine: the record and every column but the choice itself are the same, bit for bit."""
    values = {"household.predisposition": -1.2}
    found, expected = content(after([intervention(10.0)], 40, values)), content(after([], 40, values))
    assert {name for name in found if found[name] != expected[name]} == {"i32"}


def test_nobody_speaks_more_often() -> None:
    """Visits, messages and hours are the same; so are trust and yards where nobody moves."""
    bare, there = after([], 30, {**STILL, "village.contact.message": 0.4}), None
    there = after([intervention(5.0, 16)], 30, {**STILL, "village.contact.message": 0.4})
    assert bare.counts.tobytes() == there.counts.tobytes()
    assert same(bare, there, ("trust", "clutter", "rung", "last_by_member"))
    assert total(there, t.row("messages")) > 50


def test_more_skill_persuades_nobody_less() -> None:
    """Household by household after a lively first week, in 5 villages."""
    for seed in range(5):
        runs = [
            after([intervention(skill, 16)], 1, LIVELY, seed).state.column("persuasion") for skill in (0.0, 0.5, 5.0)
        ]
        assert (runs[0] <= runs[1]).all()
        assert (runs[1] <= runs[2]).all()
        assert runs[2].sum() > runs[0].sum()


def test_the_shipped_scenario_is_that_of_visits_with_training_on_top() -> None:
    """So that the two differ by the training alone."""
    visits, trained = load_scenario("household_contact"), load_scenario("training")
    assert [item.kind for item in trained.interventions] == ["household_contact", "training"]
    assert trained.interventions[0] == visits.interventions[0]
    assert trained.household == visits.household
    assert np.isclose(scenario([intervention(0.25, 9)]).interventions[0].skill, trained.interventions[1].skill)  # type: ignore[attr-defined]
