"""Laws of well-mixed populations, in the model itself: Granovetter's thresholds, mean-field stability, SI and Bass.

Well mixed means that everybody sees everybody: 15 households and one public plot on a grid of 4 x 4 without lanes, with
sight 3. Many such villages in one world give the numbers that tests need. Where a law is one of infinite populations,
the exact Markov chain of 15 is the reference, and the law is then read off the same chain or a large village.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from quiet import QUIET
from scipy.optimize import brentq
from scipy.stats import binom, chi2, ncx2

from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.engine.world.columns import HELPING, INITIATED
from sim.scenario import Scenario, load_scenario

F64 = npt.NDArray[np.float64]
N = 15
# Nothing but what a law needs: no weights, no messengers, no gifts, everyone alike, yards that turn at once.
PLAIN: dict[str, Any] = {
    **QUIET,
    "village.households": N, "village.party_members": 1, "village.worthies": 0, "village.volunteers": 0,
    "village.representatives": N,
    "village.newcomer_share": 0.0, "village.plan.sight": 3, "village.plan.lane_rows": 0, "village.plan.lane_columns": 0,
    "village.plan.households_per_public_plot": 1000, "village.ties.local": 0, "village.heterogeneity": 0.0,
    "village.contact.message": 0.0,
    **{f"household.{weight}": 0.0 for weight in (
        "neighbours", "kin", "surroundings", "trust", "effort", "giving", "passivity", "awards", "habit", "talk",
        "newcomer_gap", "member_bonus", "predisposition_sd", "tidy_members", "give_probability", "threshold_help",
        "threshold_initiate", "predisposition",
    )},
    # After a week of clearing a yard holds the 1 hour that has gathered since, and is clean; after one without, 2.
    "household.clutter_start": 4.0, "household.clutter_growth": 1.0, "household.clutter_cap": 8.0,
    "household.clean_below": 1.5, "household.work_pushed": 100.0, "household.work_helping": 100.0,
    "household.work_initiated": 100.0, "household.climb_rate": 1.0, "household.slip_rate": 0.0,
}  # fmt: skip


def plain(*more: Any) -> Scenario:
    merged: dict[str, Any] = {**PLAIN}
    others = []
    for part in more:
        (others.append(part) if set(part) & {"villages", "interventions"} else merged.update(part))
    return load_scenario("baseline", [merged, *others])


def villages(count: int) -> dict[str, Any]:
    return {"villages": [{"name": "v", "copies": count}]}


def put_rungs(simulation: Simulation, rungs: npt.NDArray[np.uint8]) -> None:
    """Set the rungs of all households, and each village's counts by rung that go with them."""
    state = simulation.state
    state.column("rung")[:] = rungs
    cells = 8 * (state.column("roles") & 3) + 2 * state.column("rung") + state.column("clean")
    for v, (first, stop) in enumerate(state.village_i64[[c.FIRST, c.STOP]].T):
        state.village_i64[c.CELL : c.CELL + c.CELLS, v] = np.bincount(cells[first:stop], minlength=c.CELLS)


def test_the_small_village_is_fully_visible() -> None:
    assert (Simulation(plain(), weeks=1).state.column("neighbours") == N - 1).all()


# Granovetter ---------------------------------------------------------------------------------------------------------


def cascade(thresholds: list[int], weeks: int, seed: int = 0) -> npt.NDArray[np.int64]:
    """Return how many have adopted at the end of each week.

    The weight of neighbours is 200 logit for one of the 14; a household with threshold k has a predisposition that puts
    its score 100 logit under the turning point while k - 1 others are clean, and 100 over it with k. Such odds are
    e**-100, so the stochastic rule is the deterministic one.
    """
    simulation = Simulation(plain(), seed, 0, weeks)
    simulation.parameters = simulation.parameters._replace(neighbours=200.0 * (N - 1))
    simulation.state.column("predisposition")[:] = 100.0 - 200.0 * np.array(thresholds)
    adopted = []
    for _ in range(weeks):
        simulation.advance()
        adopted.append(int((simulation.state.column("rung") >= HELPING).sum()))
    return np.array(adopted)


