"""The ranking: it moves effort from the first to the last, adds none, and says nothing to a village alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from one_village import CONTACT, content, effort, grown

from sim.engine import tallies as t

SMALLER = {"village__households": 100, "village__party_members": 8}
# Ahead, in between, behind.
UNEQUAL = [
    {"name": "a", "predisposition_shift": 3.0}, {"name": "b", "predisposition_shift": 1.5},
    {"name": "c", "predisposition_shift": -3.0},
]  # fmt: skip


def index(**keys: Any) -> dict[str, Any]:
    return {"kind": "branch_index", **keys}


def test_a_spread_of_0_is_absent() -> None:
    assert content(grown(CONTACT, index(spread=0.0))) == content(grown(CONTACT))


def test_a_village_alone_is_not_ranked() -> None:
    assert content(grown(CONTACT, index(every=1, spread=2.0))) == content(grown(CONTACT))


def test_villages_that_do_equally_well_are_not_ranked() -> None:
    """Nobody climbs, so all stand at 0."""
    villages = [{"name": "v", "copies": 4}]
    bare, there = (
        grown(CONTACT, *more, villages=villages, household__climb_rate=0.0, **SMALLER)
        for more in ((), (index(every=1, spread=2.0),))
    )
    assert content(bare) == content(there)


def test_the_last_gains_what_the_first_loses() -> None:
    """One ranking in week 20 of three villages: half the spread each way, nothing for the middle; exact."""
    bare, ranked = (
        grown(CONTACT, *more, weeks=21, villages=UNEQUAL, **SMALLER) for more in ((), (index(start=20, spread=0.3),))
    )
    adopted = bare.counts[19, :, t.rows("households")].reshape(3, 4, 4, 2)[:, :, 2:].sum(axis=(1, 2, 3))
    assert adopted[0] > adopted[1] > adopted[2]
    moved = [effort(ranked, v)[20] - effort(bare, v)[20] for v in range(3)]
    assert moved == pytest.approx([-0.15, 0.0, 0.15], abs=1e-12)
    assert np.array_equal(ranked.counts[:20], bare.counts[:20])


def test_it_ranks_every_so_many_weeks() -> None:
    """The first village's effort steps down in weeks 3, 8, 13 ... and only then (no other week changes its course)."""
    ranked = grown(CONTACT, index(start=3, every=5, spread=0.1), weeks=30, villages=UNEQUAL, **SMALLER)
    kept = effort(ranked, 0)[1:] / effort(ranked, 0)[:-1]
    steps = np.flatnonzero(kept < 0.98) + 1
    assert steps.tolist() == [k for k in range(3, 30, 5) if k in steps]
    assert len(steps) >= 4


def test_effort_stays_within_0_and_2() -> None:
    ranked = grown(CONTACT, index(every=1, spread=2.0), weeks=40, villages=UNEQUAL, **SMALLER)
    assert ranked.totals[:, :, t.measure_row("effort")].min() == 0.0
    assert ranked.totals[:, :, t.measure_row("effort")].max() == 2.0


def test_without_campaign_nothing_but_effort_moves() -> None:
    bare, ranked = (grown(*more, villages=UNEQUAL, **SMALLER) for more in ((), (index(every=1, spread=0.5),)))
    assert content(bare, "effort", "village_f64") == content(ranked, "effort", "village_f64")
    assert (effort(bare, 2) == 1.0).all()
    assert (effort(ranked, 2)[-5:] > 1.0).all()
