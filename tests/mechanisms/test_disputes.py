"""Disputes: what arises is settled or open, within capacity, and trust moves by the stated shares and nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from any_intervention import under, values
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.mechanisms.disputes import (
    LARGE_ARISEN,
    LARGE_OPEN,
    LARGE_SETTLED,
    SMALL_ARISEN,
    SMALL_OPEN,
    SMALL_SETTLED,
)
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c

DISPUTES = [SMALL_ARISEN, SMALL_SETTLED, SMALL_OPEN, LARGE_ARISEN, LARGE_SETTLED, LARGE_OPEN]
MANY = {"public__dispute_rate": 1.0, "village__plan__households_per_public_plot": 2,
        "village__plan__public_cleanliness": 0.0, "public__plot_drift": 0.0, "household__clutter_start": 20.0,
        "household__tidy_members": 0.0}  # fmt: skip


def quarrels(*levers: Any, weeks: int = 24, **more: Any) -> Simulation:
    simulation = under(*levers, **{**MANY, **more}, weeks=weeks)
    simulation.advance(weeks)
    return simulation


@settings(max_examples=12, deadline=None)
@given(
    st.floats(0, 1), st.floats(0, 1), st.floats(0, 9), st.floats(0, 9), st.floats(0, 5), st.floats(0, 5),
    st.floats(0, 1), st.integers(0, 99),
)  # fmt: skip
def test_what_arises_is_settled_or_open_and_capacity_is_kept(
    rate: float, large: float, small_own: float, large_own: float, small: float, more: float, seen: float, seed: int
) -> None:
    """Every week, by size, in whole disputes; those not detected are settled within the capacity of the weeks so far."""
    own = {"public__dispute_rate": rate, "public__dispute_large": large, "public__small_capacity": small_own,
           "public__large_capacity": large_own}  # fmt: skip
    lever = values(small_capacity=small, large_capacity=more, detection=seen)
    simulation = under(lever, **{**MANY, **own}, seed=seed)
    simulation.advance(24)
    counts = simulation.counts[:24, 0]
    for arisen, settled, open_ in (
        (SMALL_ARISEN, SMALL_SETTLED, SMALL_OPEN), (LARGE_ARISEN, LARGE_SETTLED, LARGE_OPEN)
    ):  # fmt: skip
        assert (counts[:, [arisen, settled, open_]] >= 0).all()
        assert np.array_equal(np.cumsum(counts[:, arisen] - counts[:, settled]), counts[:, open_])
    assert simulation.state.public_i32[c.PUBLIC_SMALL].sum() == counts[-1, SMALL_OPEN]
    assert simulation.state.public_i32[c.PUBLIC_LARGE].sum() == counts[-1, LARGE_OPEN]
    assert (simulation.state.public_i32[[c.PUBLIC_SMALL, c.PUBLIC_LARGE]] >= 0).all()
    weeks = np.arange(1, 25)
    assert (np.cumsum(counts[:, LARGE_SETTLED]) <= weeks // 4 * (large_own + more) + 1e-9).all()
    if seen == 0:
        assert (np.cumsum(counts[:, SMALL_SETTLED]) <= weeks * (small_own + small) + 1e-9).all()
    off = np.arange(24) % 4 != 3
    assert not counts[off, LARGE_SETTLED].any()


def test_capacity_is_used_to_the_full_while_disputes_wait() -> None:
    """A backlog, 2.5 small ones a week and 1.5 large ones a meeting: after 24 weeks 60 and 9 are settled. Exact."""
    simulation = quarrels(values(small_capacity=1.5, large_capacity=1.25), public__small_capacity=1.0,
                          public__large_capacity=0.25)  # fmt: skip
    assert simulation.counts[-1, 0, [SMALL_OPEN, LARGE_OPEN]].min() > 0
    assert simulation.counts[:, 0, SMALL_SETTLED].sum() == 60
    assert simulation.counts[:, 0, LARGE_SETTLED].sum() == 9


def test_capacity_that_finds_nothing_is_not_saved_up() -> None:
    """Ten weeks without disputes, then 50 at one plot: the next week settles one of them, as every week does."""
    simulation = under(public__dispute_rate=0.0, public__small_capacity=1.0)
    simulation.advance(10)
    simulation.state.public_i32[c.PUBLIC_SMALL, 3] = 50
    simulation.advance(7)
    assert simulation.counts[10:17, 0, SMALL_SETTLED].tolist() == [1] * 7
    assert simulation.state.public_i32[c.PUBLIC_SMALL, 3] == 43


def test_no_rate_no_disputes_and_a_rate_of_1_amid_rubbish_is_one_a_plot() -> None:
    """One a week at every plot that is some household's nearest; clean yards and plots breed none."""
    none = quarrels(public__dispute_rate=0.0)
    assert not none.counts[:, 0, DISPUTES].any()
    every = quarrels(public__small_capacity=0.0, public__large_capacity=0.0)
    at = every.state.public_i32[[c.PUBLIC_SMALL, c.PUBLIC_LARGE]].sum(axis=0)
    near = every.state.public_i32[c.PUBLIC_YARDS] > 0
    assert near.sum() > 50
    assert (at[near] == 24).all()
    assert (at[~near] < 24).all()  # half the rate, without yards to look at
    clean = quarrels(household__clutter_start=0.0, household__clutter_growth=0.0, village__plan__public_cleanliness=1.0)
    assert not clean.counts[:, 0, DISPUTES].any()