@pytest.mark.parametrize("seed", range(3))
def test_thresholds_0_1_2_and_so_on_bring_everybody_in(seed: int) -> None:
    """Granovetter 1978: one joins a week (pushed in week k, helping in week k + 1), in whatever order they live."""
    thresholds = np.random.default_rng(seed).permutation(N).tolist()
    adopted = cascade(thresholds, N + 3, seed)
    assert adopted.tolist() == [min(max(week, 0), N) for week in range(N + 3)]


@pytest.mark.parametrize("seed", range(3))
def test_one_threshold_moved_from_1_to_2_stops_it_at_one(seed: int) -> None:
    """The crowds differ in one person, who needs two before joining instead of one; exact."""
    thresholds = [2 if k == 1 else k for k in range(N)]
    adopted = cascade(np.random.default_rng(seed).permutation(thresholds).tolist(), 200, seed)
    assert adopted.max() == adopted[-1] == 1


# Mean field ----------------------------------------------------------------------------------------------------------

RATE = 0.5


def logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def chain(a: float, b: float) -> F64:
    """Return the exact transition matrix of the number of clean yards among 15 who all see each other.

    With climb and slip rate both 1/2 and no rung above the first, a household is redrawn with probability 1/2, to clean
    with probability logistic(a + b n), n being the clean share of the other 14: heat-bath dynamics.
    """
    matrix = np.zeros((N + 1, N + 1))
    for m in range(N + 1):
        stay = 1 - RATE * (1 - logistic(a + b * (m - 1) / (N - 1)))
        join = RATE * logistic(a + b * m / (N - 1))
        matrix[m] = np.convolve(binom.pmf(np.arange(m + 1), m, stay), binom.pmf(np.arange(N - m + 1), N - m, join))
    return matrix


def clean_counts(a: float, b: float, start_clean: bool, weeks: int, count: int) -> npt.NDArray[np.int64]:
    """Return the number of clean yards in each of `count` villages after some weeks from all or none."""
    simulation = Simulation(
        plain(
            villages(count),
            {"household.neighbours": b, "household.predisposition": a, "household.climb_rate": RATE,
             "household.slip_rate": RATE, "household.threshold_help": 20.0,
             "household.clutter_start": 0.0 if start_clean else 4.0},
        ), 11, 0, weeks,
    )  # fmt: skip
    if start_clean:
        put_rungs(simulation, np.ones(count * N, np.uint8))
    # With threshold 20 a household at V = 7 would climb to the second rung once in 1e6 weeks; none does with 700.
    simulation.parameters = simulation.parameters._replace(threshold_help=700.0)
    simulation.advance(weeks)
    return simulation.state.column("clean").reshape(count, N).sum(axis=1).astype(np.int64)


@pytest.mark.parametrize(("a", "b", "start_clean"), [(-1.0, 2.0, False), (-3.0, 6.0, True), (-2.0, 3.0, False)])
def test_clean_yards_follow_the_exact_chain(a: float, b: float, start_clean: bool) -> None:
    """Chi-square of the counts in 1,000 villages after 8 weeks against the chain, level 1e-4 (cells of 10 or more).

    Power above 99 % against a weight of neighbours that is 25 % off, computed below from that other chain.
    """
    weeks, count = 8, 1000
    start = np.eye(N + 1)[N if start_clean else 0]
    expected = count * start @ np.linalg.matrix_power(chain(a, b), weeks)
    other = count * start @ np.linalg.matrix_power(chain(a, 1.25 * b), weeks)
    found = np.bincount(clean_counts(a, b, start_clean, weeks, count), minlength=N + 1)
    cells = np.clip(np.arange(N + 1), *(np.flatnonzero(expected >= 10)[[0, -1]]))  # the tails are joined
    observed, wanted, alternative = (np.bincount(cells, weights=x, minlength=N + 1) for x in (found, expected, other))
    kept = wanted > 0
    limit = chi2.isf(1e-4, kept.sum() - 1)
    assert ncx2.sf(limit, kept.sum() - 1, ((alternative - wanted)[kept] ** 2 / wanted[kept]).sum()) > 0.99
    assert ((observed - wanted)[kept] ** 2 / wanted[kept]).sum() < limit


