"""Agents as views of rows: what they read, what may be set, and that counts stay true."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.engine.world.declaration import columns_of
from sim.mesa_view.agents import READ_ONLY, ColumnView
from sim.mesa_view.model import LocalWorthy, MobilizationModel, PartyMember, Resident, Volunteer
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 120, "village.party_members": 10, "village.volunteers": 4, "village.worthies": 5}


def two_villages() -> Scenario:
    """Two small villages of unlike size."""
    scenario = load_scenario("household_contact", SMALL)
    village = scenario.villages[0]
    other = village.model_copy(update={"name": "other", "households": 75})
    return scenario.model_copy(update={"villages": (village, other)})


@pytest.fixture
def model() -> MobilizationModel:
    return MobilizationModel("household_contact", seed=3, overrides=SMALL)


@pytest.fixture(scope="module")
def shared() -> MobilizationModel:
    """Two villages after a year, for hypothesis: every example leaves them changed, and counts must be true still."""
    model = MobilizationModel(two_villages(), seed=3, weeks=52)
    model.run_model()
    return model


def recount(simulation: Simulation) -> dict[str, np.ndarray]:
    """Return everything that is counted from other columns, counted anew."""
    s = simulation.state
    clean = s.f64[c.CLUTTER] <= simulation.scenario.household.clean_below
    adopted = s.u8[c.RUNG] >= c.HELPING
    seen = np.zeros(s.households, int)
    cells = np.zeros((len(simulation.scenario.villages), c.CELLS), int)
    cluttered = np.zeros(s.public_i32.shape[1], int)
    for v in range(len(cells)):
        row = s.village_i64[:, v]
        rows, columns, sight = row[c.PLAN_ROWS], row[c.PLAN_COLUMNS], row[c.SIGHT]
        plan = s.plan[row[c.PLAN_FIRST] :][: rows * columns].reshape(rows, columns)
        for i in range(row[c.FIRST], row[c.STOP]):
            r, k = np.argwhere(plan == i)[0]
            near = plan[max(0, r - sight) : r + sight + 1, max(0, k - sight) : k + sight + 1]
            seen[i] = sum(clean[j] for j in near.ravel() if j >= 0 and j != i)
            member_newcomer = int(s.u8[c.ROLES, i]) & (c.MEMBER | c.NEWCOMER)
            cells[v, 8 * member_newcomer + 2 * s.u8[c.RUNG, i] + clean[i]] += 1
            cluttered[s.i32[c.PUBLIC_PLOT, i]] += not clean[i]
    ties = [adopted[s.tie[a:b]].sum() for a, b in zip(s.tie_first[:-1], s.tie_first[1:], strict=True)]
    return {"clean": clean, "seen": seen, "ties": np.array(ties), "cells": cells, "cluttered": cluttered}


def check_counts(simulation: Simulation) -> None:
    s, true = simulation.state, recount(simulation)
    np.testing.assert_array_equal(s.u8[c.CLEAN], true["clean"])
    np.testing.assert_array_equal(s.u8[c.CLEAN_NEIGHBOURS], true["seen"])
    np.testing.assert_array_equal(s.u8[c.ADOPTED_TIES], true["ties"])
    np.testing.assert_array_equal(s.village_i64[c.CELL : c.CELL + c.CELLS].T, true["cells"])
    np.testing.assert_array_equal(s.public_i32[c.PUBLIC_CLUTTERED], true["cluttered"])


def test_every_column_is_an_attribute_and_reads_as_a_python_number(model: MobilizationModel) -> None:
    for _ in range(3):
        model.step()
    kinds = {"f64": float, "i32": int, "u8": int}
    for column in columns_of("household"):
        values = model.agents.get(column.name)
        kind = bool if column.unit == "0 or 1" else kinds[column.block]
        assert {type(value) for value in values} == {kind}, column.name
        np.testing.assert_array_equal(values, model.simulation.state.column(column.name))
        assert isinstance(vars(Resident)[column.name], ColumnView)
        assert column.unit in (vars(Resident)[column.name].__doc__ or "")


def test_setting_writes_the_column(model: MobilizationModel) -> None:
    agent = model.residents[7]
    agent.trust = 0.25
    assert model.simulation.state.f64[c.TRUST, 7] == 0.25
    agent.last_visit = -3
    assert model.simulation.state.i32[c.LAST_VISIT, 7] == -3
    agent.free_calls = np.int64(2)
    assert agent.free_calls == 2
    agent.exemplar = True
    assert model.simulation.state.u8[c.EXEMPLAR, 7] == 1
    agent.predisposition = -2
    assert agent.predisposition == -2.0
    model.agents.set("habit", 0.5)
    assert (model.simulation.state.f64[c.HABIT] == 0.5).all()


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("trust", 1.01, ValueError), ("trust", float("nan"), ValueError), ("trust", "much", TypeError),
        ("rung", 4, ValueError), ("rung", -1, ValueError), ("rung", 1.5, TypeError), ("rung", None, TypeError),
        ("clutter", -0.1, ValueError), ("clutter", float("inf"), ValueError), ("free_calls", 256, ValueError),
        ("persuasion", 1e6, ValueError), ("last_visit", 2**31, ValueError), ("exemplar", 2, ValueError),
    ],
)  # fmt: skip
def test_bad_values_are_refused_and_change_nothing(
    model: MobilizationModel, name: str, value: object, kind: type[Exception]
) -> None:
    before = model.simulation.state.copy()
    with pytest.raises(kind, match=name):
        setattr(model.residents[0], name, value)
    for one, other in zip(before, model.simulation.state, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_follows_from_other_columns_is_read_only(model: MobilizationModel) -> None:
    assert set(READ_ONLY) <= {column.name for column in columns_of("household")}
    for name, why in READ_ONLY.items():
        with pytest.raises(AttributeError, match=f"{name} is read-only: {why}"):
            setattr(model.residents[0], name, 1)


def test_counts_are_true_at_the_start_and_later() -> None:
    model = MobilizationModel(two_villages(), seed=5)
    check_counts(model.simulation)
    for _ in range(10):
        model.step()
    check_counts(model.simulation)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, 194),
            st.one_of(
                st.tuples(st.just("rung"), st.integers(0, 3)),
                st.tuples(st.just("clutter"), st.one_of(st.floats(0, 60), st.sampled_from([0.0, 1.0, 2.0, 1e300]))),
            ),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_counts_stay_true_whatever_is_set(
    shared: MobilizationModel, changes: list[tuple[int, tuple[str, float]]]
) -> None:
    for household, (name, value) in changes:
        setattr(shared.residents[household], name, value)
        assert getattr(shared.residents[household], name) == value
    check_counts(shared.simulation)


def test_a_yard_at_the_limit_is_clean(model: MobilizationModel) -> None:
    limit = model.scenario.household.clean_below
    model.residents[0].clutter = limit
    assert model.residents[0].clean is True
    model.residents[0].clutter = np.nextafter(limit, np.inf)
    assert model.residents[0].clean is False
    check_counts(model.simulation)


def test_classes_follow_roles(model: MobilizationModel) -> None:
    for agent in model.agents:
        kind = (
            PartyMember if agent.is_member
            else LocalWorthy if agent.is_worthy
            else Volunteer if agent.is_volunteer
            else Resident
        )  # fmt: skip
        assert type(agent) is kind
    assert len(model.agents_by_type[PartyMember]) == 10
    assert len(model.agents.select(agent_type=Resident)) == 120
    assert sum(agent.is_newcomer for agent in model.agents) == int((model.simulation.state.u8[c.ROLES] & 1).sum())


def test_volunteers_that_an_intervention_recruits_are_volunteers() -> None:
    with MobilizationModel(
        "volunteer_team", seed=3, weeks=60, overrides={**SMALL, "village.willing_share": 0.3}
    ) as model:
        state = model.simulation.state
        team = state.team_i32[c.TEAM_HOUSEHOLD]
        chosen, willing = state.column("chosen")[team] > 0, state.team_i32[c.TEAM_STATUS] == c.WILLING
        assert chosen.sum() == 30
        assert (chosen & willing).any()
        assert (willing & ~chosen).any()  # who waits to join is none
        volunteers = team[chosen | ~willing]
        assert all(isinstance(model.residents[i], Volunteer | PartyMember | LocalWorthy) for i in volunteers)
        assert {agent.household for agent in model.agents_by_type[Volunteer]} <= set(volunteers.tolist())


def test_household_village_and_words() -> None:
    with MobilizationModel(two_villages(), seed=1) as model:
        assert [agent.household for agent in model.agents] == list(range(195))
        assert [agent.village for agent in model.agents] == ["village"] * 120 + ["other"] * 75
        agent = model.residents[130]
        agent.rung = 2
        assert (agent.rung_name, agent.has_adopted) == ("helping", True)
        agent.rung = 1
        assert (agent.rung_name, agent.has_adopted) == ("pushed", False)
        assert repr(agent).endswith("(household=130, village='other')")


def test_in_sight_and_kin_are_what_the_columns_count() -> None:
    with MobilizationModel(two_villages(), seed=1) as model:
        for agent in model.agents:
            assert len(agent.in_sight) == agent.neighbours
            assert len(agent.kin) == agent.ties
            assert agent not in agent.in_sight
            assert {other.village for other in agent.in_sight} <= {agent.village}
            assert all(agent in other.kin for other in agent.kin)
        agent = max(model.agents, key=lambda one: one.ties)
        assert isinstance(agent.kin, mesa.agent.AgentSet)
        agent.kin.set("rung", 3)
        assert agent.adopted_ties == agent.ties > 0
        agent.in_sight.set("clutter", 0.0)
        assert agent.clean_neighbours == agent.neighbours > 0


def test_kin_are_the_association_s_too_once_there_is_one(model: MobilizationModel) -> None:
    """Households 0 and 119 would be tied by an association: they are from the week on in which the village has one."""
    state = model.simulation.state
    first = np.zeros(121, np.int32)
    first[1:] += 1
    first[120] += 1
    model.simulation.state = state._replace(bond_first=first, bond=np.array([119, 0], np.int32))
    before = [agent.kin for agent in model.residents]
    state.village_i64[c.BONDED, 0] = 3
    for agent, kin in zip(model.residents, before, strict=True):
        other = {0: 119, 119: 0}.get(agent.household)
        added = [] if other is None else [model.residents[other]]
        assert list(agent.kin) == [*kin, *added]


def test_a_household_does_not_leave(model: MobilizationModel) -> None:
    with pytest.raises(RuntimeError, match="can't be removed"):
        model.residents[0].remove()
    assert len(model.agents) == 120


@pytest.mark.parametrize(
    ("name", "told"),
    [("years_in_party", "did you mean 'party_years'"), ("truts", "did you mean 'trust'"), ("Rung", "did you mean 'rung'"),
     ("clutterr", "did you mean 'clutter'"), ("mood", "use a dictionary by agent.household")],
)  # fmt: skip
def test_an_attribute_that_does_not_exist_is_refused_with_the_nearest_name(name: str, told: str) -> None:
    model = MobilizationModel("baseline", weeks=2, overrides={"village.households": 60, "village.party_members": 6})
    agent = next(iter(model.agents))
    with pytest.raises(AttributeError, match=f"a household has no attribute '{name}'.*{told}"):
        setattr(agent, name, 3)
    with pytest.raises(AttributeError, match="has no attribute"):
        model.agents.set(name, 3)
    with pytest.raises(AttributeError, match="roles is read-only: lists and rounds are built on it"):
        agent.roles = 3
    agent.trust = 0.25
    assert agent.trust == 0.25
