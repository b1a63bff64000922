"""What the weekly loop counts, by week and village: the rows of its two tables, in integers and in floats.

Integers (households, visits, seconds, fen) are exact and can be summed in any order; floats are sums in the fixed order
of households. `sim.outcomes` turns them into outcomes.
"""

from __future__ import annotations

# The terms that can tip a climb, see `sim.mechanisms.decision`.
TERMS = (
    "predisposition", "neighbours", "kin", "surroundings", "trust", "help", "giving", "awards", "persuasion", "several",
)  # fmt: skip
BY_PREDISPOSITION, BY_SEVERAL = 0, 9

# Households by group, rung and yard, see `sim.world.columns.cell`: rows 0..31.
CLIMBED = 32  # and the rows after it, one for each of TERMS
SLIPPED = 42
VISITS, MESSAGES, REACHED, TALKS, CALLS, VOLUNTEERS = range(43, 49)
CONTACT_SECONDS, CONTACT_SECONDS_LOST, VOLUNTEER_SECONDS, PLOT_SECONDS = range(49, 53)
HELP_SECONDS, PAID_SECONDS, OWN_SECONDS, PROGRAMME_SECONDS = range(53, 57)
GIVEN = 57  # fen given, for each of GIFT_USES
GIVEN_BY_HOUSEHOLDS = 61  # part of GIVEN for works
SPENT = 62  # fen spent, for each of GIFT_USES
PROGRAMME_FEN = 66
WORKS_FINISHED = 67
INTEGERS = 68

TRUST_SUM, PERSUASION_SUM, CLUTTER_SUM, PUBLIC_SUM, PASSIVITY_SUM, RECOGNISED_GIVING = range(6)
FLOATS = 6
