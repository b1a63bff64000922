"""The ladder at constant score: its stationary law, the pace of climbs and slips, and who is let climb at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from quiet import QUIET
from scipy.stats import chi2, ncx2

from sim.engine import tallies as t
from sim.engine.simulation import Simulation
from sim.scenario import Scenario, load_scenario

F64 = npt.NDArray[np.float64]
CONSTANT: dict[str, Any] = {
    **QUIET,
    "village.party_members": 1, "village.volunteers": 0, "village.worthies": 0, "village.heterogeneity": 0.0,
    "village.contact.message": 0.0,
    **{f"household.{weight}": 0.0 for weight in (
        "neighbours", "kin", "surroundings", "trust", "effort", "giving", "passivity", "awards", "habit", "talk",
        "newcomer_gap", "member_bonus", "predisposition_sd", "give_probability",
    )},
}  # fmt: skip


def constant(households: int, a: float, up: float, down: float, theta: tuple[float, float], **more: float) -> Scenario:
    return load_scenario("baseline", {
        **CONSTANT, "village.households": households, "household.predisposition": a, "household.climb_rate": up,
        "household.slip_rate": down, "household.threshold_help": theta[0], "household.threshold_initiate": theta[1],
        **{f"household.{key}": value for key, value in more.items()},
    })  # fmt: skip


def transitions(a: float, up: float, down: float, theta: tuple[float, float]) -> F64:
    """Return the weekly transition matrix of the rung at score a."""
    thresholds = (0.0, *theta)
    matrix = np.zeros((4, 4))
    for s in range(4):
        if s < 3:
            matrix[s, s + 1] = up / (1 + np.exp(thresholds[s] - a))
        if s > 0:
            matrix[s, s - 1] = down / (1 + np.exp(a - thresholds[s - 1]))
        matrix[s, s] = 1 - matrix[s].sum()
    return matrix


CASES = [(0.4, 0.42, 0.18, (0.7, 1.5)), (-0.6, 0.5, 0.5, (0.3, 0.8)), (1.8, 0.3, 0.25, (1.0, 2.3))]


@pytest.mark.parametrize(("a", "up", "down", "theta"), CASES)
def test_the_stationary_ladder_is_the_ratio_of_ups_to_downs(
    a: float, up: float, down: float, theta: tuple[float, float]
) -> None:
    """pi_(s+1) / pi_s = up_s / down_(s+1): 30,000 independent households after 120 weeks, chi-square with 3 df.

    Level 1e-4; by then the start is forgotten to within 1e-6. Power above 99 % against the score or the middle
    threshold 0.12 off, the upper one 0.3 off, and a rate 12 % off, computed below.
    """
    n, weeks = 30_000, 120
    matrix = transitions(a, up, down, theta)
    ratio = [matrix[s, s + 1] / matrix[s + 1, s] for s in range(3)]
    law = np.cumprod([1.0, *ratio]) / np.cumprod([1.0, *ratio]).sum()
    assert np.abs(np.linalg.matrix_power(matrix, weeks)[0] - law).max() < 1e-6
    limit = chi2.isf(1e-4, 3)
    for wrong in (
        transitions(a + 0.12, up, down, theta), transitions(a, 0.88 * up, down, theta),
        transitions(a, up, down, (theta[0] + 0.12, theta[1])), transitions(a, up, down, (theta[0], theta[1] + 0.3)),
    ):  # fmt: skip
        other = np.linalg.matrix_power(wrong, 400)[0]
        assert ncx2.sf(limit, 3, n * ((other - law) ** 2 / law).sum()) > 0.99
    simulation = Simulation(constant(n, a, up, down, theta), 5, 0, weeks)
    simulation.advance(weeks)
    found = np.bincount(simulation.state.column("rung"), minlength=4)
    assert ((found - n * law) ** 2 / (n * law)).sum() < limit


@pytest.mark.parametrize(("a", "up", "down", "theta"), CASES)
def test_the_way_to_the_stationary_ladder_is_the_chain_s_too(
    a: float, up: float, down: float, theta: tuple[float, float]
) -> None:
    """Shares on each rung after 1, 2, 4 and 8 weeks from the bottom, chi-square, level 1e-4 each.

    20,000 households; power above 99 % against a climb rate 12 % off after the first week, computed below.
    """
    n = 20_000
    matrix = transitions(a, up, down, theta)
    simulation = Simulation(constant(n, a, up, down, theta), 6, 0, 8)
    p, q = matrix[0, 1], 0.88 * matrix[0, 1]
    assert ncx2.sf(chi2.isf(1e-4, 1), 1, n * (p - q) ** 2 / (p * (1 - p))) > 0.99
    for week in (1, 2, 4, 8):
        simulation.advance(week - simulation.week)
        law = np.linalg.matrix_power(matrix, week)[0]
        found = np.bincount(simulation.state.column("rung"), minlength=4)
        kept = law > 0
        assert (found[~kept] == 0).all()  # a rung a week at most
        assert ((found - n * law)[kept] ** 2 / (n * law)[kept]).sum() < chi2.isf(1e-4, kept.sum() - 1)


def test_climbs_and_slips_are_counted_as_they_happen() -> None:
    """Net climbs are the rungs gained: exact, every week."""
    simulation = Simulation(constant(500, 0.4, 0.42, 0.4, (0.7, 1.5)), 1, 0, 30)
    before = simulation.state.column("rung").astype(int).sum()
    slips = 0
    for week in range(30):
        simulation.advance()
        climbed = simulation.counts[week, 0, t.rows("climbs")].sum()
        slipped = simulation.counts[week, 0, t.row("slips")]
        after = simulation.state.column("rung").astype(int).sum()
        assert climbed - slipped == after - before
        before, slips = after, slips + slipped
    assert slips > 100


def test_who_is_full_of_habit_does_not_slip() -> None:
    """eta H enters slips alone: with eta = 20 and H = 1 the odds are e**-20 lower, and nobody does.

    Without habit more than 100 of 1,000 do at once. Climbs stay the same, draw by draw, in the first week.
    """
    rungs = {}
    for eta in (0.0, 20.0):
        simulation = Simulation(constant(2000, -1.0, 0.2, 0.3, (0.7, 1.5), habit=eta, habit_growth=0.0), 2, 0, 1)
        simulation.state.column("rung")[:] = 3
        simulation.state.column("rung")[:1000] = 0
        simulation.state.column("habit")[:] = 1.0
        simulation.advance()
        rungs[eta] = simulation.state.column("rung").copy()
        if eta:
            assert simulation.counts[0, 0, t.row("slips")] == 0
        else:
            assert simulation.counts[0, 0, t.row("slips")] > 100
    assert np.array_equal(rungs[0.0][:1000], rungs[20.0][:1000])
    assert rungs[0.0][:1000].sum() > 0


def test_without_climbs_nobody_moves_and_without_slips_nobody_falls() -> None:
    still = Simulation(constant(300, 2.0, 0.0, 0.5, (0.7, 1.5)), 0, 0, 20)
    still.advance(20)
    assert not still.state.column("rung").any()
    rising = Simulation(constant(300, 1.0, 0.3, 0.0, (0.7, 1.5)), 0, 0, 20)
    before = rising.state.column("rung").copy()
    for _ in range(20):
        rising.advance()
        assert (rising.state.column("rung") >= before).all()
        before = rising.state.column("rung").copy()
    assert before.sum() > 300


@pytest.mark.parametrize(
    ("weight", "column", "value", "sign"),
    [("trust", "trust", 1.0, 1), ("trust", "trust", 0.0, -1), ("passivity", "passivity", 1.0, -1),
     ("awards", "award", 1.0, 1), ("effort", "clutter", 10.0, -1)],
)  # fmt: skip
def test_a_term_of_the_score_has_its_sign_and_size(weight: str, column: str, value: float, sign: int) -> None:
    """b_T (T - 1/2), -b_X X, b_R R, -b_C C/10: with weight 2 the first week's climbs are binomial at logistic of that.

    10,000 households and rate 1, within 4.5 standard errors (level 1e-5). Power: a weight 15 % off, or the term's half,
    is further than 9 standard errors away.
    """
    n = 10_000
    simulation = Simulation(constant(n, 0.0, 1.0, 0.0, (0.7, 1.5), **{weight: 2.0}), 9, 0, 1)
    for name in ("passivity", "award", "clutter"):
        simulation.state.column(name)[:] = 0.0
    simulation.state.column("trust")[:] = 0.5
    simulation.state.column(column)[:] = value
    simulation.parameters = simulation.parameters._replace(award_retention=1.0)
    simulation.advance()
    score = sign * (1.0 if weight == "trust" else 2.0)
    p = 1 / (1 + np.exp(-score))
    found = (simulation.state.column("rung") == 1).sum()
    error = np.sqrt(n * p * (1 - p))
    off = 1 / (1 + np.exp(-0.85 * score))
    assert abs(off - p) * n / error > 4.5
    assert abs(found - n * p) < 4.5 * error


def test_the_share_of_adopted_ties_counts_for_the_first_step_only() -> None:
    """b_K k [s = 0]: with k = 1 for all and b_K = 3, the bottom climbs at logistic(3), the next rung at logistic(0).

    Binomial, 4.5 standard errors; the two differ by 60.
    """
    n = 10_000
    simulation = Simulation(constant(n, 0.0, 1.0, 0.0, (0.0, 0.0), kin=3.0), 9, 0, 1)
    state = simulation.state
    state.column("rung")[: n // 2] = 1
    state.column("adopted_ties")[:] = state.column("ties")
    tied = state.column("ties") > 0
    before = state.column("rung").copy()
    simulation.advance()
    for rung, score in ((0, 3.0), (1, 0.0)):
        mine = (before == rung) & tied
        p = 1 / (1 + np.exp(-score))
        climbed = (state.column("rung")[mine] > rung).sum()
        assert abs(climbed - mine.sum() * p) < 4.5 * np.sqrt(mine.sum() * p * (1 - p))


def test_the_share_of_clean_yards_in_sight_counts_on_every_rung() -> None:
    """b_N n: with b_N = 2, all of the neighbours clean, or none; 4.5 standard errors."""
    n = 10_000
    for clean in (0, 1):
        simulation = Simulation(constant(n, 0.0, 1.0, 0.0, (0.0, 0.0), neighbours=2.0), 9, 0, 1)
        state = simulation.state
        state.column("rung")[: n // 2] = 1
        state.column("clean_neighbours")[:] = clean * state.column("neighbours")
        before = state.column("rung").copy()
        simulation.advance()
        p = 1 / (1 + np.exp(-2.0 * clean))
        for rung in (0, 1):
            mine = before == rung
            climbed = (state.column("rung")[mine] > rung).sum()
            assert abs(climbed - mine.sum() * p) < 4.5 * np.sqrt(mine.sum() * p * (1 - p))


def test_a_climb_is_put_down_to_the_term_that_tipped_it() -> None:
    """With one pushing term and a predisposition that never climbs alone, every climb is that term's.

    Alone the odds are e**-12; with persuasion of 12 a half. Of some 500 climbs 0.01 are expected elsewhere.
    """
    simulation = Simulation(constant(1000, -12.0, 1.0, 0.0, (0.7, 1.5), persuasion_cap=20.0), 4, 0, 1)
    simulation.state.column("persuasion")[:] = 12.0
    simulation.advance()
    climbs = simulation.counts[0, 0, t.rows("climbs")]
    assert climbs.sum() > 400
    assert climbs[8] == climbs.sum()
    assert (simulation.state.column("tipped_by")[simulation.state.column("rung") == 1] == 8).all()
    alone = Simulation(constant(1000, 0.0, 1.0, 0.0, (0.7, 1.5)), 4, 0, 1)
    alone.advance()
    assert alone.counts[0, 0, t.row("climbs_predisposition")] == alone.counts[0, 0, t.rows("climbs")].sum() > 400
