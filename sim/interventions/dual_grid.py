"""Dual grid (双网融合): the members who call on households double as part-time workers of the governance grid.

On their rounds they see small quarrels early and settle them on the spot, and they put hours into public plots. The
price is time: the chosen give up a share of their routine time for visits. S91 tells of a trial without a result, so
whether it pays is open. Hours on plots are stated for the village and not worked out from the time given up, since grid
duty is also patrols and forms. Left out: the grid's other subjects (S92), and grid workers who are employed.
"""

from typing import ClassVar, Literal

from sim.base.fields import number, word
from sim.interventions.base import Effect, Intervention, Who


class DualGrid(Intervention):
    """Members double as part-time grid workers."""

    summary: ClassVar[str] = "members double as part-time grid workers, at the price of visits"

    kind: Literal["dual_grid"]
    who: Who = word(
        "the members who take on grid duty", default=Who(group="member"),
        evidence="assumption: every member who visits, as in the trial (S91)",
    )  # fmt: skip
    detection: float = number(
        "share of small disputes that they see and settle at once", unit="1", low=0, high=1, default=0.5,
        evidence="assumption: no document gives a share",
    )  # fmt: skip
    plot_hours: float = number(
        "hours a week that they clear public plots, together", unit="hours/week", low=0, high=1e5, default=8.0,
        evidence="assumption: a morning of two",
    )  # fmt: skip
    time_share: float = number(
        "share of routine time for visits that grid duty takes from each of them", unit="1", low=0, high=1, default=0.2,
        evidence="assumption: no document gives hours; visits are one duty beside the grid's five subjects (S92)",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (
            Effect("detection", self.detection),
            Effect("plot_time", self.plot_hours),
            Effect("contact_time", -self.time_share, self.who),
        )
