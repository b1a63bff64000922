"""Engine and twin tell the same of a town whose villages have unlike contact figures, and of the year after a roll-out."""

from __future__ import annotations

from typing import Any

import pytest

from oracle import outcomes
from oracle.comparing import Pair
from sim.scenario import load_scenario

VILLAGES = [
    {"name": name, "households": 30 + 7 * k, "party_members": 3 + k,
     "contact": {"persons_per_visit": 0.7 + k, "period_weeks": 52.0 - 9.3 * k}}
    for k, name in enumerate("abc")
]  # fmt: skip
TOLD = ("contacts_per_member_year", "visits_per_household_year", "adopted_year_after")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
@pytest.mark.parametrize(
    "rollout", [{"first": 1}, {"first": 1, "wave_weeks": [4], "wave_sizes": [1]}, {"copying": 1.0}]
)
def test_both_tell_the_same_a_year_after(order: tuple[int, ...], rollout: dict[str, Any]) -> None:
    levers = [
        {"kind": "household_contact", "stop": 3, "time_factor": 6.0},
        {"kind": "training", "stop": 6},
        {"kind": "rollout", "interventions": ["household_contact"], **rollout},
    ]
    values = {"weeks": 64, "household.predisposition": -1.0}
    town = load_scenario("baseline", [values, {"villages": [VILLAGES[k] for k in order], "interventions": levers}])
    pair = Pair(town, seed=7)
    for _ in range(64):
        pair.step()
    assert list(pair.outcome_differences()) == []
    twins = outcomes.totals(pair.twin, pair.rows)
    assert all(twins[name] > 0 for name in TOLD)
