"""Numbers as people write them mean one number, or none: in files, in --set, in tables of draws and in bounds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.base.yaml_reader import scalar
from sim.scenario import canonical, load_scenario, parse_set
from sim.scenario.notation import hint, number_in, read_number, units_of

shares = st.decimals(0, 100, places=3).map(str)
UNITS = ["1", "1/week", "logit", "week", "weeks", "yuan", "households", "hours/week", "years", ""]


@given(share=shares, space=st.sampled_from(["", " ", "  "]), sign=st.sampled_from(["%", "％"]))
def test_a_percentage_is_a_hundredth_to_the_bit(share: str, space: str, sign: str) -> None:
    assert number_in(f"{share}{space}{sign}", "1") == float(Fraction(share) / 100)


@given(number=st.integers(1000, 10**17), mark=st.sampled_from([",", "_"]), unit=st.sampled_from(UNITS))
def test_digits_are_grouped_by_threes(number: int, mark: str, unit: str) -> None:
    grouped = f"{number:{mark}}"
    assert number_in(grouped, unit) == float(number)
    assert number_in(f"{grouped}{mark}", unit) is None
    assert number_in(grouped[:-1], unit) is None
    assert number_in(f"0{mark}{grouped}", unit) is None


@given(count=st.integers(0, 5000), unit=st.sampled_from(["week", "weeks"]), s=st.sampled_from(["", "s"]))
def test_weeks_may_be_written_in_years(count: int, unit: str, s: str) -> None:
    assert number_in(f"{count} year{s}", unit) == 52 * count
    assert number_in(f"{count} Week{s}", unit) == count
    assert number_in(f"{count} month{s}", unit) is None
    assert hint(f"{count} month{s}", unit) == f"; write {round(count * 52 / 12)}, in weeks"


@given(text=st.text(alphabet="0123456789.,_+-% eE'ws", max_size=12) | st.text(max_size=12), unit=st.sampled_from(UNITS))
def test_a_number_is_finite_and_never_read_from_other_text(text: str, unit: str) -> None:
    number = number_in(text, unit)
    if number is not None:
        assert abs(number) < 1e45
        assert isinstance(scalar(text.strip()), str) or not unit
    advice = hint(text, unit)
    assert advice == "" or advice.startswith("; ")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("0,5", "1"), ("1,5", "yuan"), ("0,125", "1"), ("1,00,000", "yuan"), ("1,000_000", "yuan"), ("55%", "logit"),
        ("55%", "weeks"), ("55%%", "1"), ("5²", "1"), ("½", "1"), ("٣", "1"),
        ("1 year", "hours"), ("6 months", "weeks"), ("2022-03-01", "week"),
        ("0.5", "1"), ("1e3%", "1"), ("9" * 50 + "%", "1"), ("", "1"), ("%", "1"), ("nan%", "1"), ("3 weeks", "yuan"),
    ],
)  # fmt: skip
def test_what_has_two_meanings_or_none_is_no_number(text: str, unit: str) -> None:
    assert number_in(text, unit) is None


@pytest.mark.parametrize(
    ("text", "unit", "advice"),
    [
        ("0,5", "1", "0.5"), ("12,50", "yuan", "12.50"), ("0,125", "1", "0.125"), ("7,5 %", "1", "7.5 %"),
        ("1,00,000", "yuan", "100000"), ("300 000", "yuan", "300000"), ("300'000", "yuan", "300000"),
        ("10 days", "weeks", "1, in weeks"), ("1 quarter", "week", "13, in weeks"),
        ("2022-03-01", "week", "a number of weeks from the start of the run"), ("0.5", "1", "0.5"),
    ],
)  # fmt: skip
def test_the_line_says_what_to_write(text: str, unit: str, advice: str) -> None:
    assert hint(text, unit) == f"; write {advice}"


@pytest.mark.parametrize(
    ("text", "number"), [("1e-3", 0.001), ("55%", 0.55), (".inf", float("inf")), ("yes", None), ("~", None)]
)
def test_text_that_nobody_has_read(text: str, number: float | None) -> None:
    assert read_number(text, ["1"]) == number


def test_a_form_means_the_same_in_all_units_that_a_key_may_have() -> None:
    assert read_number("55%", ["1", "1/week"]) == 0.55
    assert read_number("55%", ["1", "weeks"]) is None
    assert units_of("household.own_yard") == {"1"}
    assert units_of("interventions.anything.strength") == {"1"}
    assert units_of("interventions.anything.nothing") == frozenset()


def test_a_scenario_is_the_same_however_its_numbers_are_written() -> None:
    texts = ["village.newcomer_share=55.3%", "weeks=2 years", "interventions.donation.yuan=300,000",
             "interventions.donation.start=3 weeks",
             "interventions.donation.strength={value: ８０％, assumption: less}"]  # fmt: skip
    plain = {"village.newcomer_share": 0.553, "weeks": 104, "interventions.donation.yuan": 300_000,
             "interventions.donation.start": 3, "interventions.donation.strength": 0.8}  # fmt: skip
    written = load_scenario("donation", [parse_set(text) for text in texts])
    assert canonical(written) == canonical(load_scenario("donation", plain))
