"""Villages side by side, and the columns that they lie in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import SMALL, Array, built, small

from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.engine.world.columns import NEVER
from sim.engine.world.declaration import BLOCKS, COLUMNS, columns_of
from sim.interventions import GIFT_USES
from sim.scenario import load_scenario

IDENTIFIERS = {"list": "lists", "public_plot": "public plots"}  # columns that count through the whole world
INTERVENTIONS = [
    {"kind": "household_contact", "stop": 20},
    {"kind": "role_model", "who": {"group": "member", "share": 0.5}},
    {"kind": "donation", "yuan": 60_000},
    {"kind": "volunteer_team", "who": {"group": "local", "count": 9}},
]


def town(*names: str) -> Simulation:
    own = [{"name": name, "households": 150 + 10 * (sum(name.encode()) % 4)} for name in names]
    busy = {"household.predisposition": -1.0, "village.heterogeneity": 1.0}
    scenario = load_scenario("baseline", [SMALL, busy, {"villages": own}, {"interventions": INTERVENTIONS}])
    simulation = Simulation(scenario, 7, 2, 30)
    simulation.advance(30)
    return simulation


def village_of(simulation: Simulation, name: str) -> dict[str, Array]:
    """Return all that there is of a village, numbers that count through the world counted from its first."""
    v = [village.name for village in simulation.scenario.villages].index(name)
    state = simulation.state
    row = state.village_i64[:, v]
    here = slice(int(row[c.FIRST]), int(row[c.STOP]))
    found = {column.name: state.column(column.name)[here] for column in columns_of("household")}
    for column in IDENTIFIERS:
        found[column] = found[column] - found[column].min()
    mine = slice(int(state.tie_first[here.start]), int(state.tie_first[here.stop]))
    found["ties of each"] = state.tie[mine] - here.start
    found["funds"] = row[c.FUND : c.FUND + len(GIFT_USES)]
    found["public plots"] = state.public_f64[:, row[c.PUBLIC_FIRST] : row[c.PUBLIC_STOP]]
    found["counts"], found["totals"] = simulation.counts[:, v], simulation.totals[:, v]
    return found


def assert_same(one: dict[str, Array], other: dict[str, Array]) -> None:
    for key in one:
        assert one[key].tobytes() == other[key].tobytes(), key


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a"), ("c", "a", "b"), ("a", "another"), ("x", "y", "z", "a")])
def test_other_villages_change_nothing_in_a_village(names: tuple[str, ...]) -> None:
    """Neither their presence, their place, their size nor their name: every column and week, bit for bit."""
    alone = village_of(town("a"), "a")
    assert alone["counts"][:, 32:].sum() > 0
    assert_same(alone, village_of(town(*names), "a"))


def test_villages_of_different_names_differ() -> None:
    """Or the test above would say little."""
    world = town("e", "a")  # of the same size
    one, other = village_of(world, "e"), village_of(world, "a")
    assert one["trust"].size == other["trust"].size
    assert (one["trust"] != other["trust"]).mean() > 0.9


def test_heterogeneity_moves_whole_villages() -> None:
    """Means of 60 villages spread with the standard deviation asked for, within 4 standard errors (1/sqrt(120))."""
    scenario = load_scenario("baseline", [
        {"village.households": 50, "village.party_members": 4, "village.heterogeneity": 2.0},
        {"household.predisposition_sd": 0.0, "household.newcomer_gap": 0.0, "household.member_bonus": 0.0},
        {"villages": [{"name": "v", "copies": 60}]},
    ])  # fmt: skip
    means = built(scenario).column("predisposition").reshape(60, 50)
    assert np.ptp(means, axis=1).max() == 0
    assert abs(means[:, 0].std() / 2.0 - 1) < 4 / np.sqrt(120)


def test_a_household_takes_200_bytes_at_most() -> None:
    """All arrays of the default village; a million households then fit into 200 MB."""
    assert built(load_scenario("baseline")).bytes_per_household() <= 200


def test_columns_are_views_and_a_copy_is_none() -> None:
    state = built(small())
    copy = state.copy()
    state.column("trust")[3] = 0.125
    assert state.column("trust")[3] == 0.125
    assert copy.column("trust")[3] != 0.125
    with pytest.raises(KeyError):
        state.column("trsut")


def test_every_column_has_a_place_of_its_own_and_says_what_it_is() -> None:
    columns = COLUMNS.values()
    assert len({(column.block, column.row) for column in columns}) == len(columns)
    assert all(column.unit and column.meaning for column in columns)
    state = built(small())
    for block in BLOCKS:
        assert getattr(state, block).shape[0] == len([column for column in columns if column.block == block])
        assert getattr(state, block).dtype == BLOCKS[block][1]


def test_what_the_building_leaves_alone_is_at_its_start() -> None:
    state = built(small())
    for name in ("last_visit", "last_by_talk", "last_by_cadre", "started", "bonded"):
        assert (state.column(name) == NEVER).all()
    assert (state.column("effort") == 1.0).all()
    assert not state.column("award").any()


def test_too_many_ties_are_refused_rather_than_miscounted() -> None:
    """Degrees are bytes; 250 households with 50 proposals each stay below 256, so the limit is met by a big clique."""
    with pytest.raises(ValueError, match="at most 255"):
        Simulation(load_scenario("baseline", {"village.households": 400, "village.party_members": 16}).model_copy(
            update={"villages": (_sociable(),)}
        ))  # fmt: skip


def _sociable() -> Any:
    village = load_scenario("baseline", {"village.households": 400, "village.party_members": 16}).villages[0]
    return village.model_copy(update={"ties": village.ties.model_copy(update={"local": 300, "newcomer": 300})})
