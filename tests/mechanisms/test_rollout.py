"""Roll-out: planned weeks, copying by who is ahead, attention shared out, and no say of the order of villages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from any_intervention import Told, told, under, world
from hypothesis import given, settings
from hypothesis import strategies as st
from test_organisers import put_on_rung

from sim.engine.mechanisms.visits import MESSAGES
from sim.engine.now import IN_PROGRAMME, PROGRAMME_FEN
from sim.engine.programme import UNREACHED, build_programme
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.interventions import Effect, Who
from sim.scenario import Scenario

NAMES = [f"v{k}" for k in range(12)]
FEW = {"village__households": 60, "village__party_members": 6}


def rollout(**more: Any) -> Told:
    more.setdefault("spread", (0.0, 0.0, 0.0, 0.0))
    return told(name="rollout", to=("x",), **more)


def town(lever: Told, *levers: Told, names: list[str] = NAMES, **more: Any) -> Scenario:
    return world(lever, *levers, villages=[{"name": name} for name in names], **{**FEW, **more})


def started(scenario: Scenario, weeks: int, seed: int = 3) -> dict[str, int]:
    """Return the week in which each village begins, `NEVER` for those that don't."""
    simulation = Simulation(scenario, seed, 0, weeks)
    simulation.advance(weeks)
    weeks_of = simulation.state.village_i64[c.STARTED]
    within = simulation.counts[:weeks, :, IN_PROGRAMME]
    assert np.array_equal(within, (np.arange(weeks)[:, None] >= weeks_of) & (weeks_of >= 0))
    return dict(zip((v.name for v in scenario.villages), weeks_of.tolist(), strict=True))


def test_planned_weeks_are_kept_to_the_week() -> None:
    """Two pilots named, two more in the first wave of 4, then 3 in week 9, the rest never."""
    plan = rollout(first=("v7", "v2"), planned=((2, 4), (9, 3)))
    found = started(town(plan, told(Effect("message", 1.0), name="x")), 20)
    assert sorted(found.values()) == [c.NEVER] * 5 + [2] * 4 + [9] * 3
    assert found["v7"] == found["v2"] == 2


def test_pilots_come_in_their_order() -> None:
    plan = rollout(first=("v7", "v2", "v7", "no such village"), planned=((0, 1), (3, 1), (5, 1)))
    found = started(town(plan, told(name="x")), 8)
    assert (found["v7"], found["v2"]) == (0, 3)
    assert sorted(found.values())[-3:] == [0, 3, 5]


@settings(max_examples=25, deadline=None)
@given(
    st.permutations(NAMES), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=4), st.integers(0, 9)
)
def test_the_order_of_villages_changes_no_planned_week(
    names: list[str], waves: list[tuple[int, int]], seed: int
) -> None:
    plan = rollout(first=("v3",), planned=tuple(waves))
    found = [
        dict(zip(order, build_programme(town(plan, told(name="x"), names=order), seed, 0, 5).planned, strict=True))
        for order in (NAMES, names)
    ]
    assert found[0] == found[1]


def test_a_village_that_is_not_reached_never_starts() -> None:
    """Not by plan, not as a pilot, and not by copying, however far the others are ahead."""
    plan = rollout(
        first=("v0", "v9"), planned=((0, 9),), spread=(1.0, 0.0, 0.0, 0.0), where={"villages": tuple(NAMES[:5])}
    )
    scenario = town(plan, told(name="x"))
    assert (build_programme(scenario, 0, 0, 5).planned == [0] * 5 + [UNREACHED] * 7).all()
    simulation = Simulation(scenario, 0, 0, 20)
    for v in range(5):
        put_on_rung(simulation, v, 60, 2)
    simulation.advance(20)
    assert (simulation.state.village_i64[c.STARTED] == [0] * 5 + [c.NEVER] * 7).all()


