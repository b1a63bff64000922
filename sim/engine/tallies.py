"""What the weekly loop counts, by week and village: the rows of its two tables, in integers and in floats.

Integers (households, visits, seconds, fen) are exact and can be summed in any order; floats are sums in the fixed order
of households. `sim.engine.outcomes` turns them into outcomes.
"""

from __future__ import annotations

# The terms that can tip a climb, see `sim.engine.mechanisms.decision`.
TERMS = (
    "predisposition", "neighbours", "kin", "surroundings", "trust", "help", "giving", "awards", "persuasion", "several",
)  # fmt: skip
BY_PREDISPOSITION, BY_SEVERAL = 0, 9

# Households by group, rung and yard, see `sim.engine.world.columns.cell`: rows 0..31.
CLIMBED = 32  # and the rows after it, one for each of TERMS
SLIPPED = 42
VISITS, MESSAGES, REACHED, TALKS, CALLS, VOLUNTEERS = range(43, 49)
CONTACT_SECONDS, CONTACT_SECONDS_LOST, VOLUNTEER_SECONDS, PLOT_SECONDS = range(49, 53)
HELP_SECONDS, PAID_SECONDS, OWN_SECONDS, PROGRAMME_SECONDS = range(53, 57)
CALLER_SECONDS, CONTRACTOR_SECONDS, UPKEEP_SECONDS = range(57, 60)
GIVEN = 60  # fen given, for each of GIFT_USES
GIVEN_BY_HOUSEHOLDS, GIVEN_BY_WORTHIES = 65, 66  # parts of GIVEN for works
SPENT = 67  # fen spent, for each of GIFT_USES
PROGRAMME_FEN, WORKS_FINISHED, JOINED_TEAM, LEFT_TEAM, PLAQUES_GIVEN = range(72, 77)
SMALL_ARISEN, SMALL_SETTLED, SMALL_OPEN, LARGE_ARISEN, LARGE_SETTLED, LARGE_OPEN = range(77, 83)
CONSENTING, AGREED_PLAN, IN_CHARTER, IN_PROGRAMME = range(83, 87)
INTEGERS = 87

TRUST_SUM, PERSUASION_SUM, CLUTTER_SUM, PUBLIC_SUM, PASSIVITY_SUM, RECOGNISED_GIVING, EFFORT_OF = range(7)
FLOATS = 7
