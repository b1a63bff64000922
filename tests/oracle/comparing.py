"""Hold the engine to the twin: every state variable of every household, plot, list, caller and village, week by week.

Only this file knows both: the engine's columns by name on the one side, the twin's objects on the other. Values are compared
as they are; nothing is rounded and there is no tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from oracle import outcomes
from oracle.callers import KINDS, OUTSIDE, Caller, Volunteer
from oracle.grid import who_is_at
from oracle.household import Household
from oracle.levers import USES
from oracle.model import Town
from oracle.public_plot import PublicPlot
from oracle.village import Village
from sim import tallies as t
from sim.programme import choosers
from sim.runs import result_of
from sim.scenario import Scenario
from sim.simulation import Simulation
from sim.world import columns as c

ROLES = ("newcomer", "member", "worthy", "volunteering", "standing", "floating", "youth", "representative")
"""The twin's names of the roles, in the order of the engine's bits."""
Values = dict[str, list[Any]]


def week_of(value: int | None) -> int:
    """Return a week as the engine writes it."""
    return int(c.NEVER) if value is None else value


HOUSEHOLD: dict[str, Callable[[Household], Any]] = {
    "rung": lambda h: int(h.rung),
    "clutter": lambda h: h.clutter,
    "predisposition": lambda h: h.predisposition,
    "persuasion": lambda h: h.persuasion,
    "trust": lambda h: h.trust,
    "habit": lambda h: h.habit,
    "attachment": lambda h: h.attachment,
    "passivity": lambda h: h.passivity,
    "award": lambda h: h.award,
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
    "party_years": lambda h: h.party_years,
    "tipped_by": lambda h: t.TERMS.index(h.tipped_by),
    "reached": lambda h: int(h.reached),
    "exemplar": lambda h: int(h.exemplar),
    "free_calls": lambda h: h.volunteers_offers,
    "paid_calls": lambda h: h.paid_offers,
}
"""The twin's value of each column that doesn't number things across villages; `SPECIAL` are the others."""
SPECIAL = ("public_plot", "list", "chosen")

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


class Pair:
    """An engine's run and the twin's of one scenario, side by side."""

    def __init__(self, scenario: Scenario, seed: int = 0, replicate: int = 0, weeks: int | None = None) -> None:
        self.engine = Simulation(scenario, seed, replicate, weeks)
        self.twin = Town(scenario, seed, replicate)
        self.rows: list[dict[str, dict[str, float]]] = []
        # The twin numbers choices as the scenario does; the engine has a bit for each.
        self.bits = {
            number: chooser.bit
            for number, choice in enumerate(self.twin.programme.choices)
            for chooser in choosers(scenario)
            if (chooser.name, chooser.who) == (choice.lever, choice.who)
        }

    def step(self) -> None:
        """Run both a week on."""
        self.engine.advance(1)
        self.twin.step()
        self.rows.append(outcomes.weekly(self.twin))

    def differences(self) -> Iterator[str]:
        """Yield a line for each thing that differs now."""
        for v, village in enumerate(self.twin.villages):
            sides = [(self._engine_households, self._twin_households), (self._engine_plots, self._twin_plots),
                     (self._engine_lists, self._twin_lists), (self._engine_callers, self._twin_callers),
                     (self._engine_village, self._twin_village)]  # fmt: skip
            if self.twin.week:
                sides.append((self._engine_record, self._twin_record))
            for engine, twin in sides:
                yield from compared(f"week {self.twin.week - 1}, {village.name}", engine(v), twin(village))

    def outcome_differences(self) -> Iterator[str]:
        """Yield a line for each outcome, weekly or of the run so far, that differs."""
        result = result_of(self.engine)
        columns = {name: values.tolist() for name, values in result.columns.items()}
        for k, (week, group) in enumerate(zip(columns["week"], columns["group"], strict=True)):
            told = {name: values[k] for name, values in columns.items() if name not in ("week", "group")}
            yield from compared(f"week {week}, {group}", *as_lists(told, self.rows[week][group]))
        yield from compared("the run", *as_lists(result.totals, outcomes.totals(self.twin, self.rows)))

    def _engine_households(self, v: int) -> Values:
        state, row = self.engine.state, self.engine.state.village_i64[:, v]
        here = slice(row[c.FIRST], row[c.STOP])
        values = {column.name: state.column(column.name)[here].tolist() for column in c.COLUMNS}
        values["public_plot"] = (state.column("public_plot")[here] - row[c.PUBLIC_FIRST]).tolist()
        values["list"] = (state.column("list")[here] - row[c.LISTS_FIRST]).tolist()
        for name, first, other in (("whole ties", state.tie_first, state.tie), ("bonds", state.bond_first, state.bond)):
            if first.size > 1:
                values[name] = [
                    (other[first[h] : first[h + 1]] - row[c.FIRST]).tolist() for h in range(*here.indices(10**9))
                ]
        return values

    def _twin_households(self, village: Village) -> Values:
        everyone = village.households_by_number
        values = {name: [value(household) for household in everyone] for name, value in HOUSEHOLD.items()}
        values["public_plot"] = [household.public_plot.number for household in everyone]
        values["list"] = [village.list_of[household].number for household in everyone]
        values["chosen"] = [sum(1 << self.bits[number] for number in household.choices) for household in everyone]
        values["whole ties"] = [[other.number for other in household.ties] for household in everyone]
        if self.twin.programme.bonds > 0.0:
            values["bonds"] = [[other.number for other in household.bonds] for household in everyone]
        return values

    def _engine_plots(self, v: int) -> Values:
        state, row = self.engine.state, self.engine.state.village_i64[:, v]
        here = slice(row[c.PUBLIC_FIRST], row[c.PUBLIC_STOP])
        integers = ("kind", "yards", "cluttered", "weeks left", "small open", "large open")
        floats = ("cleanliness", "promise", "trust lost")
        return {
            **{f"plots: {name}": state.public_i32[k, here].tolist() for k, name in enumerate(integers)},
            **{f"plots: {name}": state.public_f64[k, here].tolist() for k, name in enumerate(floats)},
        }

    def _twin_plots(self, village: Village) -> Values:
        values: dict[str, Callable[[PublicPlot], Any]] = {
            "kind": lambda plot: int(plot.kind), "yards": lambda plot: len(plot.yards),
            "cluttered": lambda plot: plot.cluttered_yards(), "weeks left": lambda plot: plot.weeks_left,
            "small open": lambda plot: plot.open["small"], "large open": lambda plot: plot.open["large"],
            "cleanliness": lambda plot: plot.cleanliness, "promise": lambda plot: plot.settled_large,
            "trust lost": lambda plot: plot.trust_lost,
        }  # fmt: skip
        return {f"plots: {name}": [value(plot) for plot in village.public_plots] for name, value in values.items()}

    def _engine_lists(self, v: int) -> Values:
        state, row = self.engine.state, self.engine.state.village_i64[:, v]
        lists = state.lists[:, row[c.LISTS_FIRST] : row[c.LISTS_STOP]].astype(int)
        first = lists[c.LIST_FIRST]
        return {
            "lists: visitor": (lists[c.LIST_MEMBER] - row[c.FIRST]).tolist(),
            "lists: households": [
                (state.listed[start:stop] - row[c.FIRST]).tolist()
                for start, stop in zip(first, lists[c.LIST_STOP], strict=True)
            ],
            "lists: next": (lists[c.LIST_NEXT] - first).tolist(),
            "lists: seconds": lists[c.LIST_SECONDS].tolist(),
            "lists: help": lists[c.LIST_HELPER].tolist(),
        }

    def _twin_lists(self, village: Village) -> Values:
        return {
            "lists: visitor": [mine.visitor.number for mine in village.lists],
            "lists: households": [[household.number for household in mine.households] for mine in village.lists],
            "lists: next": [mine.next for mine in village.lists],
            "lists: seconds": [mine.seconds for mine in village.lists],
            "lists: help": [int(mine.is_help) for mine in village.lists],
        }

    def _engine_callers(self, v: int) -> Values:
        state, row = self.engine.state, self.engine.state.village_i64[:, v]
        here = slice(row[c.TEAM_FIRST], row[c.TEAM_STOP])
        team = state.team_i32[:, here].astype(int)
        home = np.where(team[c.TEAM_HOUSEHOLD] >= 0, team[c.TEAM_HOUSEHOLD] - row[c.FIRST], team[c.TEAM_HOUSEHOLD])
        return {
            "callers: home": home.tolist(),
            "callers: door": team[c.TEAM_NEXT].tolist(),
            "callers: seconds": team[c.TEAM_SECONDS].tolist(),
            "callers: kind": team[c.TEAM_KIND].tolist(),
            "callers: chosen": team[c.TEAM_CHOSEN].tolist(),
            "callers: status": team[c.TEAM_STATUS].tolist(),
            "callers: fatigue": state.team_f64[c.TEAM_FATIGUE, here].tolist(),
        }

    def _twin_callers(self, village: Village) -> Values:
        callers = list(village.callers)
        return {
            "callers: home": [
                OUTSIDE - caller.slot if caller.home is None else caller.home.number for caller in callers
            ],
            "callers: door": [caller.door for caller in callers],
            "callers: seconds": [caller.seconds for caller in callers],
            "callers: kind": [KINDS.index(type(caller)) for caller in callers],
            "callers: chosen": [sum(1 << self.bits[number] for number in caller.choices) for caller in callers],
            "callers: status": [status_of(caller) for caller in callers],
            "callers: fatigue": [caller.fatigue if isinstance(caller, Volunteer) else 0.0 for caller in callers],
        }

    def _engine_village(self, v: int) -> Values:
        row, floats = self.engine.state.village_i64[:, v].tolist(), self.engine.state.village_f64[:, v].tolist()
        plan = self.engine.state.plan[row[c.PLAN_FIRST] :][: row[c.PLAN_ROWS] * row[c.PLAN_COLUMNS]].tolist()
        return {
            "village: key": self.engine.state.village_key[:, v].tolist(),
            "village: plan": [standing_for(code, row) for code in plan],
            "village: rows, columns, sight": row[c.PLAN_ROWS : c.SIGHT + 1],
            "village: routine": row[c.ROUTINE_SECONDS : c.VISIT_SECONDS + 1],
            "village: turns": row[c.PAID_NEXT : c.CONTRACTOR_NEXT + 1],
            "village: weeks": row[c.STARTED : c.BONDED + 1],
            "village: fund": row[c.FUND : c.FUND + len(USES)],
            "village: cells": row[c.CELL : c.CELL + c.CELLS],
            "village: floats": floats,
        }

    def _twin_village(self, village: Village) -> Values:
        award = 0 if village.next_for_award is None else village.next_for_award + 1
        contact = village.facts.contact
        return {
            "village: key": list(village.luck.key),
            "village: plan": [stands_at(village, divmod(k, village.columns)) for k in range(village.rows * village.columns)],
            "village: rows, columns, sight": [village.rows, village.columns, village.facts.plan.sight],
            "village: routine": [village.routine_seconds, village.visit_seconds],
            "village: turns": [village.next_for_hands, award, village.next_plot, village.next_dispute,
                               village.next_for_contractors],
            "village: weeks": [week_of(week) for week in (village.started, village.chartered, village.agreed, village.bonded)],
            "village: fund": list(village.fund.values()),
            "village: cells": cells_of(village),
            "village: floats": [
                contact.message, village.facts.volunteer_hours, village.recognised, contact.fear, village.effort,
                village.praise, village.burden, village.attention, village.credit["small"], village.credit["large"],
                village.contractor_hours, village.plaques,
            ],
        }  # fmt: skip

    def _engine_record(self, v: int) -> Values:
        counts, totals = self.engine.counts[self.engine.week - 1, v], self.engine.totals[self.engine.week - 1, v]
        return {
            "record: cells": counts[: c.CELLS].tolist(),
            **{f"record: {name}": [int(counts[k])] for name, k in TALLIES.items()},
            **{f"record: sum of {name}": [float(totals[k])] for name, k in SUMS.items()},
        }

    def _twin_record(self, village: Village) -> Values:
        return {
            "record: cells": cells_of(village),
            **{f"record: {name}": [int(village.tally[name])] for name in TALLIES},
            **{f"record: sum of {name}": [village.sums[name]] for name in SUMS},
        }


def as_lists(engine: dict[str, float], twin: dict[str, float]) -> tuple[Values, Values]:
    """Return outcomes to compare: NaN as a word that equals itself, and the twin's NaN for what it doesn't tell by group."""

    def listed(value: float) -> list[Any]:
        return ["nan" if value != value else value]

    return {name: listed(v) for name, v in engine.items()}, {name: listed(twin.get(name, math.nan)) for name in engine}


def status_of(caller: Caller) -> int:
    """Return a caller's status as the engine writes it."""
    if not (isinstance(caller, Volunteer) and caller.willing):
        return int(c.BY_LEVER)
    return int(c.JOINED if caller.joined else c.WILLING)