@pytest.mark.parametrize("b", [2.0, 8.0])
def test_there_are_two_stable_states_only_where_b_exceeds_4(b: float) -> None:
    """x = logistic(a + b x) with a = -b/2, so that 1/2 is a solution: the only one up to b = 4.

    After 40 weeks villages that began all clean and all cluttered share one mean if b = 2, and sit at the upper and the
    lower root if b = 8. The chain of 15 gives the means that a finite village has; 400 villages come within 5 standard
    errors of it. What tells the cases apart is 0.9 against 0, some hundred standard errors.
    """
    weeks, count = 40, 400
    power = np.linalg.matrix_power(chain(-b / 2, b), weeks)
    share = np.arange(N + 1) / N
    means = {}
    for start_clean in (True, False):
        law = power[N if start_clean else 0]
        spread = np.sqrt(law @ share**2 - (law @ share) ** 2)
        found = clean_counts(-b / 2, b, start_clean, weeks, count) / N
        assert abs(found.mean() - law @ share) < 5 * spread / np.sqrt(count)
        means[start_clean] = found.mean()

    def excess(x: float) -> float:
        return float(logistic(-b / 2 + b * x) - x)

    if b < 4:
        assert all(excess(x) > 0 for x in np.linspace(0, 0.499, 100))
        assert abs(means[True] - means[False]) < 0.05
    else:
        low = brentq(excess, 1e-6, 0.3)
        assert abs(means[False] - low) < 0.03  # finite villages leave the root of 0.021 a little towards the middle
        assert abs(means[True] - (1 - low)) < 0.03


# SI and Bass ---------------------------------------------------------------------------------------------------------

TOLD = 600.0
"""Logit that a contact adds: enough that who has had one climbs for sure, a rung a week."""


def talking(scenario: Scenario, weeks: int, talk: float, alone: float, seed: int = 3) -> Simulation:
    """Return a simulation in which a household climbs with probability `alone` a week, or for sure after one talk.

    Thresholds of the upper rungs are so low that who has left the bottom goes on to the top, a rung a week.
    """
    simulation = Simulation(scenario, seed, 0, weeks)
    simulation.parameters = simulation.parameters._replace(
        talk=talk, talk_weight=1.0, persuasion=2 * TOLD, own_yard=0.0, repeat=1.0, persuasion_cap=2 * TOLD,
        persuasion_retention=1.0, threshold_help=-650.0, threshold_initiate=-650.0,
    )  # fmt: skip
    simulation.state.column("predisposition")[:] = np.log(alone / (1 - alone)) if alone > 0 else -300.0
    simulation.state.column("trust")[:] = 0.5
    return simulation


@pytest.mark.parametrize("alone", [0.0, 0.02])
def test_adoption_by_talk_follows_the_exact_chain_of_si_and_bass(alone: float) -> None:
    """Talk is linear in the share that has adopted, as SI (alone = 0) and Bass (alone > 0) have it.

    A household on the top picks one of the 48 plots in sight with probability `talk`, and who is at the bottom there
    leaves it; of the others each leaves alone with its own probability. The top is reached two weeks later. The mean
    curve of 400 villages keeps within 4.5 standard errors of the exact chain in all 24 weeks
    (level about 1e-4, for weeks hang together). Power: a talk 20 % off moves the curve by 7 standard errors.
    """
    talk, weeks, count, seeds = 0.9, 24, 400, 2
    simulation = talking(plain(villages(count)), weeks, talk, alone)
    put_rungs(simulation, np.where(np.isin(np.arange(count * N) % N, [1, 8]), INITIATED, 0).astype(np.uint8))
    rung = simulation.state.column("rung").reshape(count, N)
    found = []
    for _ in range(weeks):
        simulation.advance()
        found.append((rung > 0).sum(axis=1))
    mean, spread = si_chain(talk, alone, seeds, weeks)
    off, _ = si_chain(1.2 * talk, alone, seeds, weeks)
    error = np.maximum(spread, 0.05) / np.sqrt(count)
    assert (np.abs(off - mean) / error).max() > 4.5 + 2.5
    assert (np.abs(np.mean(found, axis=1) - mean) / error).max() < 4.5


@cache
def leaving(left: int, speakers: int, talk: float, alone: float) -> F64:
    """Return the law of how many of `left` at the bottom leave it in a week, shape (left + 1,), exactly.

    Speaker after speaker reaches one more with probability talk / 48 for each who has not been reached this week.
    """
    reached = np.eye(left + 1)[0]
    for _ in range(speakers):
        one_more = reached * talk * (left - np.arange(left + 1)) / 48
        reached = reached - one_more + np.append(0.0, one_more[:-1])
    law = np.zeros(left + 1)
    for d, chance in enumerate(reached):
        law[d:] += chance * binom.pmf(np.arange(left - d + 1), left - d, alone)
    return law


