"""With every named value set at random, in villages that differ: running counts are recounts, money and disputes are
conserved, shares are shares, and the order in which villages are listed changes no byte."""

from __future__ import annotations

from typing import Any

import numpy as np
from any_intervention import Told, recounted_ties, told, world
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.simulation import Simulation
from sim.engine.tallies import row as tally
from sim.engine.tallies import rows as tallies
from sim.engine.world import columns as c
from sim.interventions import GIFT_USES, NAMED_VALUES, Effect, Gift, Outsiders, Who

# A range for each value that isn't a share of 0 to 1.
RANGES = {
    "contact_time": (-1.0, 5.0), "volunteer_time": (0.0, 12.0), "match": (0.0, 3.0), "list_time": (0.0, 2.0),
    "other_tasks": (-1.0, 1.5), "worthy_time": (0.0, 6.0), "representative_time": (0.0, 6.0), "cadre_time": (0.0, 20.0),
    "recruitment": (0.0, 50.0), "plaques": (0.0, 5.0), "bonds": (0.0, 4.0), "small_capacity": (0.0, 3.0),
    "large_capacity": (0.0, 3.0), "plot_time": (0.0, 60.0), "charter_weight": (0.0, 3.0), "contractor_time": (0.0, 90.0),
    "consent_burden": (-2.0, 3.0), "meeting": (-0.5, 0.5), "reassurance": (0.0, 0.3), "belonging": (0.0, 0.3),
}  # fmt: skip
CHOSEN = {
    "contact_time": "member", "message": "member", "unwilling_first": "everyone", "example": "everyone",
    "volunteer_time": "everyone", "volunteer_message": "everyone", "served": "newcomer", "list_time": "floating_member",
    "skill": "member", "worthy_time": "worthy", "representative_time": "representative", "reassurance": "newcomer",
    "belonging": "everyone",
}  # fmt: skip
VILLAGES = [
    {"name": "a", "households": 120, "floating_members": 3}, {"name": "b", "households": 200, "volunteers": 9},
    {"name": "c", "households": 60, "party_members": 4, "floating_members": 6, "newcomer_share": 0.7},
]  # fmt: skip
LIVELY = {
    "household__climb_rate": 0.5, "household__slip_rate": 0.3, "household__predisposition": -0.8,
    "household__talk": 0.3, "household__give_probability": 0.5, "public__dispute_rate": 0.5, "public__join_rate": 0.05,
    "public__leave_rate": 0.5, "public__fatigue": 0.05, "public__worthy_gives": 0.3, "public__work_yuan": 3000.0,
    "public__amenity_relapse": 0.1, "village__willing_share": 0.4, "village__contact__fear": 0.3,
    "village__contact__message": 0.1, "village__representatives": 7,
}  # fmt: skip
WEEKS = 24


@st.composite
def programmes(draw: st.DrawFn) -> tuple[Told, ...]:
    """Draw an intervention for each named value, some for chosen households, half rolled out; and money for every use."""
    interventions: list[Told] = []
    for value in NAMED_VALUES:
        amount = draw(st.floats(*RANGES.get(value, (0.0, 1.0))))
        who: Any = None
        if value == "cadre_time":
            who = Outsiders(draw(st.integers(0, 4)))
        elif value in CHOSEN and (value.endswith("_time") or draw(st.booleans())):
            who = Who(group=CHOSEN[value], share=draw(st.sampled_from([0.5, 1.0])))  # type: ignore[arg-type]
        when = {"start": draw(st.integers(0, 8)), "ramp": draw(st.sampled_from([0, 5]))}
        interventions.append(told(Effect(value, amount, who, draw(st.sampled_from([0, 1, 4]))), name=value, **when))
    gifts = tuple(Gift(use, draw(st.floats(0, 30_000))) for use in GIFT_USES)
    interventions.append(told(name="gifts", given=gifts))
    rolled = tuple(intervention.name for intervention in interventions[:: draw(st.sampled_from([1, 2]))])
    spread = (draw(st.floats(0, 1)), draw(st.floats(-0.2, 0.2)), draw(st.sampled_from([0.0, 1.0])), 6.0)
    interventions.append(told(name="rollout", to=rolled, spread=spread, planned=((draw(st.integers(0, 3)), 2),)))
    return tuple(interventions)


