"""Building the world: plan, sight, ties, lists, roles; one more person makes one person's difference."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from sim.interventions import GIFT_USES
from sim.scenario import Scenario, load_scenario
from sim.simulation import Simulation
from sim.world import columns as c
from sim.world.columns import COLUMNS, State

Array = npt.NDArray[Any]
SMALL = {"village.households": 200, "village.party_members": 16, "village.volunteers": 4}
SHAPES: list[dict[str, Any]] = [
    {},
    {"village.households": 10, "village.party_members": 1},
    {"village.households": 97, "village.party_members": 13, "village.plan.sight": 1},
    {"village.households": 160, "village.plan.sight": 3, "village.plan.households_per_public_plot": 7},
    {"village.plan.lane_rows": 0, "village.plan.lane_columns": 0, "village.plan.households_per_public_plot": 2},
    {"village.plan.lane_rows": 2, "village.plan.lane_columns": 3},
    {"village.party_members": 200, "village.newcomer_share": 0.9},
    {"village.households": 1567, "village.party_members": 125},
]
IDENTIFIERS = {"list": "lists", "public_plot": "public plots"}  # columns that count through the whole world


def small(**values: Any) -> Scenario:
    return load_scenario("baseline", {**SMALL, **{key.replace("__", "."): value for key, value in values.items()}})


def shaped(shape: dict[str, Any]) -> Scenario:
    return load_scenario("baseline", {**SMALL, **shape})


def built(scenario: Scenario, seed: int = 0, replicate: int = 0) -> State:
    return Simulation(scenario, seed, replicate, 1).state


def places(state: State, v: int = 0) -> tuple[Array, Array, Array]:
    """Return (the plan as a grid, row and column of each household) of a village."""
    row = state.village_i64[:, v]
    rows, columns = int(row[c.PLAN_ROWS]), int(row[c.PLAN_COLUMNS])
    grid = state.plan[row[c.PLAN_FIRST] : row[c.PLAN_FIRST] + rows * columns].reshape(rows, columns)
    plot = state.column("plot")[row[c.FIRST] : row[c.STOP]]
    return grid, plot // columns, plot % columns


# the plan ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_the_plan_holds_every_household_and_public_plot_once(shape: dict[str, Any]) -> None:
    scenario = shaped(shape)
    village = scenario.villages[0]
    grid, row, column = places(built(scenario))
    assert sorted(grid[grid >= 0]) == list(range(village.households))
    assert (grid[row, column] == np.arange(village.households)).all()
    publics = -(-village.households // village.plan.households_per_public_plot)
    assert sorted(-2 - grid[grid <= -2]) == list(range(publics))


@pytest.mark.parametrize("shape", SHAPES)
def test_lanes_run_where_the_scenario_says(shape: dict[str, Any]) -> None:
    plan = shaped(shape).villages[0].plan
    grid, _, _ = places(built(shaped(shape)))
    lane = np.zeros(grid.shape, np.bool_)
    if plan.lane_rows:
        lane[plan.lane_rows - 1 :: plan.lane_rows] = True
    if plan.lane_columns:
        lane[:, plan.lane_columns - 1 :: plan.lane_columns] = True
    assert (grid[lane] == -1).all()
    other = grid[~lane]
    last = np.flatnonzero(other != -1)[-1]
    assert (other[: last + 1] != -1).all()  # no gap but at the end


@pytest.mark.parametrize("shape", SHAPES)
def test_neighbours_and_clean_neighbours_are_counted_right(shape: dict[str, Any]) -> None:
    """Brute force over all pairs: within `sight` in rows and in columns, the own yard left out."""
    scenario = shaped({**shape, "household.clutter_start": 2.0})
    state = built(scenario)
    _, row, column = places(state)
    far = np.maximum(np.abs(row[:, None] - row), np.abs(column[:, None] - column))
    near = (far <= scenario.villages[0].plan.sight) & (far > 0)
    clean = state.column("clean")
    assert 0 < clean.sum() < clean.size
    assert (state.column("neighbours") == near.sum(axis=1)).all()
    assert (state.column("clean_neighbours") == near @ clean.astype(int)).all()
    assert np.array_equal(state.column("per_neighbour"), 1 / np.maximum(1, near.sum(axis=1)))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_nearest_public_plot_is_the_nearest(shape: dict[str, Any]) -> None:
    """Brute force by Chebyshev distance; among equals the first by row, then by column."""
    state = built(shaped(shape))
    grid, row, column = places(state)
    where = np.argwhere(grid <= -2)
    far = np.maximum(np.abs(row[:, None] - where[:, 0]), np.abs(column[:, None] - where[:, 1]))
    nearest = where[far.argmin(axis=1)]  # argwhere goes by row, then by column, and argmin takes the first
    assert (state.column("public_plot") == -2 - grid[nearest[:, 0], nearest[:, 1]]).all()


def test_public_plots_count_the_yards_around_them() -> None:
    state = built(small(household__clutter_start=2.0))
    nearest, clean = state.column("public_plot"), state.column("clean")
    plots = state.public_i32.shape[1]
    assert (state.public_i32[c.PUBLIC_YARDS] == np.bincount(nearest, minlength=plots)).all()
    assert (state.public_i32[c.PUBLIC_CLUTTERED] == np.bincount(nearest[clean == 0], minlength=plots)).all()


# ties ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [{}, {"village__ties__local": 12}, {"village__newcomer_share": 0.6}])
def test_ties_are_symmetric_sorted_unique_and_not_with_oneself(values: dict[str, Any]) -> None:
    state = built(small(**values))
    n = state.households
    first, tie = state.tie_first, state.tie
    assert first[0] == 0
    assert first[-1] == tie.size
    assert (np.diff(first) == state.column("ties")).all()
    assert np.array_equal(state.column("per_tie"), 1 / np.maximum(1, np.diff(first)))
    pairs = set()
    for i in range(n):
        mine = tie[first[i] : first[i + 1]]
        assert (np.diff(mine) > 0).all()  # sorted, and each once
        assert i not in mine
        assert ((mine >= 0) & (mine < n)).all()
        pairs |= {(i, int(j)) for j in mine}
    assert pairs == {(j, i) for i, j in pairs}
    assert len(pairs) > 2 * n


def test_ties_across_the_divide_hold_as_often_as_they_should() -> None:
    """With 0 none holds. With 0.25 their number is a quarter of that with 1, where every proposal across holds.

    The same proposals are thinned, so it is binomial(n, 1/4) but for pairs proposed from both sides (fewer than 1 %):
    within 4 standard errors and 1 %; power above 99 % against 0.2, computed below.
    """

    def across(share: float) -> int:
        state = built(load_scenario("baseline", {"village.households": 12_000, "village.ties.across": share}))
        newcomer = state.column("roles") & c.NEWCOMER
        who = np.repeat(np.arange(state.households), np.diff(state.tie_first))
        return int((newcomer[who] != newcomer[state.tie]).sum()) // 2

    assert across(0.0) == 0
    proposals = across(1.0)
    margin = 4 * np.sqrt(proposals * 0.25 * 0.75) + 0.01 * proposals
    assert binom.cdf(0.25 * proposals - margin, proposals, 0.2) > 0.99
    assert abs(across(0.25) - 0.25 * proposals) < margin


# lists ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_household_is_on_one_list_and_lists_are_equal(shape: dict[str, Any], seed: int) -> None:
    scenario = shaped(shape)
    members = scenario.villages[0].party_members
    state = built(scenario, seed)
    assert sorted(state.listed) == list(range(state.households))
    sizes = state.lists[c.LIST_STOP] - state.lists[c.LIST_FIRST]
    assert sizes.size == members
    assert sizes.max() - sizes.min() <= 1
    assert sizes.sum() == state.households
    for a in range(members):
        mine = state.listed[state.lists[c.LIST_FIRST, a] : state.lists[c.LIST_STOP, a]]
        assert (state.column("list")[mine] == a).all()
    in_charge = state.lists[c.LIST_MEMBER]
    assert sorted(in_charge) == list(np.flatnonzero(state.column("roles") & c.MEMBER))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(10, 120), st.data())
def test_nobody_is_in_charge_of_the_own_household(households: int, data: st.DataObject) -> None:
    """Wherever members live, with 2 of them or more."""
    members = data.draw(st.integers(2, households))
    seed = data.draw(st.integers(0, 2**32))
    state = built(load_scenario("baseline", {"village.households": households, "village.party_members": members}), seed)
    own = state.column("list")[state.lists[c.LIST_MEMBER]]
    assert (own != np.arange(members)).all()
    assert sorted(state.listed) == list(range(households))


def test_a_list_lies_near_its_member() -> None:
    """Within two lists' length of the member in charge live far more than the 3 % that would if drawn at random."""
    state = built(load_scenario("baseline"))
    in_charge = state.lists[c.LIST_MEMBER][state.column("list")]
    length = state.households / state.lists.shape[1]
    assert (np.abs(in_charge - np.arange(state.households)) < 2 * length).mean() > 0.2


