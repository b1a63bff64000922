"""Recognition: praise of worthies in public, and plaques for clean yards.

Praise adds to a stock that fades; while the stock is high, worthies give more often and in their own name (P13; after being
honoured, one donor pledged 30 million yuan, S17). Clean yards get plaques in turn; a plaque motivates as an award in money
does, but costs nothing. Left out: praise of members and of branches (see the ranking of branches), envy, and the attraction
of a ceremony for those who watch it.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class Recognition(Intervention):
    """Praise worthies in public and give plaques to clean yards."""

    summary: ClassVar[str] = "worthies are praised in public, and clean yards get plaques"
    chinese: ClassVar[tuple[str, ...]] = ("授牌表彰", "授牌", "最美庭院")

    kind: Literal["recognition"]
    praise: float = number(
        "praise of worthies that each occasion adds to its stock", unit="1", low=0, high=10, default=1.0,
        evidence="assumption: the unit of praise; S17 and P13 give a direction but no size",
    )  # fmt: skip
    praise_every: int = number(
        "weeks from one occasion to the next, beginning with the intervention's first week", unit="weeks", low=1, high=520,
        default=52, evidence="assumption: a yearly meeting, like that of S45",
    )  # fmt: skip
    plaques: float = number(
        "plaques for clean yards", unit="plaques/week", low=0, high=10_000, default=2.0,
        evidence="assumption: two a week; S94 reports a label for model households but no number",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("praise", self.praise, every=self.praise_every),
            Effect("plaques", self.plaques),
        )
