"""Floating members: helpers beside the members in charge, on the same lists."""

from __future__ import annotations

import numpy as np
import pytest
from one_village import content, grown, still

from sim.engine import tallies as t
from sim.engine.world import columns as c

FOUND = {"kind": "floating_members"}
SIX = {"village__floating_members": 6}
VALUES = {"village.floating_members": 6}
"""Where there are none the intervention finds nobody, see `test_every_intervention`."""


def test_who_gives_no_time_and_says_nothing_is_absent() -> None:
    assert content(grown({**FOUND, "time": 0.0, "message": 0.0}, **SIX)) == content(grown(**SIX))


def test_without_time_there_are_no_visits_of_theirs() -> None:
    bare, there = grown(**SIX), grown({**FOUND, "time": 0.0}, **SIX)
    assert np.array_equal(bare.counts[:, 0, t.row("visits")], there.counts[:, 0, t.row("visits")])
    assert not there.counts[:, 0, t.row("messages")].any()


def test_where_there_are_none_the_intervention_finds_none() -> None:
    """Nor does it wear out anybody's effort: nobody is asked."""
    assert content(grown()) == content(grown(FOUND))


def test_nobody_helps_before_being_found() -> None:
    """Floating members without the intervention add no visit (they are drawn besides the members)."""
    assert np.array_equal(grown().counts[:, 0, t.row("visits")], grown(**SIX).counts[:, 0, t.row("visits")])


@pytest.mark.parametrize("time", [0.5, 1.0, 2.0])
def test_helpers_add_their_share_of_routine_time(time: float) -> None:
    """Exact but for the visit that each of six helpers carries over; the members' own visits stay."""
    weeks = 100
    bare, there = still(weeks=weeks, **SIX), still({**FOUND, "time": time}, weeks=weeks, **SIX)
    row = there.state.village_i64[:, 0]
    added = there.counts[:, 0, t.row("contact_seconds")].sum() - bare.counts[:, 0, t.row("contact_seconds")].sum()
    expected = 6 * weeks * int(row[c.ROUTINE_SECONDS] * time)
    assert expected - 6 * row[c.VISIT_SECONDS] <= added <= expected


def test_only_helpers_speak_of_the_yard() -> None:
    """Their every visit does (no effort is lost here), but for one to the own door; the members' routine ones don't."""
    bare, there = (still(*more, weeks=60, public__effort_loss=0.0, **SIX) for more in ((), (FOUND,)))
    visits = there.counts[:, 0, t.row("visits")].sum() - bare.counts[:, 0, t.row("visits")].sum()
    own = visits - there.counts[:, 0, t.row("messages")].sum()
    assert visits > 50
    assert 0 <= own <= 6 * (60 // 10)


def test_only_those_found_help() -> None:
    some = {**FOUND, "who": {"group": "floating_member", "count": 2}}
    time = [
        still(*more, weeks=100, **SIX).counts[:, 0, t.row("contact_seconds")].sum() for more in ((), (some,), (FOUND,))
    ]
    assert (time[1] - time[0]) / (time[2] - time[0]) == pytest.approx(1 / 3, rel=0.05)


def test_everybody_stays_on_the_list_of_the_member_in_charge() -> None:
    bare, there = grown(**SIX), grown(FOUND, **SIX)
    assert np.array_equal(bare.state.column("list"), there.state.column("list"))
    assert np.array_equal(bare.state.lists[c.LIST_NEXT, :16], there.state.lists[c.LIST_NEXT, :16])
