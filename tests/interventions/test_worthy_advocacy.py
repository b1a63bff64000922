"""Worthy advocacy: calls in the worthies' hours, what a call does, and not a fen moved."""

from __future__ import annotations

import numpy as np
import pytest

from interventions.small import STILL, after, content, same, total
from sim.engine import tallies as t
from sim.engine.world import columns as c

SHAPES = [{}, {"hours": 12.0}, {"who": {"group": "worthy", "count": 3}}, {"who": {"group": "member", "share": 0.5}}]
FEN = [one.row for one in t.TALLIES.values() if one.unit == "fen"]


@pytest.mark.parametrize("hours", [0.0, 0.5, 1.5, 6.0])
def test_calls_fill_the_hours(hours: float) -> None:
    """Eight worthies and 45 minutes a call: the whole calls in 10 weeks of hours, none on the own door; exact."""
    simulation = after([{"kind": "worthy_advocacy", "hours": hours}], 10, STILL)
    assert total(simulation, t.row("calls")) == 8 * int(10 * hours / 0.75)
    assert total(simulation, t.row("caller_seconds")) == 8 * 10 * hours * 3600
    assert total(simulation, t.row("volunteer_seconds")) == 0


def test_the_most_hours_go_round_the_village() -> None:
    """40 hours of one worthy are 53 calls a week: within 4 weeks every other household was called at, none at home."""
    simulation = after([{"kind": "worthy_advocacy", "hours": 40.0, "who": {"group": "worthy", "count": 1}}], 4, STILL)
    state = simulation.state
    worthy = state.column("chosen") > 0
    assert worthy.sum() == 1
    assert np.array_equal(state.column("last_by_worthy") == c.NEVER, worthy)


def test_a_first_call_does_what_the_rule_says() -> None:
    """One call by one worthy whose yard is cluttered or clean: beta * w * (1 - phi unless clean) * (1/2 + T) * lambda."""
    for clean in (0, 1):
        values = {**STILL, "household.clutter_start": 0.0 if clean else 12.0, "household.tidy_members": 0.0}
        intervention = {"kind": "worthy_advocacy", "hours": 0.75, "who": {"group": "worthy", "count": 1}}
        simulation = after([intervention], 1, values)
        state, p = simulation.state, simulation.scenario.household
        (called,) = np.flatnonzero(state.column("last_by_worthy") == 0)
        worthy = np.flatnonzero(state.column("chosen"))[0]
        standing = 1.0 + p.authority * state.column("party_years")[worthy] / 10.0
        gain = p.persuasion * p.worthy_weight * standing * (1.0 - p.own_yard * (1 - clean))
        expected = gain * (0.5 + state.column("trust")[called]) * p.persuasion_retention
        assert state.column("persuasion")[called] == pytest.approx(expected, rel=1e-12)
        assert (state.column("persuasion") > 0).sum() == 1


def test_no_fen_is_moved_and_no_trust() -> None:
    """Where nobody moves, money, trust and yards are the baseline's, bit for bit."""
    bare, there = (
        after(interventions, 40, STILL) for interventions in ([], [{"kind": "worthy_advocacy", "hours": 8.0}])
    )
    assert there.counts[:, :, FEN].tobytes() == bare.counts[:, :, FEN].tobytes()
    assert same(bare, there, ("trust", "attachment", "clutter", "clean", "award", "rung"))
    assert (there.totals[:, 0, t.measure_row("persuasion")] > bare.totals[:, 0, t.measure_row("persuasion")]).all()


def test_where_their_word_has_no_weight_nothing_comes_of_it() -> None:
    values = {"household.predisposition": -1.2, "household.worthy_weight": 0.0}
    bare, there = (after(interventions, 40, values) for interventions in ([], [{"kind": "worthy_advocacy"}]))
    changed = {name for name, data in content(bare).items() if content(there)[name] != data}
    rows = np.flatnonzero((bare.counts != there.counts).any(axis=(0, 1))).tolist()
    assert changed <= {"counts", "i32", "team_i32", "team_f64", "village_i64"}
    assert rows == [t.row("calls"), t.row("caller_seconds")]
