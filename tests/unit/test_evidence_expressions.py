"""Expressions of derived figures: arithmetic and nothing else."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.evidence import expression

NUMBERS = st.floats(min_value=-1e6, max_value=1e6, allow_subnormal=False).map(abs)
EXPRESSIONS = st.recursive(
    st.one_of(NUMBERS.map(repr), st.sampled_from(["S01", "S02.low", "S02.x_1"])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda one: f"(-{one})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(st.sampled_from(["exp", "log", "round"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
    ),
    max_leaves=6,
).filter(lambda text: len(text) <= expression.MAX_LENGTH)


def _no_names(name: str) -> float:
    raise AssertionError(f"{name} was asked for")


class _Second:
    low = 0.25
    x_1 = -3.0


class TestExpressions:
    @given(EXPRESSIONS)
    def test_agrees_with_python(self, text: str) -> None:
        values = {"S01": 7.0, "S02.low": _Second.low, "S02.x_1": _Second.x_1}
        known = {"S01": 7.0, "S02": _Second, "exp": math.exp, "log": math.log, "min": min, "max": max, "round": round}
        try:
            wanted = eval(text, {"__builtins__": {}}, known)  # Python itself is the oracle
        except (ArithmeticError, ValueError, TypeError):
            wanted = math.nan
        try:
            found = expression.evaluate(expression.parse(text), values.__getitem__)
        except ValueError:
            assert isinstance(wanted, complex) or not math.isfinite(wanted)
        else:
            assert found == float(wanted)

    @pytest.mark.parametrize(
        "text",
        [
            "__import__('os')", "S01.low.high", "[1]", "'a'", "True", "1 if 1 else 2", "S01 // 2", "S01 % 2", "~1",
            "lambda: 1", "exp(x=1)", "round(*S01)", "1 < 2", "1j", "S01[0]", "(1, 2)", "", "1\x00", "exp(1).real",
            "+".join(["1"] * 101),
        ],
    )  # fmt: skip
    def test_refuses_all_else(self, text: str) -> None:
        with pytest.raises(ValueError):
            expression.parse(text)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("9 ** 9 ** 9", "overflows"),
            ("(0 - 8) ** 0.5", "finite real"),
            ("1e308 * 10", "finite real"),
            ("exp(1, 2)", "wrong number of arguments"),
            ("log(0)", "math domain error|positive"),
        ],
    )
    def test_refuses_what_has_no_value(self, text: str, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            expression.evaluate(expression.parse(text), _no_names)

    def test_names_in_reading_order(self) -> None:
        assert expression.names(expression.parse("S02.low * round(S01 / S03, 1)")) == ("S02.low", "S01", "S03")
        assert expression.evaluate(expression.parse("round(2.25 * 1.1, 1)"), _no_names) == 2.5
