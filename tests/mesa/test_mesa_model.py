"""`MobilizationModel` used the way Mesa's documentation uses models, and equal to `sim.run`."""

from __future__ import annotations

import copyreg
import doctest
import gc
import warnings
import weakref
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.discrete_space import OrthogonalMooreGrid

import sim.mesa_view.model
from sim import run
from sim.base.errors import InputError
from sim.engine.outcomes import TOTALS
from sim.engine.world import columns as c
from sim.mesa_view.model import MobilizationModel, PartyMember, Resident
from sim.runs.single import RunResult
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 120, "village.party_members": 10, "village.volunteers": 4}


def small(scenario: str = "household_contact", **arguments: Any) -> MobilizationModel:
    return MobilizationModel(scenario, **{"seed": 2, "weeks": 12, "overrides": SMALL, **arguments})


def assert_same(result: RunResult, other: RunResult) -> None:
    """Check that two runs are equal to the last bit: state, record and tables."""
    for one, two in zip(result.simulation.state, other.simulation.state, strict=True):
        assert one.tobytes() == two.tobytes()
    weeks = result.simulation.week
    assert weeks == other.simulation.week
    assert result.simulation.counts[:weeks].tobytes() == other.simulation.counts[:weeks].tobytes()
    assert result.simulation.totals[:weeks].tobytes() == other.simulation.totals[:weeks].tobytes()
    pd.testing.assert_frame_equal(result.weekly, other.weekly, check_exact=True)
    np.testing.assert_equal(result.totals, other.totals)


@pytest.mark.parametrize("scenario", ["baseline", "campaign", "veteran_role_model_and_donation"])
def test_stepping_through_mesa_equals_run(scenario: str) -> None:
    model = small(scenario, replicate=3)
    assert isinstance(model, mesa.Model)
    while model.running:
        model.step()
    expected = run(scenario, seed=2, replicate=3, weeks=12, overrides=SMALL)
    assert_same(model.result(), expected)
    pd.testing.assert_frame_equal(model.weekly, expected.weekly, check_exact=True)
    assert (model.week, model.weeks, model.seed, model.replicate) == (12, 12, 2, 3)


def test_looking_on_changes_nothing() -> None:
    model = small(agent_reporters={"rung": "rung"})
    while model.running:
        model.agents.shuffle_do(lambda agent: agent.in_sight.get("trust"))
        list(model.grid.all_cells.select_random_cell().neighborhood)
        model.random.random()
        model.rng.random()
        model.step()
    assert_same(model.result(), run("household_contact", seed=2, weeks=12, overrides=SMALL))


def test_run_model_stops_at_the_horizon_and_a_step_beyond_extends() -> None:
    model = MobilizationModel("baseline", overrides={**SMALL, "weeks": 5})
    model.run_model()
    assert (model.week, model.running) == (5, False)
    model.step()
    assert (model.week, model.running) == (6, False)
    np.testing.assert_equal(model.totals, run("baseline", weeks=6, overrides=SMALL).totals)


def test_nothing_is_made_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    for kind in (Resident, OrthogonalMooreGrid, mesa.DataCollector):
        init = kind.__init__

        def counted(self: object, *args: Any, _init: Any = init, **kwargs: Any) -> None:
            made.append(self)
            _init(self, *args, **kwargs)

        monkeypatch.setattr(kind, "__init__", counted)
    model = small()
    model.run_model()
    assert model.result().totals and not model.weekly.empty
    model.close()
    assert made == []
    assert len(model.agents) == 120
    assert len(made) == 121  # and the grid
    assert model.agents is model.agents and model.grid is model.grid
    assert len(made) == 121


def test_no_warning_arises() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with small(agent_reporters={"rung": "rung"}) as model:
            model.run_model()
            assert model.agents_by_type and model.grid and model.agent_types
            model.datacollector.get_agent_vars_dataframe()


def test_agent_sets() -> None:
    model = small(weeks=30, **{"household.predisposition": 0.0})
    model.run_model()
    rungs = model.simulation.state.u8[c.RUNG]
    assert len(model.agents.select(lambda a: a.rung >= 2)) == (rungs >= 2).sum() > 0
    trust = model.simulation.state.f64[c.TRUST]
    assert model.agents.agg("trust", np.mean) == trust.mean()
    members = model.agents_by_type[PartyMember]
    assert members.agg("trust", max) == max(members.get("trust")) <= 1
    assert PartyMember in model.agent_types and Resident in model.agent_types
    groups = model.agents.groupby("rung_name")
    assert sum(groups.count().values()) == 120
    assert groups.agg("rung", max)["watching"] == 0
    most = model.agents.sort("trust", ascending=False)
    assert next(iter(most)).trust == trust.max()
    assert [a.household for a in model.agents] == list(range(120))
    model.agents.select(lambda a: a.is_member).do(lambda a: setattr(a, "trust", 1.0))
    assert (trust[(model.simulation.state.u8[c.ROLES] & c.MEMBER) > 0] == 1).all()


