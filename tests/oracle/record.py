"""The record of a week: the engine's rows by the names under which the twin counts; cells are compared by themselves."""

from __future__ import annotations

from sim.engine.tallies import MEASURES
from sim.engine.tallies import TALLIES as DECLARED

TALLIES = {one.name: one.row for one in DECLARED.values() if one.group != "households"}
SUMS = {one.name: one.row for one in MEASURES.values()}
