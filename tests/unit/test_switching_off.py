"""Switching mechanisms off: every off value is legal and turns something off, and what is carried adds up by hand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.analysis.compare import Comparison
from sim.analysis.switching_off import MECHANISMS, Mechanism, SwitchedOff, labelled, switch_off
from sim.base.errors import InputError
from sim.engine.simulation import Simulation
from sim.results import NO_DRAW
from sim.scenario import Scenario, load_scenario, provenance, with_values

SMALL = {"village.households": 120, "village.party_members": 12, "village.volunteers": 2}
WEEKS = 30
KEYS = {"draw": np.full(2, NO_DRAW), "replicate": np.arange(2)}


@cache
def scenario(*interventions: str) -> Scenario:
    uses = {"charity": 1.0, "works": 0.0, "hauling": 0.0, "awards": 0.0}
    blocks = [{"kind": kind, **({"uses": uses, "yuan": 1e6} if kind == "donation" else {})} for kind in interventions]
    return load_scenario("baseline", [SMALL, {"interventions": blocks}])


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_every_off_value_is_legal_and_differs_from_the_default(mechanism: Mechanism) -> None:
    now = provenance(load_scenario("baseline"))
    changed = with_values(load_scenario("baseline"), mechanism.off)
    for key, value in mechanism.off.items():
        assert provenance(changed)[key].value == value != now[key].value
    assert mechanism.missing


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_every_mechanism_matters_somewhere(mechanism: Mechanism) -> None:
    """Switched off, two years of a whole programme under the same luck take another course."""
    whole = load_scenario("everything", [{**SMALL, "village.households": 400}])

    def course(one: Scenario) -> tuple[bytes, bytes]:
        simulation = Simulation(one, 1, 0, 104)
        simulation.advance(104)
        return simulation.counts.tobytes(), simulation.totals.tobytes()

    assert course(with_values(whole, mechanism.off)) != course(whole)


def test_charity_works_through_recognised_giving_alone() -> None:
    """Charity touches no yard: without that mechanism a gift changes nothing, and so the mechanism carries it all."""
    found = switch_off(scenario("donation"), 3, 1, WEEKS, jobs=1).effects("mean_adopted").set_index("mechanism")
    assert found.loc[""]["effect"] > 0
    assert found.loc["recognised giving"]["effect"] == 0
    assert found.loc["recognised giving"]["carried"] == pytest.approx(found.loc[""]["effect"])
    assert found.index[0] == "" and set(found.index) == {"", *(m.name for m in MECHANISMS)}
    carried = found["carried"].to_numpy()[1:]
    assert (np.diff(carried) <= 0).all()


def test_what_is_carried_by_hand() -> None:
    """With everything the programme adds 4 and 6, without persuasion 1 and 2: it carries 3 and 4."""
    zeros = np.zeros(2)
    tables = {labelled(what, m): {**KEYS, "adopted": zeros} for m in ("", *(x.name for x in MECHANISMS))
              for what in ("programme", "none")}  # fmt: skip
    tables["programme"] = {**KEYS, "adopted": np.array([5.0, 7.0])}
    tables["none"] = {**KEYS, "adopted": np.array([1.0, 1.0])}
    tables[labelled("programme", "persuasion")] = {**KEYS, "adopted": np.array([2.0, 3.0])}
    tables[labelled("none", "persuasion")] = {**KEYS, "adopted": np.array([1.0, 1.0])}
    off = SwitchedOff(Comparison(dict.fromkeys(tables, scenario()), 1, WEEKS, 2, tables, []))
    found = off.effects("adopted").set_index("mechanism")
    row = found.loc["persuasion"]
    assert (row["effect"], row["carried"], row["verdict"]) == (1.5, 3.5, "too few pairs to tell")
    assert (row["low"], row["high"]) == pytest.approx((3.5 - 6.353, 3.5 + 6.353), abs=1e-3)  # 12.706 * 0.5
    assert found.loc["talk"]["carried"] == 5
    with pytest.raises(InputError, match="undefined in 1 of 2 runs of 'none'"):
        tables["none"]["adopted"][0] = np.nan
        off.effects("adopted")
    assert (found.loc[""]["effect"], found.loc[""]["pairs"]) == (5, 2)


def test_without_a_programme_nothing_can_be_carried() -> None:
    with pytest.raises(InputError, match="no active intervention"):
        switch_off(scenario(), 2, 0)
