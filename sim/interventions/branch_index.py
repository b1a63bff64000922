"""Branch index (战斗力指数): branches are ranked in public, and the ranking moves their organisers' effort.

The ranking is by adopted share over all villages of the world, so a village alone is not moved. Who stands behind tries
harder, who leads rests: on the whole effort is moved and not added. S60 names the index and item 7 of S21's list; what
goes into it, how it is published and what it does aren't told. Left out: cheating on the index, and shame that makes
organisers give up.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class BranchIndex(Intervention):
    """Publish a ranking of branches every so many weeks."""

    summary: ClassVar[str] = "a published ranking moves effort from the first villages to the last"

    kind: Literal["branch_index"]
    every: int = number(
        "weeks from one ranking to the next", unit="weeks", low=1, high=520, default=13,
        evidence="assumption: quarterly, with the reports (S46); S60 doesn't tell",
    )  # fmt: skip
    spread: float = number(
        "effort that a ranking puts between the last village and the first", unit="1", low=0, high=2, default=0.2,
        evidence="assumption: no effect of the index is told",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("ranking", self.spread, None, self.every),)
