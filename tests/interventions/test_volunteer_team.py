"""Volunteer team: social workers beside it, youth in it, and the pace of joining; hours and hands are in test_volunteering."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from interventions.small import STILL, after, content, same, total
from sim.engine import tallies as t
from sim.engine.world import columns as c
from sim.interventions import Effect, Who
from sim.interventions.volunteer_team import VolunteerTeam

SHAPES = [{}, {"social_workers": 2}, {"who": {"group": "youth"}, "recruitment": 3.0}, {"message": 0.0, "hours": 8.0}]
VALUES = {"village.youth_share": 0.2, "village.willing_share": 0.5}
NOBODY = {"group": "everyone", "count": 0}


def intervention(**keys: Any) -> dict[str, Any]:
    return {"kind": "volunteer_team", **keys}


def test_without_social_workers_and_recruitment_it_is_what_it_was() -> None:
    """The values it moves are those of the team alone, so that scenarios without the newer keys keep their bytes."""
    moved = [effect for effect in VolunteerTeam(kind="volunteer_team").effects() if effect.amount != 0]
    team = Who(group="local", count=30)
    assert moved == [Effect("volunteer_time", 2.0, team), Effect("volunteer_message", 1.0, team)]


@pytest.mark.parametrize(("workers", "hours"), [(1, 1.0), (2, 4.0), (5, 20.0)])
def test_social_workers_give_their_hours(workers: int, hours: float) -> None:
    """Untiring and without clean-up days, a call an hour: workers * hours * weeks calls, none skipped; exact."""
    values = {**STILL, "public.fatigue": 0.0, "public.cleanup_share": 0.0}
    simulation = after([intervention(who=NOBODY, social_workers=workers, social_worker_hours=hours)], 10, values)
    assert total(simulation, t.row("calls")) == workers * hours * 10
    assert total(simulation, t.row("volunteer_seconds")) == workers * hours * 10 * 3600
    assert (simulation.counts[:, 0, t.row("volunteers")] == workers).all()


def test_representatives_are_a_kind_of_messenger_of_their_own() -> None:
    """Their hours are kept apart from volunteers', they offer no hands, and only they leave their kind's mark."""
    simulation = after(
        [intervention(who=NOBODY, representative_hours=1.5)], 10, {**STILL, "village.representatives": 4}
    )
    assert total(simulation, t.row("caller_seconds")) == 4 * 10 * 5400
    assert total(simulation, t.row("volunteer_seconds")) == 0
    assert total(simulation, t.row("help_seconds")) == 0
    assert (simulation.state.column("last_by_representative") != c.NEVER).any()
    assert (simulation.state.column("last_by_volunteer") == c.NEVER).all()


def test_social_workers_tire_as_volunteers_do() -> None:
    """In week k a worker has 0.995**k of the hours; whole seconds each week."""
    simulation = after([intervention(who=NOBODY, social_workers=3, social_worker_hours=5.0)], 30, STILL)
    expected = [3 * int(5.0 * 3600 * 0.995**k + 1e-6) for k in range(30)]
    assert np.abs(simulation.counts[:, 0, t.row("volunteer_seconds")] - expected).max() <= 3


def test_a_worker_from_outside_moves_no_trust_and_has_no_yard() -> None:
    """As a volunteer's call, a worker's persuades and leaves trust alone; as a cadre's, it doesn't hang on a yard."""
    bare = after([], 10, STILL)
    runs = [
        after([intervention(who=NOBODY, social_workers=2)], 10, {**STILL, "household.own_yard": phi})
        for phi in (0.0, 1.0)
    ]
    assert same(*runs, ("persuasion",))
    assert same(bare, runs[0], ("trust", "clutter", "rung"))
    assert runs[0].totals[-1, 0, t.measure_row("persuasion")] > 0


def test_silent_workers_only_help() -> None:
    simulation = after([intervention(who=NOBODY, social_workers=4, message=0.0)], 20, STILL)
    assert total(simulation, t.row("calls")) > 0
    assert not simulation.state.column("persuasion").any()


def test_returning_youth_are_those_who_call() -> None:
    """P14: the team is the youth, all of them and nobody else, at the same time as others have their routine."""
    simulation = after([intervention(who={"group": "youth", "count": 200})], 5, {**STILL, "village.youth_share": 0.3})
    state = simulation.state
    youth = (state.column("roles") & c.YOUTH) > 0
    assert np.array_equal((state.column("roles") & c.VOLUNTEER) > 0, youth)
    assert (simulation.counts[:, 0, t.row("volunteers")] == youth.sum()).all()
    assert 30 < youth.sum() < 90


def test_a_village_without_youth_has_no_such_team() -> None:
    values = {"household.predisposition": -1.2, "village.youth_share": 0.0}
    assert content(after([intervention(who={"group": "youth"})], 30, values)) == content(after([], 30, values))


@pytest.mark.parametrize("pace", [0.0, 1.0, 5.0])
def test_the_willing_join_at_a_multiple_of_the_pace(pace: float) -> None:
    """All 196 who aren't volunteers yet are willing and self-initiated from week 3 on: in that week a binomial number with
    0.05 * pace joins, within 4.5 standard errors; none at a pace of 0."""
    values = {"household.predisposition": 15.0, "household.climb_rate": 1.0, "household.slip_rate": 0.0,
              "village.willing_share": 1.0, "public.join_rate": 0.05}  # fmt: skip
    joined = total(after([intervention(who=NOBODY, recruitment=pace)], 4, values), t.row("joined"))
    expected = 196 * 0.05 * pace
    assert abs(joined - expected) <= 4.5 * np.sqrt(expected)


def test_whoever_joins_at_a_slower_pace_joins_at_a_faster_one() -> None:
    """P14's direction on joining itself, person by person with the same luck, in each of 5 villages."""
    values = {"household.predisposition": 15.0, "household.climb_rate": 1.0, "household.slip_rate": 0.0,
              "village.willing_share": 0.6, "public.join_rate": 0.05}  # fmt: skip
    for seed in range(5):
        runs = [after([intervention(who=NOBODY, recruitment=pace)], 4, values, seed).state for pace in (1.0, 4.0)]
        joined = [(state.column("roles") & c.VOLUNTEER) > 0 for state in runs]
        assert (joined[0] <= joined[1]).all()
        assert joined[0].sum() < joined[1].sum()
