"""Service station: trust and attachment within its reach, and nobody beyond."""

from __future__ import annotations

import numpy as np
import pytest

from interventions.small import STILL, after, away, content, same, scenario
from sim.engine.programme import reached_villages
from sim.engine.world import columns as c

SHAPES = [
    {"who": {"within": 4}},
    {"who": {"within": 100_000}, "reassurance": 0.2},
    {"reassurance": 0.0, "belonging": 1.0},
]


@pytest.mark.parametrize("within", [0, 1, 3, 5, 1000])
def test_it_reaches_whom_it_says(within: int) -> None:
    """Beyond, trust and attachment stay as they were, bit for bit, where nobody moves; within, both follow the rule."""
    intervention = {"kind": "service_station", "who": {"within": within}, "reassurance": 0.02, "belonging": 0.1}
    bare, there = after([], 12, STILL), after([intervention], 12, STILL)
    near = away(there) <= within
    assert np.array_equal(there.state.column("chosen") > 0, near)
    for name in ("trust", "attachment"):
        assert (there.state.column(name)[~near] == bare.state.column(name)[~near]).all()
    start = bare.state.column("attachment")
    assert there.state.column("attachment")[near] == pytest.approx((1 - (1 - start) * 0.9**12)[near], rel=1e-12)
    trust = bare.state.column("trust").copy()
    for week in range(12):  # attachment first, in each week
        trust += 0.02 * (1 - (1 - start) * 0.9 ** (week + 1)) * (1 - trust)
    assert there.state.column("trust")[near] == pytest.approx(trust[near], rel=1e-12)
    assert near.all() == (within == 1000)


def test_beyond_its_reach_nothing_changes_until_neighbours_do() -> None:
    """Those beyond keep their trust in a lively village too: trust is moved by visits and quarrels, and with the same yards
    of members those are the same. Where trust has no weight, all else is bit for bit the same."""
    values = {"household.predisposition": -1.2, "household.trust": 0.0}
    intervention = {"kind": "service_station", "who": {"within": 3}, "reassurance": 0.1, "belonging": 0.0}
    bare, there = after([], 30, values), after([intervention], 30, values)
    near = away(there) <= 3
    assert (there.state.column("trust")[~near] == bare.state.column("trust")[~near]).all()
    assert (there.state.column("trust")[near] > bare.state.column("trust")[near]).all()


def test_locals_are_at_home_already() -> None:
    intervention = {"kind": "service_station", "who": {"within": 1000}, "reassurance": 0.0, "belonging": 1.0}
    state = after([intervention], 1, STILL).state
    assert (state.column("attachment") == 1.0).all()


def test_a_station_that_gives_nothing_is_none() -> None:
    lively = {"household.predisposition": -1.2}
    nothing = {"kind": "service_station", "reassurance": 0.0, "belonging": 0.0}
    assert content(after([nothing], 30, lively)) == content(after([], 30, lively))


def test_it_touches_no_yard_money_or_tie() -> None:
    intervention = {"kind": "service_station", "who": {"within": 1000}, "reassurance": 0.3}
    bare, there = after([], 30, STILL), after([intervention], 30, STILL)
    assert bare.counts.tobytes() == there.counts.tobytes()
    assert same(bare, there, ("rung", "clutter", "ties", "adopted_ties", "award", "passivity"))


def test_coverage_grows_by_villages_that_keep_their_station() -> None:
    """S63 and S64 in one town: of 32 villages a third have a station and later four fifths, the first among them; the
    numbers lie within 4 standard errors of 11 and 26."""
    villages = [{"name": "v", "copies": 32}]
    values = {
        "village.households": 10,
        "village.party_members": 1,
        "village.volunteers": 10,
        "village.representatives": 10,
    }

    def reached(share: float) -> np.ndarray:
        what = scenario([{"kind": "service_station", "where": {"share": share}}], values, villages=villages)
        return reached_villages(what.interventions[0], what, 3, 0)

    early, late = reached(0.34375), reached(0.8125)
    assert (early <= late).all()
    assert abs(early.sum() - 11) < 4 * np.sqrt(32 * 0.34 * 0.66)
    assert abs(late.sum() - 26) < 4 * np.sqrt(32 * 0.81 * 0.19)
    assert early.sum() < late.sum()


def test_roles_don_t_matter_but_may_be_asked_for() -> None:
    intervention = {"kind": "service_station", "who": {"group": "newcomer", "within": 4}}
    simulation = after([intervention], 1, STILL)
    newcomer = (simulation.state.column("roles") & c.NEWCOMER) > 0
    assert np.array_equal(simulation.state.column("chosen") > 0, newcomer & (away(simulation) <= 4))
