"""Council: large disputes in the weeks of the meeting, kept promises, and plans redrawn; small disputes stay as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from interventions.small import STILL, after, content, same, total
from sim.engine import tallies as t
from sim.engine.world import columns as c

SHAPES = [{}, {"large_capacity": 9.0, "redesign": 0.0}, {"large_capacity": 0.5, "meets_every": 13}]
VALUES = {"public.dispute_rate": 0.5, "public.dispute_large": 0.5}
QUARRELSOME = {**STILL, "public.dispute_rate": 1.0, "public.dispute_large": 0.5, "public.large_capacity": 0.0}
SMALL_ROWS = [t.row("small_arisen"), t.row("small_settled"), t.row("small_open"), t.row("large_arisen")]


def intervention(**keys: Any) -> dict[str, Any]:
    return {"kind": "council", "large_capacity": 0.0, "redesign": 0.0, **keys}


@pytest.mark.parametrize("start", [0, 1, 2, 3, 5])
def test_large_disputes_wait_for_the_meeting(start: int) -> None:
    """Whenever it starts: 2 at each four-weekly meeting from then on while so many wait, none in other weeks; exact."""
    counts = after([intervention(large_capacity=2.0, start=start)], 41, QUARRELSOME).counts[:, 0]
    settled = counts[:, t.row("large_settled")]
    meetings = (np.arange(41) % 4 == 3) & (np.arange(41) >= start)
    assert settled.tolist() == (2 * meetings).tolist()


def test_none_and_any_number() -> None:
    none, any_number = (after([intervention(large_capacity=k)], 40, QUARRELSOME) for k in (0.0, 1000.0))
    assert total(none, t.row("large_settled")) == 0
    assert not any_number.counts[3::4, 0, t.row("large_open")].any()
    assert none.counts[-1, 0, t.row("large_open")] > 20


def test_a_part_of_a_dispute_is_carried_over() -> None:
    """A capacity of 0.4 a meeting settles the whole part of 0.4 * meetings, as long as disputes wait."""
    counts = after([intervention(large_capacity=0.4)], 80, QUARRELSOME).counts[:, 0]
    assert np.cumsum(counts[3::4, t.row("large_settled")]).tolist() == [int(0.4 * k + 1e-9) for k in range(1, 21)]


def test_small_disputes_are_none_of_its_business() -> None:
    bare, there = (after([intervention(large_capacity=k)], 40, QUARRELSOME) for k in (0.0, 3.0))
    assert bare.counts[:, :, SMALL_ROWS].tobytes() == there.counts[:, :, SMALL_ROWS].tobytes()
    assert same(bare, there, ("rung", "clutter", "persuasion", "attachment", "ties"))


def test_settled_disputes_keep_trust_up() -> None:
    """P10, on trust itself: no household trusts less for the council, in each of 5 villages, and the mean is higher by
    more than 0.05 after 40 weeks of many quarrels."""
    for seed in range(5):
        bare, there = (after([intervention(large_capacity=k)], 40, QUARRELSOME, seed) for k in (0.0, 1000.0))
        gain = there.state.column("trust") - bare.state.column("trust")
        assert (gain >= 0).all()
        assert gain.mean() > 0.05


@pytest.mark.parametrize(("share", "every", "start"), [(0.1, 4, 0), (1.0, 4, 2), (0.25, 1, 5), (0.0, 1, 0)])
def test_a_plan_is_redrawn_at_its_meetings(share: float, every: int, start: int) -> None:
    """The burden left is (1 - share) to the number of meetings, while a plan is before the village; exact."""
    project = {"kind": "consent_project", "burden": 20.0, "redesign": 0.0}
    council = {"kind": "council", "name": "mine", **intervention(redesign=share, meets_every=every, start=start)}
    simulation = after([council, project], 20, STILL)
    without = after([council], 20, STILL)
    assert without.state.village_f64[c.BURDEN, 0] == 1.0
    meetings = sum((week - start) % every == 0 for week in range(start, 20))
    assert simulation.state.village_f64[c.BURDEN, 0] == pytest.approx((1 - share) ** meetings, rel=1e-12)


def test_without_a_plan_redrawing_does_nothing() -> None:
    bare, there = (
        content(after([intervention(redesign=k)], 40, {"household.predisposition": -1.2})) for k in (0.0, 1.0)
    )
    assert {name for name, data in bare.items() if there[name] != data} <= {"village_f64"}
