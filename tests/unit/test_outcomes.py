"""Every outcome is what its name says: known answers from a record made by hand, and none without one.

That tallies count what happens is tested with the mechanisms that count; here, that each outcome is made of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.engine import tallies as t
from sim.engine.outcomes import (
    BY_VILLAGE,
    GROUPS,
    TOTALS,
    WEEKLY,
    WEEKLY_BY_VILLAGE,
    Columns,
    total_outcomes,
    village_outcomes,
    weekly_table,
)
from sim.engine.outcomes.declaration import Added, Greatest, Households, Last, Mean, Measured, Per, Sum, WeeksUntil
from sim.engine.terms import TERMS
from sim.engine.world.columns import MEMBER, NEWCOMER, RUNGS
from sim.interventions import GIFT_USES
from sim.scenario import Scenario, load_scenario

# Twelve households week by week: (newcomer, member, rung, clean yard).
PEOPLE = [(k % 3 == 0, k % 4 == 0) for k in range(12)]
RUNG_OF = [[0] * 12, [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3], [2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 0, 1]]
CLEAN_OF = [[0] * 12, [k % 2 for k in range(12)], [1] * 11 + [0]]
WEEKS, PLOTS, VILLAGES = 3, 5, 2
PLAIN = {
    "visits": "visits", "messages": "messages", "talks": "talks", "calls": "calls", "volunteers": "volunteers",
    "joined": "joined", "left": "left", "large_disputes_open": "large_open", "plaques": "plaques",
    "works_finished": "works_finished", "slips": "slips",
    **{name: name for name in (
        "climbs_predisposition", "climbs_neighbours", "climbs_kin", "climbs_surroundings", "climbs_trust", "climbs_help",
        "climbs_giving", "climbs_awards", "climbs_persuasion", "climbs_several",
    )},
}  # fmt: skip
SECONDS = {
    "contact_hours": "contact_seconds", "contact_hours_lost": "contact_seconds_lost", "plot_hours": "plot_seconds",
    "volunteer_hours": "volunteer_seconds", "help_hours": "help_seconds", "caller_hours": "caller_seconds",
    "contractor_hours": "contractor_seconds", "upkeep_hours": "upkeep_seconds", "paid_hours": "paid_seconds",
    "own_hours": "own_seconds", "programme_hours": "programme_seconds",
}  # fmt: skip
FEN = {
    "given_by_households_yuan": "given_by_households", "given_by_worthies_yuan": "given_by_worthies",
    "programme_yuan": "programme_fen",
    **{f"spent_{use}_yuan": f"spent_{use}" for use in ("works", "hauling", "awards", "charity", "budget")},
}  # fmt: skip
MEANS = ("trust", "persuasion", "clutter", "passivity")
MEANS_OF_VILLAGES = ("recognised_giving", "effort")
SHARES_OF_HOUSEHOLDS = ("reached", "consenting")
SHARES_OF_VILLAGES = {"agreed": "agreed_plan", "chartered": "in_charter", "started": "in_programme"}
BY_GROUP = ("households", *RUNGS, "adopted", "clean")


def record() -> tuple[Any, Any]:
    """Return a record in which every number is another, so that no outcome can be taken for another."""
    cells = t.rows("households")
    counts = 1009 * np.arange(1, WEEKS + 1)[:, None] + 97 * np.arange(len(t.TALLIES))
    counts[:, cells] = 0
    for week in range(WEEKS):
        for (newcomer, member), rung, clean in zip(PEOPLE, RUNG_OF[week], CLEAN_OF[week], strict=True):
            counts[week, cells.start + 8 * (NEWCOMER * newcomer | MEMBER * member) + 2 * rung + clean] += 1
    totals = 0.37 + np.arange(WEEKS)[:, None] + 0.061 * np.arange(len(t.MEASURES))
    return counts, totals


def of_group(group: str, week: int) -> list[tuple[int, int]]:
    """Return (rung, clean) of the households of a group."""
    wanted: Callable[[bool, bool], bool] = {
        "all": lambda newcomer, member: True, "local": lambda newcomer, member: not newcomer,
        "newcomer": lambda newcomer, member: newcomer, "member": lambda newcomer, member: member,
    }[group]  # fmt: skip
    return [(RUNG_OF[week][k], CLEAN_OF[week][k]) for k, who in enumerate(PEOPLE) if wanted(*who)]


def expected(name: str, week: int, group: str) -> float:
    """Return an outcome reckoned in plain Python from the twelve households and the record."""
    counts, totals = record()
    mine = of_group(group, week)
    if name in BY_GROUP:
        if name == "households":
            return len(mine)
        if name in RUNGS:
            return sum(rung == RUNGS.index(name) for rung, _ in mine) / len(mine)
        return sum(rung >= 2 if name == "adopted" else clean for rung, clean in mine) / len(mine)
    if group != "all":
        return math.nan
    here, sums = counts[week], totals[week]
    if name in PLAIN:
        return float(here[t.row(PLAIN[name])])
    if name in SECONDS:
        return float(here[t.row(SECONDS[name])] / 3600)
    if name in FEN:
        return float(here[t.row(FEN[name])] / 100)
    if name in MEANS:
        return float(sums[t.measure_row(name)] / 12)
    if name in MEANS_OF_VILLAGES:
        return float(sums[t.measure_row(name)] / VILLAGES)
    if name in SHARES_OF_HOUSEHOLDS:
        return float(here[t.row(name)] / 12)
    if name in SHARES_OF_VILLAGES:
        return float(here[t.row(SHARES_OF_VILLAGES[name])] / VILLAGES)
    others = {
        "public_cleanliness": sums[t.measure_row("public_cleanliness")] / PLOTS,
        "given_yuan": here[t.rows("given")].sum() / 100,
        "disputes_arisen": here[t.row("small_arisen")] + here[t.row("large_arisen")],
        "disputes_settled": here[t.row("small_settled")] + here[t.row("large_settled")],
        "disputes_open": here[t.row("small_open")] + here[t.row("large_open")],
    }
    return float(others[name]) if name in others else declared(name, here, sums)


def declared(name: str, here: Any, sums: Any) -> float:
    """Return a weekly outcome that isn't known above, as its declaration says."""
    source = next(outcome.source for outcome in WEEKLY if outcome.name == name)
    assert not isinstance(source, Households), f"{name}: add it to BY_GROUP and to what is expected"
    number = (
        sums[t.measure_row(source.name)]
        if isinstance(source, Measured)
        else sum(here[t.row(tally)] for tally in source.names)
    )
    return float(
        number / {Per.HOUSEHOLD: 12, Per.VILLAGE: VILLAGES, Per.PUBLIC_PLOT: PLOTS}.get(source.per, source.per.value)
    )


