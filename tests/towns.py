"""Small towns for tests, drawn unequal."""

from __future__ import annotations

from typing import Any

from sim.runs.single import RunResult, run
from sim.scenario import Scenario, load_scenario

SPREAD: dict[str, Any] = {
    "households": 0.4, "newcomer_share": 0.8, "party_members": 0.2, "worthies": 0.5, "volunteers": 0.5,
    "plan": {"households_per_public_plot": 0.3, "public_cleanliness": 0.5, "idle_share": 0.5},
}  # fmt: skip
SMALL = {"village.households": 60, "village.party_members": 6, "village.volunteers": 2}
BUSY = {"household.predisposition": -1.0, "village.heterogeneity": 1.0}
INTERVENTIONS = [{"kind": "household_contact", "stop": 20}, {"kind": "donation", "yuan": 60_000}]
WEEKS = 12


def drawn(copies: int, spread: dict[str, Any] | None = None, *overrides: Any, name: str = "v") -> Scenario:
    """Return a town of `copies` villages called name-1, name-2 and so on."""
    item = {"name": name, "copies": copies, "spread": SPREAD if spread is None else spread}
    return load_scenario("baseline", [*overrides, {"villages": [item]}])


def lived(scenario: Scenario) -> RunResult:
    return run(scenario, 3, 1, WEEKS)
