"""Outcomes of a world of several villages: each by its own contact figures, and by when it began with the programme."""

from __future__ import annotations

import math
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from batches import batch

from sim.engine import tallies as t
from sim.engine.simulation import Simulation
from sim.mesa_view.model import MobilizationModel
from sim.runs.single import run
from sim.scenario import Scenario, load_scenario

WEEKS = 20
HOURLY = {"minutes_per_visit": 60.0}
FIGURES = ("contacts_per_member_year", "visits_per_household_year")
# One visit a member and week in both: 50 / 50 / 1 and 75 / 25 / 3.
UNLIKE: list[dict[str, Any]] = [
    {"name": "a", "households": 20, "party_members": 4,
     "contact": {"contacts_per_member_year": 50.0, "period_weeks": 50.0, "persons_per_visit": 1.0, **HOURLY}},
    {"name": "b", "households": 30, "party_members": 6,
     "contact": {"contacts_per_member_year": 75.0, "period_weeks": 25.0, "persons_per_visit": 3.0, **HOURLY}},
]  # fmt: skip


def world(
    villages: list[dict[str, Any]], weeks: int = WEEKS, *interventions: dict[str, Any], **values: Any
) -> Scenario:
    settings = {key.replace("__", "."): value for key, value in values.items()}
    return load_scenario(
        "baseline", [{"weeks": weeks, **settings}, {"villages": villages, "interventions": [*interventions]}]
    )


# Contact figures -------------------------------------------------------------------------------------------------------


def test_the_contact_figures_of_a_town_are_the_members_and_the_households_mean() -> None:
    """Members meet 50 and 75 a year, 4 and 6 of them: 65. Households see 4 x 50 and 6 x 25 visits, 50 of them: 7."""
    totals = run(world(UNLIKE), seed=3).totals
    assert [totals[name] for name in FIGURES] == pytest.approx([65.0, 7.0], rel=1e-14)


@pytest.mark.parametrize(("village", "known"), [(UNLIKE[0], (50.0, 10.0)), (UNLIKE[1], (75.0, 5.0))])
def test_those_of_a_village_alone_are_its_own(village: dict[str, Any], known: tuple[float, float]) -> None:
    totals = run(world([village]), seed=3).totals
    assert [totals[name] for name in FIGURES] == pytest.approx(known, rel=1e-14)


def test_the_order_of_villages_changes_no_contact_figure() -> None:
    """Not by a bit, whatever the figures."""
    odd = [
        {"name": name, "households": n, "party_members": n // 7,
         "contact": {"persons_per_visit": persons, "period_weeks": weeks}}
        for name, n, persons, weeks in (("a", 41, 1.7, 49.7), ("b", 60, 0.9, 31.3), ("c", 23, 2.9, 52.1))
    ]  # fmt: skip
    found = {tuple(run(world(list(order)), seed=1).totals[name] for name in FIGURES) for order in permutations(odd)}
    assert len(found) == 1


def test_a_run_that_is_found_again_has_the_same_contact_figures(tmp_path: Path) -> None:
    scenario = world(UNLIKE)
    seen: list[int] = []
    made, found = (
        batch({"town": scenario}, 1, 3, WEEKS, tmp_path, report=lambda progress: seen.append(progress.found)).tables[
            "town"
        ]
        for _ in range(2)
    )
    assert (seen[0], seen[-1]) == (0, 1)
    assert [made[name].tolist() for name in FIGURES] == [found[name].tolist() for name in FIGURES]
    assert found[FIGURES[0]][0] == pytest.approx(65.0, rel=1e-14)


def test_a_collector_that_is_asked_for_late_tells_the_contact_figures_of_every_week() -> None:
    """One visit a member in every week, so that the yearly figures are the same in all."""
    with MobilizationModel(world(UNLIKE), seed=3) as model:
        model.run_model()
        table = model.datacollector.get_model_vars_dataframe()
    assert table[FIGURES[0]].tolist() == pytest.approx([65.0] * WEEKS, rel=1e-14)


# A year after the programme -----------------------------------------------------------------------------------------------

THREE = [{"name": name, "households": 40, "party_members": 4} for name in "abc"]
STOP = 5


def rolled(weeks: int, *more: dict[str, Any], **keys: Any) -> Scenario:
    """Return three villages, the first of which begins in week 2, with an intervention that stops in its fifth week."""
    rollout = {"kind": "rollout", "interventions": ["household_contact"], "start": 2, "first": 1, **keys}
    contact = {"kind": "household_contact", "time_factor": 8.0, "stop": STOP}
    return world(THREE, weeks, contact, *more, rollout, household__predisposition=-1.0)


def year_after(scenario: Scenario, end: int) -> tuple[float, float]:
    """Return what a run tells, and the adopted share of its 52nd week after a week in which the last intervention stopped."""
    result = run(scenario, seed=4)
    simulation = result.simulation
    after = simulation.counts[end + 51, :, t.rows("households")].sum(axis=0).reshape(4, 4, 2)
    return result.totals["adopted_year_after"], after[:, 2:].sum() / after.sum()


@pytest.mark.parametrize(
    ("keys", "last_begin"),
    [({}, 2), ({"wave_weeks": [6], "wave_sizes": [1]}, 8), ({"wave_weeks": [3, 6], "wave_sizes": [1, 1]}, 8)],
)
def test_it_counts_from_where_what_is_rolled_out_began_last(keys: dict[str, Any], last_begin: int) -> None:
    told, known = year_after(rolled(last_begin + STOP + 52, **keys), last_begin + STOP)
    assert told == known
    assert 0 < known < 1


def test_it_is_no_number_if_the_run_ends_a_week_before() -> None:
    assert math.isnan(run(rolled(2 + STOP + 51), seed=4).totals["adopted_year_after"])


def test_an_intervention_that_is_not_rolled_out_stops_by_the_calendar() -> None:
    told, known = year_after(rolled(20 + 52, {"kind": "training", "stop": 20}), 20)
    assert told == known


def test_it_is_no_number_while_an_intervention_goes_on_rolled_out_or_not() -> None:
    assert math.isnan(run(rolled(80, {"kind": "training"}), seed=4).totals["adopted_year_after"])
    endless = rolled(80).interventions[0].model_copy(update={"stop": None})
    goes_on = rolled(80).model_copy(update={"interventions": (endless, rolled(80).interventions[1])})
    assert math.isnan(run(goes_on, seed=4).totals["adopted_year_after"])


def test_what_never_began_anywhere_neither_stops_nor_goes_on() -> None:
    """Without a village to begin, only interventions outside the roll-out count; without any, there was no programme."""
    assert math.isnan(run(rolled(70, first=0), seed=4).totals["adopted_year_after"])
    told, known = year_after(rolled(70, {"kind": "training", "stop": 9}, first=0), 9)
    assert told == known


def test_a_village_that_copies_late_moves_the_year_with_it() -> None:
    """Whoever copies begins a programme of its own; the last one's end counts."""
    scenario = rolled(120, copying=1.0)
    simulation = Simulation(scenario, 4, 0, 120)
    simulation.advance(120)
    begun = simulation.counts[:, :, t.row("in_programme")].argmax(axis=0)
    assert begun.max() > 2
    told, known = year_after(scenario, int(begun.max()) + STOP)
    assert told == known
