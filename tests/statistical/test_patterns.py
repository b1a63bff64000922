"""What the default village must do, from the documents, in every one of twelve fresh replicates.

The bands are those of seeds/patterns.yaml with two exceptions, both assumptions. Refusal at week 5 is asked for below 0.2,
more strictly than the 0.5 of P3 there: P1 tells of refusal at first without a share, and with up to half of the village
taking part few would speak of refusal. The newcomers' lag of 0.02 stands for a direction (P9), to which the register
gives no band. A village that met a band in fewer than 78 % of replicates would fail a test
of twelve with a probability above 95 % (0.78**12 = 0.05).
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.calibration.fit_patterns import CAMPAIGN, EARLY, STUCK
from sim.engine.outcomes import GROUPS
from sim.runs.single import run

REPLICATES = range(12)
SEED = 77


def adopted(name: str, replicate: int, weeks: int, group: str = "all") -> np.ndarray:
    """Return the adopted share of a group, shape (weeks,)."""
    weekly = run(name, SEED, replicate, weeks).columns["adopted"]
    return np.asarray(weekly).reshape(weeks, len(GROUPS))[:, GROUPS.index(group)]


@pytest.fixture(scope="module")
def campaigns() -> list[np.ndarray]:
    return [adopted("campaign", r, CAMPAIGN) for r in REPLICATES]


def test_without_a_programme_the_village_stays_stuck_for_156_weeks() -> None:
    for r in REPLICATES:
        assert adopted("baseline", r, STUCK).max() < 0.15


def test_a_campaign_meets_refusal_at_week_5(campaigns: list[np.ndarray]) -> None:
    assert max(course[EARLY - 1] for course in campaigns) < 0.2


def test_intensive_contact_by_credible_messengers_brings_consensus_within_26_weeks(campaigns: list[np.ndarray]) -> None:
    assert min(course[-1] for course in campaigns) >= 0.6


def test_own_yard_first_makes_a_campaign_1_2_to_2_2_times_as_effective(campaigns: list[np.ndarray]) -> None:
    for r, course in zip(REPLICATES, campaigns, strict=True):
        without = adopted("campaign_without_example", r, CAMPAIGN)[-1]
        assert 1.2 <= course[-1] / without <= 2.2


def test_newcomers_take_part_less() -> None:
    for r in REPLICATES:
        local, newcomer = (adopted("campaign", r, CAMPAIGN, group)[-1] for group in ("local", "newcomer"))
        assert local - newcomer > 0.02
