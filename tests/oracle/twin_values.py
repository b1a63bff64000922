"""What the twin holds of a village, as lists of plain numbers under the names that the engine's values have, too.

`bits` gives the engine's bit for the number of each choice of people by a lever.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from oracle.callers import KINDS, OUTSIDE, Caller, Volunteer
from oracle.contact_lists import ContactList
from oracle.grid import who_is_at
from oracle.household import Household
from oracle.public_plot import PublicPlot
from oracle.record import SUMS, TALLIES
from oracle.village import Village
from sim.engine.terms import TERMS
from sim.engine.world import columns as c
from sim.engine.world.declaration import columns_of

Values = dict[str, list[Any]]
ROLES = ("newcomer", "member", "worthy", "volunteering", "standing", "floating", "youth", "representative")
"""The twin's names of the roles, in the order of the engine's bits."""


def week_of(value: int | None) -> int:
    """Return a week as the engine writes it."""
    return int(c.NEVER) if value is None else value


HOUSEHOLD: dict[str, Callable[[Household], Any]] = {
    "rung": lambda h: int(h.rung),
    "per_neighbour": lambda h: 1.0 / max(1, len(h.in_sight)),
    "per_tie": lambda h: 1.0 / max(1, len(h.kin())),
    "plot": lambda h: h.cell.coordinate[0] * h.village.columns + h.cell.coordinate[1],
    "last_visit": lambda h: week_of(h.last_visit),
    **{
        f"last_by_{kind}": lambda h, kind=kind: week_of(h.last_contact.get(kind))
        for kind in ("member", "talk", "volunteer", "worthy", "representative", "cadre")
    },
    "roles": lambda h: sum(getattr(h, role) << bit for bit, role in enumerate(ROLES)),
    "clean": lambda h: int(h.clean),
    "clean_neighbours": lambda h: sum(other.clean for other in h.in_sight),
    "neighbours": lambda h: len(h.in_sight),
    "adopted_ties": lambda h: sum(other.adopted for other in h.kin()),
    "ties": lambda h: len(h.kin()),
    "tipped_by": lambda h: TERMS[h.tipped_by].number,
    "reached": lambda h: int(h.reached),
    "exemplar": lambda h: int(h.exemplar),
    "free_calls": lambda h: h.volunteers_offers,
    "paid_calls": lambda h: h.paid_offers,
}
"""The twin's value of each column that isn't an attribute of the same name, and doesn't number things across villages."""


def households(village: Village, bits: dict[int, int]) -> Values:
    """Return the columns of households."""
    everyone = village.households_by_number
    names = [column.name for column in columns_of("household") if column.name not in ("public_plot", "list", "chosen")]
    values = {name: list(map(HOUSEHOLD.get(name, attrgetter(name)), everyone)) for name in names}
    values["public_plot"] = [household.public_plot.number for household in everyone]
    values["list"] = [village.list_of[household].number for household in everyone]
    values["chosen"] = [sum(1 << bits[number] for number in household.choices) for household in everyone]
    values["whole ties"] = [[other.number for other in household.ties] for household in everyone]
    if village.model.programme.bonds > 0.0:
        values["bonds"] = [[other.number for other in household.bonds] for household in everyone]
    return values


def plots(village: Village, bits: dict[int, int]) -> Values:
    """Return the columns of public plots."""
    values: dict[str, Callable[[PublicPlot], Any]] = {
        "public_kind": lambda plot: int(plot.kind), "public_yards": lambda plot: len(plot.yards),
        "public_cluttered": lambda plot: plot.cluttered_yards(), "public_weeks_left": lambda plot: plot.weeks_left,
        "public_small": lambda plot: plot.open["small"], "public_large": lambda plot: plot.open["large"],
        "public_cleanliness": lambda plot: plot.cleanliness, "public_promise": lambda plot: plot.settled_large,
        "public_lost": lambda plot: plot.trust_lost,
    }  # fmt: skip
    return {name: [value(plot) for plot in village.public_plots] for name, value in values.items()}


