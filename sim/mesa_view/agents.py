"""Mesa's view of a household: one agent for each row of the columns.

An agent has no state of its own. Reading ``agent.trust`` reads the column and setting it writes the column, so an agent shows
the effect of a compiled mechanism at once, and vice versa. Values are Python's own numbers, which Mesa's `DataCollector`
copies at no cost. Values that are counted from other columns (a clean yard, the number of neighbours with one) are updated
automatically and can't be set. Left out on purpose: moving house, and leaving the village.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa.agent import AgentSet
from mesa.discrete_space import FixedAgent

from sim.base.arrays import U32
from sim.base.errors import nearest
from sim.compiler.compiled import entry
from sim.engine.mechanisms.housework import show_yard, tell_ties
from sim.engine.now import named_value
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.engine.world.declaration import Column, columns_of
from sim.numerics import draws

if TYPE_CHECKING:
    from sim.mesa_view.model import MobilizationModel

VOLUNTEER_TIME = named_value("volunteer_time")

READ_ONLY: Mapping[str, str] = {
    "clean": "it follows from clutter: set clutter",
    "clean_neighbours": "it is counted from the yards in sight: set their clutter",
    "adopted_ties": "it is counted from the ties: set their rung",
    "neighbours": "it follows from the village's plan",
    "ties": "it follows from the graph of ties",
    "plot": "it follows from the village's plan",
    "public_plot": "it follows from the village's plan",
    "list": "members' lists are cut when the world is built",
    "roles": "lists and rounds are built on it",
    "chosen": "interventions choose when the world is built",
    "reached": "visits record it",
    "tipped_by": "the decision records it",
    "paid_calls": "the village's fund pays for this help",
}
"""Columns that can't be set through an agent, and the reason."""


@entry
def put_rung(s: c.State, v: int, i: int, rung: int) -> None:
    """Put household i of village v on a rung, 0..3, and update the counts of rungs."""
    before, clean, roles = s.u8[c.RUNG, i], s.u8[c.CLEAN, i], s.u8[c.ROLES, i]
    cells = s.village_i64[c.CELL : c.CELL + c.CELLS, v]
    s.u8[c.RUNG, i] = rung
    cells[c.cell(roles, before, clean)] -= 1
    cells[c.cell(roles, rung, clean)] += 1
    if (before >= c.HELPING) != (rung >= c.HELPING):
        tell_ties(s, s.village_i64[:, v], i, 1 if rung >= c.HELPING else 0)


@entry
def put_clutter(s: c.State, v: int, i: int, clutter: float, clean_below: float) -> None:
    """Set the clutter of household i of village v, in hours, and update the counts of clean yards."""
    before, rung, roles = s.u8[c.CLEAN, i], s.u8[c.RUNG, i], s.u8[c.ROLES, i]
    s.f64[c.CLUTTER, i] = clutter
    clean = 1 if clutter <= clean_below else 0
    if clean != before:
        row = s.village_i64[:, v]
        cells = row[c.CELL : c.CELL + c.CELLS]
        cells[c.cell(roles, rung, before)] -= 1
        cells[c.cell(roles, rung, clean)] += 1
        show_yard(s, row, i, clean)


@entry
def draw_of_week(village_key: U32, first_word: int, second_word: int, household: int, week: int) -> float:
    """Return a draw of `MobilizationModel.uniform`; the decision's two words replace week and channel.

    household : its index in the village, as in the engine's draws. week : weeks run so far, the slot.
    """
    key = draws.phase_key(village_key[0], village_key[1], first_word, second_word)
    return draws.uniform(key, household, week)


class ColumnView:
    """An attribute of an agent that reads and writes its row of a column.

    Reading gives an int, a float, or, for columns of "0 or 1", a bool. Setting checks type and range first.

    Raises
    ------
    AttributeError : the attribute is read-only (see `READ_ONLY`). TypeError : the value isn't a number, or isn't a whole
        number as the column requires. ValueError : it is out of range.
    """

    def __init__(self, column: Column) -> None:
        self.name = column.name
        self.flag = column.unit == "0 or 1"
        self.real = column.block == "f64"
        self.low, self.high = column.limits
        self.__doc__ = f"{column.meaning[0].upper()}{column.meaning[1:]} [{column.unit}]."
        if column.name in READ_ONLY:
            self.__doc__ += f" Read-only: {READ_ONLY[column.name]}."

    def __get__(self, agent: Resident | None, owner: type | None = None) -> Any:
        if agent is None:
            return self
        value = agent.views[self.name][agent.household]
        return bool(value) if self.flag else value

    def __set__(self, agent: Resident, value: Any) -> None:
        if self.name in READ_ONLY:
            raise AttributeError(f"{self.name} is read-only: {READ_ONLY[self.name]}")
        checked = self._checked(agent, value)
        simulation, i = agent.model.simulation, agent.household
        if self.name == "rung":
            put_rung(simulation.state, agent.village_index, i, checked)
        elif self.name == "clutter":
            clean_below = simulation.scenario.household.clean_below
            put_clutter(simulation.state, agent.village_index, i, checked, clean_below)
        else:
            agent.views[self.name][i] = checked

    def _checked(self, agent: Resident, value: Any) -> Any:
        try:
            number = float(value) if self.real else operator.index(value)
        except (TypeError, ValueError):
            raise TypeError(f"{self.name} must be {'a' if self.real else 'a whole'} number, not {value!r}") from None
        high = agent.model.simulation.scenario.household.persuasion_cap if self.name == "persuasion" else self.high
        if not self.low <= number <= high:
            raise ValueError(f"{self.name} must be from {self.low:g} to {high:g}, not {value!r}")
        return number


