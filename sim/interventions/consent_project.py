"""Consent project: a plan that needs the consent of a share of households, such as sewers through their yards.

A household consents while its score is above the plan's burden. Redrawing the plan together with households lowers the
burden week by week (S96). Agreement is final, and households see it as a promise kept. In Dabu a plan that had dragged on
for three years was agreed in the half-year in which a cadre visited daily (S22, S23). Strength scales the redrawing, but
neither burden nor quorum. Left out: what is built, compensation, and pressure on the last who refuse.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class ConsentProject(Intervention):
    """Propose a plan that needs the consent of the village's households."""

    summary: ClassVar[str] = "a plan needs a share of households' consent, and redrawing lowers its burden"
    chinese: ClassVar[tuple[str, ...]] = ("需同意的项目", "截污管网")

    kind: Literal["consent_project"]
    burden: float = number(
        "score at which a household consents to the plan as drawn; 0 as for a first step", unit="logit", low=0, high=20,
        default=0.5, evidence="assumption: pipes through the yard demand more than a first step; no figure",
    )  # fmt: skip
    quorum: float = number(
        "share of households whose consent the plan needs", unit="1", low=0.01, high=1, default=0.6,
        evidence="assumption: no document gives a quorum",
    )  # fmt: skip
    redesign: float = number(
        "share of its burden that redrawing removes in a week", unit="1/week", low=0, high=1, default=0.0,
        evidence="assumption: the plan stays as drawn; S96 reports redrawing but doesn't quantify it",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("consent_burden", self.burden, scaled=False),
            Effect("consent_quorum", self.quorum, scaled=False),
            Effect("redesign", self.redesign),
        )
