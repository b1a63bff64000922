"""The week: the order of its phases, and the loop over weeks and villages.

`PHASES` is the order in words; `advance` is the same in code, and a test compares them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim import draws
from sim.compiled import entry
from sim.mechanisms.example import set_example
from sim.mechanisms.giving import award, give, offer_paid_hands
from sim.mechanisms.households import pass_week
from sim.mechanisms.talk import talk
from sim.mechanisms.visits import visit_households
from sim.mechanisms.volunteering import volunteer
from sim.mechanisms.works import change_public_plots, start_works
from sim.programme import Programme
from sim.tallies import PROGRAMME_FEN, PROGRAMME_SECONDS, PUBLIC_SUM, REACHED, RECOGNISED_GIVING
from sim.world.columns import (
    CELL,
    CELLS,
    F64,
    I32,
    I64,
    PUBLIC_CLEANLINESS,
    PUBLIC_FIRST,
    PUBLIC_STOP,
    RECOGNISED,
    U8,
    U32,
    State,
)  # fmt: skip

PHASES = (
    ("set_example", "programme: who is bound by an example this week"),
    ("visit_households", "time budgets and visits: members call by list and speak of the yard"),
    ("talk", "talk among neighbours and ties"),
    ("volunteer", "volunteering: calls, offers of hands, public plots"),
    ("give", "giving: gifts and collections"),
    ("offer_paid_hands", "giving: paid hands are offered"),
    ("award", "giving: awards"),
    ("start_works", "works: money turns public plots into building sites"),
    ("change_public_plots", "works: public plots change"),
    ("pass_week", "decision, housework and forgetting of every household"),
)


class Room(NamedTuple):
    """Scratch arrays of the weekly loop: for a block of households, but `households` and `reach` for all of them."""

    floats: F64
    words: U32
    flags: U8
    numbers: I32
    households: I32
    reach: U8


def make_room(households: int) -> Room:
    """Return scratch arrays for a world of this size; they hold nothing between weeks."""
    block = draws.BLOCK
    return Room(
        np.zeros((3, block)), np.zeros((2, block), np.uint32), np.zeros(block, np.uint8), np.zeros(block + 1, np.int32),
        np.zeros((2, households), np.int32), np.zeros(households, np.uint8),
    )  # fmt: skip


@entry
def advance(
    s: State,
    parameters: Any,
    programme: Programme,
    first_week: int,
    weeks: int,
    counts: I64,
    totals: F64,
    room: Room,
) -> None:
    """Run weeks first_week .. first_week + weeks - 1.

    counts, totals : the record, (weeks of the programme, villages, INTEGERS or FLOATS) of `sim.tallies`; rows of the
    weeks that are run are filled, and must be 0 before. room : see `make_room`.
    """
    p = parameters[0]
    buffer, scores, others = room.floats[0], room.floats[1], room.floats[2]
    scratch, mask, found = room.words, room.flags, room.numbers
    shown, told = room.households[0], room.households[1]
    villages = s.village_i64.shape[1]
    for week in range(first_week, first_week + weeks):
        for v in range(villages):
            count, total = counts[week, v], totals[week, v]
            count[PROGRAMME_FEN] += programme.fen[week, v]
            count[PROGRAMME_SECONDS] += programme.seconds[week, v]
            set_example(s, programme, week, v)
            visit_households(s, p, programme, week, v, count)
            talk(s, p, week, v, count, buffer, scratch, mask, found, room.reach)
            volunteer(s, p, programme, week, v, count)
            give(s, p, programme, week, v, count)
            offer_paid_hands(s, p, programme, week, v)
            award(s, p, programme, week, v, count)
            start_works(s, p, v, count)
            change_public_plots(s, p, week, v, count)
            pass_week(s, p, week, v, count, total, buffer, scores, others, scratch, mask, found, shown, told)
            if week > 0:  # the tally counts households reached so far
                count[REACHED] += counts[week - 1, v, REACHED]
            for k in range(CELLS):
                count[k] = s.village_i64[CELL + k, v]
            for k in range(s.village_i64[PUBLIC_FIRST, v], s.village_i64[PUBLIC_STOP, v]):
                total[PUBLIC_SUM] += s.public_f64[PUBLIC_CLEANLINESS, k]
            total[RECOGNISED_GIVING] = s.village_f64[RECOGNISED, v]
