"""The decision and the pass over households: one draw, a rung at a time, on the state at the phase's start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from calling import from_python
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from quiet import QUIET

from sim.engine import tallies as t
from sim.engine.mechanisms import decision
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.numerics import draws
from sim.scenario import load_scenario

phase_key, uniform = from_python(draws.phase_key), from_python(draws.uniform)
largest_term, tipping_term = from_python(decision.largest_term), from_python(decision.tipping_term)
SMALL = {**QUIET, "village.households": 200, "village.party_members": 16, "village.volunteers": 4}


def lively(**values: Any) -> Simulation:
    merged = {**SMALL, "household.predisposition": 0.0, "household.slip_rate": 0.4}
    merged |= {key.replace("__", "."): value for key, value in values.items()}
    return Simulation(load_scenario("baseline", merged), 8, 1, 40)


def score(simulation: Simulation) -> np.ndarray[Any, Any]:
    """Return V by the equation of the model's description, from the columns at the end of a week (no help is offered)."""
    s, p = simulation.state, simulation.scenario.household
    ratio = {name: s.column(top) / np.maximum(1, s.column(bottom)) for name, top, bottom in (
        ("n", "clean_neighbours", "neighbours"), ("k", "adopted_ties", "ties"))}  # fmt: skip
    public = s.public_f64[c.PUBLIC_CLEANLINESS][s.column("public_plot")]
    return np.asarray(
        s.column("predisposition") + p.neighbours * ratio["n"] + p.kin * ratio["k"] * (s.column("rung") == 0)
        + p.surroundings * public + p.trust * (s.column("trust") - 0.5) - p.effort * s.column("clutter") / 10
        - p.passivity * s.column("passivity") + p.awards * s.column("award") + s.column("persuasion")
    )  # fmt: skip


@pytest.mark.parametrize("households", [200, 2 * draws.BLOCK + 77])
def test_every_climb_and_slip_is_the_equation_s_with_the_household_s_own_draw(households: int) -> None:
    """An independent twin in NumPy of the whole decision: for 39 weeks it foretells every household's next rung.

    Nothing else may move between the weeks' ends: public plots stand still, nobody visits about the yard, talks, helps
    or gives. A household whose draw lies within 1e-9 of the edge could fall either way by rounding; none does.
    """
    simulation = lively(public__plot_drift=0.0, household__talk=0.0, household__give_probability=0.0,
                        village__volunteers=0, village__households=households)  # fmt: skip
    s, p = simulation.state, simulation.scenario.household
    theta = np.array([0.0, p.threshold_help, p.threshold_initiate, np.inf])
    moves = 0
    for week in range(39):
        rung, v, habit = s.column("rung").astype(int), score(simulation), s.column("habit").copy()
        key = phase_key(*draws.village_key(8, 1, "village"), week, draws.DECISION)
        u = np.array([uniform(key, i, 0) for i in range(households)])
        with np.errstate(over="ignore"):
            up = u < p.climb_rate / (1 + np.exp(theta[rung] - v))
            down = (rung > 0) & (1 - u < p.slip_rate / (1 + np.exp(v + p.habit * habit - theta[rung - 1])))
        assert not (up & down).any()
        simulation.advance()
        assert np.array_equal(s.column("rung"), rung + up - down)
        moves += (up | down).sum()
    assert moves > 500


@pytest.mark.parametrize("seed", range(3))
def test_a_push_for_all_leaves_nobody_lower_in_the_first_week(seed: int) -> None:
    """Common random numbers: with the same draws, more predisposition means the same rung or a higher one."""
    rungs = []
    for a in (-1.0, 0.0, 0.7):
        merged = {**SMALL, "household.predisposition": a}
        simulation = Simulation(load_scenario("baseline", merged), seed, 0, 1)
        simulation.state.column("rung")[:] = np.arange(200) % 4
        simulation.advance()
        rungs.append(simulation.state.column("rung").astype(int))
    assert (rungs[0] <= rungs[1]).all()
    assert (rungs[1] <= rungs[2]).all()
    assert (rungs[0] < rungs[2]).any()


