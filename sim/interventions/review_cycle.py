"""Review cycle (reports and review meetings): organisers have to account for their work at regular intervals.

A review restores a share of the effort that campaigning has worn away (P11); between two reviews it decays again. Lishui
announced a written report every quarter (S46) and at least two review meetings a year (S47). The first review takes place in
the intervention's first week, when perhaps no effort is lost yet. Left out: reports written for the file, and the cost of a
bad review.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class ReviewCycle(Intervention):
    """Review organisers' work at regular intervals."""

    summary: ClassVar[str] = "regular reviews restore organisers' effort"
    chinese: ClassVar[tuple[str, ...]] = ("考核例会", "党建星期二")

    kind: Literal["review_cycle"]
    every: int = number(
        "weeks from one review to the next", unit="weeks", low=1, high=520, default=13,
        evidence="assumption: quarterly, like the reports of S46; for half-yearly meetings (S47) 26",
    )  # fmt: skip
    restores: float = number(
        "share of the lost effort that a review brings back", unit="1", low=0, high=1, default=0.5,
        evidence="assumption: no document reports an effect of reviews",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("review", self.restores, None, self.every),)
