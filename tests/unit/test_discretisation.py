"""Other orders of the week and half weeks: made from the model's own phases and units, so that nothing is left out."""

from __future__ import annotations

import pytest
from half_weeks import PERIODS, half_weeks
from pydantic import BaseModel
from week_order import ORDER, in_order, week_in_order

from sim.engine.week import OPENING, PHASES, advance, name_of
from sim.scenario import Scenario, load_scenario
from sim.scenario.schema import Contact, Household, Plan, Public, Ties, Village

SWAPPED = (*ORDER[:5], *reversed(ORDER[5:8]), *ORDER[8:])


def test_another_order_is_the_same_phases_in_it() -> None:
    assert [name_of(phase) for phase in in_order(SWAPPED)] == list(SWAPPED)
    assert in_order(ORDER) == [phase for phase, _ in (*OPENING, *PHASES)]


def test_the_week_in_another_order_is_the_model_s_own_loop() -> None:
    other = week_in_order(SWAPPED)
    assert other.py_func.__code__.co_code == advance.py_func.__code__.co_code  # type: ignore[attr-defined]
    assert other.py_func.__globals__["live_week"] is not advance.py_func.__globals__["live_week"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "phases",
    [ORDER[:-1], (*ORDER, "talk"), (*ORDER[:-1], "sing"), ORDER[::-1], (ORDER[1], ORDER[0], *ORDER[2:]),
     (*ORDER[:2], "clean_public_plots", *(name for name in ORDER[2:] if name != "clean_public_plots"))],
)  # fmt: skip
def test_an_order_that_can_t_be_is_refused(phases: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"phases must be|the programme comes first"):
        week_in_order(phases)


def weekly_units(block: type[BaseModel]) -> set[str]:
    """Return the numbers of a block whose unit or meaning is by the week or longer."""
    found = set()
    for name, field in block.model_fields.items():
        extra = field.json_schema_extra
        unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
        words = f"{unit} {field.description}"
        if any(word in words for word in ("week", "quarter")):
            found.add(name)
    return found


UNCHANGED = {
    "period_weeks": "halves together with what it divides", "give_probability": "by the quarter, a doubled constant",
    "worthy_gives": "by the quarter", "praise_response": "by the quarter", "large_capacity": "by four weeks",
    "dispute_trust": "by four weeks",
}  # fmt: skip


@pytest.mark.parametrize("block", [Household, Public, Village, Plan, Ties, Contact])
def test_every_number_by_the_week_is_rescaled(block: type[BaseModel]) -> None:
    """Or stands above with the reason: a new weekly number can't be forgotten."""
    scenario = load_scenario("base")
    blocks = [
        {Household: s.household, Public: s.public, Village: s.villages[0], Plan: s.villages[0].plan,
         Ties: s.villages[0].ties, Contact: s.villages[0].contact}[block] for s in (scenario, half_weeks(scenario))
    ]  # fmt: skip
    whole, half = ({name: value for name, value in b if not isinstance(value, BaseModel)} for b in blocks)
    changed = {name for name in whole if whole[name] != half[name]}
    by_week = weekly_units(block) - set(UNCHANGED)
    at_rest = {name for name in by_week if whole[name] == 0}
    assert by_week <= changed | at_rest
    assert changed <= by_week | {"contacts_per_member_year"}


def test_two_half_steps_make_a_whole_one() -> None:
    """Retentions multiply to the week's, shares of a way compose to it, flows add up; to rounding."""
    whole, half = load_scenario("donation"), half_weeks(load_scenario("donation"))
    assert half.household.habit_retention**2 == pytest.approx(whole.household.habit_retention, rel=1e-15)
    for name in ("climb_rate", "slip_rate", "talk", "habit_growth", "passivity_step"):
        assert (1 - getattr(half.household, name)) ** 2 == pytest.approx(1 - getattr(whole.household, name), rel=1e-15)
    for name in ("clutter_growth", "work_pushed", "work_helping", "work_initiated"):
        assert 2 * getattr(half.household, name) == getattr(whole.household, name)
    assert (half.weeks, half.public.work_weeks) == (2 * whole.weeks, 2 * whole.public.work_weeks)
    assert half.interventions[0].stop == 2 * (whole.interventions[0].stop or 0) > 0
    contact = (half.villages[0].contact, whole.villages[0].contact)
    rates = [c.contacts_per_member_year / c.period_weeks for c in contact]
    assert 2 * rates[0] == rates[1]
    assert half.household.persuasion == whole.household.persuasion
    assert half.interventions[0].model_dump()["yuan"] == whole.interventions[0].model_dump()["yuan"]
    assert isinstance(half, Scenario)


def test_the_constants_in_weeks_are_there() -> None:
    assert {name: getattr(module, name) for module, name in PERIODS} == {
        "HALF_YEAR": 26, "QUARTER": 13, "MEETING_WEEKS": 4,
    }  # fmt: skip