def ahead(shares: list[int], plan: Told, weeks: int, names: list[str] = NAMES) -> Simulation:
    """Return a town after some weeks in which v0, v1, ... have so many of 60 households on the third rung, for good."""
    simulation = Simulation(town(plan, told(name="x"), names=names), 5, 0, weeks)
    for v, name in enumerate(names):
        put_on_rung(simulation, v, shares[NAMES.index(name)], 2)
    simulation.advance(weeks)
    return simulation


def test_nobody_copies_before_the_lead_convinces() -> None:
    """The pilot has adopted by 1/2; those behind by no more than 0.3 wait and see for ever, the others follow at once."""
    plan = rollout(first=("v0",), planned=((0, 1),), spread=(1e9, 0.3, 0.0, 0.0))
    simulation = ahead([30, 29, 20, 13, 12, 11, 0, 30, 40, 5, 12, 60], plan, 30)
    weeks = simulation.state.village_i64[c.STARTED]
    # Week 1: the pilot's 1/2 against the other's share. Then the mean of all who have begun falls, and no lead grows.
    assert weeks.tolist() == [0, *[c.NEVER] * 4, 1, 1, c.NEVER, c.NEVER, 1, c.NEVER, c.NEVER]


def test_without_a_pilot_there_is_nothing_to_copy() -> None:
    assert (ahead([60] * 6 + [0] * 6, rollout(spread=(1.0, 0.0, 0.0, 0.0)), 20).state.village_i64[c.STARTED] < 0).all()


def test_nobody_copies_from_a_village_in_its_first_weeks() -> None:
    """Those that are stood by show nothing yet: with 5 weeks of support the first copies come in week 5."""
    plan = rollout(first=("v0",), planned=((0, 1),), spread=(1e9, 0.3, 0.0, 5.0))
    weeks = ahead([60, *[0] * 11], plan, 9).state.village_i64[c.STARTED]
    assert weeks.tolist() == [0, *[5] * 11]


def test_copying_takes_its_pace() -> None:
    """400 villages, one pilot that is ahead by 1: after n weeks the mean share that has not begun falls as the exact
    recursion with probability pace * lead of each week says; 4.5 standard errors. Power above 99 % against 0.15."""
    names = [f"w{k}" for k in range(400)]
    plan = rollout(first=("w0",), planned=((0, 1),), spread=(0.2, 0.0, 0.0, 0.0))
    simulation = Simulation(
        town(
            plan,
            told(name="x"),
            names=names,
            village__households=10,
            village__volunteers=10,
            village__representatives=10,
        ),
        1,
        0,
        8,
    )
    put_on_rung(simulation, 0, 10, 2)
    simulation.advance(1)
    waiting = 399
    for week in range(1, 8):
        p = 0.2 / (400 - waiting)  # the lead is the mean of those who have begun: 1 and zeros
        simulation.advance(1)
        now = int((simulation.state.village_i64[c.STARTED] < 0).sum())
        assert abs((waiting - now) - waiting * p) <= 4.5 * np.sqrt(waiting * p * (1 - p)) + 1e-9, week
        waiting = now
    assert waiting < 399 - 50


@settings(max_examples=12, deadline=None)
@given(st.permutations(NAMES), st.integers(0, 2**32), st.floats(0, 0.4))
def test_the_order_of_villages_changes_no_copying(names: list[str], luck: int, lead: float) -> None:
    shares = np.random.default_rng(luck).integers(0, 61, 12).tolist()
    plan = rollout(first=("v0", "v1", "v2"), planned=((0, 3),), spread=(0.5, lead, 2.0, 4.0))
    one, other = ahead(shares, plan, 15), ahead(shares, plan, 15, names)
    place = [names.index(name) for name in NAMES]
    assert np.array_equal(one.state.village_i64[c.STARTED], other.state.village_i64[c.STARTED, place])
    assert one.counts.tobytes() == other.counts[:, place].tobytes()
    assert one.totals.tobytes() == other.totals[:, place].tobytes()


