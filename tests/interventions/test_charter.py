"""Charter: when it is voted on, how many must take part, and what it weighs once it holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from interventions.small import STILL, after, content
from sim.engine import tallies as t
from sim.engine.world import columns as c

SHAPES = [{"quorum": 0.0}, {"quorum": 0.1, "vote_every": 2, "weight": 3.0}, {"quorum": 0.05, "vote_every": 1}]
EAGER = {"household.predisposition": 15.0, "household.climb_rate": 1.0, "household.slip_rate": 0.0}


def intervention(**keys: Any) -> dict[str, Any]:
    return {"kind": "charter", **keys}


@pytest.mark.parametrize(("start", "every", "expected"), [(0, 7, 7), (0, 1, 1), (3, 7, 3), (2, 5, 2)])
def test_it_is_adopted_in_the_first_week_of_voting_in_which_all_take_part(
    start: int, every: int, expected: int
) -> None:
    """Everybody climbs in week 0, after its vote; a quorum of all is met from week 1 on."""
    simulation = after([intervention(quorum=1.0, vote_every=every, start=start)], 12, EAGER)
    assert simulation.state.village_i64[c.CHARTERED, 0] == expected
    assert np.flatnonzero(simulation.counts[:, 0, t.row("in_charter")]).tolist() == list(range(expected, 12))


def test_nobody_is_needed_for_a_quorum_of_0_and_nobody_comes_where_all_watch() -> None:
    assert after([intervention(quorum=0.0)], 5, STILL).state.village_i64[c.CHARTERED, 0] == 0
    assert after([intervention(quorum=0.001)], 30, STILL).state.village_i64[c.CHARTERED, 0] == c.NEVER


@pytest.mark.parametrize("quorum", [0.1, 0.25, 0.5])
def test_the_quorum_is_what_the_record_shows(quorum: float) -> None:
    """Voted on each week: it holds from the first week whose eve had so many above the lowest rung; exact."""
    counts = after(
        [intervention(quorum=quorum, vote_every=1, weight=0.0)], 40, {"household.predisposition": -0.5}
    ).counts[:, 0]
    above = counts[:, t.rows("households")].reshape(40, 4, 4, 2)[:, :, c.PUSHED :].sum(axis=(1, 2, 3))
    assert counts[-1, t.row("in_charter")] == 1
    assert np.argmax(counts[:, t.row("in_charter")]) == np.argmax(above >= quorum * 200) + 1


def test_a_charter_is_nothing_but_its_weight() -> None:
    """Held from the first week on, it is a village in which clean yards in sight weigh so much more, bit for bit; with a
    weight of 0 it is none."""
    lively = {"household.predisposition": -1.2}
    for weight in (0.0, 0.5, 4.0):
        there = after([intervention(quorum=0.0, weight=weight)], 40, {**lively, "household.neighbours": 1.284})
        other = after([], 40, {**lively, "household.neighbours": 1.284 + weight})
        there.counts[:, :, t.row("in_charter")] = 0
        found, expected = content(there), content(other)
        assert {name for name in found if found[name] != expected[name]} <= {"village_i64"}


def test_before_it_holds_it_is_nothing() -> None:
    bare, there = (
        after(interventions, 13, {"household.predisposition": -1.2})
        for interventions in ([], [intervention(vote_every=13)])
    )
    assert bare.counts.tobytes() == there.counts.tobytes()
    assert bare.totals.tobytes() == there.totals.tobytes()


def test_clean_yards_oblige_more() -> None:
    """Direction, on the term itself: with the same luck nobody stands lower after a week under a charter; in a village of
    clean yards and a weight of 5, many stand higher."""
    values = {"household.predisposition": -2.0, "household.clutter_start": 0.0, "household.climb_rate": 1.0,
              "household.slip_rate": 0.0}  # fmt: skip
    for seed in range(5):
        bare, there = (
            after(interventions, 1, values, seed) for interventions in ([], [intervention(quorum=0.0, weight=5.0)])
        )
        higher = there.state.column("rung").astype(int) - bare.state.column("rung")
        assert (higher >= 0).all()
        assert higher.sum() > 50
