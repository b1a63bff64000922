"""Council (党群议事会): Party and residents deliberate on large matters, and redraw plans that meet resistance.

It settles large disputes at the four-weekly meeting that the model has in any case, besides what the committee manages,
and a settled dispute counts as a kept promise (P10). At its own meetings it takes a share of the burden out of a plan
that needs consent (S96); without such a plan that does nothing. Left out: who sits on it, matters that it refuses, and
small disputes, which stay with the association (S37).
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class Council(Intervention):
    """Let a council settle large disputes and redraw plans."""

    summary: ClassVar[str] = "a council of Party and residents settles large disputes and redraws plans"

    kind: Literal["council"]
    large_capacity: float = number(
        "large disputes that it settles in four weeks, besides the committee's own", unit="disputes/4 weeks", low=0,
        high=1000, default=1.0,
        evidence="assumption: one a meeting; S37 sends large matters to it and tells no number",
    )  # fmt: skip
    redesign: float = number(
        "share of a plan's burden that each of its meetings takes away", unit="1", low=0, high=1, default=0.1,
        evidence="assumption: S96 tells of a plan redrawn with villagers, without a measure of it",
    )  # fmt: skip
    meets_every: int = number(
        "weeks from one redrawing to the next", unit="weeks", low=1, high=520, default=4,
        evidence="assumption: monthly, as the gathering of needs (S37); no document says how often it meets",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            # In every week: the meeting for large disputes has weeks of its own, whenever the intervention starts.
            Effect("large_capacity", self.large_capacity),
            Effect("redesign", self.redesign, every=self.meets_every),
        )