def test_grid() -> None:
    model = small()
    grid = model.grid
    assert isinstance(grid, OrthogonalMooreGrid) and not grid.torus
    state = model.simulation.state
    assert tuple(grid.dimensions) == (state.village_i64[c.PLAN_ROWS, 0], state.village_i64[c.PLAN_COLUMNS, 0])
    assert {agent.household for agent in grid.all_cells.agents} == set(range(120))
    sight = model.scenario.villages[0].plan.sight
    for agent in model.agents:
        row, column = agent.cell.coordinate
        assert row * grid.dimensions[1] + column == agent.plot
        assert agent.cell.agents == [agent]
        assert set(agent.cell.get_neighborhood(sight).agents) == set(agent.in_sight)
    next_door = set(model.residents[0].cell.neighborhood.agents)
    assert next_door and next_door <= set(model.residents[0].in_sight)
    assert len(grid.empties) == len(grid.all_cells.cells) - 120


def test_a_grid_for_every_village() -> None:
    scenario = load_scenario("baseline", SMALL)
    village = scenario.villages[0]
    other = village.model_copy(update={"name": "other", "households": 40})
    model = MobilizationModel(scenario.model_copy(update={"villages": (village, other)}), weeks=4)
    assert list(model.grids) == ["village", "other"] and model.grid is model.grids["village"]
    assert {agent.village for agent in model.grids["other"].all_cells.agents} == {"other"}
    model.run_model()
    last = model.datacollector.get_model_vars_dataframe().iloc[-1].to_dict()
    np.testing.assert_equal(last, model.result().totals)


def test_datacollector_follows_the_record() -> None:
    model = small()
    model.step()
    model.step()
    collector = model.datacollector
    assert isinstance(collector, mesa.DataCollector)
    assert model._residents is None
    model.run_model()
    assert collector is model.datacollector
    table = collector.get_model_vars_dataframe()
    assert list(table.columns) == [outcome.name for outcome in TOTALS]
    assert len(table) == 12
    everybody = model.weekly.query("group == 'all'").reset_index(drop=True)
    for ours, theirs in (("adopted", "adopted"), ("trust", "trust"), ("coercion", "pushed"), ("clean", "clean")):
        np.testing.assert_array_equal(table[ours], everybody[theirs])
    np.testing.assert_equal(table.iloc[-1].to_dict(), model.result().totals)
    assert {type(value) for values in collector.model_vars.values() for value in values} == {float}
    # Asked for at the end, it holds the same.
    late = small()
    late.run_model()
    pd.testing.assert_frame_equal(late.datacollector.get_model_vars_dataframe(), table, check_exact=True)


def test_agent_reporters() -> None:
    model = small(weeks=3, agent_reporters={"rung": "rung", "Trust": lambda a: a.trust})
    model.run_model()
    table = model.datacollector.get_agent_vars_dataframe()
    assert list(table.columns) == ["rung", "Trust"]
    assert table.index.names[1] == "AgentID"
    assert list(table.index.get_level_values(0).unique()) == [1, 2, 3]
    np.testing.assert_array_equal(table.xs(3, level=0)["Trust"], model.simulation.state.f64[c.TRUST])
    assert len(model.datacollector.get_model_vars_dataframe()) == 3


def test_a_collector_of_ones_own() -> None:
    class Watched(MobilizationModel):
        def __init__(self, scenario: str = "baseline", **arguments: Any) -> None:
            super().__init__(scenario, **arguments)
            self.datacollector = mesa.DataCollector(
                model_reporters={"week": "week", "members": lambda m: len(m.agents_by_type[PartyMember])},
                agenttype_reporters={PartyMember: {"rung": "rung"}},
            )

        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    model = Watched(weeks=3, overrides=SMALL)
    model.run_model()
    table = model.datacollector.get_model_vars_dataframe()
    assert table["week"].tolist() == [1, 2, 3] and table["members"].tolist() == [10, 10, 10]
    assert len(model.datacollector.get_agenttype_vars_dataframe(PartyMember)) == 30


def test_a_mechanism_that_does_nothing_changes_nothing() -> None:
    model = small()
    weeks = []
    assert model.add_mechanism(lambda m: weeks.append(m.week)) is not None
    model.add_mechanism(lambda m: m.agents.shuffle_do(lambda agent: agent.trust))
    model.run_model()
    assert weeks == list(range(1, 13))
    assert_same(model.result(), run("household_contact", seed=2, weeks=12, overrides=SMALL))


