"""The record of a week: the engine's row for each of the twin's tallies and sums."""

from __future__ import annotations

from oracle.levers import USES
from sim.engine import tallies as t

TALLIES: dict[str, int] = {
    "visits": t.VISITS, "messages": t.MESSAGES, "reached": t.REACHED, "talks": t.TALKS, "calls": t.CALLS,
    "volunteers": t.VOLUNTEERS, "contact_seconds": t.CONTACT_SECONDS, "contact_seconds_lost": t.CONTACT_SECONDS_LOST,
    "volunteer_seconds": t.VOLUNTEER_SECONDS, "plot_seconds": t.PLOT_SECONDS, "help_seconds": t.HELP_SECONDS,
    "paid_seconds": t.PAID_SECONDS, "own_seconds": t.OWN_SECONDS, "programme_seconds": t.PROGRAMME_SECONDS,
    "caller_seconds": t.CALLER_SECONDS, "contractor_seconds": t.CONTRACTOR_SECONDS, "upkeep_seconds": t.UPKEEP_SECONDS,
    "given_by_households": t.GIVEN_BY_HOUSEHOLDS, "given_by_worthies": t.GIVEN_BY_WORTHIES,
    "programme_fen": t.PROGRAMME_FEN, "works_finished": t.WORKS_FINISHED, "joined": t.JOINED_TEAM, "left": t.LEFT_TEAM,
    "plaques": t.PLAQUES_GIVEN, "small_arisen": t.SMALL_ARISEN, "small_settled": t.SMALL_SETTLED,
    "small_open": t.SMALL_OPEN, "large_arisen": t.LARGE_ARISEN, "large_settled": t.LARGE_SETTLED,
    "large_open": t.LARGE_OPEN, "consenting": t.CONSENTING, "agreed_plan": t.AGREED_PLAN, "in_charter": t.IN_CHARTER,
    "in_programme": t.IN_PROGRAMME, "slips": t.SLIPPED,
    **{f"climbs_{term}": t.CLIMBED + k for k, term in enumerate(t.TERMS)},
    **{f"given_{use}": t.GIVEN + k for k, use in enumerate(USES)},
    **{f"spent_{use}": t.SPENT + k for k, use in enumerate(USES)},
}  # fmt: skip
SUMS = {"trust": t.TRUST_SUM, "persuasion": t.PERSUASION_SUM, "clutter": t.CLUTTER_SUM, "passivity": t.PASSIVITY_SUM,
        "public_cleanliness": t.PUBLIC_SUM, "recognised_giving": t.RECOGNISED_GIVING, "effort": t.EFFORT_OF}  # fmt: skip