def table() -> Columns:
    return weekly_table(*record(), PLOTS, VILLAGES)


@pytest.mark.parametrize("name", [outcome.name for outcome in WEEKLY])
def test_a_weekly_outcome_is_the_known_one(name: str) -> None:
    """One that isn't known above is only held to its declaration. Division may round once (1e-15)."""
    found = np.asarray(table()[name], float).reshape(WEEKS, len(GROUPS))
    known = [[expected(name, week, group) for group in GROUPS] for week in range(WEEKS)]
    np.testing.assert_allclose(found, known, rtol=1e-15, atol=0, equal_nan=True)
    assert tuple(GIFT_USES) == ("works", "hauling", "awards", "charity", "budget")


def scenario() -> Scenario:
    """Return villages of 7 members, 2 persons a visit and years of 50 weeks, with an intervention that stops in week 0."""
    return load_scenario("baseline", [
        {"village.party_members": 7, "village.contact.period_weeks": 50.0, "village.contact.persons_per_visit": 2.0,
         "village.households": 20, "weeks": WEEKS},
        {"interventions": [{"kind": "donation", "stop": 1, "start": 0}]},
    ])  # fmt: skip


def series(name: str) -> list[float]:
    return [expected(name, week, "all") for week in range(WEEKS)]


YUAN = sum(sum(series(f"spent_{use}_yuan")) for use in GIFT_USES) + sum(series("programme_yuan"))
HOURS = sum(sum(series(f"{kind}_hours")) for kind in (
    "contact", "volunteer", "caller", "paid", "contractor", "upkeep", "programme"))  # fmt: skip
