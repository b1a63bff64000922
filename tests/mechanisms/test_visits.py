"""Visits: who is seen first, what is spoken, and that the whole list is seen before anybody is seen twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from quiet import QUIET
from scipy.stats import binom

from sim.engine import tallies as t
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.scenario import load_scenario

SMALL = {"village.households": 200, "village.party_members": 16, "village.volunteers": 0}
STILL = {**QUIET, "household.climb_rate": 0.0, "household.slip_rate": 0.0}
TRIPLE = {"time_factor": 5.0}


def visiting(lever: dict[str, Any] | None, weeks: int = 40, seed: int = 2, **values: float) -> Simulation:
    levers = [] if lever is None else [{"kind": "household_contact", **lever}]
    merged = {**SMALL, **STILL, **{f"household.{key}": value for key, value in values.items()}}
    return Simulation(load_scenario("baseline", [merged, {"interventions": levers}]), seed, 0, weeks)


def test_the_least_willing_are_seen_first() -> None:
    """Rungs stand still; on every list nobody seen this week stands higher than anybody left out, and among equals
    who was left unvisited longest comes first. Exact, every week."""
    simulation = visiting({**TRIPLE, "unwilling_first": 1.0})
    state = simulation.state
    rungs = np.random.default_rng(3).integers(0, 4, 200).astype(np.uint8)
    state.column("rung")[:] = rungs
    lists = state.column("list")
    for week in range(20):
        before = state.column("last_visit").copy()
        simulation.advance()
        seen = state.column("last_visit") == week
        for a in range(16):
            order = [(rungs[i], before[i]) for i in np.flatnonzero(lists == a)]
            mine = seen[lists == a]
            if mine.any() and not mine.all():
                assert max(order[k] for k in np.flatnonzero(mine)) <= min(order[k] for k in np.flatnonzero(~mine))
    assert state.column("reached").sum() < 200  # the willing go without


def test_only_a_share_of_members_turns_to_the_unwilling() -> None:
    """With a share of 1/2 some members sweep and some don't, always the same; with 0 all sweep.

    A sweep of 5 visits a week leaves nobody 4 weeks unseen on a list of 12 or 13; the others never see the top rung.
    """
    for share, low, high in ((0.0, 16, 16), (0.5, 2, 14), (1.0, 0, 0)):
        simulation = visiting({**TRIPLE, "unwilling_first": share})
        simulation.state.column("rung")[::2] = 3
        simulation.advance(20)
        fresh = simulation.state.column("last_visit") >= 15
        sweeping = sum(bool(fresh[simulation.state.column("list") == a].all()) for a in range(16))
        assert low <= sweeping <= high


def test_no_household_is_seen_twice_in_a_week() -> None:
    """A member with time for three lists sees each household once and loses the rest of the time."""
    for first in (0.0, 1.0):
        simulation = visiting({"time_factor": 20.0, "unwilling_first": first}, weeks=5)
        simulation.advance(5)
        assert (simulation.counts[:, 0, t.row("visits")] == 200).all()
        assert (simulation.counts[:, 0, t.row("contact_seconds_lost")] > 0).all()


@pytest.mark.parametrize("unwilling", [0.0, 1.0])
def test_a_message_of_1_is_always_spoken_and_of_0_never(unwilling: float) -> None:
    """Nobody is on the own list, so messages are visits, or nothing; persuasion and trust follow."""
    always = visiting({"unwilling_first": unwilling})
    start = always.state.column("trust").copy()
    always.advance(40)
    assert np.array_equal(always.counts[:, 0, t.row("messages")], always.counts[:, 0, t.row("visits")])
    assert (always.counts[:, 0, t.row("visits")] > 0).all()
    assert (always.state.column("trust") != start).any()
    never = visiting({"message": 0.0, "unwilling_first": unwilling})
    start = never.state.column("trust").copy()
    never.advance(40)
    assert not never.counts[:, 0, t.row("messages")].any()
    assert not never.state.column("persuasion").any()
    assert np.array_equal(never.state.column("trust"), start)


def test_a_message_is_spoken_as_often_as_its_probability() -> None:
    """Binomial of some 20,000 visits, 4.5 standard errors (1.5 points); power above 99 % against 0.28 for 0.25."""
    simulation = visiting({"time_factor": 12.0, "message": 0.25}, weeks=150)
    simulation.advance(150)
    visits, messages = simulation.counts[:, 0, t.row("visits")].sum(), simulation.counts[:, 0, t.row("messages")].sum()
    margin = 4.5 * np.sqrt(visits * 0.25 * 0.75)
    assert binom.sf(0.25 * visits + margin, visits, 0.28) > 0.99
    assert abs(messages - 0.25 * visits) < margin


def test_more_message_adds_messages_and_takes_none_away() -> None:
    """Common random numbers: the households spoken to at 0.3 are among those spoken to at 0.6, every week."""
    some, more = visiting({"message": 0.3}), visiting({"message": 0.6})
    for week in range(30):
        some.advance()
        more.advance()
        told = some.state.column("last_by_member") == week
        assert (told <= (more.state.column("last_by_member") == week)).all()
    assert some.counts[:, 0, t.row("messages")].sum() < more.counts[:, 0, t.row("messages")].sum()


def test_visits_without_a_lever_are_about_other_business() -> None:
    simulation = visiting(None)
    simulation.advance(40)
    assert simulation.counts[:, 0, t.row("visits")].sum() > 500
    assert not simulation.counts[:, 0, t.row("messages")].any()
    assert (simulation.state.column("last_by_member") == c.NEVER).all()


def test_a_lone_member_doesn_t_persuade_the_own_household() -> None:
    """With one member the own household is on the list; the visit counts, and nothing is said."""
    lone = {"village.households": 20, "village.party_members": 1, "village.volunteers": 0}
    levers = {"interventions": [{"kind": "household_contact", "time_factor": 20.0}]}
    simulation = Simulation(load_scenario("baseline", [{**lone, **STILL}, levers]), 0, 0, 10)
    simulation.advance(10)
    member = np.flatnonzero(simulation.state.column("roles") & c.MEMBER)
    assert simulation.state.column("persuasion")[member] == 0
    assert simulation.state.column("reached")[member] == 1
    assert (simulation.state.column("persuasion") > 0).sum() == 19
