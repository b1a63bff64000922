"""The week: the order of its phases, and the loop over weeks and villages.

`PHASES` is the order in words; `advance` is the same in code, and a test compares them.
"""

from __future__ import annotations

from typing import Any

from sim.base.arrays import F64, I64
from sim.compiler.compiled import entry
from sim.engine.mechanisms.belonging import belong
from sim.engine.mechanisms.blocks import Room
from sim.engine.mechanisms.calls import call
from sim.engine.mechanisms.contracting import contract
from sim.engine.mechanisms.deliberation import CONSENTING, deliberate
from sim.engine.mechanisms.disputes import dispute
from sim.engine.mechanisms.example import set_example
from sim.engine.mechanisms.giving import award, give, offer_paid_hands
from sim.engine.mechanisms.households import pass_week
from sim.engine.mechanisms.observation import observe
from sim.engine.mechanisms.organisers import move_effort
from sim.engine.mechanisms.rollout import spread_programme
from sim.engine.mechanisms.talk import talk
from sim.engine.mechanisms.visits import REACHED, visit_households
from sim.engine.mechanisms.volunteering import join_and_leave
from sim.engine.mechanisms.works import change_public_plots, clean_public_plots, start_works
from sim.engine.programme import Now, Programme, set_programme
from sim.engine.world.columns import State

PHASES = (
    ("spread_programme", "programme: which villages take it up, by plan or by copying"),
    ("set_programme", "programme: what levers add to each named value"),
    ("move_effort", "time budgets: organisers tire, and reviews and meetings restore them"),
    ("set_example", "programme: who is bound by an example this week"),
    ("belong", "programme: associations and places to go to"),
    ("visit_households", "time budgets and visits: members call by list and speak of the yard"),
    ("talk", "talk among neighbours and ties"),
    ("join_and_leave", "volunteering: the willing join and leave"),
    ("call", "volunteering: volunteers and other callers go from door to door"),
    ("clean_public_plots", "volunteering: public plots are cleared"),
    ("give", "giving: gifts and collections"),
    ("offer_paid_hands", "giving: paid hands are offered"),
    ("award", "giving: awards and plaques"),
    ("contract", "works: contractors clear yards"),
    ("start_works", "works: money turns public plots into building sites"),
    ("change_public_plots", "works: public plots change"),
    ("dispute", "disputes arise and are settled"),
    ("deliberate", "deliberation: charter, plan and consent"),
    ("pass_week", "decision, housework and forgetting of every household"),
    ("observe", "record: the village as it is at the end of the week"),
)


@entry
def advance(
    s: State,
    parameters: Any,
    programme: Programme,
    first_week: int,
    weeks: int,
    first_village: int,
    last_village: int,
    opens: bool,
    counts: I64,
    totals: F64,
    shares: F64,
    now: Now,
    room: Room,
) -> None:
    """Run weeks first_week .. first_week + weeks - 1 of the villages first_village .. last_village - 1.

    opens : whether the week also opens for the whole world here, which is all that villages see of each other: exactly one
    call a week must do so, before the week of any village (see `Simulation.advance`).
    counts, totals : the record, (weeks of the programme, villages, tallies or measures) of `sim.engine.tallies`; rows of
    the weeks that are run are filled, and must be 0 before. shares : room for a number a village. now, room : see
    `make_now` and `make_room`.
    """
    p = parameters[0]
    for week in range(first_week, first_week + weeks):
        if opens:
            spread_programme(s, programme, week, shares)
        for v in range(first_village, last_village):
            count, total = counts[week, v], totals[week, v]
            set_programme(programme, s, week, v, now, count)
            move_effort(s, p, now, v, shares, total)
            set_example(s, programme, now, week, v)
            belong(s, now, week, v, room)
            visit_households(s, p, now, week, v, count, room)
            talk(s, p, now, week, v, count, room)
            join_and_leave(s, p, now, v, count, room)
            by_volunteers = call(s, p, now, week, v, count)
            clean_public_plots(s, p, now, v, by_volunteers, count)
            give(s, p, now, week, v, count, room)
            offer_paid_hands(s, p, now, v, room)
            award(s, p, now, v, count, room)
            contract(s, p, now, v, count, room)
            start_works(s, p, v, count)
            change_public_plots(s, p, now, v, count, room)
            dispute(s, p, now, week, v, count, room)
            deliberate(s, p, now, week, v, counts[week - 1, v, CONSENTING] if week > 0 else 0, count)
            pass_week(s, p, now, v, count, total, room)
            observe(s, v, counts[week - 1, v, REACHED] if week > 0 else 0, count, total)
