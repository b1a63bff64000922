"""Levers: absence at strength 0, who, where, when and how strongly; what a lever must leave alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine import tallies as t
from sim.engine.programme import reached_villages
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.interventions import KINDS
from sim.scenario import Scenario, load_scenario

SMALL = {"village.households": 200, "village.party_members": 16, "village.volunteers": 4}
LIVELY = {"household.predisposition": -1.2, "village.contact.message": 0.2}
WEEKS = 30
# A lever's block is laid over its defaults, so a use that isn't named keeps the default's share.
NOTHING = {"works": 0.0, "hauling": 0.0, "awards": 0.0, "charity": 0.0}
CHARITY = {**NOTHING, "charity": 1.0}
SHAPES: dict[str, list[dict[str, Any]]] = {
    "household_contact": [{}, {"time_factor": 4.0, "unwilling_first": 1.0}, {"time_factor": 0.0, "message": 0.3},
                          {"who": {"group": "member", "share": 0.5}}],
    "role_model": [{"who": {"group": "member", "min_years_in_party": 0}}, {"extra_time": 2.0}, {"message": 0.0},
                   {"who": {"group": "everyone", "min_years_in_party": 0, "count": 40}}],
    "donation": [{}, {"uses": CHARITY}, {"match": 1.0}, {"transparency": 0.0},
                 {"uses": {**NOTHING, "hauling": 0.5, "awards": 0.5}, "who": {"group": "newcomer"}}],
    "volunteer_team": [{}, {"who": {"group": "everyone", "count": 9}, "hours": 8.0}, {"message": 0.0},
                       {"who": {"group": "volunteer"}}],
}  # fmt: skip
TIMES: list[dict[str, Any]] = [{}, {"start": 5, "stop": 11}, {"ramp": 10, "where": {"share": 0.5}}]
CASES = [(kind, keys, time) for kind, shapes in SHAPES.items() for keys in shapes for time in TIMES]


def scenario(*levers: dict[str, Any], **more: Any) -> Scenario:
    extra = {key: value for key, value in more.items() if key == "villages"}
    return load_scenario("baseline", [{**SMALL, **LIVELY}, {"interventions": list(levers)}, extra])


def after(what: Scenario, weeks: int = WEEKS, seed: int = 1) -> Simulation:
    simulation = Simulation(what, seed, 0, weeks)
    simulation.advance(weeks)
    return simulation


def content(simulation: Simulation) -> dict[str, bytes]:
    """Return everything that a simulation holds: the record and every array of its state."""
    found = {"counts": simulation.counts.tobytes(), "totals": simulation.totals.tobytes()}
    return found | {name: array.tobytes() for name, array in simulation.state._asdict().items()}


@pytest.fixture(scope="module")
def untouched() -> dict[str, bytes]:
    return content(after(scenario()))


def test_the_levers_tried_here_exist() -> None:
    """The others have files of their own in tests/interventions/, and test_every_intervention.py there tries them all."""
    assert set(SHAPES) < set(KINDS)


@pytest.mark.parametrize(("kind", "keys", "time"), CASES)
def test_strength_0_is_absence_bit_for_bit(
    kind: str, keys: dict[str, Any], time: dict[str, Any], untouched: dict[str, bytes]
) -> None:
    cost = {"cost": {"yuan_once": 100.0, "yuan_per_week": 10.0, "hours_per_week": 3.0}}
    assert content(after(scenario({"kind": kind, "strength": 0.0, **keys, **time, **cost}))) == untouched


@pytest.mark.parametrize(("kind", "keys", "time"), CASES)
def test_full_strength_is_not_absence(
    kind: str, keys: dict[str, Any], time: dict[str, Any], untouched: dict[str, bytes]
) -> None:
    """Or the test above would say nothing. Where only a share of villages is reached, the one village here may be left
    out, which is then absence in the record, bit for bit."""
    simulation = after(scenario({"kind": kind, **keys, **time}))
    reached = reached_villages(simulation.scenario.interventions[0], simulation.scenario, 1, 0)[0]
    assert (content(simulation)["counts"] != untouched["counts"]) == bool(reached)


@pytest.mark.parametrize(
    ("kind", "keys"),
    [(kind, keys) for kind, shapes in SHAPES.items() for keys in shapes
     if "match" not in keys and keys.get("who", {}).get("group") != "volunteer"],
)  # fmt: skip
def test_a_strength_of_1e_300_is_next_to_absence(kind: str, keys: dict[str, Any]) -> None:
    """No draw is below 1e-300, no second and no fen comes of it: all counts stay but that of active volunteers.

    A volunteer of no time at all counts as active (and tires), so that number is left out, and teams of standing
    volunteers too. A match is left out for the reason that the next test gives.
    """
    # Volunteers without a lever may be drawn into a team as well; they would tire, so here there are none.
    bare = {"village.volunteers": 0, "village.willing_share": 0.0}
    pair = []
    for strength in (0.0, 1e-300):
        lever = {"kind": kind, "strength": strength, **keys}
        what = load_scenario("baseline", [{**SMALL, **LIVELY, **bare}, {"interventions": [lever]}])
        counts = after(what).counts.copy()
        counts[:, :, t.row("volunteers")] = 0
        pair.append(counts)
    assert np.array_equal(*pair)


def test_a_tiny_match_is_next_to_none() -> None:
    """A match of 1e-300 yuan on the yuan must not make people give as if it were a match of 1."""
    pair = []
    for strength in (0.0, 1e-300):
        lever = {"kind": "donation", "match": 1.0, "strength": strength}
        keen = {"household.give_probability": 0.5, "household.match_response": 1.0, "household.predisposition": 2.0}
        pair.append(after(load_scenario("baseline", [{**SMALL, **keen}, {"interventions": [lever]}])).counts.copy())
    assert pair[0][:, 0, t.row("given_by_households")].sum() > 0
    assert np.array_equal(*pair)


# when ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (3, 9), (7, None)])
def test_a_lever_works_from_its_first_week_to_the_one_before_its_stop(start: int, stop: int | None) -> None:
    """Messages are spoken in exactly those weeks (no other lever, and routine visits speak of other things)."""
    lever = {"kind": "household_contact", "start": start, **({} if stop is None else {"stop": stop})}
    what = load_scenario("baseline", [SMALL, {"interventions": [lever]}])
    spoken = after(what, 20).counts[:, 0, t.row("messages")] > 0
    assert np.flatnonzero(spoken).tolist() == list(range(start, 20 if stop is None else stop))


def test_before_its_start_a_lever_changes_nothing(untouched: dict[str, bytes]) -> None:
    """Weeks before the start are the baseline's, bit for bit, even though the lever's choice is drawn at the start."""
    for kind, shapes in SHAPES.items():
        late = after(scenario({"kind": kind, "start": 12, **shapes[0]}))
        early = np.frombuffer(untouched["counts"], np.int64).reshape(late.counts.shape)
        assert np.array_equal(late.counts[:12], early[:12])
        if kind == "donation":
            assert (late.counts[12:, 0, t.rows("given")].sum(axis=1) > 0).all()


def test_a_horizon_is_no_event() -> None:
    """Running 30 weeks at once, in two parts or beyond the tables' end gives the same record."""
    levers = [{"kind": kind, **SHAPES[kind][0]} for kind in SHAPES]
    whole = after(scenario(*levers))
    for parts in ([10, 20], [1] * 30):
        simulation = Simulation(scenario(*levers), 1, 0, 10)
        for weeks in parts:
            simulation.advance(weeks)
        assert simulation.counts[:30].tobytes() == whole.counts.tobytes()
        assert simulation.totals[:30].tobytes() == whole.totals.tobytes()


