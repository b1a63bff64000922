"""Charter (村规民约, 自治公约): the village votes on rules of its own, and clean yards in sight then oblige more.

In weeks of voting the charter is adopted if enough households take part at all, that is, stand above the lowest rung;
once adopted it is not put to the vote again. From then on each clean yard in sight weighs more for everybody, for as
long as the intervention is active. Left out: fines, rules other than the yard's, and votes against.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class Charter(Intervention):
    """Put a charter to the vote."""

    summary: ClassVar[str] = "the village votes on a charter, which makes clean yards in sight weigh more"

    kind: Literal["charter"]
    vote_every: int = number(
        "weeks from one vote to the next while none is adopted, the first in the intervention's first week", unit="weeks",
        low=1, high=520, default=13, evidence="assumption: a quarter; S95 tells of rules and of no vote",
    )  # fmt: skip
    quorum: float = number(
        "share of households that must take part", unit="1", low=0, high=1, default=0.5,
        evidence="assumption: half; S90 hopes for rules that all accept, and no document gives a share",
    )  # fmt: skip
    weight: float = number(
        "added to the weight of clean yards in sight [b_N] once it holds", unit="logit", low=0, high=10, default=0.5,
        evidence="assumption: less than half of what clean yards weigh without it; no document tells an effect",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("charter_vote", 1.0, every=self.vote_every),
            Effect("charter_quorum", self.quorum, scaled=False),
            Effect("charter_weight", self.weight),
        )
