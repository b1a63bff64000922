"""Grid duty: quarrels seen at once, plots cleared, and visits that it costs."""

from __future__ import annotations

import numpy as np
import pytest
from one_village import content, grown, still

from sim.engine import tallies as t
from sim.engine.world import columns as c

QUARRELS = {"public__dispute_rate": 0.5, "public__small_capacity": 0.0, "public__dispute_trust": 0.0}
ALONE = {"kind": "dual_grid", "detection": 0.0, "plot_hours": 0.0, "time_share": 0.0}


def test_without_duties_it_is_absent() -> None:
    assert content(grown(ALONE)) == content(grown())


def test_whoever_gives_all_the_time_visits_nobody() -> None:
    simulation = grown({**ALONE, "time_share": 1.0})
    assert simulation.counts[1:, 0, t.row("visits")].sum() == 0


def test_what_is_seen_at_once_never_waits() -> None:
    simulation = still({**ALONE, "detection": 1.0}, **QUARRELS)
    arisen = simulation.counts[:, 0, t.row("small_arisen")]
    assert arisen.sum() > 20
    assert np.array_equal(arisen, simulation.counts[:, 0, t.row("small_settled")])
    assert not simulation.counts[:, 0, t.row("small_open")].any()


@pytest.mark.parametrize("share", [0.2, 0.7])
def test_a_share_of_small_disputes_is_seen(share: float) -> None:
    """Without a committee only those seen at once are settled: binomial, within 4 standard errors; about 500 disputes,
    so that shares 0.1 apart are told apart with a power above 99 %."""
    simulation = still({**ALONE, "detection": share}, weeks=250, **QUARRELS)
    arisen = simulation.counts[:, 0, t.row("small_arisen")].sum()
    seen = simulation.counts[:, 0, t.row("small_settled")].sum()
    assert arisen > 400
    assert abs(seen / arisen - share) < 4 * np.sqrt(share * (1 - share) / arisen)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_grid_duty_takes_its_share_of_the_time(share: float) -> None:
    """Exact but for the visit that each of 16 members carries over."""
    weeks = 100
    full, less = grown(weeks=weeks), grown({**ALONE, "time_share": share}, weeks=weeks)
    visit = full.state.village_i64[c.VISIT_SECONDS, 0]
    time = full.counts[:, 0, t.row("contact_seconds")].sum(), less.counts[:, 0, t.row("contact_seconds")].sum()
    assert abs(time[1] - (1 - share) * time[0]) <= 2 * 16 * visit + weeks * 16


def test_hours_on_plots_are_those_stated_while_there_is_dirt() -> None:
    simulation = still({**ALONE, "plot_hours": 3.0})
    assert (simulation.counts[:, 0, t.row("upkeep_seconds")] == 3 * 3600).all()
    assert (
        simulation.totals[5:, 0, t.measure_row("public_cleanliness")]
        > still().totals[5:, 0, t.measure_row("public_cleanliness")]
    ).all()


def test_members_without_grid_duty_visit_as_before() -> None:
    bare, some = grown(), grown({**ALONE, "time_share": 0.5, "who": {"group": "member", "share": 0.5}})
    lists = some.state.lists
    on_duty = some.state.column("chosen")[lists[c.LIST_MEMBER]] > 0
    assert 0 < on_duty.sum() < 16
    last = [run.state.column("last_visit") for run in (bare, some)]
    for a in range(16):
        listed = some.state.listed[lists[c.LIST_FIRST, a] : lists[c.LIST_STOP, a]]
        assert np.array_equal(last[0][listed], last[1][listed]) == (not on_duty[a])


def test_it_leaves_large_disputes_money_and_volunteers_alone() -> None:
    intervention = {"kind": "dual_grid", "plot_hours": 0.0}
    bare, there = still(**QUARRELS), still(intervention, **QUARRELS)
    for name in ("large_arisen", "large_open", "volunteer_seconds", "programme_fen", "given_works", "upkeep_seconds"):
        assert np.array_equal(bare.counts[:, 0, t.row(name)], there.counts[:, 0, t.row(name)])