@pytest.mark.parametrize("ramp", [0, 1, 4, 9])
def test_a_ramp_grows_in_equal_steps(ramp: int) -> None:
    """In week k of a ramp of r, who follows an example is who follows at strength (k + 1) / r: exact."""
    who = {"group": "everyone", "min_years_in_party": 0}

    def followers(strength: float, ramp: int, week: int) -> np.ndarray[Any, Any]:
        lever = {"kind": "role_model", "who": who, "strength": strength, "ramp": ramp}
        return after(scenario(lever), week + 1).state.column("exemplar").copy()

    for week in (0, 1, 2, 3, 8, 11):
        share = min(1.0, (week + 1) / max(1, ramp))
        found = followers(0.8, ramp, week)
        assert np.array_equal(found, followers(0.8 * share, 0, 0))
        assert abs(found.mean() - 0.8 * share) < 4.5 * np.sqrt(0.25 / 200)


def test_costs_are_those_stated() -> None:
    """Yuan once in the first week, yuan and hours a week at intensity, in each village reached; exact in fen."""
    cost = {"yuan_once": 1000.0, "yuan_per_week": 200.0, "hours_per_week": 10.0}
    lever = {"kind": "role_model", "start": 2, "stop": 8, "ramp": 4, "cost": cost, "where": {"villages": ["b"]}}
    simulation = after(scenario(lever, villages=[{"name": "a"}, {"name": "b"}]), 10)
    steps = [0, 0, 0.25, 0.5, 0.75, 1, 1, 1, 0, 0]
    fen = [round(100 * (200 * s + (1000 if week == 2 else 0))) for week, s in enumerate(steps)]
    assert simulation.counts[:, 1, t.row("programme_fen")].tolist() == fen
    assert simulation.counts[:, 1, t.row("programme_seconds")].tolist() == [int(36_000 * s) for s in steps]
    assert not simulation.counts[:, 0, [t.row("programme_seconds"), t.row("programme_fen")]].any()


