"""Party-residents council: it deliberates on large matters, and redraws plans that meet resistance.

It settles large disputes at the model's four-weekly meeting, in addition to those that the committee settles, and a
settled dispute counts as a kept promise (P10). At its own meetings it removes a share of the burden of a plan that needs
consent (S96), if there is one. Left out: its members, matters that it refuses, and small disputes, which stay with the
association (S37).
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class Council(Intervention):
    """Let a council settle large disputes and redraw plans."""

    summary: ClassVar[str] = "a council of Party and residents settles large disputes and redraws plans"
    chinese: ClassVar[tuple[str, ...]] = ("党群议事会",)

    kind: Literal["council"]
    large_capacity: float = number(
        "large disputes that it settles in four weeks, in addition to the committee's", unit="disputes/4 weeks", low=0,
        high=1000, default=1.0,
        evidence="assumption: one a meeting; S37 sends large matters to it but gives no number",
    )  # fmt: skip
    redesign: float = number(
        "share of a plan's burden that each of its meetings removes", unit="1", low=0, high=1, default=0.1,
        evidence="assumption: S96 reports a plan redrawn with villagers but doesn't quantify it",
    )  # fmt: skip
    meets_every: int = number(
        "weeks from one redrawing to the next", unit="weeks", low=1, high=520, default=4,
        evidence="assumption: monthly, like the gathering of needs (S37); no document says how often it meets",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            # Every week, because the weeks of the meeting for large disputes don't depend on the intervention's start.
            Effect("large_capacity", self.large_capacity),
            Effect("redesign", self.redesign, every=self.meets_every),
        )
