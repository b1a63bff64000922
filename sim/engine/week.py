"""The week: the list of its phases, in their order, and the loop over weeks and villages that runs them.

A phase is a compiled function of the state, the week (`sim.engine.now.Week`) and scratch room. This module imports the
mechanisms in the order of the week; what they declare gets its row in that order (`sim.engine.tallies`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.compiler.compiled import entry
from sim.engine.composing import in_turn
from sim.engine.now import Now, Record, Week, set_programme

# isort: off
from sim.engine.mechanisms.rollout import spread_programme
from sim.engine.mechanisms.organisers import move_effort
from sim.engine.mechanisms.example import set_example
from sim.engine.mechanisms.belonging import belong
from sim.engine.mechanisms.visits import visit_households
from sim.engine.mechanisms.talk import talk
from sim.engine.mechanisms.volunteering import join_and_leave
from sim.engine.mechanisms.calls import call
from sim.engine.mechanisms.giving import award, give, offer_paid_hands
from sim.engine.mechanisms.contracting import contract
from sim.engine.mechanisms.works import change_public_plots, clean_public_plots, start_works
from sim.engine.mechanisms.disputes import dispute
from sim.engine.mechanisms.deliberation import deliberate
from sim.engine.mechanisms.households import pass_week
from sim.engine.mechanisms.observation import observe

# isort: on
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.programme import Programme
from sim.engine.world.columns import State

OPENING: tuple[tuple[Any, str], ...] = (
    (spread_programme, "programme: which villages take it up, by plan or by copying"),
)
"""The phases of the whole world, before any village's: all that villages see of each other."""
PHASES: tuple[tuple[Any, str], ...] = (
    (set_programme, "programme: what interventions add to each named value"),
    (move_effort, "time budgets: organisers tire, and reviews and meetings restore them"),
    (set_example, "programme: who is bound by an example this week"),
    (belong, "programme: associations and places to go to"),
    (visit_households, "time budgets and visits: members call by list and speak of the yard"),
    (talk, "talk among neighbours and ties"),
    (join_and_leave, "volunteering: the willing join and leave"),
    (call, "volunteering: volunteers and other callers go from door to door"),
    (clean_public_plots, "volunteering: public plots are cleared"),
    (give, "giving: gifts and collections"),
    (offer_paid_hands, "giving: paid hands are offered"),
    (award, "giving: awards and plaques"),
    (contract, "works: contractors clear yards"),
    (start_works, "works: money turns public plots into building sites"),
    (change_public_plots, "works: public plots change"),
    (dispute, "disputes arise and are settled"),
    (deliberate, "deliberation: village rules, plan and consent"),
    (pass_week, "decision, housework and forgetting of every household"),
    (observe, "record: the village as it is at the end of the week"),
)
"""The phases of each village, and what they are."""


def name_of(phase: Any) -> str:
    """Return the name of a phase."""
    return str(phase.__name__)


open_week = in_turn([phase for phase, _ in OPENING])
live_week = in_turn([phase for phase, _ in PHASES])


class Span(NamedTuple):
    """The weeks first .. last - 1 of the villages first_village .. last_village - 1.

    opens : whether the week also opens for the whole world here: exactly one call a week must do so, before the week of
    any village (see `Simulation.advance`).
    """

    first: int
    last: int
    first_village: int
    last_village: int
    opens: bool


@entry
def advance(s: State, p: Any, programme: Programme, span: Span, record: Record, now: Now, room: Scratch) -> None:
    """Run a span of weeks and villages; p : `sim.engine.parameters.Parameters`. now, room : what the loop writes into."""
    for week in range(span.first, span.last):
        if span.opens:
            open_week(s, Week(p, programme, now, record, week, 0), room)
        for v in range(span.first_village, span.last_village):
            live_week(s, Week(p, programme, now, record, week, v), room)