def test_a_mechanism_in_plain_python() -> None:
    model = small("baseline")

    @model.add_mechanism
    def celebrate(model: MobilizationModel) -> None:
        if model.week == 5:
            model.agents.set("rung", 3)
            model.agents.set("clutter", 0.0)
            model.agents.set("trust", 1.0)

    for _ in range(5):
        model.step()
    # The week's row tells the state after the mechanism, in every table.
    adopted = model.weekly.query("group == 'all'").set_index("week")
    assert adopted.loc[3, "adopted"] < 1 == adopted.loc[4, "adopted"] == adopted.loc[4, "clean"]
    assert adopted.loc[4, "trust"] == pytest.approx(1, abs=1e-12)
    assert adopted.loc[4, "clutter"] == pytest.approx(0, abs=1e-12)
    assert all(agent.adopted_ties == agent.ties for agent in model.agents)
    assert all(agent.clean_neighbours == agent.neighbours for agent in model.agents)
    # Climbs and slips are the engine's decisions, and those had been made.
    expected = run("baseline", seed=2, weeks=5, overrides=SMALL).weekly.query("group == 'all'").set_index("week")
    decisions = [name for name in expected if name.startswith("climbs_") or name == "slips"]
    pd.testing.assert_frame_equal(adopted[decisions], expected[decisions])
    # The engine goes on from there.
    model.run_model()
    assert model.weekly.query("group == 'all'")["slips"].sum() > expected["slips"].sum()


def test_mechanisms_shuffle_by_the_runs_own_luck() -> None:
    def order(**arguments: Any) -> list[int]:
        return [agent.household for agent in small(**arguments).agents.shuffle()]

    assert order() == order()
    assert order() != order(seed=4)
    assert order() != order(replicate=1)


def test_seed_has_two_names_and_no_seed_is_0() -> None:
    assert MobilizationModel("baseline", overrides=SMALL).seed == 0
    assert small(seed=None, rng=np.int64(5)).seed == 5
    assert small(seed=5, rng=5).seed == 5
    with pytest.raises(ValueError, match="both name the seed"):
        small(seed=5, rng=6)
    with pytest.raises(TypeError, match="whole number"):
        small(seed=1.5)
    with pytest.raises(ValueError, match="seed must be from"):
        small(seed=-1)
    with pytest.raises(ValueError, match="replicate must be from"):
        small(replicate=-1)
    with pytest.raises(ValueError, match="weeks must be from 1 to 5200"):
        small(weeks=0)


def test_values_of_the_scenario_by_keyword_and_override() -> None:
    scenario = load_scenario("household_contact", SMALL)
    by_keyword = MobilizationModel("household_contact", overrides=SMALL, **{"household.own_yard": 0.25})
    by_override = MobilizationModel("household_contact", overrides=[SMALL, {"household.own_yard": 0.25}])
    of_object = MobilizationModel(scenario, overrides={"household.own_yard": 0.25})
    assert by_keyword.scenario == by_override.scenario == of_object.scenario
    assert by_keyword.scenario.household.own_yard == 0.25
    assert isinstance(MobilizationModel(scenario).scenario, Scenario)
    with pytest.raises(InputError, match=r"unknown key 'household\.own_yrd', did you mean 'household\.own_yard'"):
        MobilizationModel("baseline", **{"household.own_yrd": 0.25})
    with pytest.raises(InputError, match="is defined in a scenario's file"):
        MobilizationModel(scenario, overrides="named")
    with pytest.raises(AttributeError, match="can't be replaced"):
        by_keyword.scenario = scenario


def test_result_needs_a_week() -> None:
    model = small()
    assert model.weekly.empty
    with pytest.raises(ValueError, match="no week has been run yet"):
        model.result()


def test_agents_of_a_users_own_live_beside_households() -> None:
    class Official(mesa.discrete_space.CellAgent):
        pass

    model = small()
    official = Official(model)
    official.cell = model.residents[0].cell
    assert official in model.agents and len(model.agents) == 121
    assert model.agents_by_type[Official].get("cell") == [model.residents[0].cell]
    model.step()
    official.remove()
    assert len(model.agents) == 120


def test_the_examples_of_the_documentation_work() -> None:
    results = doctest.testmod(sim.mesa_view.model)
    assert results.attempted > 5 and results.failed == 0


def test_closed_models_leave_nothing_behind() -> None:
    tiny = load_scenario("baseline", {"village.households": 12, "village.party_members": 1, "village.worthies": 0,
                                      "village.volunteers": 0, "village.representatives": 12})  # fmt: skip
    alive: list[weakref.ref[MobilizationModel]] = []

    def use() -> None:
        with MobilizationModel(tiny, weeks=1) as model:
            model.residents[0].cell.get_neighborhood(2)
            list(model.residents[0].cell.neighborhood)
            model.run_model()
            alive.append(weakref.ref(model))
        model.close()

    def kept() -> tuple[int, ...]:
        gc.collect()
        kinds = (Resident, mesa.discrete_space.Cell, MobilizationModel)
        objects = gc.get_objects()
        # By type(), for isinstance() would look through proxies of other libraries whose objects are gone.
        instances = [sum(issubclass(type(thing), kind) for thing in objects) for kind in kinds]
        ids: Any = getattr(mesa.Agent, "_ids", {})
        return (len(ids), len(copyreg.dispatch_table), *instances)

    use()
    before = kept()
    for _ in range(200):
        use()
    assert kept() == before
    assert not any(reference() for reference in alive[:-1])
