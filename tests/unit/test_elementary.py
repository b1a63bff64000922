"""The engine's own exp, log and normal quantile against the C library's and SciPy's.

Tolerances are the docstrings' bounds in units in the last place (ulp), plus one for the reference's own error (the C
library's is below 1 ulp, SciPy's `ndtri` within a few).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numba
import numpy as np
import numpy.typing as npt
import pytest
from calling import from_python
from scipy.special import ndtri

from sim.numerics import elementary

F64 = npt.NDArray[np.float64]
exp, log = from_python(elementary.exp), from_python(elementary.log)
normal = from_python(elementary.normal)
quotient = from_python(elementary.quotient)
RNG = np.random.default_rng(20240101)


def over(function: Callable[[float], float], x: F64) -> F64:
    """Apply a compiled function to many numbers, from compiled code as the engine does."""

    @numba.njit(error_model="numpy")
    def loop(x: F64, out: F64) -> None:
        for i in range(x.size):
            out[i] = function(x[i])

    out = np.empty_like(x)
    loop(x, out)
    return out


def ulps(found: F64, expected: F64) -> float:
    return float((np.abs(found - expected) / np.spacing(np.abs(expected))).max())


def test_exp_is_within_4_ulp() -> None:
    x = np.concatenate([np.linspace(-708, 709, 100_001), RNG.uniform(-1, 1, 50_000), RNG.uniform(-40, 40, 50_000)])
    assert ulps(over(elementary.exp, x), np.array([math.exp(v) for v in x])) <= 4 + 1


def test_exp_at_the_points_where_its_table_changes() -> None:
    """Halfway between two powers of 2**(1/32) the series is longest, and another table entry takes over."""
    middle = (np.arange(-32_000, 32_000) + 0.5) * (math.log(2) / 32)
    x = np.concatenate([np.nextafter(middle, -np.inf), middle, np.nextafter(middle, np.inf)])
    assert ulps(over(elementary.exp, x), np.array([math.exp(v) for v in x])) <= 4 + 1


def test_exp_of_0_is_1_and_stays_finite_at_the_ends() -> None:
    assert exp(0.0) == 1.0
    low, high = math.exp(-708.0), math.exp(709.0)
    for x in (-708.0, -1e4, -math.inf):
        assert exp(x) == pytest.approx(low, rel=1e-15)
    for x in (709.0, 1e4, math.inf):
        assert exp(x) == pytest.approx(high, rel=1e-15)


def test_exp_grows() -> None:
    """It may step back by an ulp between adjacent numbers (its error is up to 2), so steps here are 2e-15 and wider.

    A relative step of 2e-15 in e**x is 9 ulp or more.
    """
    x = RNG.uniform(-700, 700, 200_000)
    step = np.maximum(2e-15, 4 * np.spacing(np.abs(x)))
    assert (over(elementary.exp, x + step) > over(elementary.exp, x)).all()


def test_log_is_within_2_ulp() -> None:
    """The grid is thick about 1, where digits are lost first, and at sqrt(1/2), where the series changes."""
    near_one = 1 + RNG.uniform(-1e-6, 1e-6, 50_000)
    edge = math.sqrt(0.5) * (1 + RNG.uniform(-1e-12, 1e-12, 10_000))
    x = np.concatenate([np.exp(RNG.uniform(-700, 700, 100_000)), RNG.uniform(0.5, 2, 100_000), near_one, edge])
    x = x[x != 1.0]
    assert ulps(over(elementary.log, x), np.array([math.log(v) for v in x])) <= 2 + 1
    assert log(1.0) == 0.0


def test_log_undoes_exp() -> None:
    """log(exp(x)) = x up to exp's 4 ulp, which are an absolute 4 * 2.2e-16, and the rounding of x and of log itself."""
    x = np.linspace(-700, 700, 20_001)
    back = over(elementary.log, over(elementary.exp, x))
    assert (np.abs(back - x) <= 4 * 2.3e-16 + 3 * np.spacing(np.abs(x))).all()


def test_the_normal_quantile_agrees_with_scipy() -> None:
    """Relative error about 1e-15 is claimed (AS 241); 2e-15 leaves as much for SciPy's."""
    p = np.concatenate([
        RNG.uniform(0, 1, 200_000), 10 ** RNG.uniform(-300, 0, 100_000), 1 - 10 ** RNG.uniform(-15.9, -1, 100_000),
        0.5 + RNG.uniform(-1e-3, 1e-3, 50_000),
    ])  # fmt: skip
    p = p[(p > 0) & (p < 1) & (p != 0.5)]
    found, expected = over(elementary.normal, p), ndtri(p)
    assert (np.abs(found - expected) <= 2e-15 * np.abs(expected)).all()


def test_the_normal_quantile_of_known_points() -> None:
    """Tables of the normal distribution; symmetric to the last bit where 1 - p is exact."""
    assert normal(0.5) == 0.0
    assert normal(0.975) == pytest.approx(1.959963984540054, rel=1e-15)
    assert normal(2.0**-60) == pytest.approx(ndtri(2.0**-60), rel=2e-15)
    for p in (2.0**-2, 2.0**-4, 2.0**-10, 2.0**-30):
        assert normal(1 - p) == -normal(p)


def test_the_normal_quantile_grows() -> None:
    """Between sorted random numbers, 1e-6 apart on average; and across both seams of the algorithm, 1e-9 apart."""
    p = np.sort(RNG.uniform(0, 1, 1_000_000))
    p = p[np.concatenate([[True], np.diff(p) > 1e-13])]
    assert (np.diff(over(elementary.normal, p)) > 0).all()
    for seam in (0.075, 0.925, math.exp(-25), 1 - math.exp(-25)):
        around = seam + np.arange(-100, 101) * min(1e-9, seam * 1e-3, (1 - seam) * 1e-3)
        assert (np.diff(over(elementary.normal, around)) > 0).all()


def test_a_quotient_by_floats_is_the_whole_one() -> None:
    """Beside every multiple, where rounding could tip it, and for the largest numbers allowed."""
    for b in (1, 2, 3, 5, 7, 49, 1_000_003, 2**30 + 1, 2**31 - 1):
        most = (2**31 - 1) // b
        for k in {0, 1, 2, 3, most // 3, most // 2, most - 1, most}:
            for a in range(max(0, k * b - 2), min(2**31 - 1, k * b + 2) + 1):
                assert quotient(a, b) == a // b
