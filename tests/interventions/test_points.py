"""Points: for clean yards on the households' side, against fatigue on the members'."""

from __future__ import annotations

import numpy as np
import pytest
from one_village import CONTACT, content, effort, grown

from sim.engine import tallies as t

EXAMPLE = {"kind": "role_model", "who": {"group": "everyone", "min_years_in_party": 0}, "message": 0.0}
KEEN = {"household__awards": 3.0}


def points(yards: float = 0.0, members: float = 0.0) -> dict[str, object]:
    return {"kind": "points", "yards": yards, "members": members}


def by_awards(*interventions: dict[str, object], **values: object) -> int:
    counts = grown(*interventions, **{**KEEN, **values}).counts
    return int(counts[:, 0, t.row("climbs_awards")].sum())


def test_no_points_are_absent() -> None:
    assert content(grown(CONTACT, points())) == content(grown(CONTACT))


def test_points_without_a_weight_are_absent() -> None:
    bare, there = (grown(*more, household__awards=0.0) for more in ((), (points(yards=10.0),)))
    assert content(bare) == content(there)


def test_only_a_clean_yard_is_rewarded() -> None:
    """Where no yard is ever clean, points change nothing."""
    cluttered = {"household__clutter_start": 20.0, "household__tidy_members": 0.0, "household__work_pushed": 0.0,
                 "household__work_helping": 0.0, "household__work_initiated": 0.0, **KEEN}  # fmt: skip
    bare, there = (grown(*more, **cluttered) for more in ((), (points(yards=10.0),)))
    assert content(bare) == content(there)


def test_reward_makes_households_with_clean_yards_climb() -> None:
    """All 200 yards are kept clean by example; a reward of 3 logit tips more than a hundred climbs, without it none."""
    assert by_awards(EXAMPLE) == 0
    assert by_awards(EXAMPLE, points(yards=1.0)) > 100


def test_reward_keeps_households_from_slipping() -> None:
    """All have adopted and keep clean by example; with a reward of 30 logit nobody slips, without it hundreds do."""
    start = {"household__predisposition": 6.0}
    pair = []
    for more in ((), (points(yards=10.0),)):
        simulation = grown(EXAMPLE, *more, weeks=20, **KEEN, **start)
        assert (simulation.state.column("rung") == 3).mean() > 0.9
        simulation.state.column("predisposition")[:] = -8.0
        simulation.state.column("habit")[:] = 0.0
        simulation.advance(1)
        pair.append(int(simulation.counts[20, 0, t.row("slips")]))
    assert pair[0] > 10
    assert pair[1] == 0


@pytest.mark.parametrize("members", [0.0, 0.4, 1.0])
def test_members_with_points_tire_more_slowly(members: float) -> None:
    """P11: a week of campaigning takes loss * (1 - members) of effort; exact, and nothing at 1."""
    simulation = grown(CONTACT, points(members=members), public__effort_loss=0.05)
    assert effort(simulation) == pytest.approx((1 - 0.05 * (1 - members)) ** np.arange(1, 31), rel=1e-12)


def test_points_for_members_do_nothing_without_a_campaign() -> None:
    assert content(grown(points(members=1.0))) == content(grown())


def test_points_cost_no_money_and_give_no_award() -> None:
    bare, there = grown(EXAMPLE), grown(EXAMPLE, points(yards=1.0))
    assert not there.state.column("award").any()
    money = [*range(t.row("given_by_worthies"), t.row("programme_fen") + 1), t.row("plaques")]
    assert np.array_equal(bare.counts[:, 0, money], there.counts[:, 0, money])