class Resident(FixedAgent):
    """A household, by the person who decides for it: a view of one row of the columns, on its plot of the grid.

    `MobilizationModel` makes the agents on first use; users needn't make any. In addition to the attributes
    below, an agent has one for each column of households (`sim.engine.world.columns`): ``rung``, ``clutter``, ``trust``, ...

    Attributes
    ----------
    household : row in the columns, from 0. village : name of the village. cell : its plot on the village's grid.
    views : the model's columns by name, as memory views. Setting an attribute that doesn't exist raises AttributeError with
        the nearest name, because a misspelt column would otherwise change nothing.
    """

    model: MobilizationModel
    _is_made = False

    def __init__(self, model: MobilizationModel, household: int, village_index: int) -> None:
        super().__init__(model)
        self.household = household
        self.village_index = village_index
        self.views = model.views
        self._is_made = True

    def __setattr__(self, name: str, value: Any) -> None:
        if self._is_made and not (name.startswith("_") or name in self.__dict__ or hasattr(type(self), name)):
            known = [column.name for column in columns_of("household")]
            raise AttributeError(
                f"a household has no attribute '{name}'{nearest(name, known)} For values of your own, use a dictionary by "
                "agent.household"
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(household={self.household}, village={self.village!r})"

    @property
    def village(self) -> str:
        """Name of the household's village."""
        return self.model.simulation.scenario.villages[self.village_index].name

    @property
    def rung_name(self) -> str:
        """The name of the rung: watching, pushed, helping or self_initiated."""
        return c.RUNGS[self.rung]

    @property
    def has_adopted(self) -> bool:
        """Whether the household is on one of the two upper rungs."""
        return bool(self.rung >= c.HELPING)

    @property
    def is_newcomer(self) -> bool:
        """Whether the household is a newcomer's."""
        return self._has(c.NEWCOMER)

    @property
    def is_member(self) -> bool:
        """Whether it is a party member's household."""
        return self._has(c.MEMBER)

    @property
    def is_worthy(self) -> bool:
        """Whether it is a local worthy's (乡贤) household."""
        return self._has(c.WORTHY)

    @property
    def is_volunteer(self) -> bool:
        """Whether it is an active volunteer's household; may change from week to week."""
        return self._has(c.VOLUNTEER)

    def _has(self, role: int) -> bool:
        return bool(self.roles & role)

    @property
    def in_sight(self) -> AgentSet:
        """The households whose yards it sees, by row; the column ``neighbours`` has their number."""
        state = self.model.simulation.state
        village = state.village_i64[:, self.village_index]
        rows, columns, sight = (int(village[k]) for k in (c.PLAN_ROWS, c.PLAN_COLUMNS, c.SIGHT))
        first = int(village[c.PLAN_FIRST])
        plan = state.plan[first : first + rows * columns].reshape(rows, columns)
        row, column = divmod(self.plot, columns)
        seen = plan[max(0, row - sight) : row + sight + 1, max(0, column - sight) : column + sight + 1].ravel()
        return self._set_of(seen[(seen >= 0) & (seen != self.household)])

    @property
    def kin(self) -> AgentSet:
        """The households to which it is tied: kin, chat groups or an association; the column ``ties`` has their number."""
        state = self.model.simulation.state
        first, stop = state.tie_first[self.household : self.household + 2]
        tied = state.tie[first:stop]
        if state.village_i64[c.BONDED, self.village_index] >= 0:
            first, stop = state.bond_first[self.household : self.household + 2]
            tied = np.concatenate([tied, state.bond[first:stop]])
        return self._set_of(tied)

    def _set_of(self, rows: np.ndarray[Any, np.dtype[np.int32]]) -> AgentSet:
        residents = self.model.residents
        return AgentSet([residents[i] for i in rows], random=self.model.random)

    def __reduce__(self) -> Any:
        raise TypeError(f"{self!r} is a view of its model's columns: pickle or copy the model")

    def remove(self) -> None:
        """Raise an error, because a household can't leave the village.

        Raises
        ------
        RuntimeError : always.
        """
        raise RuntimeError(f"{self!r} can't be removed: the engine would continue to simulate its row")


for _column in columns_of("household"):
    setattr(Resident, _column.name, ColumnView(_column))


class PartyMember(Resident):
    """A party member's household, also if it has further roles."""


class LocalWorthy(Resident):
    """A local worthy's (乡贤) household, unless it is a party member's."""


class Volunteer(Resident):
    """A volunteer's household, unless it is a party member's or local worthy's.

    It has a standing volunteer, or one whom an intervention recruits at some time; `is_volunteer` says whether it is active.
    """


KINDS: tuple[type[Resident], ...] = (Resident, PartyMember, LocalWorthy, Volunteer)


def classes_of(simulation: Simulation) -> list[type[Resident]]:
    """Return each household's class: the first that applies of party member, local worthy and volunteer."""
    state, programme = simulation.state, simulation.programme
    roles = state.u8[c.ROLES]
    classes = np.full(state.households, Resident, object)
    team = state.team_i32
    # Willing households aren't volunteers yet, but an intervention may recruit them like everybody else.
    asks = sum({1 << int(k) for k in programme.bit[slice(*programme.first[VOLUNTEER_TIME : VOLUNTEER_TIME + 2])]})
    volunteers = (team[c.TEAM_STATUS] != c.WILLING) | ((team[c.TEAM_CHOSEN] & asks) != 0)
    recruited = (team[c.TEAM_KIND] == c.BY_VOLUNTEER) & volunteers
    classes[team[c.TEAM_HOUSEHOLD, recruited & (team[c.TEAM_HOUSEHOLD] >= 0)]] = Volunteer
    classes[(roles & c.WORTHY) > 0] = LocalWorthy
    classes[(roles & c.MEMBER) > 0] = PartyMember
    found: list[type[Resident]] = classes.tolist()
    return found
