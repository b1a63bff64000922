"""First secretary (第一书记, 驻点直联团队): cadres posted from outside go house to house, and local members lose their fear.

A posted cadre calls at households in turn all the year round, is a kind of messenger of its own without a yard to be
judged by, and builds trust as a member's visit does (P10, S85). Members who avoided villagers dare to speak of the yard
again, where a village knows such fear. Left out: what the cadre settles on the way (see council), money that comes with
the post, and that cadres leave.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention, Outsiders


class FirstSecretary(Intervention):
    """Post cadres to the village."""

    summary: ClassVar[str] = "cadres from outside call at every house and take members' fear away"

    kind: Literal["first_secretary"]
    cadres: int = number(
        "cadres posted to each village", unit="persons", low=0, high=1000, default=1,
        evidence="assumption: one, as in S86",
    )  # fmt: skip
    hours: float = number(
        "hours a week that each of them calls at households about the yard", unit="hours/week", low=0, high=80,
        default=10.0, evidence="assumption: two hours on each working day; S23 tells of daily contact without hours",
    )  # fmt: skip
    courage: float = number(
        "share of members' fear of meeting villagers that is taken away", unit="1", low=0, high=1, default=0.5,
        evidence="assumption: half; S85 tells that cadres came to seek villagers, without a measure",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        calls = (Effect("cadre_time", self.hours, Outsiders(self.cadres)),) if self.cadres else ()
        return (*calls, Effect("courage", self.courage))
