"""Calibration against known answers: a conjugate Gaussian, a band whose posterior is known, and synthetic truths.

Draws, noise and emulators hang on seeds, so each test gives the same figures whenever it runs; bounds say how far apart
right answers may lie, and how wrong a method must be to be found out.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import kstest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

from sim.analysis.calibration import Band, Luck, Point, Posterior, posterior
from sim.analysis.calibration.acceptance import nearest_moved
from sim.analysis.calibration.emulation import fit, unlikelihood
from sim.analysis.calibration.medoid import medoid, more_central
from sim.analysis.calibration.recovery import recovery
from sim.analysis.calibration.result import MOVED, NARROWED, OPEN
from sim.base.arrays import F64
from sim.base.errors import InputError
from sim.uncertainty.distribution import Distribution
from sim.uncertainty.priors import as_priors, draw

NORMAL = Distribution(-8.0, 8.0, "normal", mean=0.0, sd=1.0)
MIX = np.array([[1.0, 0.5], [0.0, 1.0]])
NOISE, ERROR = 0.3, 0.4
SEEN = np.array([1.0, -0.8])


def linear(points: F64, luck: Luck) -> F64:
    """Mix two normal values and add noise, so that the posterior is normal and known."""
    return points @ MIX.T + NOISE * luck.generator().standard_normal(points.shape)


@pytest.fixture(scope="module", params=[(), (128,)], ids=["plain", "history matching first"])
def gaussian(request: pytest.FixtureRequest) -> Posterior:
    targets = {"x": Point(SEEN[0], ERROR), "y": Point(SEEN[1], ERROR)}
    return posterior(linear, {"a": NORMAL, "b": NORMAL}, targets, draws=16384, waves=request.param, keep=0.1, seed=4)


def test_the_posterior_of_a_gaussian_is_the_conjugate_one(gaussian: Posterior) -> None:
    """Prior N(0, I), observation N(Mix theta, (noise^2 + error^2) I): covariance (I + Mix'Mix / v)^-1, mean that Mix'y/v.

    Over seeds, means vary by 1.2 to 1.7 posterior s.d. / sqrt(n) and s.d. by 0.7 of them (regression included), so 5 times
    sqrt(3 / n) and 5 / sqrt(2 n) hold but for one seed in thousands. n is above 900: a mean that is off by 0.3
    posterior s.d., or an s.d. that is off by 15 %, is found out.
    """
    v = NOISE**2 + ERROR**2
    covariance = np.linalg.inv(np.eye(2) + MIX.T @ MIX / v)
    mean, sd = covariance @ MIX.T @ SEEN / v, np.sqrt(np.diag(covariance))
    n = len(gaussian)
    assert n > 900 and gaussian.moved
    assert (np.abs(gaussian.values.mean(axis=0) - mean) < 5 * np.sqrt(3 / n) * sd).all()
    assert (np.abs(gaussian.values.std(axis=0, ddof=1) / sd - 1) < 5 / np.sqrt(2 * n)).all()
    expected = covariance[0, 1] / (sd[0] * sd[1])
    found = np.corrcoef(gaussian.values, rowvar=False)[0, 1]
    assert abs(np.arctanh(found) - np.arctanh(expected)) < 5 / np.sqrt(n - 3)
    assert set(gaussian.marginals()["verdict"]) == {NARROWED}


def band_of_mean(points: F64, luck: Luck) -> F64:
    return points[:, :1] + 0.05 * luck.generator().standard_normal((len(points), 1))


@pytest.mark.parametrize("waves", [(), (64, 64)], ids=["plain", "history matching first"])
def test_bands_give_the_prior_times_the_chance_of_meeting_them_in_every_run(waves: tuple[int, ...]) -> None:
    """Uniform prior, noise 0.05, band 0.3 to 0.5, five runs: density as P(in band)^5. 600 draws and a test at 0.001 find
    out a shift by 0.01 (a quarter of the posterior's s.d.) with a power above 0.99."""
    found = posterior(
        band_of_mean, {"a": (0, 1), "b": (0, 1)}, {"x": Band(0.3, 0.5)}, draws=8192, waves=waves, rounds=(1, 4), seed=3
    )
    grid = np.linspace(0, 1, 20001)
    density = (ndtr((0.5 - grid) / 0.05) - ndtr((0.3 - grid) / 0.05)) ** 5
    below = np.cumsum(density) / density.sum()
    assert len(found) > 600
    assert kstest(found.values[:, 0], lambda x: np.interp(x, grid, below)).pvalue > 0.001
    assert kstest(found.values[:, 0] + 0.01, lambda x: np.interp(x, grid, below)).pvalue < 0.001
    verdicts = found.marginals().set_index("key")["verdict"]
    assert verdicts.to_dict() == {"a": NARROWED, "b": OPEN}
    assert (found.acceptance["kept"] <= found.acceptance["draws"]).all()
    assert found.acceptance["kept"].iloc[-1] == len(found)


def bends(points: F64, luck: Luck) -> F64:
    """Two bent summaries of six values with a little noise that a draw has by its number, whenever it is simulated."""
    noise = np.random.default_rng(luck.seed * 100 + luck.replicate).standard_normal((8192, 2))[luck.numbers]
    first = np.tanh(2 * points[:, 0] - points[:, 1] + 0.5 * points[:, 2] ** 2)
    second = points[:, 3] * points[:, 0] + 0.3 * points[:, 4]
    return np.column_stack([first, np.where(first < -0.9, np.nan, second)]) + 0.02 * noise


def test_history_matching_saves_runs_and_loses_no_draw() -> None:
    """The same luck by number, so the draws kept must be those of plain rejection. Of about 100 kept, none lost shows with
    95 % that less than 3 % of the posterior is."""
    priors = {name: (-1.0, 1.0) for name in "abcdef"}
    targets = {"first": Band(0.6, 0.85), "second": Band(0.3, 2.0)}
    plain, matched = (
        posterior(bends, priors, targets, draws=8192, waves=waves, rounds=(1, 2), seed=11) for waves in ((), (250, 250))
    )
    assert len(plain) > 90
    assert matched.numbers.tolist() == plain.numbers.tolist()
    assert matched.simulations < plain.simulations / 4
    assert matched.waves["q2"].iloc[0] > 0.9
    assert (matched.waves["left"] <= matched.waves["left_before"]).all()
    assert matched.waves["sd_between_seeds"].between(0.01, 0.03).all()


def test_an_emulator_knows_what_it_knows() -> None:
    """Smooth summaries are foretold, noise isn't, and errors at new points are as large as the emulator says."""
    rng = np.random.default_rng(2)
    unit, new = rng.random((300, 4)), rng.random((500, 4))

    def smooth(x: F64) -> F64:
        return np.sin(3 * x[:, 0]) + x[:, 1] * x[:, 2]

    good, bad = fit(unit, smooth(unit)), fit(unit, rng.standard_normal(300))
    assert good is not None and bad is not None
    assert good.q2 > 0.99 and bad.q2 < 0.2
    assert good.widened >= 1.0
    mean, variance = good.mean(new), good.variance(new)
    assert np.mean(np.abs(mean - smooth(new)) <= 3 * np.sqrt(variance)) > 0.98
    assert fit(unit[:10], smooth(unit[:10])) is None
    assert fit(unit, np.ones(300)) is None


def test_the_likelihood_of_an_emulator_is_that_of_scikit_learn() -> None:
    """The closed form and its gradient agree with scikit-learn's, at the start of the search and away from it."""
    rng = np.random.default_rng(5)
    unit = rng.random((60, 4))
    summary = np.sin(4 * unit[:, 0]) + unit[:, 1] + 0.1 * rng.standard_normal(60)
    summary = (summary - summary.mean()) / summary.std()
    kernel = ConstantKernel(1.0) * RBF(np.ones(4)) + WhiteKernel(0.01)
    process = GaussianProcessRegressor(kernel, optimizer=None).fit(unit, summary)
    start = process.kernel_.theta
    for theta in (start, *(start + rng.normal(scale=0.7, size=(3, start.size)))):
        wanted, slopes = process.log_marginal_likelihood(theta, eval_gradient=True)
        value, gradient = unlikelihood(unit, summary)(theta)
        np.testing.assert_allclose(-value, wanted, rtol=1e-9)
        np.testing.assert_allclose(-gradient, slopes, rtol=1e-6, atol=1e-8)


def test_a_covariance_that_is_singular_within_rounding_turns_the_search_back() -> None:
    """Points that coincide, without noise to tell them apart, have no likelihood."""
    unit = np.full((40, 2), 0.5)
    value, gradient = unlikelihood(unit, np.linspace(-1.7, 1.7, 40))(np.array([20.0, 0.0, 0.0, -30.0]))
    assert value == np.inf and not gradient.any()


# recovery ------------------------------------------------------------------------------------------------------------

TRUTHS = 200


@pytest.fixture(scope="module")
def bank() -> tuple[F64, F64]:
    rng = np.random.default_rng(9)
    values = rng.uniform(-1.0, 1.0, (4000, 3))
    summaries = np.column_stack([np.exp(values[:, 0]), values[:, 0] + values[:, 1] ** 3 + values[:, 1]])
    return values, summaries + 0.15 * rng.standard_normal(summaries.shape)


def test_intervals_cover_synthetic_truths_as_often_as_they_say(bank: tuple[F64, F64]) -> None:
    """200 truths: right 90 % intervals pass for each of three values with 95 %, and ones that cover in 80 % are found out
    with a probability above 0.98 for each (binomial). The third value is in no summary and stays as wide as its prior."""
    priors = as_priors({name: (-1.0, 1.0) for name in "abc"})
    table = recovery(*bank, priors, range(TRUTHS), keep=0.1)
    assert table["right"].all(), table
    assert (table["truths"] == TRUTHS).all()
    assert table["interval_ratio"].iloc[0] < 0.5 < 0.9 < table["interval_ratio"].iloc[2]
    assert table["correlation"].iloc[0] > 0.9


def test_intervals_that_are_too_narrow_are_found_out(bank: tuple[F64, F64]) -> None:
    values, summaries = bank
    priors = as_priors({name: (-1.0, 1.0) for name in "abc"})
    narrow = recovery(values, summaries, priors, range(TRUTHS), keep=0.1, level=0.75)
    assert (narrow["covered_high"] < 0.9).all()


def test_moved_draws_stay_within_their_intervals_and_near_draws_are_the_nearest(bank: tuple[F64, F64]) -> None:
    values, summaries = bank
    priors = as_priors({name: (-1.0, 1.0) for name in "abc"})
    summaries = np.where(np.arange(4000)[:, None] % 10 == 0, np.nan, summaries)
    moved, near = nearest_moved(values, summaries, np.array([2.6, 2.5]), priors, keep=0.05)
    assert len(near) == 180 and not (near % 10 == 0).any()
    assert (np.abs(moved) <= 1.0).all()
    distance = np.abs((summaries - [2.6, 2.5]) / np.nanstd(summaries, axis=0)) ** 2
    order = np.argsort(distance.sum(axis=1))[:180]
    assert set(order.tolist()) == set(near.tolist())
    with pytest.raises(ValueError, match="too few"):
        nearest_moved(values, summaries, np.array([2.6, 2.5]), priors, keep=0.001)


# what it is made of --------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not() -> None:
    targets = {"x": Point(0.5, 0.1), "y": Point(0.0, 0.1)}
    first, again, other = (
        posterior(linear, {"a": NORMAL, "b": NORMAL}, targets, draws=500, waves=(60,), keep=0.2, seed=seed)
        for seed in (1, 1, 2)
    )
    assert (first.values == again.values).all()
    assert first.waves.equals(again.waves)
    assert not np.array_equal(first.values, other.values)


def test_what_cannot_be_is_refused() -> None:
    prior = {"a": (0.0, 1.0)}

    def same(points: F64, luck: Luck) -> F64:
        return points

    with pytest.raises(InputError, match="none of 64 draws"):
        posterior(same, prior, {"x": Band(2.0, 3.0)}, draws=64, waves=())
    with pytest.raises(InputError, match="rules out every draw"):
        posterior(same, prior, {"x": Band(2.0, 3.0)}, draws=64, waves=(64,))
    with pytest.raises(ValueError, match="no targets"):
        posterior(same, prior, {})
    with pytest.raises(ValueError, match="is empty"):
        posterior(same, prior, {"x": Band(1.0, 1.0)})
    with pytest.raises(ValueError, match="error of at least 0"):
        posterior(same, prior, {"x": Point(1.0, -1.0)})
    with pytest.raises(ValueError, match="has a NaN"):
        posterior(same, prior, {"x": Band(float("nan"), 1.0)})
    with pytest.raises(ValueError, match="keep above 0"):
        posterior(same, prior, {"x": Band(0.0, 1.0)}, keep=0.0)
    with pytest.raises(ValueError, match="at least 1"):
        posterior(same, prior, {"x": Band(0.0, 1.0)}, rounds=())
    with pytest.raises(ValueError, match="shape"):
        posterior(same, prior, {"x": Band(0.0, 1.0), "y": Band(0.0, 1.0)}, waves=())


def test_the_medoid_is_the_draw_amid_the_others() -> None:
    priors = as_priors({"a": (0.0, 1.0), "b": (0.0, 100.0)})
    draws = np.array([[0.1, 10.0], [0.5, 50.0], [0.9, 90.0], [0.1, 90.0], [0.9, 10.0]])
    assert medoid(draws, priors) == 1
    assert more_central(draws[1], draws, priors) == 0.0
    assert more_central(np.array([0.0, 0.0]), draws, priors) == 1.0
    many = draw(priors, 512, seed=1)
    centre = many[medoid(many, priors)]
    assert abs(centre[0] - 0.5) < 0.15 and abs(centre[1] - 50.0) < 15.0


def test_verdicts_tell_narrowed_moved_and_open_apart() -> None:
    """Accepting by the first value alone, by a slope in the second, and not at all by the third."""

    def slope(points: F64, luck: Luck) -> F64:
        chance = luck.generator().random(len(points))
        return np.column_stack([points[:, 0], chance - 0.3 - 0.4 * points[:, 1]])

    targets = {"x": Band(0.4, 0.6), "y": Band(-2.0, 0.0)}
    found = posterior(slope, {name: (0.0, 1.0) for name in "abc"}, targets, draws=8192, waves=(), seed=8)
    table = found.marginals().set_index("key")
    assert table["verdict"].to_dict() == {"a": NARROWED, "b": MOVED, "c": OPEN}
    assert table.loc["a", "interval_ratio"] == pytest.approx(0.2, abs=0.02)
    assert found.densities().groupby("key")[["prior", "posterior"]].sum().to_numpy() == pytest.approx(1.0)
    assert found.pairs()["correlation"].abs().max() < 0.2
    assert found.draw_table("t").values.shape == (len(found), 3)