def lists(village: Village, bits: dict[int, int]) -> Values:
    """Return the columns of members' lists, and their households."""
    values: dict[str, Callable[[ContactList], Any]] = {
        "list_households": lambda one: [household.number for household in one.households],
        "list_member": lambda one: one.visitor.number, "list_next": lambda one: one.next,
        "list_seconds": lambda one: one.seconds, "list_helper": lambda one: int(one.is_help),
    }  # fmt: skip
    return {name: [value(one) for one in village.lists] for name, value in values.items()}


def callers(village: Village, bits: dict[int, int]) -> Values:
    """Return the columns of callers."""
    values: dict[str, Callable[[Caller], Any]] = {
        "team_household": lambda one: OUTSIDE - one.slot if one.home is None else one.home.number,
        "team_next": lambda one: one.door, "team_seconds": lambda one: one.seconds,
        "team_kind": lambda one: KINDS.index(type(one)),
        "team_chosen": lambda one: sum(1 << bits[number] for number in one.choices), "team_status": status_of,
        "team_fatigue": lambda one: one.fatigue if isinstance(one, Volunteer) else 0.0,
    }  # fmt: skip
    return {name: [value(one) for one in village.callers] for name, value in values.items()}


def village(village: Village, bits: dict[int, int]) -> Values:
    """Return the columns of villages, its key and its plan."""
    contact = village.facts.contact
    plots = range(village.rows * village.columns)
    values = {
        "plan_rows": village.rows, "plan_columns": village.columns, "sight": village.facts.plan.sight,
        "routine_seconds": village.routine_seconds, "visit_seconds": village.visit_seconds,
        "for_plots": village.seconds_for_plots, "paid_next": village.next_for_hands,
        "award_next": 0 if village.next_for_award is None else village.next_for_award + 1,
        "public_next": village.next_plot, "dispute_next": village.next_dispute,
        "contractor_next": village.next_for_contractors, "started": week_of(village.started),
        "chartered": week_of(village.chartered), "agreed": week_of(village.agreed), "bonded": week_of(village.bonded),
        **{f"fund_{use}": fen for use, fen in village.fund.items()},
        **{f"cell_{name}": number for name, number in zip(c.CELL_NAMES, cells_of(village), strict=True)},
        "routine_message": contact.message, "volunteer_hours": village.facts.volunteer_hours,
        "recognised": village.recognised, "fear": contact.fear, "effort": village.effort, "praise": village.praise,
        "burden": village.burden, "attention": village.attention, "small_credit": village.credit["small"],
        "large_credit": village.credit["large"], "contractor_credit": village.contractor_hours,
        "plaque_credit": village.plaques,
    }  # fmt: skip
    return {
        "village_key": list(village.luck.key),
        "plan": [stands_at(village, divmod(k, village.columns)) for k in plots],
        **{name: [value] for name, value in values.items()},
    }


def record(village: Village, bits: dict[int, int]) -> Values:
    """Return the week's record."""
    return {
        "record: cells": cells_of(village),
        **{f"record: {name}": [int(village.tally[name])] for name in TALLIES},
        **{f"record: sum of {name}": [village.sums[name]] for name in SUMS},
    }


def status_of(caller: Caller) -> int:
    """Return a caller's status as the engine writes it."""
    if not (isinstance(caller, Volunteer) and caller.willing):
        return int(c.BY_LEVER)
    return int(c.JOINED if caller.joined else c.WILLING)


def stands_at(village: Village, at: tuple[int, int]) -> tuple[str, int]:
    """Return what stands on a cell of the twin's grid, and its number."""
    found = who_is_at(village, at)
    if found is None:
        return "lane", 0
    return ("yard" if isinstance(found, Household) else "public"), found.number


def cells_of(village: Village) -> list[int]:
    """Return a village's households by group, rung and yard, in the engine's order."""
    cells = [0] * c.CELLS
    for household in village.households_by_number:
        cells[8 * (household.newcomer + 2 * household.member) + 2 * household.rung + household.clean] += 1
    return cells
