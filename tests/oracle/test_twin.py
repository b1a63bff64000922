"""The engine equals its twin: every state variable, outcome and fen, week by week, without any tolerance.

`TWIN_EXAMPLES` sets how many random scenarios are tried (`oracle.hunt` tries them for hours).
"""

from __future__ import annotations

import ast
import math
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import levers
from oracle.comparing import Pair, first_differences
from oracle.random_scenarios import WEEKS, scenario
from oracle.record import TALLIES
from oracle.twin_speed import build
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.interventions import KINDS, NAMED_VALUES, Intervention
from sim.scenario import Scenario, load_scenario, scenario_names

HERE = Path(__file__).parent
SMALL = {"village.households": 24, "village.party_members": 3}
ALLOWED = {"sim.numerics.draws", "sim.scenario", "sim.interventions"}
TELLS_BOTH = {
    "comparing.py",
    "declared_outcomes.py",
    "engine_values.py",
    "twin_values.py",
    "record.py",
    "random_scenarios.py",
    "hunt.py",
    "test_twin.py",
}
"""Files that are no part of the twin: they know the engine, or make scenarios."""


def three_villages(*programme: Intervention, weeks: int = 30, **settings: float) -> Scenario:
    """Return three small villages under a programme."""
    values = {"village.households": 60, "village.party_members": 6, "weeks": weeks}
    several = {"villages": [{"name": name} for name in "abc"]}
    return load_scenario("baseline", [{**values, **settings}, several]).model_copy(update={"interventions": programme})


# Independence ----------------------------------------------------------------------------------------------------------


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module in ("sim", "sim.numerics"):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize(
    "path", [path for path in sorted(HERE.glob("*.py")) if path.name not in TELLS_BOTH], ids=lambda path: path.name
)
def test_the_twin_takes_nothing_from_the_engine_but_scenarios_and_draws(path: Path) -> None:
    ours = {name for name in imported(path) if name.split(".")[0] == "sim"}
    assert ours <= ALLOWED
    if path.name != "luck.py":
        assert not {name for name in imported(path) if name.split(".")[0] in ("numpy", "numba")}


def test_the_twin_knows_every_kind_of_lever() -> None:
    assert set(levers.KINDS) == set(KINDS)


# The comparison itself -------------------------------------------------------------------------------------------------


def rows_of_the_state() -> Iterator[tuple[str, int]]:
    """Yield each array of the engine's state with each of its rows (columns of households, of plots and so on)."""
    association = KINDS["neighbourhood_association"](kind="neighbourhood_association", name="association")
    state = Pair(three_villages(association, **SMALL)).engine.state
    for name, array in zip(state._fields, state, strict=True):
        for row in range(array.shape[0] if array.ndim == 2 else 1):
            yield name, row


def test_a_change_of_any_number_of_the_state_is_seen() -> None:
    """A change to the last entry of any row of any array, is a difference: nothing is left out silently."""
    everything = tuple(load_scenario("everything").interventions)
    pair = Pair(three_villages(*everything, **SMALL))
    for _ in range(3):
        pair.step()
    assert list(pair.differences()) == []
    state = pair.engine.state
    unseen = []
    for name, row in rows_of_the_state():
        array = getattr(state, name)
        line = array[row] if array.ndim == 2 else array
        was = line[-1].copy()
        # Down and not up: the last village's places end where the arrays do, and a slice may ask for more than there is.
        line[-1] = was + 0.5 if array.dtype.kind == "f" else was - 1 if array.dtype.kind == "i" else was ^ 1
        try:
            seen = bool(list(pair.differences()))
        except (AssertionError, IndexError, ValueError):
            seen = True  # a place that leads nowhere
        line[-1] = was
        if not seen:
            unseen.append((name, row))
    assert unseen == []


def test_a_last_bit_is_a_difference() -> None:
    pair = Pair(three_villages())
    household = next(iter(pair.twin.villages)).households_by_number[7]
    household.trust = math.nextafter(household.trust, 1.0)
    assert [line.split(":")[1].strip() for line in pair.differences()] == ["trust[7]"]


def test_random_scenarios_leave_nothing_out() -> None:
    """Within a few random scenarios each kind of lever and each named value acts, and each tally counts something."""
    kinds, values, counted = set(), set(), set()
    for number in range(40):
        world = scenario(Random(number))
        run = Simulation(world, number, 0, WEEKS)
        run.advance(WEEKS)
        happened = run.counts.sum(axis=(0, 1))
        counted |= {name for name, k in TALLIES.items() if happened[k] > 0}
        kinds |= {lever.kind for lever in world.interventions}
        values |= {effect.value for lever in world.interventions for effect in lever.effects()}
    assert set(KINDS) - kinds == set()
    assert set(NAMED_VALUES) - values == set()
    assert set(TALLIES) - counted == set()