TOTAL = {
    "adopted": 10 / 12, "clean": 11 / 12, "self_initiated": 5 / 12, "coercion": 1 / 12,
    "newcomer_gap": expected("adopted", 2, "local") - expected("adopted", 2, "newcomer"),
    "mean_adopted": (0 + 6 / 12 + 10 / 12) / 3, "peak_adopted": 10 / 12, "weeks_to_half": 2.0, "weeks_to_80": 3.0,
    "adopted_year_after": math.nan, "public_cleanliness": series("public_cleanliness")[-1], "trust": series("trust")[-1],
    "reached": series("reached")[-1],
    "disputes_settled_share": sum(series("disputes_settled")) / sum(series("disputes_arisen")),
    "weeks_to_agreement": 1.0, "contacts_per_member_year": sum(series("visits")) * 2 / 7 / WEEKS * 50,
    "visits_per_household_year": sum(series("visits")) / 12 / WEEKS * 50, "yuan": YUAN, "hours": HOURS,
    "unpaid_hours": sum(sum(series(f"{kind}_hours")) for kind in ("contact", "volunteer", "caller", "programme")),
    "own_hours": sum(series("own_hours")), "yuan_per_adopted": YUAN / 10, "hours_per_adopted": HOURS / 10,
    "climbs": sum(sum(series(f"climbs_{term}")) for term in TERMS), "slips": sum(series("slips")),
}  # fmt: skip


VISITS = np.array([sum(series("visits"))])


def test_the_outcomes_of_a_run_are_the_known_ones() -> None:
    """One that isn't known above is held to its reduction; sums of hundreds of numbers round within 1e-13."""
    found = total_outcomes(table(), scenario(), VISITS)
    assert list(found) == [outcome.name for outcome in TOTALS]
    assert set(TOTAL) <= set(found)
    for outcome in TOTALS:
        value = TOTAL[outcome.name] if outcome.name in TOTAL else reduced(outcome.how)
        assert found[outcome.name] == pytest.approx(value, rel=1e-13, nan_ok=True), outcome.name


def reduced(how: object) -> float:
    """Return what a reduction makes of the weeks, in plain Python."""
    match how:
        case Last():
            return series(how.of)[-1]
        case Mean():
            return sum(series(how.of)) / WEEKS
        case Greatest():
            return max(series(how.of))
        case Sum():
            return sum(series(how.of))
        case Added():
            return sum(sum(series(name)) for name in how.of)
        case WeeksUntil():
            return next((week + 1.0 for week, value in enumerate(series(how.of)) if value >= how.share), math.nan)
    raise AssertionError(f"{how} is a function of its own: add what it gives to TOTAL")


def test_a_year_after_the_last_intervention_is_the_52nd_week_after_it_stops() -> None:
    """The intervention's last week is week 0, so the year after it is told by the row of week 52."""
    weeks = 60
    columns = {name: np.zeros(weeks * len(GROUPS)) for name in table() if name != "group"}
    columns["households"] += 12.0
    columns["adopted"] = np.repeat(np.arange(weeks) / 100.0, len(GROUPS))
    assert total_outcomes(columns, scenario(), VISITS)["adopted_year_after"] == 0.52


def test_what_never_happens_is_no_number() -> None:
    columns = {name: np.zeros(WEEKS * len(GROUPS)) for name in table() if name != "group"}
    columns["households"] += 12.0
    found = total_outcomes(columns, scenario(), 0 * VISITS)
    undefined = {name for name, value in found.items() if math.isnan(value)}
    assert undefined & set(TOTAL) == {
        "weeks_to_half", "weeks_to_80", "adopted_year_after", "disputes_settled_share", "weeks_to_agreement",
        "yuan_per_adopted", "hours_per_adopted",
    }  # fmt: skip


def test_the_outcomes_of_each_village_are_those_of_a_world_of_it_alone() -> None:
    """Two villages, the second with the weeks in another order."""
    counts, totals = record()
    both = village_outcomes(np.stack([counts, counts[::-1]], 1), np.stack([totals, totals[::-1]], 1))
    assert set(both) == {o.name for o in BY_VILLAGE} | {f"weekly.{name}" for name in WEEKLY_BY_VILLAGE}
    for v, order in enumerate((slice(None), slice(None, None, -1))):
        alone = weekly_table(counts[order], totals[order], PLOTS)
        known: dict[str, Any] = {
            **total_outcomes(alone, scenario(), VISITS), "households": 12, "visits": VISITS[0]
        }  # fmt: skip
        for outcome in BY_VILLAGE:
            assert both[outcome.name][v] == pytest.approx(known[outcome.name], rel=1e-15, nan_ok=True), outcome.name
        for name in WEEKLY_BY_VILLAGE:
            mine = np.asarray(alone[name]).reshape(WEEKS, len(GROUPS))[:, 0]
            np.testing.assert_array_equal(both[f"weekly.{name}"][v], mine)
