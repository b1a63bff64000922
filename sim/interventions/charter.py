"""Village rules (村规民约): the village votes on rules; clean yards in sight then count for more.

In a week with a vote, the rules are adopted if enough households take part, that is, are above the lowest rung; once
adopted, they aren't put to the vote again. From then on each clean yard in sight weighs more for everybody, as long as the
intervention is active. Left out: the debate before the rules (S161), law and virtue beside them, fines, rules about other
matters than the yard, and votes against.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class Charter(Intervention):
    """Put village rules to the vote."""

    summary: ClassVar[str] = "the village votes on rules, which make clean yards in sight weigh more"
    chinese: ClassVar[tuple[str, ...]] = ("村规民约", "自治公约")

    kind: Literal["charter"]
    vote_every: int = number(
        "weeks from one vote to the next until they are adopted, beginning with the intervention's first week", unit="weeks",
        low=1, high=520, default=13, evidence="assumption: a quarter; S95 reports rules but no vote",
    )  # fmt: skip
    quorum: float = number(
        "share of households that must take part", unit="1", low=0, high=1, default=0.5,
        evidence="assumption: half; S90 hopes for rules that all accept, but no document gives a share",
    )  # fmt: skip
    weight: float = number(
        "added to the weight of clean yards in sight [b_N] once they hold", unit="logit", low=0, high=10, default=0.5,
        evidence="assumption: less than half of the weight of clean yards without it; no document reports an effect",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("charter_vote", 1.0, every=self.vote_every),
            Effect("charter_quorum", self.quorum, scaled=False),
            Effect("charter_weight", self.weight),
        )
