"""Linkage in a compound: building groups speak, the property company clears, owners settle small quarrels."""

from __future__ import annotations

import numpy as np
import pytest
from one_village import content, grown, still

from sim.engine import tallies as t

NOTHING = {"kind": "compound_linkage", "message": 0.0, "property_hours": 0.0, "owners_capacity": 0.0}
QUARRELS = {"public__dispute_rate": 0.5, "public__small_capacity": 0.0}


def test_without_parties_it_is_absent() -> None:
    assert content(grown(NOTHING)) == content(grown())


def test_owners_who_can_settle_everything_leave_nothing_open_but_large_disputes() -> None:
    bare, settled = still(**QUARRELS), still({**NOTHING, "owners_capacity": 1000.0}, **QUARRELS)
    assert bare.counts[-1, 0, t.row("small_open")] > 20
    assert not settled.counts[:, 0, t.row("small_open")].any()
    for row in (t.row("small_arisen"), t.row("large_arisen"), t.row("large_open"), t.row("large_settled")):
        assert np.array_equal(bare.counts[:, 0, row], settled.counts[:, 0, row])


@pytest.mark.parametrize("capacity", [0.5, 1.0])
def test_owners_settle_as_many_as_they_can(capacity: float) -> None:
    """While disputes wait, exactly the capacity a week, with a part carried over."""
    simulation = still({**NOTHING, "owners_capacity": capacity}, **QUARRELS)
    waiting = simulation.counts[:, 0, t.row("small_open")] > 0
    settled = simulation.counts[:, 0, t.row("small_settled")]
    since = int(np.argmax(waiting)) + 1
    assert waiting[since:].all()
    assert abs(settled[since:].sum() - capacity * (30 - since)) < 1


@pytest.mark.parametrize("message", [0.3, 1.0])
def test_visits_of_building_groups_speak_of_the_yard(message: float) -> None:
    """A share of visits, less what effort has worn away: binomial, within 4 standard errors; the effort's loss is 0."""
    simulation = still({**NOTHING, "message": message}, weeks=200, public__effort_loss=0.0)
    visits = simulation.counts[:, 0, t.row("visits")].sum()
    spoken = simulation.counts[:, 0, t.row("messages")].sum()
    assert visits > 2000
    assert abs(spoken / visits - message) <= 4 * np.sqrt(message * (1 - message) / visits)


def test_the_property_company_clears_plots_and_no_yard() -> None:
    bare, there = still(), still({**NOTHING, "property_hours": 5.0})
    assert (there.counts[:, 0, t.row("upkeep_seconds")] == 5 * 3600).all()
    assert (
        there.totals[1:, 0, t.measure_row("public_cleanliness")]
        > bare.totals[1:, 0, t.measure_row("public_cleanliness")]
    ).all()
    for name in ("clutter", "clean", "passivity", "persuasion", "rung"):
        assert bare.state.column(name).tobytes() == there.state.column(name).tobytes()


def test_more_hours_than_dirt_are_not_worked() -> None:
    simulation = still({**NOTHING, "property_hours": 1e5})
    assert (simulation.counts[:, 0, t.row("upkeep_seconds")] < 8 * 40 * 3600).all()


def test_visits_are_as_many_as_before() -> None:
    bare, there = still(), still({"kind": "compound_linkage"})
    assert np.array_equal(bare.counts[:, 0, t.row("visits")], there.counts[:, 0, t.row("visits")])
