"""Outcomes: what is observed in a run, weekly and in total. Each is declared once, in `sim.engine.outcomes.declared`."""

from __future__ import annotations

from sim.engine.outcomes.declaration import GROUP_OF, GROUPS, Columns, Outcome, Total, Weekly, WeeksUntil
from sim.engine.outcomes.declared import (
    BY_VILLAGE,
    COURSES,
    CURVES,
    DRAWN_CURVES,
    DRAWN_EFFECTS,
    EFFECTS,
    INTERACTIONS,
    MAIN,
    TOTALS,
    WEEKLY,
    WEEKLY_BY_VILLAGE,
)
from sim.engine.outcomes.tables import group_cells, total_outcomes, village_outcomes, weekly_table
from sim.engine.outcomes.weeks import YEAR, last_stop
from sim.engine.outcomes.wording import axis_text, by_topic, difference_unit, label_of, unit_of, unit_text

__all__ = [
    "BY_VILLAGE",
    "COURSES",
    "CURVES",
    "DRAWN_CURVES",
    "DRAWN_EFFECTS",
    "EFFECTS",
    "GROUPS",
    "GROUP_OF",
    "INTERACTIONS",
    "MAIN",
    "TOTALS",
    "WEEKLY",
    "WEEKLY_BY_VILLAGE",
    "YEAR",
    "Columns",
    "Outcome",
    "Total",
    "Weekly",
    "WeeksUntil",
    "axis_text",
    "by_topic",
    "difference_unit",
    "group_cells",
    "label_of",
    "last_stop",
    "total_outcomes",
    "unit_of",
    "unit_text",
    "village_outcomes",
    "weekly_table",
]