# people --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_roles_of_fixed_number_are_exact(seed: int) -> None:
    values = {"village__worthies": 7, "village__party_members": 31, "village__volunteers": 13}
    roles = built(small(**values), seed).column("roles")
    for bit, count in ((c.MEMBER, 31), (c.WORTHY, 7), (c.VOLUNTEER, 13), (c.STANDING, 13)):
        assert ((roles & bit) > 0).sum() == count
    assert not (roles & c.NEWCOMER & (roles & c.MEMBER > 0)).any()  # there are locals enough


def test_members_are_newcomers_only_where_locals_run_out() -> None:
    roles = built(small(village__newcomer_share=1.0)).column("roles")
    assert ((roles & c.MEMBER) > 0).sum() == 16
    assert (roles & c.NEWCOMER).all()


def test_newcomers_come_in_the_share_that_is_asked_for() -> None:
    """Binomial of 20,000: within 4 standard errors of 0.3 (1.3 points); power above 99 % against 0.325."""
    n, share = 20_000, 0.3
    margin = 4 * np.sqrt(share * (1 - share) / n)
    assert binom.sf(n * (share + margin), n, 0.325) > 0.99
    newcomers = (built(small(village__households=n)).column("roles") & c.NEWCOMER) > 0
    assert abs(newcomers.mean() - share) < margin


