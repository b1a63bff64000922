"""The equations of a household: bounds, monotony, and the exact cases, over their whole range of arguments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from calling import from_python
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.engine import equations as rules

UNIT = st.floats(0, 1)
BELOW_ONE = st.floats(0, 1, exclude_max=True)
SCORE = st.floats(-800, 800)
CLEAN = st.integers(0, 1)
YEARS = st.integers(0, 80)
may_happen = from_python(rules.may_happen)
happens = from_python(rules.happens)
persuasion_gain = from_python(rules.persuasion_gain)
authority = from_python(rules.authority)
trust_after = from_python(rules.trust_after)
habit_after = from_python(rules.habit_after)
recognised = from_python(rules.recognised)


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile every function before an example is timed."""
    may_happen(0.5, 0.5, 0.5)
    happens(0.5, 0.5, 0.5)
    persuasion_gain(1.0, 1.0, 1.0, 0.5, 1, 0.5, 1.0)
    authority(0.5, 10)
    trust_after(0.5, 1, 0.5, 0.5)
    habit_after(0.5, True, 0.5, 0.5, 0.5)
    recognised(1.0, 1.0)


def edge(rate: float, x: float) -> float:
    """Return the draw below which a decision falls, by the C library."""
    return rate / (1 + math.exp(min(-x, 700)))


@given(BELOW_ONE, UNIT, SCORE)
@example(0.6, 0.9, 3.0)
@example(0.0, 0.5, -800.0)
@example(0.5, 0.5, 0.0)
def test_what_happens_may_happen(u: float, rate: float, x: float) -> None:
    """The quick look may keep what won't happen, but must never rule out what happens."""
    assert may_happen(u, rate, x) or not happens(u, rate, x)


@settings(max_examples=500, deadline=None)
@given(UNIT, st.one_of(st.floats(-3, 3), st.floats(-1e-6, 1e-6), SCORE), st.integers(-4, 4))
def test_what_happens_may_happen_at_the_very_edge(rate: float, x: float, steps: int) -> None:
    """The same within a few floats of the draw that decides, where rounding could turn the bound over."""
    u = edge(rate, x)
    for _ in range(abs(steps)):
        u = float(np.nextafter(u, 2.0 if steps > 0 else 0.0))
    if u < 1:
        assert may_happen(u, rate, x) or not happens(u, rate, x)


@given(st.floats(0.1, 1), st.floats(-8, 0))
def test_the_quick_look_rules_something_out(rate: float, x: float) -> None:
    """It is worth having: at scores of 0 and below it tells the draws well above the edge.

    e**8 is 1.85 times its bound (1 + 2 + 2 + 4/3)**4, so twice the edge always is, as far as a draw can be.
    """
    u = 2 * edge(rate, x)
    if u < 1:
        assert not may_happen(u, rate, x)
    assert not may_happen(0.999, 0.5, x)


@given(UNIT, st.floats(-30, 30))
def test_a_decision_s_probability_is_rate_times_logistic(rate: float, x: float) -> None:
    """The draw where it turns is rate * logistic(x): false above, true below, by 1e-14 of it (exp's 4 ulp, twice)."""
    at = edge(rate, x)
    if 0 < at * (1 + 1e-14) < 1 and at > 1e-300:
        assert happens(at * (1 - 1e-14), rate, x)
        assert not happens(at * (1 + 1e-14), rate, x)


@given(BELOW_ONE, BELOW_ONE, UNIT, UNIT, SCORE, SCORE)
def test_a_lower_draw_a_higher_rate_or_score_never_undoes_a_decision(
    u: float, v: float, rate: float, more: float, x: float, y: float
) -> None:
    """This is what makes common random numbers work: a household pushed harder climbs with the same luck, too.

    Scores must be 1e-12 apart, for exp may step back by an ulp between adjacent numbers.
    """
    u, v = sorted((u, v))
    rate, more = sorted((rate, more))
    x, y = sorted((x, y))
    if happens(v, rate, x):
        assert happens(u, rate, x)
        assert happens(v, more, x)
        if y - x > 1e-12 * max(1.0, abs(x)):
            assert happens(v, rate, y)


@given(BELOW_ONE, SCORE)
def test_a_rate_of_0_never_happens(u: float, x: float) -> None:
    assert not happens(u, 0.0, x)


@given(BELOW_ONE, st.floats(0.001, 1))
def test_a_very_high_score_leaves_the_rate_alone(u: float, rate: float) -> None:
    """logistic(100) is 1 within 4e-44."""
    assert happens(u, rate, 100.0) == (u < rate)