def test_the_law_of_who_leaves_has_the_mean_that_it_must_have() -> None:
    """Each stays with probability (1 - alone) (1 - talk / 48)**speakers, and one speaker reaches one at most."""
    for left, speakers, talk, alone in ((9, 4, 0.9, 0.02), (1, 14, 0.5, 0.0), (13, 1, 0.9, 0.0)):
        law = leaving(left, speakers, talk, alone)
        stays = (1 - alone) * (1 - talk / 48) ** speakers
        assert law.sum() == pytest.approx(1, rel=1e-12)
        assert law @ np.arange(left + 1) == pytest.approx(left * (1 - stays), rel=1e-12)
    assert law[2:].max() == 0


def si_chain(talk: float, alone: float, seeds: int, weeks: int) -> tuple[F64, F64]:
    """Return mean and standard deviation of how many have left the bottom, at the end of each week, exactly.

    The state is how many left in this week (rung 1), in the last (rung 2), and are on the top.
    """
    law = {(0, 0, seeds): 1.0}
    means, spreads = [], []
    for _ in range(weeks):
        after: dict[tuple[int, int, int], float] = {}
        for (one, two, top), weight in law.items():
            left = N - one - two - top
            for k, chance in enumerate(leaving(left, top, talk, alone)):
                if weight * chance > 1e-13:
                    key = (k, one, two + top)
                    after[key] = after.get(key, 0.0) + weight * chance
        law = after
        count = np.array([sum(key) for key in law])
        weights = np.array(list(law.values()))
        means.append(weights @ count / weights.sum())
        spreads.append(np.sqrt(max(0.0, weights @ count**2 / weights.sum() - means[-1] ** 2)))
    return np.array(means), np.array(spreads)


def bass(p: float, q: float, start: float, weeks: F64) -> F64:
    """Return Bass's curve x' = (p + q x)(1 - x) from x(0) = start; with p = 0 the logistic of SI."""
    c = (1 - start) / (p + q * start)
    decay = np.exp(-(p + q) * weeks)
    return np.asarray((1 - p * c * decay) / (1 + q * c * decay))


@pytest.mark.parametrize(("p", "start"), [(0.0, 0.05), (0.001, 0.0)])
def test_in_small_steps_and_a_large_village_adoption_is_logistic_or_bass(p: float, start: float) -> None:
    """12,000 households with some 100 random ties each, who talk in one week of a hundred: the well-mixed limit.

    Who has d ties is told at a rate of some q d / 108 times the share of speakers. That d differs (standard deviation 7
    of 100) makes the well-tied first, which is worth less than 1 % of q.
    The curve must lie between that for q = 0.01 and that for q lowered by 8/108 (partners in sight, who cluster) and by
    3 q (three weeks from contact to the top), within 0.02: four standard errors of the start's 600 households, or of
    the first 1,200 that climb alone. Power: with q a quarter lower the curve would lie 0.05 and more beyond.
    """
    weeks, q, n = 600, 0.01, 12_000
    scenario = plain({"village.households": n, "village.ties.local": 50, "village.plan.sight": 1})
    simulation = talking(scenario, weeks, q, p)
    state = simulation.state
    if start:
        first = np.random.default_rng(1).permutation(n)[: int(start * n)]
        put_rungs(simulation, np.isin(np.arange(n), first) * np.uint8(INITIATED))
        for i in first:
            state.column("adopted_ties")[state.tie[state.tie_first[i] : state.tie_first[i + 1]]] += 1
    climbed = np.zeros(weeks)
    for week in range(weeks):
        simulation.advance()
        climbed[week] = (state.column("rung") > 0).mean()
    t = np.arange(1, weeks + 1, dtype=float)
    low, high = bass(p, q * (100 / 108) * (1 - 3 * q), start, t), bass(p, q, start, t)
    assert (low - bass(p, 0.75 * q, start, t)).max() > 0.07
    assert (climbed < high + 0.02).all()
    assert (climbed > low - 0.02).all()
