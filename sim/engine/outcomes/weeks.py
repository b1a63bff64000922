"""The weeks of a run, and those of its totals that take more than the reduction of one weekly outcome."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from math import fsum, nan
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64
from sim.engine.outcomes.declaration import GROUPS, Added, Columns
from sim.engine.programme import active
from sim.interventions import GIFT_USES
from sim.scenario.schema import Scenario

YEAR = 52
"""Weeks after the programme stops at which retention is asked for."""
KEYS = ("week", "group")
"""The columns of the weekly table that are no outcomes."""
SPENT = Added((*(f"spent_{use}_yuan" for use in GIFT_USES), "programme_yuan"))
UNPAID = Added(("contact_hours", "volunteer_hours", "caller_hours", "programme_hours"))
PAID = Added(("paid_hours", "contractor_hours", "upkeep_hours"))


class Weeks:
    """What the totals of a run are made of.

    weekly : the weekly table. scenario : of the run. visits : members' visits in each village, all weeks, shape (villages,).
    """

    def __init__(self, weekly: Columns, scenario: Scenario, visits: npt.NDArray[np.generic]) -> None:
        self.weekly, self.scenario, self.visits = weekly, scenario, visits

    def series(self, name: str, group: str = "all") -> F64:
        """Return a weekly outcome of a group, shape (weeks,)."""
        return np.asarray(self.weekly[name], float)[GROUPS.index(group) :: len(GROUPS)]

    def last(self, name: str, group: str = "all") -> float:
        """Return a weekly outcome of a group in the last week."""
        return float(self.weekly[name][GROUPS.index(group) - len(GROUPS)])

    @cached_property
    def sums(self) -> dict[str, float]:
        """The sum of every weekly outcome, by name; one pass is faster than one per outcome."""
        names = [name for name in self.weekly if name not in KEYS]
        table = np.array([self.weekly[name][:: len(GROUPS)] for name in names])
        return dict(zip(names, table.sum(axis=1).tolist(), strict=True))

    @property
    def number(self) -> int:
        """The number of weeks."""
        return self.weekly["week"].size // len(GROUPS)

    @property
    def adopted_households(self) -> float:
        """The number of households that have adopted in the last week."""
        return self.last("adopted") * self.last("households")


def ratio(part: float, whole: float) -> float:
    """Return part / whole, NaN where there is nothing."""
    return part / whole if whole > 0 else nan


def newcomer_gap(weeks: Weeks) -> float:
    """Return the adopted share of locals less that of newcomers, in the last week."""
    return weeks.last("adopted", "local") - weeks.last("adopted", "newcomer")


def adopted_year_after(weeks: Weeks) -> float:
    """Return the adopted share a year after the last intervention stopped."""
    adopted = weeks.series("adopted")
    begun = np.flatnonzero(np.diff(weeks.series("started"), prepend=0.0) > 0)
    stop = last_stop(weeks.scenario, int(begun[-1]) if begun.size else None)
    week = adopted.size if stop is None else stop + YEAR - 1
    return float(adopted[week]) if week < adopted.size else nan


def disputes_settled_share(weeks: Weeks) -> float:
    """Return the share of the disputes that arose that were settled."""
    return ratio(weeks.sums["disputes_settled"], weeks.sums["disputes_arisen"])


def contacts_per_member_year(weeks: Weeks) -> float:
    """Return the persons that a member meets in a year of contact figures, each village's visits by its own figures.

    The sum is exact, so that the order of villages can't matter.
    """
    members = sum(village.party_members for village in weeks.scenario.villages)
    return fsum(n * c.persons_per_visit / members / weeks.number * c.period_weeks for n, c in _contact(weeks))


def visits_per_household_year(weeks: Weeks) -> float:
    """Return the visits to a household in such a year."""
    households = weeks.last("households")
    return fsum(n / households / weeks.number * c.period_weeks for n, c in _contact(weeks))


def _contact(weeks: Weeks) -> Iterable[tuple[Any, Any]]:
    """Return the visits in each village and its contact figures."""
    return ((n, village.contact) for n, village in zip(weeks.visits.tolist(), weeks.scenario.villages, strict=True))


def hours(weeks: Weeks) -> float:
    """Return organisers' hours, unpaid and paid."""
    return UNPAID(weeks) + PAID(weeks)


def yuan_per_adopted(weeks: Weeks) -> float:
    """Return the money spent per household that has adopted in the last week."""
    return ratio(SPENT(weeks), weeks.adopted_households)


def hours_per_adopted(weeks: Weeks) -> float:
    """Return organisers' hours per household that has adopted in the last week."""
    return ratio(hours(weeks), weeks.adopted_households)


def last_stop(scenario: Scenario, last_begin: int | None = None) -> int | None:
    """Return the week in which the last intervention stops, in the last village; None without any or if one goes on.

    last_begin : week in which the last village began with what is rolled out, which stops so much later there; None if
    none has begun, so that it never acted.
    """
    items = active(scenario)
    rollout = next((item for item in items if item.spreads()), None)
    stops: list[int | None] = []
    for item in items:
        if rollout is None or not (item is rollout or rollout.spreads_to(item.name)):
            stops.append(item.stop)
        elif item is not rollout and last_begin is not None:
            stops.append(None if item.stop is None else last_begin + item.stop)
    return max((s for s in stops if s is not None), default=None) if None not in stops else None
