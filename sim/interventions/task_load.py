"""Task load: tasks handed down from above take members' and volunteers' hours; a load below 0 is relief.

Hours spent on other tasks are lost for visits and calls, and organisers who campaign under load tire sooner (P11). One
department's meeting alone keeps village staff busy for a round (S87); lists of tasks that would free them are planned (S145).
Left out: what the tasks achieve, and their seasons.
"""

from typing import ClassVar, Literal

from sim.base.fields import number
from sim.interventions.base import Effect, Intervention


class TaskLoad(Intervention):
    """Hand down tasks from above, or take them away."""

    summary: ClassVar[str] = "tasks from above take organisers' hours, or relief gives some back"
    chinese: ClassVar[tuple[str, ...]] = ("上面千条线",)

    kind: Literal["task_load"]
    share: float = number(
        "share of hours for visits and calls that other tasks take; below 0 for relief", unit="1", low=-1, high=1,
        default=0.3, evidence="assumption: S87 and S127 report the load without hours",
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        return (Effect("other_tasks", self.share),)
