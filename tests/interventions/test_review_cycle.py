"""Reviews: how often and how far they bring effort back."""

from __future__ import annotations

import numpy as np
import pytest
from one_village import CONTACT, content, effort, grown

WEEKS = 60


def review(**keys: object) -> dict[str, object]:
    return {"kind": "review_cycle", **keys}


def test_a_review_that_restores_nothing_is_absent() -> None:
    assert content(grown(CONTACT, review(restores=0.0))) == content(grown(CONTACT))


def test_where_nobody_campaigns_there_is_nothing_to_restore() -> None:
    assert content(grown(review())) == content(grown())


def test_a_full_review_every_week_keeps_effort_whole() -> None:
    assert (effort(grown(CONTACT, review(every=1, restores=1.0), public__effort_loss=0.1)) == 1.0).all()


@pytest.mark.parametrize(("every", "restores", "start"), [(13, 0.5, 0), (26, 0.5, 0), (4, 1.0, 3), (7, 0.2, 5)])
def test_effort_is_restored_in_weeks_of_review_and_decays_between(every: int, restores: float, start: int) -> None:
    """P11: e <- (1 - loss) e each week, and e <- e + r (1 - e) in weeks of review; exact."""
    loss = 0.03
    simulation = grown(
        CONTACT, review(every=every, restores=restores, start=start), weeks=WEEKS, public__effort_loss=loss
    )
    expected, e = [], 1.0
    for week in range(WEEKS):
        e *= 1 - loss
        if week >= start and (week - start) % every == 0:
            e += restores * (1 - e)
        expected.append(e)
    assert effort(simulation) == pytest.approx(expected, rel=1e-12)


def test_more_frequent_reviews_keep_more_effort() -> None:
    """S46 against S47: the mean over the run; both above none."""
    means = [effort(grown(CONTACT, *more, weeks=104)).mean() for more in ((), (review(every=26),), (review(every=13),))]
    assert means[0] < means[1] < means[2] < 1.0


def test_effort_beyond_the_routine_is_left_alone() -> None:
    meeting = {"kind": "mobilisation_meeting", "effort": 0.9}
    reviews = review(every=1, restores=1.0, start=1)  # in week 0 the meeting comes after the review
    one, other = grown(CONTACT, meeting, weeks=20), grown(CONTACT, meeting, reviews, weeks=20)
    assert (effort(one) > 1.0).all()
    assert np.array_equal(effort(one), effort(other))