def test_phases_are_synchronous() -> None:
    """Households decide on the state at the phase's start: a yard that turns clean moves nobody else in the same week.

    Twins differ in one household only, which clears its yard this week in one of them; all others' rungs are the same
    after this week's decision, and its neighbours' are free to differ later.
    """
    pair = []
    for rung in (0, 3):
        simulation = lively(household__neighbours=20.0, household__talk=0.0)
        simulation.state.column("clutter")[100] = 2.1
        simulation.state.column("rung")[100] = rung
        simulation.state.column("predisposition")[100] = -500.0  # the one at the bottom stays there
        simulation.advance()
        pair.append((simulation.state.column("rung").copy(), simulation.state.column("clean").copy()))
    others = np.arange(200) != 100
    assert np.array_equal(pair[0][0][others], pair[1][0][others])
    assert pair[0][1][100] == 0
    assert pair[1][1][100] == 1


PARAMETERS = lively(household__climb_rate=0.8, household__slip_rate=0.1).parameters


@settings(max_examples=300, deadline=None)
@given(
    st.floats(0, 1, exclude_max=True), st.floats(-4, 4),
    st.lists(st.one_of(st.just(0.0), st.floats(0, 3)), min_size=8, max_size=8),
)  # fmt: skip
def test_the_tipping_term_is_the_largest_that_the_climb_needed(u: float, alone: float, terms: list[float]) -> None:
    """By the definition: predisposition if it does alone, else the largest term without which there is no climb.

    Where every single term could be missed it is "several". Scores within 1e-9 of the edge may fall either way.
    """
    rate = PARAMETERS.climb_rate
    excess = alone + sum(terms)

    def climbs(score: float) -> bool:
        return u * (1 + np.exp(-score)) < rate

    scores = [excess, alone, *(excess - term for term in terms)]
    assume(climbs(excess) and all(climbs(x - 1e-9) == climbs(x + 1e-9) for x in scores))
    needed = [k for k in range(8) if terms[k] > 0 and not climbs(excess - terms[k])]
    expected = 0 if climbs(alone) else max(needed, key=lambda k: (terms[k], -k)) + 1 if needed else 9
    assert tipping_term(u, rate, *largest_term(excess, tuple(terms))) == expected


def test_climbs_that_nothing_but_predisposition_made_are_put_down_to_it() -> None:
    simulation = lively(**{f"household__{weight}": 0.0 for weight in (
        "neighbours", "kin", "surroundings", "trust", "giving", "awards", "talk")}, village__volunteers=0)  # fmt: skip
    simulation.advance(20)
    climbs = simulation.counts[:, 0, t.rows("climbs")].sum(axis=0)
    assert climbs[0] == climbs.sum() > 100


def test_offered_hands_lighten_the_effort() -> None:
    """+ b_C min(C, hands) / 10: with hands for all of it V is as if the yard were clear (5 logit more here).

    The week's climbs are binomial at the two scores; 4.5 standard errors; the scores' odds differ 148-fold.
    """
    n = 4000
    for offered in (0, 1):
        merged = {**SMALL, "village.households": n, "village.volunteers": 0, "household.predisposition": 0.0,
                  "household.climb_rate": 1.0, "household.slip_rate": 0.0, "household.effort": 5.0,
                  "household.predisposition_sd": 0.0, "household.newcomer_gap": 0.0, "household.member_bonus": 0.0,
                  "household.neighbours": 0.0, "household.surroundings": 0.0, "household.trust": 0.0,
                  "public.hands_per_call": 10.0}  # fmt: skip
        simulation = Simulation(load_scenario("baseline", merged), 3, 0, 1)
        simulation.state.column("clutter")[:] = 10.0
        simulation.state.column("free_calls")[:] = offered
        simulation.advance()
        p = 1 / (1 + np.exp(-5.0 * (offered - 1)))
        climbed = (simulation.state.column("rung") > 0).sum()
        assert abs(climbed - n * p) < 4.5 * np.sqrt(n * p * (1 - p))
        assert (simulation.counts[0, 0, t.row("climbs_help")] > 0) == bool(offered)