# where ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(SHAPES))
def test_a_lever_touches_only_the_villages_named(kind: str) -> None:
    villages = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    bare = after(scenario(villages=villages))
    there = after(scenario({"kind": kind, **SHAPES[kind][0], "where": {"villages": ["b"]}}, villages=villages))
    for v in (0, 2):
        assert there.counts[:, v].tobytes() == bare.counts[:, v].tobytes()
        assert there.totals[:, v].tobytes() == bare.totals[:, v].tobytes()
    assert there.counts[:, 1].tobytes() != bare.counts[:, 1].tobytes()


def test_a_share_of_villages_is_drawn_and_nested() -> None:
    """Of 400 villages 0.3 within 4 standard errors; greater shares keep who is in; power 99 % against 0.5."""
    what = load_scenario("baseline", [
        {"village.households": 10, "village.party_members": 1, "village.volunteers": 10, "village.representatives": 10},
        {"villages": [{"name": "v", "copies": 400}]},
        {"interventions": [{"kind": "role_model", "name": "x"}, {"kind": "role_model", "name": "y"}]},
    ])  # fmt: skip
    lever, other = what.interventions

    def reached(item: Any, share: float, seed: int = 0) -> np.ndarray[Any, Any]:
        where = item.where.model_copy(update={"share": share})
        return reached_villages(item.model_copy(update={"where": where}), what, seed, 0)

    in_three, in_six = reached(lever, 0.3), reached(lever, 0.6)
    assert abs(in_three.mean() - 0.3) < 4 * np.sqrt(0.21 / 400)
    assert (in_three <= in_six).all()
    assert reached(lever, 1.0).all()
    assert not reached(lever, 0.0).any()
    assert (reached(other, 0.3) != in_three).any()  # levers draw apart
    assert (reached(lever, 0.3, seed=1) != in_three).any()


# who -----------------------------------------------------------------------------------------------------------------


def chosen(who: dict[str, Any], name: str = "x", seed: int = 1) -> tuple[np.ndarray[Any, Any], c.State]:
    """Return which households a lever of example binds, and the state."""
    simulation = after(scenario({"kind": "role_model", "name": name, "who": {"min_years_in_party": 0, **who}}), 1, seed)
    return simulation.state.column("exemplar") > 0, simulation.state


@pytest.mark.parametrize(
    ("group", "bit"), [("newcomer", c.NEWCOMER), ("member", c.MEMBER), ("worthy", c.WORTHY), ("volunteer", c.STANDING)]
)
def test_a_group_is_everyone_with_the_role(group: str, bit: int) -> None:
    found, state = chosen({"group": group})
    assert np.array_equal(found, (state.column("roles") & bit) > 0)
    assert 0 < found.sum() < 200


def test_everyone_is_everyone_and_locals_are_no_newcomers() -> None:
    assert chosen({"group": "everyone"})[0].all()
    found, state = chosen({"group": "local"})
    assert np.array_equal(found, (state.column("roles") & c.NEWCOMER) == 0)