@given(st.floats(0, 10), st.floats(0, 10), UNIT, UNIT, UNIT, YEARS)
def test_without_the_weight_of_own_yards_the_messenger_s_yard_is_nothing(
    full: float, weight: float, trust: float, fresh: float, per_decade: float, years: int
) -> None:
    """phi = 0 (law of section 8), to the last bit."""
    a = authority(per_decade, years)
    cluttered, clean = (persuasion_gain(full, weight, a, 0.0, yard, trust, fresh) for yard in (0, 1))
    assert cluttered == clean


@given(st.floats(0, 10), st.floats(0, 10), UNIT, CLEAN, UNIT, UNIT, YEARS, UNIT)
def test_a_contact_never_takes_persuasion_away_and_has_a_bound(
    full: float, weight: float, own_yard: float, yard: int, trust: float, fresh: float, years: int, per_decade: float
) -> None:
    """0 <= gain <= full * weight * authority * 3/2, with 4 ulp for its five products."""
    a = authority(per_decade, years)
    gain = persuasion_gain(full, weight, a, own_yard, yard, trust, fresh)
    assert 0.0 <= gain <= full * weight * a * 1.5 * (1 + 1e-15)


@given(st.floats(0, 10), UNIT, UNIT, UNIT)
def test_a_clean_yard_and_trust_only_help(full: float, own_yard: float, trust: float, more: float) -> None:
    trust, more = sorted((trust, more))
    for yard in (0, 1):
        less, greater = (persuasion_gain(full, 1.0, 1.0, own_yard, yard, t, 1.0) for t in (trust, more))
        assert less <= greater
    cluttered, clean = (persuasion_gain(full, 1.0, 1.0, own_yard, yard, trust, 1.0) for yard in (0, 1))
    assert cluttered <= clean


def test_a_gain_by_hand() -> None:
    """beta 0.8, weight 0.5, authority 1.25, phi 0.4 of a cluttered yard, trust 0.3, a repeat at 0.6."""
    assert persuasion_gain(0.8, 0.5, 1.25, 0.4, 0, 0.3, 0.6) == pytest.approx(0.5 * 0.6 * 0.8 * 0.6, rel=1e-12)
    assert persuasion_gain(0.8, 0.5, 1.25, 0.4, 1, 0.3, 0.6) == pytest.approx(0.5 * 0.8 * 0.6, rel=1e-12)


@given(st.floats(0, 5), YEARS, YEARS)
def test_authority_starts_at_1_and_grows_with_years(per_decade: float, years: int, more: int) -> None:
    years, more = sorted((years, more))
    assert authority(per_decade, 0) == 1.0
    assert 1.0 <= authority(per_decade, years) <= authority(per_decade, more)
    assert authority(per_decade, 10) == pytest.approx(1.0 + per_decade, rel=1e-15)


@given(UNIT, CLEAN, UNIT, UNIT)
def test_trust_stays_in_its_range_and_goes_where_the_messenger_s_yard_points(
    trust: float, yard: int, step: float, attachment: float
) -> None:
    after = trust_after(trust, yard, step, attachment)
    assert 0.0 <= after <= 1.0
    assert after >= trust if yard else after <= trust
    assert trust_after(trust, yard, 0.0, attachment) == trust
    assert trust_after(trust, yard, step, 0.0) == trust
    assert trust_after(trust, yard, 1.0, 1.0) == pytest.approx(yard, abs=1e-15)


@given(UNIT, st.booleans(), UNIT, UNIT, UNIT)
def test_habit_stays_in_its_range(habit: float, adopted: bool, growth: float, keep: float, attachment: float) -> None:
    after = habit_after(habit, adopted, growth, keep, attachment)
    assert 0.0 <= after <= 1.0
    assert after >= habit if adopted else after <= habit


def test_habit_is_half_formed_and_half_lost_when_the_equation_says() -> None:
    """1 - (1 - 0.3)**n and 0.95**n."""
    grown = faded = 0.0
    for n in range(1, 30):
        grown = habit_after(grown, True, 0.3, 0.95, 1.0)
        assert grown == pytest.approx(1 - 0.7**n, rel=1e-13)
    faded = 1.0
    for n in range(1, 30):
        faded = habit_after(faded, False, 0.3, 0.95, 1.0)
        assert faded == pytest.approx(0.95**n, rel=1e-13)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.1, 1e6))
def test_recognised_giving_saturates(giving: float, more: float, half: float) -> None:
    giving, more = sorted((giving, more))
    assert 0.0 <= recognised(giving, half) <= recognised(more, half) <= 1.0
    assert recognised(0.0, half) == 0.0
    assert recognised(half, half) == 0.5


def test_half_a_year_is_26_weeks() -> None:
    assert rules.HALF_YEAR == 26