def test_predisposition_is_normal_with_its_shifts() -> None:
    """Mean and standard deviation of 20,000 within 4 standard errors: sd/sqrt(n) and sd/sqrt(2n).

    So a shift of 0.06 (8 standard errors) or a spread wrong by 4 % would be found with power above 99 %.
    """
    n = 20_000
    state = built(small(
        village__households=n, household__predisposition=-1.5, household__predisposition_sd=1.2,
        household__newcomer_gap=-0.5, household__member_bonus=0.75,
    ))  # fmt: skip
    roles, a = state.column("roles"), state.column("predisposition")
    rest = a + 1.5 + 0.5 * ((roles & c.NEWCOMER) > 0) - 0.75 * ((roles & c.MEMBER) > 0)
    assert abs(rest.mean()) < 4 * 1.2 / np.sqrt(n)
    assert abs(rest.std() / 1.2 - 1) < 4 / np.sqrt(2 * n)
    assert abs(((rest / 1.2) ** 4).mean() - 3) < 4 * np.sqrt(96 / n)  # the fourth moment tells it from a uniform (1.8)


def test_starting_trust_and_clutter_lie_in_their_ranges() -> None:
    state = built(small(household__trust_start=0.4, household__trust_spread=0.2, household__clutter_start=12.0))
    trust, clutter, roles = state.column("trust"), state.column("clutter"), state.column("roles")
    assert 0.2 <= trust.min() < 0.22 < 0.58 < trust.max() <= 0.6
    others = clutter[(roles & c.MEMBER) == 0]
    assert 6.0 <= others.min() < 6.5 < 17.5 < others.max() <= 18.0
    assert (state.column("clean") == (clutter <= small().household.clean_below)).all()