def in_sight(simulation: Simulation, v: int) -> Any:
    """Return the clean yards in sight of each household of a village, counted on its grid."""
    s = simulation.state
    row = s.village_i64[:, v]
    rows, columns, sight = row[[c.PLAN_ROWS, c.PLAN_COLUMNS, c.SIGHT]]
    plan = s.plan[row[c.PLAN_FIRST] : row[c.PLAN_FIRST] + rows * columns].reshape(rows, columns)
    clean = np.pad(np.where(plan >= 0, s.column("clean")[np.maximum(plan, 0)], 0), sight)
    around = sum(
        clean[r : r + rows, k : k + columns] for r in range(2 * sight + 1) for k in range(2 * sight + 1)
        if (r, k) != (sight, sight)
    )  # fmt: skip
    return np.asarray(around).ravel()[s.column("plot")[row[c.FIRST] : row[c.STOP]]]


def check(simulation: Simulation) -> None:
    """Hold a simulation to what must be true after any week."""
    s, p, week = simulation.state, simulation.scenario.household, simulation.week - 1
    counts = simulation.counts[week]
    for v, row in enumerate(s.village_i64.T):
        here = slice(row[c.FIRST], row[c.STOP])
        roles, clean = s.column("roles")[here].astype(int), s.column("clean")[here].astype(int)
        cells = 8 * (roles & (c.NEWCOMER | c.MEMBER)) + 2 * s.column("rung")[here] + clean
        cells = np.bincount(cells, minlength=c.CELLS)
        assert np.array_equal(row[c.CELL : c.CELL + c.CELLS], cells)
        assert np.array_equal(counts[v, tallies("households")], cells)
        assert np.array_equal(s.column("clean_neighbours")[here], in_sight(simulation, v))
        assert counts[v, tally("volunteers")] == ((roles & c.VOLUNTEER) > 0).sum()
        assert counts[v, tally("reached")] == s.column("reached")[here].sum()
        assert counts[v, tally("contact_seconds")] == counts[v, tally("visits")] * row[c.VISIT_SECONDS]
        near = s.column("public_plot")[here]
        plots = slice(row[c.PUBLIC_FIRST], row[c.PUBLIC_STOP])
        cluttered = np.bincount(near[clean == 0] - row[c.PUBLIC_FIRST], minlength=simulation.public_plots(v))
        assert np.array_equal(s.public_i32[c.PUBLIC_CLUTTERED, plots], cluttered)
        assert s.public_i32[c.PUBLIC_SMALL, plots].sum() == counts[v, tally("small_open")]
        assert s.public_i32[c.PUBLIC_LARGE, plots].sum() == counts[v, tally("large_open")]
    assert np.array_equal(s.column("clean") > 0, s.column("clutter") <= p.clean_below)
    ties, adopted = recounted_ties(simulation)
    assert np.array_equal(s.column("ties"), ties)
    assert np.array_equal(s.column("adopted_ties"), adopted)
    for name in ("trust", "habit", "attachment", "passivity", "award"):
        assert ((s.column(name) >= 0) & (s.column(name) <= 1)).all(), name
    assert (s.column("rung") <= 3).all()
    assert ((s.column("persuasion") >= 0) & (s.column("persuasion") <= p.persuasion_cap)).all()
    assert ((s.column("clutter") >= 0) & (s.column("clutter") <= p.clutter_cap)).all()
    cleanliness = s.public_f64[c.PUBLIC_CLEANLINESS]
    assert ((cleanliness >= 0) & (cleanliness <= 1 + 1e-12)).all()
    assert ((s.team_f64 >= 0) & (s.team_f64 <= 1)).all()
    assert ((s.village_f64[[c.ATTENTION, c.BURDEN]] >= 0) & (s.village_f64[[c.ATTENTION, c.BURDEN]] <= 1)).all()
    assert ((s.village_f64[c.EFFORT] >= 0) & (s.village_f64[c.EFFORT] <= 2)).all()
    for array in (s.f64, s.public_f64, s.team_f64, s.village_f64, simulation.totals):
        assert np.isfinite(array).all()
    assert (counts >= 0).all()
    so_far = simulation.counts[: week + 1].sum(axis=0)
    uses = len(GIFT_USES)
    in_hand = s.village_i64[c.FUND : c.FUND + uses].T
    assert (in_hand >= 0).all()
    assert np.array_equal(so_far[:, tallies("given")], so_far[:, tallies("spent")] + in_hand)
    for size in ("small", "large"):
        arisen, settled = so_far[:, tally(f"{size}_arisen")], so_far[:, tally(f"{size}_settled")]
        assert np.array_equal(arisen - settled, counts[:, tally(f"{size}_open")])