@pytest.mark.parametrize(
    ("cluttered", "cleanliness", "amenity"), [(True, 0.6, False), (False, 0.0, False), (True, 0.0, True)]
)
def test_disputes_arise_at_the_stated_rate(cluttered: bool, cleanliness: float, amenity: bool) -> None:
    """rate / 2 * (cluttered share + 1 - cleanliness), times `dispute_amenity`, large ones a fifth: a sum of
    Bernoullis over 24 weeks of 1000 plots, 4.5 standard errors (under 1.4 points); power above 99 % against a sixth more.

    Plots that are nobody's nearest see no cluttered yard.
    """
    yards = {} if cluttered else {"household__clutter_start": 0.0, "household__clutter_growth": 0.0}
    more = {"village__households": 2000, "village__plan__public_cleanliness": cleanliness, "public__dispute_rate": 0.5,
            "public__dispute_amenity": 0.4, "public__dispute_large": 0.2, "public__amenity_relapse": 0.0,
            "public__amenity_floor": 0.0, **yards}  # fmt: skip
    simulation = under(**{**MANY, **more}, weeks=24)
    if amenity:
        simulation.state.public_i32[c.PUBLIC_KIND] = c.AMENITY
    simulation.advance(24)
    yards_near = simulation.state.public_i32[c.PUBLIC_YARDS] > 0
    p = 0.25 * (cluttered * yards_near + 1 - cleanliness) * (0.4 if amenity else 1.0)
    large, small = (int(simulation.counts[:, 0, k].sum()) for k in (LARGE_ARISEN, SMALL_ARISEN))
    assert abs(large + small - 24 * p.sum()) < 4.5 * np.sqrt(24 * (p * (1 - p)).sum())
    assert abs(large / (large + small) - 0.2) < 4.5 * np.sqrt(0.16 / (large + small))


@pytest.mark.parametrize("seen", [1.0, 3.0])
def test_what_is_detected_is_settled_at_once(seen: float) -> None:
    simulation = quarrels(values(detection=seen), public__small_capacity=0.0)
    assert not simulation.counts[:, 0, SMALL_OPEN].any()
    assert simulation.counts[:, 0, SMALL_SETTLED].sum() > 0
    assert simulation.counts[-1, 0, LARGE_OPEN] > 0


def test_detection_moves_no_draw() -> None:
    """What arises, and its size, is the same with it and without."""
    pair = [
        quarrels(*levers).counts[:, 0][:, [SMALL_ARISEN, LARGE_ARISEN]] for levers in ((), (values(detection=0.5),))
    ]
    assert np.array_equal(*pair)


def test_open_disputes_take_trust_from_those_nearby_only() -> None:
    """One large at plot 0, three small at plot 1, nothing at the others, none settled: after four weeks trust near them
    has lost dispute_trust * 1 and * 3 * small_share, and nobody else's has moved. Exact to rounding."""
    simulation = under(public__small_capacity=0.0, public__large_capacity=0.0, public__dispute_trust=0.1,
                       public__small_share=0.2)  # fmt: skip
    s = simulation.state
    s.public_i32[c.PUBLIC_LARGE, 0], s.public_i32[c.PUBLIC_SMALL, 1] = 1, 3
    s.public_i32[c.PUBLIC_LARGE, 2] = 7  # many are felt as one
    near, before = s.column("public_plot"), s.column("trust").copy()
    simulation.advance(3)
    assert np.array_equal(s.column("trust"), before)
    kept = np.ones(s.public_i32.shape[1])
    kept[:3] = 0.9, 1 - 0.1 * 0.6, 0.9
    for meeting in (1, 2):
        simulation.advance(1 if meeting == 1 else 4)
        assert np.allclose(s.column("trust"), before * kept[near] ** meeting, rtol=1e-12)
        assert np.array_equal(s.column("trust")[near > 2], before[near > 2])


def test_a_kept_promise_gives_trust_to_those_nearby_once() -> None:
    """One large dispute settled at the meeting: trust there moves promise_trust * attachment of the way up, once."""
    simulation = under(public__large_capacity=5.0, public__promise_trust=0.3, public__dispute_trust=0.5,
                       household__attachment_newcomer=0.5)  # fmt: skip
    s = simulation.state
    s.public_i32[c.PUBLIC_LARGE, 4] = 1
    here, before = s.column("public_plot") == 4, s.column("trust").copy()
    simulation.advance(12)
    gain = np.where(here, 0.3 * s.column("attachment") * (1 - before), 0.0)
    assert np.allclose(s.column("trust"), before + gain, rtol=1e-12)
    assert here.any()
    assert simulation.counts[3, 0, LARGE_SETTLED] == 1
    assert not s.public_f64[c.PUBLIC_PROMISE].any()


def test_villages_quarrel_apart() -> None:
    """Disputes and capacity of one village change nothing in another."""
    names = [{"name": "a"}, {"name": "b"}]
    lever = values(small_capacity=9.0, detection=0.5)
    there = lever.model_copy(update={"where": lever.where.model_copy(update={"villages": ("a",)})})
    bare, helped = (quarrels(*levers, villages=names) for levers in ((), (there,)))
    assert bare.counts[:, 1].tobytes() == helped.counts[:, 1].tobytes()
    assert bare.counts[:, 0].tobytes() != helped.counts[:, 0].tobytes()
