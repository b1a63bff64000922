"""First secretary: cadres posted from outside go from house to house, and local members lose their fear.

A posted cadre calls at households in turn throughout the year, is a separate kind of messenger, has no yard in the village
to be judged by, and builds trust as a member's visit does (P10, S85). In a village whose members avoided villagers, they
dare to speak of the yard again. That a first secretary calls at doors is an assumption: in Dabu a member of the local
committee called, and the posted secretary coached (S23, S86). Left out: coaching that raises local cadres' skill and effort,
oversight by the town, disputes that the cadre settles (see council), money that comes with the post, and cadres who leave.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention, Outsiders


class FirstSecretary(Intervention):
    """Post cadres to the village."""

    summary: ClassVar[str] = "cadres from outside call at every house, and members lose their fear of villagers"
    chinese: ClassVar[tuple[str, ...]] = ("第一书记",)

    kind: Literal["first_secretary"]
    cadres: int = number(
        "cadres posted to each village", unit="persons", low=0, high=1000, default=1,
        evidence="assumption: one, as many as S86 reports",
    )  # fmt: skip
    hours: float = number(
        "hours a week in which each of them calls at households about the yard", unit="hours/week", low=0, high=80,
        default=10.0, evidence="assumption: two hours on each working day; S23 gives a local cadre's daily calls, no hours",
    )  # fmt: skip
    courage: float = number(
        "share of members' fear of meeting villagers that is taken away", unit="1", low=0, high=1, default=0.5,
        evidence="assumption: half; S85 reports that cadres began to seek out villagers, without a measure",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        calls = (Effect("cadre_time", self.hours, Outsiders(self.cadres)),) if self.cadres else ()
        return (*calls, Effect("courage", self.courage))
