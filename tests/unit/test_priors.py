"""Priors: distributions do what they say, and a file that can't be meant is refused by file and line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from sim.base.errors import InputError
from sim.uncertainty.distribution import Distribution
from sim.uncertainty.priors import Prior, as_priors, draw, load_priors

SHARES = np.linspace(0.0005, 0.9995, 1000)
GOOD = "low: 0.2, high: 0.5, evidence: [L01]"


@st.composite
def distributions(some: st.DrawFn) -> Distribution:
    """Give any kind over an interval of any place and width."""
    low = some(st.floats(-100, 100))
    width = some(st.floats(0.01, 100))
    kind = some(st.sampled_from(["uniform", "triangular", "normal", "loguniform"]))
    inside = low + width * some(st.floats(0, 1))
    high = max(low + width, inside)
    if kind == "loguniform":
        low = abs(low) + 0.01
        return Distribution(low, low + width, kind)
    if kind == "triangular":
        return Distribution(low, high, kind, mode=inside)
    if kind == "normal":
        return Distribution(low, high, kind, mean=inside, sd=width * some(st.floats(0.05, 5)))
    return Distribution(low, high)


@given(distributions())
def test_quantiles_and_shares_undo_each_other_within_the_interval(one: Distribution) -> None:
    values = one.quantile(SHARES)
    assert (values >= one.low - 1e-9).all() and (values <= one.high + 1e-9).all()
    assert (np.diff(values) >= 0).all()
    np.testing.assert_allclose(one.share_below(values), SHARES, atol=1e-6)


@given(distributions())
def test_moments_are_those_of_the_quantiles(one: Distribution) -> None:
    """The mean is the integral of the quantile over shares; a thousand midpoints miss little of it."""
    values = one.quantile(SHARES)
    width = one.high - one.low
    mean, sd = one.moments()
    assert abs(values.mean() - mean) < 2e-3 * width
    assert abs(values.std() - sd) < 2e-3 * width


@pytest.mark.parametrize(
    ("numbers", "what"),
    [
        ({"low": 1.0, "high": 1.0}, "low < high"),
        ({"low": 0.0, "high": float("inf")}, "low < high"),
        ({"low": 0.0, "high": 1.0, "kind": "beta"}, "no distribution 'beta'"),
        ({"low": 0.0, "high": 1.0, "kind": "triangular"}, "a triangular distribution needs 'mode'"),
        ({"low": 0.0, "high": 1.0, "mode": 0.5}, "a uniform distribution has no 'mode'"),
        ({"low": 0.0, "high": 1.0, "kind": "triangular", "mode": 2.0}, "outside the interval"),
        ({"low": 0.0, "high": 1.0, "kind": "normal", "mean": 0.5, "sd": 0.0}, "'sd' must be above 0"),
        ({"low": 0.0, "high": 1.0, "kind": "normal", "mean": 3.0, "sd": 1.0}, "outside the interval"),
        ({"low": 0.0, "high": 1.0, "kind": "normal", "mean": float("nan"), "sd": 1.0}, "'mean' must be finite"),
        ({"low": 0.0, "high": 1.0, "kind": "loguniform"}, "low > 0"),
    ],
)
def test_numbers_that_make_no_distribution_are_refused(numbers: dict, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Distribution(**numbers)


def test_more_draws_keep_the_first_and_follow_sobol() -> None:
    priors = as_priors({"a": (0.0, 1.0), "b": (-2.0, 2.0)})
    few, many = draw(priors, 10, seed=5), draw(priors, 1000, seed=5)
    assert (many[:10] == few).all()
    unit = qmc.Sobol(2, seed=5).random_base2(10)[:1000]
    assert (many == np.column_stack([unit[:, 0], -2.0 + 4.0 * unit[:, 1]])).all()
    assert not (draw(priors, 10, seed=6) == few).any()


def test_priors_may_be_given_by_name_and_not_none_at_all() -> None:
    given_one = Prior("x", Distribution(0.0, 2.0))
    assert (
        as_priors([given_one]) == (given_one,) == as_priors({"x": (0, 2)}) == as_priors({"x": Distribution(0.0, 2.0)})
    )
    with pytest.raises(ValueError, match="no priors"):
        as_priors({})


# the file ------------------------------------------------------------------------------------------------------------


def written(folder: Path, line: str) -> Path:
    path = folder / "priors.yaml"
    path.write_text(f"# a remark\n{line}\n", encoding="utf-8")
    return path


def test_the_project_s_priors_are_households_values_and_uniform() -> None:
    priors = load_priors()
    assert len(priors) == 24
    assert {prior.key.split(".")[0] for prior in priors} == {"household"}
    assert {prior.distribution.kind for prior in priors} == {"uniform"}
    assert all(prior.evidence and prior.low < prior.high for prior in priors)


def test_each_kind_of_distribution_can_be_written(tmp_path: Path) -> None:
    path = written(tmp_path, "household.own_yard: {" + GOOD + ", distribution: normal, mean: 0.3, sd: 0.1}")
    assert load_priors(path)[0].distribution == Distribution(0.2, 0.5, "normal", mean=0.3, sd=0.1)
    path = written(tmp_path, "household.own_yard: {" + GOOD + ", distribution: triangular, mode: 0.3}")
    assert load_priors(path)[0].distribution == Distribution(0.2, 0.5, "triangular", mode=0.3)
    path = written(tmp_path, "household.own_yard: {" + GOOD + ", distribution: loguniform}")
    assert load_priors(path)[0].distribution == Distribution(0.2, 0.5, "loguniform")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("interventions.donation.yuan: {" + GOOD + "}", "belongs to an intervention"),
        ("adopted: {" + GOOD + "}", "is an outcome"),
        ("weeks: {" + GOOD + "}", "isn't an uncertain number"),
        ("village.name: {" + GOOD + "}", "isn't an uncertain number"),
        ("household.own_yrad: {" + GOOD + "}", "did you mean 'household.own_yard'"),
        ("household.own_yard: {" + GOOD + ", hihg: 1}", "did you mean 'high'"),
        ("household.own_yard: {" + GOOD + ", distribution: unifrom}", "did you mean 'uniform'"),
        ("household.own_yard: {" + GOOD + ", distribution: normal, mean: 0.3}", "a normal distribution needs 'sd'"),
        ("household.own_yard: {" + GOOD + ", mode: 0.3}", "a uniform distribution has no 'mode'"),
        ("household.own_yard: {low: 0.5, high: 0.2, evidence: [L01]}", "low < high"),
        ("household.own_yard: {low: true, high: 2, evidence: [L01]}", "needs numbers"),
        ("household.own_yard: {high: 2, evidence: [L01]}", "needs numbers"),
        ("household.own_yard: {low: 0.2, high: 2, evidence: [L01]}", "extends beyond"),
        ("household.own_yard: {low: 0.2, high: 0.5, evidence: [L91]}", "unknown record 'L91'"),
        ("household.own_yard: {low: 0.2, high: 0.5}", "neither evidence nor an assumption"),
        ("household.own_yard: 3", "needs numbers"),
        ("household.own_yard: {low: 0.2, high: 0.5, evidence: L01}", "evidence must be a list of records' names"),
        ("household.own_yard: {low: 0.2, high: 0.5, evidence: [{L01: 1}]}", "evidence must be a list"),
        ("household.own_yard: {" + GOOD + ", distribution: [normal]}", "there is no distribution"),
    ],
)
def test_a_mistake_is_told_with_its_line(line: str, what: str, tmp_path: Path) -> None:
    path = written(tmp_path, line)
    with pytest.raises(InputError) as error:
        load_priors(path)
    assert str(error.value).startswith(f"{path}:2: ")
    assert what in str(error.value)


def test_a_list_is_no_file_of_priors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must be a mapping"):
        load_priors(written(tmp_path, "- household.own_yard"))
