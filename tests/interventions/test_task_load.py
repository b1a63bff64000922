"""Task load: hours lost and given back, and effort that wears out sooner."""

from __future__ import annotations

import numpy as np
import pytest
from one_village import CONTACT, content, effort, grown, still

from sim.engine import tallies as t
from sim.engine.world import columns as c

TEAM = {"kind": "volunteer_team", "who": {"group": "local", "count": 10}}


def load(share: float) -> dict[str, object]:
    return {"kind": "task_load", "share": share}


def test_no_load_is_absent() -> None:
    assert content(grown(CONTACT, load(0.0))) == content(grown(CONTACT))


def test_a_full_load_leaves_no_time_for_visits_and_calls() -> None:
    simulation = grown(CONTACT, TEAM, load(1.0))
    assert simulation.counts[1:, 0, t.row("visits")].sum() == 0
    assert simulation.counts[:, 0, t.row("calls")].sum() == 0
    assert simulation.counts[:, 0, t.row("volunteer_seconds")].sum() == 0
    assert simulation.counts[1:, 0, t.row("contact_seconds_lost")].sum() > 0


@pytest.mark.parametrize("share", [-1.0, -0.3, 0.3, 0.7])
def test_visiting_time_is_less_by_the_share_and_more_by_relief(share: float) -> None:
    """Exact but for the visit that each of 16 members carries over and whole seconds."""
    weeks = 100
    bare, loaded = still(CONTACT, weeks=weeks), still(CONTACT, load(share), weeks=weeks)
    visit = bare.state.village_i64[c.VISIT_SECONDS, 0]
    time = [run.counts[:, 0, t.row("contact_seconds")].sum() for run in (bare, loaded)]
    assert abs(time[1] - (1 - share) * time[0]) <= 2 * 16 * 2 * visit + weeks * 16


@pytest.mark.parametrize("share", [-1.0, -0.5, 0.5, 1.0])
def test_volunteers_time_is_less_by_the_share(share: float) -> None:
    bare, loaded = (still(TEAM, *more, weeks=10, public__fatigue=0.0) for more in ((), (load(share),)))
    time = [run.counts[:, 0, t.row("volunteer_seconds")].astype(float) for run in (bare, loaded)]
    assert np.abs(time[1] - (1 - share) * time[0]).max() <= 14  # a second for each volunteer


@pytest.mark.parametrize("share", [-1.0, 0.0, 0.5, 1.0])
def test_effort_falls_faster_under_load(share: float) -> None:
    """P11: a week of campaigning takes loss * (1 + load) of it; exact."""
    simulation = grown(CONTACT, load(share), public__effort_loss=0.02)
    assert effort(simulation) == pytest.approx((1 - 0.02 * (1 + share)) ** np.arange(1, 31), rel=1e-12)


def test_effort_stays_where_nobody_campaigns() -> None:
    assert (effort(grown(load(1.0))) == 1.0).all()


def test_it_leaves_money_contractors_and_plots_alone() -> None:
    others = ({"kind": "donation"}, {"kind": "contractor_cleaning"}, {"kind": "compound_linkage", "message": 0.0})
    bare, loaded = still(*others, village__volunteers=0), still(*others, load(0.8), village__volunteers=0)
    visiting = [t.row("visits"), t.row("reached"), t.row("contact_seconds"), t.row("contact_seconds_lost")]
    rest = [k for k in range(len(t.TALLIES)) if k not in visiting]
    assert np.array_equal(bare.counts[:, :, rest], loaded.counts[:, :, rest])
