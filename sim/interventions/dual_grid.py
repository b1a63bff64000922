"""Dual-grid integration: members who call on households double as part-time grid workers (网格员).

On their rounds they notice small disputes early and settle them on the spot, and they spend hours on public plots. The
price is time: the chosen give up a share of their routine time for visits. S91 reports a trial without a result, so whether
it pays is open. Hours on plots are set for the village and not derived from the time given up, because grid duty also
includes patrols and forms. Left out: the grid's other subjects (S92), and employed grid workers.
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class DualGrid(Intervention):
    """Members double as part-time grid workers."""

    summary: ClassVar[str] = "members double as part-time grid workers, at the price of visits"
    chinese: ClassVar[tuple[str, ...]] = ("双网融合",)

    kind: Literal["dual_grid"]
    who: Who = word(
        "the members who take on grid duty", default=Who(group="member"),
        evidence="assumption: every member who visits, as in the trial (S91)",
    )  # fmt: skip
    detection: float = number(
        "share of small disputes that they notice and settle at once", unit="1", low=0, high=1, default=0.5,
        evidence="assumption: no document gives a share",
    )  # fmt: skip
    plot_hours: float = number(
        "hours a week in which all of them together clear public plots", unit="hours/week", low=0, high=1e5, default=8.0,
        evidence="assumption: a morning for two of them",
    )  # fmt: skip
    time_share: float = number(
        "share of routine time for visits that grid duty takes from each of them", unit="1", low=0, high=1, default=0.2,
        evidence="assumption: no document gives hours; visits are one duty next to the grid's five subjects (S92)",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("detection", self.detection),
            Effect("plot_time", self.plot_hours),
            Effect("contact_time", -self.time_share, self.who),
        )
