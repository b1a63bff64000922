"""Consent project (截污管网): a plan that needs the consent of a share of households, such as sewers through their yards.

A household consents while it is inclined enough to take part; the plan's burden says how much that is. Redrawing the plan
at people's doors lowers the burden week by week (S96). Agreement is for good and is felt as a promise kept. In Dabu a
plan stuck for three years was agreed within half a year of daily visits (S22). Strength scales redrawing, and neither
burden nor quorum. Left out: what is built, compensation, and pressure on the last who refuse.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class ConsentProject(Intervention):
    """Put a plan before the village that needs its households' consent."""

    summary: ClassVar[str] = "a plan needs a share of households' consent, and redrawing lowers its burden"

    kind: Literal["consent_project"]
    burden: float = number(
        "score at which a household consents to the plan as drawn; 0 as for a first step", unit="logit", low=0, high=20,
        default=0.5, evidence="assumption: pipes through the yard ask for more than a first step; no figure",
    )  # fmt: skip
    quorum: float = number(
        "share of households whose consent the plan needs", unit="1", low=0.01, high=1, default=0.6,
        evidence="assumption: no document gives a quorum",
    )  # fmt: skip
    redesign: float = number(
        "share of its burden that redrawing takes away in a week", unit="1/week", low=0, high=1, default=0.0,
        evidence="assumption: the plan stays as drawn; S96 tells of redrawing without a measure",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("consent_burden", self.burden, scaled=False),
            Effect("consent_quorum", self.quorum, scaled=False),
            Effect("redesign", self.redesign),
        )
