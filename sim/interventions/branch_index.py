"""Branch index: branches are scored and, by assumption, ranked in public, which moves their organisers' effort.

The ranking is by adopted share among all villages of the world, so it doesn't affect a single village. Those behind try
harder and those in the lead relax, so the ranking shifts effort and adds none. S60 and item 7 of S21's list say that
fighting strength is to be quantified, but not what the index contains, whether it is published, or what it achieves. Left
out: cheating on the index, and shame that makes organisers give up.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class BranchIndex(Intervention):
    """Publish a ranking of branches at regular intervals."""

    summary: ClassVar[str] = "a ranking, public by assumption, moves effort from the first villages to the last"
    chinese: ClassVar[tuple[str, ...]] = ("战斗力指数",)

    kind: Literal["branch_index"]
    every: int = number(
        "weeks from one ranking to the next", unit="weeks", low=1, high=520, default=13,
        evidence="assumption: quarterly, with the reports (S46); S60 doesn't say",
    )  # fmt: skip
    spread: float = number(
        "effort that a ranking puts between the last village and the first", unit="1", low=0, high=2, default=0.2,
        evidence="assumption: no document reports a ranking or an effect of the index",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("ranking", self.spread, None, self.every),)