def test_years_in_the_party_narrow_the_choice() -> None:
    found, state = chosen({"group": "member", "min_years_in_party": 20})
    assert np.array_equal(found, ((state.column("roles") & c.MEMBER) > 0) & (state.column("party_years") >= 20))
    assert 0 < found.sum() < 16


def test_a_count_is_exact_and_nested_and_a_share_nested() -> None:
    nine, _ = chosen({"group": "local", "count": 9})
    twenty, _ = chosen({"group": "local", "count": 20})
    assert nine.sum() == 9
    assert twenty.sum() == 20
    assert (nine <= twenty).all()
    assert chosen({"group": "member", "count": 99})[0].sum() == 16
    assert chosen({"group": "member", "count": 0})[0].sum() == 0
    third, _ = chosen({"group": "everyone", "share": 0.33})
    half, _ = chosen({"group": "everyone", "share": 0.5})
    assert (third <= half).all()
    assert abs(third.mean() - 0.33) < 4 * np.sqrt(0.25 / 200)


def test_levers_of_two_names_choose_apart() -> None:
    """Else two teams of 30 would be the same 30 people."""
    one, _ = chosen({"group": "everyone", "count": 30}, "x")
    other, _ = chosen({"group": "everyone", "count": 30}, "y")
    assert (one & other).sum() < 20  # 4.5 are expected of independent choices, 30 of the same


# what a lever leaves alone -------------------------------------------------------------------------------------------

YARDS = ("rung", "clutter", "clean", "habit", "passivity", "award", "persuasion", "trust", "clean_neighbours")


def test_charity_touches_no_yard_where_giving_has_no_weight() -> None:
    """Money for schools is recognised but clears nothing: with b_D = 0 every household is the same, bit for bit."""
    pair = []
    for levers in ([], [{"kind": "donation", "yuan": 1e6, "uses": CHARITY, "stop": 20}]):
        what = load_scenario("baseline", [{**SMALL, **LIVELY, "household.giving": 0.0}, {"interventions": levers}])
        pair.append(after(what))
    bare, given = pair
    assert given.counts[:, 0, t.row("given_charity")].sum() == 100_000_000
    assert (
        given.totals[:, 0, t.measure_row("recognised_giving")] > bare.totals[:, 0, t.measure_row("recognised_giving")]
    ).all()
    for name in YARDS:
        assert bare.state.column(name).tobytes() == given.state.column(name).tobytes()
    assert np.array_equal(bare.state.public_f64, given.state.public_f64)
    rest = [one.row for one in t.TALLIES.values() if not one.name.startswith(("given", "spent"))]
    assert np.array_equal(bare.counts[:, :, rest], given.counts[:, :, rest])


def test_giving_has_an_effect_once_it_has_a_weight() -> None:
    """The counterpart of the test above: the same gift with b_D = 5 makes households climb."""
    lever = {"kind": "donation", "yuan": 1e6, "uses": CHARITY}
    what = load_scenario("baseline", [{**SMALL, "household.giving": 5.0}, {"interventions": [lever]}])
    assert after(what).counts[:, 0, t.row("climbs_giving")].sum() > 20


def test_a_role_model_binds_nobody_else() -> None:
    """Members who aren't chosen, and everybody else, are no exemplars: what they see changes, not what binds them."""
    found, state = chosen({"group": "member", "share": 0.5})
    member = (state.column("roles") & c.MEMBER) > 0
    assert 0 < found.sum() < member.sum()
    assert not found[~member].any()
    bits = state.column("chosen") > 0
    assert np.array_equal(found, bits)


def test_contact_and_teams_bind_no_yard() -> None:
    for kind in ("household_contact", "volunteer_team", "donation"):
        assert not after(scenario({"kind": kind, **SHAPES[kind][0]})).state.column("exemplar").any()


@pytest.mark.parametrize("kind", list(SHAPES))
def test_a_lever_leaves_the_world_as_it_was_built(kind: str) -> None:
    """Predisposition, ties, plots, lists and attachment are nobody's to change; every kind, after 30 weeks."""
    bare, there = after(scenario()), after(scenario({"kind": kind, **SHAPES[kind][0]}))
    for name in ("predisposition", "attachment", "plot", "public_plot", "list", "neighbours", "ties", "party_years"):
        assert bare.state.column(name).tobytes() == there.state.column(name).tobytes(), name
    assert bare.state.tie.tobytes() == there.state.tie.tobytes()