def standing_for(code: int, row: list[int]) -> tuple[str, int]:
    """Return what a code of the engine's plan stands for, and its number in the village of this row."""
    if code == -1:
        return "lane", 0
    return ("yard", code - row[c.FIRST]) if code >= 0 else ("public", -2 - code - row[c.PUBLIC_FIRST])


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


def compared(where: str, engine: Values, twin: Values) -> Iterator[str]:
    """Yield a line for each value that differs; the first place of each."""
    assert engine.keys() == twin.keys(), engine.keys() ^ twin.keys()
    for name, values in engine.items():
        others = twin[name]
        if len(values) != len(others):
            yield f"{where}: {name}: the engine has {len(values)}, the twin {len(others)}"
        elif values != others:
            at = next(k for k, (one, other) in enumerate(zip(values, others, strict=True)) if one != other)
            yield f"{where}: {name}[{at}]: the engine has {values[at]!r}, the twin {others[at]!r}"


def first_differences(scenario: Scenario, weeks: int, seed: int = 0, replicate: int = 0) -> list[str]:
    """Run both for some weeks; return what differs at the start or in the first week in which anything does."""
    pair = Pair(scenario, seed, replicate, weeks)
    found = list(pair.differences())
    while not found and pair.twin.week < weeks:
        pair.step()
        found = list(pair.differences())
    if not found and weeks:
        found = list(pair.outcome_differences())
    return found