@pytest.mark.parametrize(("at_once", "support"), [(2.0, 5.0), (0.5, 3.0), (100.0, 5.0), (0.0, 5.0), (2.0, 0.0)])
def test_attention_of_fresh_villages_adds_up_to_the_capacity(at_once: float, support: float) -> None:
    """Every week: the fresh share it evenly, at most 1 each, and 1 where there is no limit; the others have 1."""
    plan = rollout(planned=((0, 5), (3, 2), (12, 4)), spread=(0.0, 0.0, at_once, support))
    simulation = Simulation(town(plan, told(name="x")), 3, 0, 20)
    for week in range(20):
        simulation.advance(1)
        weeks, attention = simulation.state.village_i64[c.STARTED], simulation.state.village_f64[c.ATTENTION]
        fresh = (weeks >= 0) & (week - weeks < support)
        assert (attention[~fresh] == 1).all()
        if fresh.any():
            total = min(at_once, fresh.sum()) if at_once > 0 else fresh.sum()
            assert attention[fresh].sum() == pytest.approx(total, rel=1e-12)
            assert np.ptp(attention[fresh]) == 0


def test_a_lever_s_weeks_count_from_the_village_s_start() -> None:
    """Active in its weeks 2 to 4, with costs, in a village that begins in week 6, and in one that never does; a lever
    that isn't rolled out keeps the calendar."""
    lever = told(Effect("message", 1.0), name="x", start=2, stop=5)
    lever = lever.model_copy(update={"cost": lever.cost.model_copy(update={"yuan_per_week": 7.0})})
    other = told(Effect("plaques", 1.0), name="y", start=1, stop=2)
    plan = rollout(first=("v1",), planned=((6, 1),))
    simulation = Simulation(town(plan, lever, other), 3, 0, 20)
    simulation.advance(20)
    assert np.flatnonzero(simulation.counts[:, 1, MESSAGES]).tolist() == [8, 9, 10]
    assert np.flatnonzero(simulation.counts[:, 1, PROGRAMME_FEN]).tolist() == [8, 9, 10]
    assert not simulation.counts[:, [0, *range(2, 12)]][:, :, [MESSAGES, PROGRAMME_FEN]].any()


def test_attention_scales_what_is_rolled_out_and_nothing_else() -> None:
    """Two villages begin at once with room for one: half of the example for 4 weeks, then all of it. Whoever keeps the
    own yard clear by a lever that isn't rolled out does so all the time."""
    everyone = Who(group="everyone")
    plan = rollout(planned=((0, 2),), spread=(0.0, 0.0, 1.0, 4.0))
    share = Effect("example", 1.0, everyone)
    for rolled in (True, False):
        lever = told(share, name="x" if rolled else "y")
        simulation = Simulation(town(plan, lever, *(() if rolled else (told(name="x"),)), names=["v0", "v1"]), 3, 0, 9)
        followers = []
        for _ in range(9):
            simulation.advance(1)
            followers.append(int(simulation.state.column("exemplar").sum()))
        if rolled:
            assert 30 < followers[0] < 90
            assert followers == [followers[0]] * 4 + [120] * 5
        else:
            assert followers == [120] * 9


def test_an_example_set_for_the_whole_village_is_one_for_everybody_chosen() -> None:
    """Told without choosing anybody, a lever binds whom it would bind by choosing everybody, from its start to its
    stop, through its ramp."""
    found = []
    for who in (None, Who(group="everyone")):
        simulation = under(told(Effect("example", 0.8, who), name="x", start=2, stop=9, ramp=4), weeks=12)
        exemplars = []
        for _ in range(12):
            simulation.advance(1)
            exemplars.append(simulation.state.column("exemplar").copy())
        found.append(exemplars)
    assert np.array_equal(*found)
    assert [int(x.sum() > 0) for x in found[0]] == [0, 0, *[1] * 7, 0, 0, 0]
