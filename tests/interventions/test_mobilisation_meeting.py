"""The meeting: one dated pulse of effort."""

from __future__ import annotations

import numpy as np
import pytest
from one_village import CONTACT, content, effort, grown

from sim.engine import tallies as t

LOSS = 0.02


def meeting(**keys: object) -> dict[str, object]:
    return {"kind": "mobilisation_meeting", **keys}


def test_a_meeting_without_effect_is_absent() -> None:
    assert content(grown(CONTACT, meeting(effort=0.0))) == content(grown(CONTACT))


@pytest.mark.parametrize(("start", "size"), [(0, 0.5), (7, 0.8), (20, 0.1)])
def test_it_adds_effort_once_and_the_rest_is_decay(start: int, size: float) -> None:
    """Before it the course is that without a meeting; in its week `size` is added; then a share is lost a week; exact."""
    simulation = grown(CONTACT, meeting(start=start, effort=size), public__effort_loss=LOSS)
    plain = (1 - LOSS) ** np.arange(1, 31)
    added = np.where(np.arange(30) >= start, size * (1 - LOSS) ** (np.arange(30.0) - start), 0.0)
    assert effort(simulation) == pytest.approx(plain + added, rel=1e-12)


def test_effort_never_exceeds_twice_the_routine() -> None:
    assert effort(grown(CONTACT, meeting(effort=2.0)))[0] == 2.0


def test_every_village_is_lifted_in_the_same_week() -> None:
    villages = [{"name": "v", "copies": 3}]
    bare, lifted = (grown(CONTACT, *more, villages=villages) for more in ((), (meeting(start=9, effort=0.3),)))
    rise = lifted.totals[:, :, t.measure_row("effort")] - bare.totals[:, :, t.measure_row("effort")]
    assert not rise[:9].any()
    assert rise[9] == pytest.approx(np.full(3, 0.3), rel=1e-12)


def test_it_drives_more_visits_where_time_is_asked_for() -> None:
    """Effort scales the extra time that an intervention asks for: three times routine, a fifth more effort, without decay."""
    more = {**CONTACT, "time_factor": 4.0}
    time = [
        grown(more, *intervention, weeks=60, public__effort_loss=0.0).counts[:, 0, t.row("contact_seconds")].sum()
        for intervention in ((), (meeting(effort=0.2),))
    ]
    assert time[1] / time[0] == pytest.approx((1 + 3 * 1.2) / (1 + 3), rel=0.02)


def test_without_a_campaign_nothing_but_effort_moves() -> None:
    bare, there = grown(), grown(meeting())
    assert content(bare, "effort", "village_f64") == content(there, "effort", "village_f64")
    assert effort(there)[0] == 1.5
    assert abs(effort(there)[-1] - 1.0) < 0.2