def test_years_in_the_party_are_the_members_and_span_1_to_54() -> None:
    state = built(load_scenario("baseline", {"village.party_members": 1000}))
    years, member = state.column("party_years"), (state.column("roles") & c.MEMBER) > 0
    assert (years[~member] == 0).all()
    assert years[member].min() == 1
    assert years[member].max() == 54
    # uniform: the mean of 1000 within 4 standard errors (54/sqrt(12)/sqrt(1000)) of 27.5
    assert abs(years[member].mean() - 27.5) < 4 * 54 / np.sqrt(12_000)


TRAITS = ("predisposition", "trust", "clutter", "attachment", "party_years", "plot", "public_plot", "neighbours",
          "ties")  # fmt: skip


@pytest.mark.parametrize(
    ("key", "bit"),
    [
        ("village.volunteers", c.VOLUNTEER | c.STANDING),
        ("village.party_members", c.MEMBER),
        ("village.worthies", c.WORTHY),
    ],
)
@pytest.mark.parametrize("seed", [0, 5])
def test_one_more_person_in_a_role_is_one_person_s_difference(key: str, bit: int, seed: int) -> None:
    """One household gets the role; nobody's traits or ties move, but for what the role itself brings."""
    bare = {"household.member_bonus": 0.0, "household.tidy_members": 0.0}
    before = built(load_scenario("baseline", {**SMALL, **bare, key: 20}), seed)
    after = built(load_scenario("baseline", {**SMALL, **bare, key: 21}), seed)
    changed = np.flatnonzero(before.column("roles") != after.column("roles"))
    assert changed.size == 1
    assert after.column("roles")[changed[0]] ^ before.column("roles")[changed[0]] == bit
    for name in TRAITS:
        same = before.column(name) == after.column(name)
        if key == "village.party_members" and name == "party_years":
            same[changed] = True
        assert same.all(), name
    assert np.array_equal(before.tie, after.tie)


# villages ------------------------------------------------------------------------------------------------------------

LEVERS = [
    {"kind": "household_contact", "stop": 20},
    {"kind": "role_model", "who": {"group": "member", "share": 0.5}},
    {"kind": "donation", "yuan": 60_000},
    {"kind": "volunteer_team", "who": {"group": "local", "count": 9}},
]


def town(*names: str) -> Simulation:
    own = [{"name": name, "households": 150 + 10 * (sum(name.encode()) % 4)} for name in names]
    busy = {"household.predisposition": -1.0, "village.heterogeneity": 1.0}
    scenario = load_scenario("baseline", [SMALL, busy, {"villages": own}, {"interventions": LEVERS}])
    simulation = Simulation(scenario, 7, 2, 30)
    simulation.advance(30)
    return simulation


def village_of(simulation: Simulation, name: str) -> dict[str, Array]:
    """Return all that there is of a village, numbers that count through the world counted from its first."""
    v = [village.name for village in simulation.scenario.villages].index(name)
    state = simulation.state
    row = state.village_i64[:, v]
    here = slice(int(row[c.FIRST]), int(row[c.STOP]))
    found = {column.name: state.column(column.name)[here] for column in COLUMNS}
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


# the columns ---------------------------------------------------------------------------------------------------------


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
    assert len({(column.block, column.row) for column in COLUMNS}) == len(COLUMNS)
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
    assert all(column.unit and column.meaning for column in COLUMNS)
    state = built(small())
    for block in ("f64", "i32", "u8"):
        assert getattr(state, block).shape[0] == len([column for column in COLUMNS if column.block == block])


def test_too_many_ties_are_refused_rather_than_miscounted() -> None:
    """Degrees are bytes; 250 households with 50 proposals each stay below 256, so the limit is met by a big clique."""
    with pytest.raises(ValueError, match="at most 255"):
        Simulation(load_scenario("baseline", {"village.households": 400, "village.party_members": 16}).model_copy(
            update={"villages": (_sociable(),)}
        ))  # fmt: skip


def _sociable() -> Any:
    village = load_scenario("baseline", {"village.households": 400, "village.party_members": 16}).villages[0]
    return village.model_copy(update={"ties": village.ties.model_copy(update={"local": 300, "newcomer": 300})})