# Equality --------------------------------------------------------------------------------------------------------------


def test_worlds_are_built_alike() -> None:
    values = {"village.households": 1200, "village.party_members": 90, "village.floating_members": 7}
    everything = load_scenario("everything", values)
    assert first_differences(everything, weeks=0, seed=11, replicate=4) == []


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_of_the_package(name: str) -> None:
    shipped = load_scenario(name, SMALL)
    some = shipped.model_copy(update={"villages": shipped.villages[:5]})  # of a town or a district
    assert first_differences(some, weeks=18, seed=2) == []


def test_everything_at_once_for_two_years() -> None:
    everything = load_scenario("everything", {"village.households": 90, "village.party_members": 9})
    assert first_differences(everything, weeks=104, seed=5, replicate=1) == []


def test_villages_that_copy_under_a_crowded_rollout() -> None:
    """One village begins by plan; the others copy as soon as it is past its first weeks, and share the attention."""
    spread = KINDS["rollout"](
        kind="rollout", name="rollout", interventions=("household_contact", "role_model"), first=1, copying=1.0, attention=1,
        support=6,
    )  # fmt: skip
    contact = KINDS["household_contact"](kind="household_contact", name="household_contact", time_factor=4.0, ramp=5)
    model = KINDS["role_model"](kind="role_model", name="role_model", stop=12)
    world = three_villages(spread, contact, model, **{"household.predisposition": -1.0, "household.talk": 0.0})
    assert first_differences(world, weeks=30, seed=8) == []
    run = Simulation(world, 8, 0, 30)
    run.advance(30)
    assert (run.state.village_i64[c.STARTED] >= 6).sum() == 2


def test_volunteers_who_no_longer_help_leave() -> None:
    willing = {"village.willing_share": 1.0, "public.join_rate": 0.5, "public.leave_rate": 0.0}
    restless = {
        "household.climb_rate": 0.5,
        "household.slip_rate": 0.5,
        "household.habit": 0.0,
        "household.predisposition": 0.0,
    }
    world = three_villages(**willing, **restless)
    assert first_differences(world, weeks=30, seed=6) == []
    run = Simulation(world, 6, 0, 30)
    run.advance(30)
    assert run.counts[..., TALLIES["left"]].sum() > 0


def test_offers_beyond_what_a_household_can_take() -> None:
    many = {
        "village.households": 12,
        "village.party_members": 2,
        "village.representatives": 12,
        "village.volunteers": 9,
        "village.volunteer_hours": 40.0,
    }
    world = three_villages(**many, **{"public.hands_per_call": 0.01, "household.predisposition": 2.0})
    assert first_differences(world, weeks=6, seed=1) == []


def test_the_unwilling_are_seen_first_by_members_and_helpers() -> None:
    """Short lists, much time, and helpers on them: some weeks find nobody left to visit."""
    daily = KINDS["household_contact"](
        kind="household_contact", name="household_contact", time_factor=6.0, unwilling_first=0.6
    )
    helpers = KINDS["floating_members"](kind="floating_members", name="floating_members", time=4.0)
    lively = {
        "village.party_members": 20,
        "village.floating_members": 5,
        "household.predisposition": -1.0,
        "village.contact.message": 0.2,
    }
    world = three_villages(daily, helpers, **lively)
    assert first_differences(world, weeks=30, seed=4) == []
    run = Simulation(world, 4, 0, 30)
    run.advance(30)
    assert run.counts[..., TALLIES["contact_seconds_lost"]].sum() > 0


@settings(max_examples=int(os.environ.get("TWIN_EXAMPLES", "8")), deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1))
def test_any_scenario(luck: Random, seed: int, replicate: int) -> None:
    assert first_differences(scenario(luck), WEEKS, seed, replicate) == []


def test_bounds_are_not_scaled() -> None:
    """A quorum and a burden hold in full however many new villages share the organisers' attention."""
    spread = KINDS["rollout"](
        kind="rollout", name="rollout", interventions=("consent_project", "charter"), first=3, attention=1, support=8
    )
    plan = KINDS["consent_project"](kind="consent_project", name="consent_project", quorum=0.9)
    charter = KINDS["charter"](kind="charter", name="charter")
    assert first_differences(three_villages(spread, plan, charter), weeks=12) == []


def test_the_benchmark_builds_the_same_model() -> None:
    town = build(three_villages(), seed=3, replicate=1)
    town.step()
    pair = Pair(three_villages(), seed=3, replicate=1)
    pair.step()
    assert [village.sums for village in town.villages] == [village.sums for village in pair.twin.villages]
    assert list(pair.differences()) == []
