"""Smart gates: what they keep away, how far they reassure, and that they clear no yard."""

from __future__ import annotations

import numpy as np
import pytest

from interventions.small import STILL, YARDS, after, content, same
from sim.engine.world import columns as c

SHAPES = [{}, {"dumping": 1.0, "reassurance": 0.0}, {"dumping": 0.0, "reassurance": 0.5}]
DIRTY = {**STILL, "household.tidy_members": 0.0}


@pytest.mark.parametrize("dumping", [0.0, 0.25, 1.0])
def test_plots_drift_to_what_is_kept_away(dumping: float) -> None:
    """All yards are cluttered: a plot drifts from 0.3 to the share kept away, by 0.05 of the way a week; exact."""
    simulation = after([{"kind": "smart_gates", "dumping": dumping, "reassurance": 0.0}], 20, DIRTY)
    expected = dumping + (0.3 - dumping) * 0.95**20
    assert simulation.state.public_f64[c.PUBLIC_CLEANLINESS] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.01, 1.0])
def test_everybody_is_reassured(share: float) -> None:
    """Trust goes share * attachment of the rest of the way each week, whoever it is; exact."""
    bare, there = (after([{"kind": "smart_gates", "dumping": 0.0, "reassurance": r}], 15, STILL) for r in (0.0, share))
    attachment = there.state.column("attachment")
    expected = 1.0 - (1.0 - bare.state.column("trust")) * (1.0 - share * attachment) ** 15
    assert there.state.column("trust") == pytest.approx(expected, rel=1e-12)


def test_they_clear_no_yard() -> None:
    """Where neither plots nor trust count, nothing but those two changes."""
    values = {"household.predisposition": -1.2, "household.surroundings": 0.0, "household.trust": 0.0,
              "household.talk": 0.0}  # fmt: skip
    interventions = [{"kind": "smart_gates", "dumping": 1.0, "reassurance": 0.3}]
    bare, there = after([], 40, values), after(interventions, 40, values)
    assert same(bare, there, (*YARDS, "attachment", "award"))
    assert not same(bare, there, ("trust",))


def test_plots_are_no_dirtier_and_trust_no_lower_for_them() -> None:
    """Direction, plot by plot and household by household where nobody moves, in each of 5 villages."""
    for seed in range(5):
        bare, there = after([], 40, STILL, seed), after([{"kind": "smart_gates"}], 40, STILL, seed)
        assert (there.state.public_f64[c.PUBLIC_CLEANLINESS] > bare.state.public_f64[c.PUBLIC_CLEANLINESS]).all()
        assert (there.state.column("trust") > bare.state.column("trust")).all()


def test_gates_that_keep_nothing_away_are_none() -> None:
    lively = {"household.predisposition": -1.2}
    nothing = {"kind": "smart_gates", "dumping": 0.0, "reassurance": 0.0}
    assert content(after([nothing], 30, lively)) == content(after([], 30, lively))


def test_clean_yards_leave_nothing_to_keep_away() -> None:
    """Where all yards are clean, plots but idle land drift to 1 anyway: gates change idle land alone."""
    clean = {**STILL, "household.clutter_start": 0.0, "household.clutter_growth": 0.0,
             "village.plan.idle_share": 0.5}  # fmt: skip
    bare, there = after([], 30, clean), after([{"kind": "smart_gates", "reassurance": 0.0}], 30, clean)
    idle = bare.state.public_i32[c.PUBLIC_KIND] == c.IDLE
    cleaner = there.state.public_f64[c.PUBLIC_CLEANLINESS] - bare.state.public_f64[c.PUBLIC_CLEANLINESS]
    assert np.array_equal(cleaner > 0, idle)
    assert 0 < idle.sum() < idle.size