@settings(max_examples=15, deadline=None)
@given(programmes(), st.integers(0, 2**32))
def test_running_counts_are_recounts_and_nothing_gets_lost(interventions: tuple[Told, ...], seed: int) -> None:
    simulation = Simulation(world(*interventions, villages=VILLAGES, weeks=WEEKS, **LIVELY), seed, 0, WEEKS)
    for _ in range(WEEKS):
        simulation.advance(1)
        check(simulation)


def of_village(simulation: Simulation, name: str) -> dict[str, bytes]:
    """Return all that a simulation holds about a village, but where it lies among the others."""
    s = simulation.state
    v = [village.name for village in simulation.scenario.villages].index(name)
    row = s.village_i64[:, v]
    here, plots = slice(row[c.FIRST], row[c.STOP]), slice(row[c.PUBLIC_FIRST], row[c.PUBLIC_STOP])
    lists, team = slice(row[c.LISTS_FIRST], row[c.LISTS_STOP]), slice(row[c.TEAM_FIRST], row[c.TEAM_STOP])
    same = [k for k in range(s.i32.shape[0]) if k not in (c.PUBLIC_PLOT, c.LIST)]
    parts = {
        "f64": s.f64[:, here], "i32": s.i32[same][:, here], "u8": s.u8[:, here], "public_i32": s.public_i32[:, plots],
        "public_f64": s.public_f64[:, plots], "lists": s.lists[[c.LIST_SECONDS, c.LIST_HELPER], lists],
        "team": s.team_i32[c.TEAM_NEXT :, team], "fatigue": s.team_f64[:, team], "row": row[c.ROUTINE_SECONDS :],
        "floats": s.village_f64[:, v], "counts": simulation.counts[:, v], "totals": simulation.totals[:, v],
    }  # fmt: skip
    return {part: array.tobytes() for part, array in parts.items()}


@settings(max_examples=10, deadline=None)
@given(programmes(), st.integers(0, 2**32), st.permutations(VILLAGES))
def test_the_order_of_villages_changes_no_byte(interventions: tuple[Told, ...], seed: int, order: list[Any]) -> None:
    found = []
    for villages in (VILLAGES, order):
        simulation = Simulation(world(*interventions, villages=villages, weeks=WEEKS, **LIVELY), seed, 0, WEEKS)
        simulation.advance(WEEKS)
        found.append(simulation)
    for village in VILLAGES:
        one, other = (of_village(simulation, str(village["name"])) for simulation in found)
        assert [part for part in one if one[part] != other[part]] == []


def test_every_named_value_is_tried() -> None:
    assert set(RANGES) | set(CHOSEN) <= set(NAMED_VALUES)
