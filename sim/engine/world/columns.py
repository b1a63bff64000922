"""The columns: one array for each state variable, for all households of all villages.

Columns of one type lie side by side in a block, ``block[COLUMN]`` is the column, and a mechanism takes the columns that
it needs by name at its top. Rows are households, village after village. The columns are the only truth: Mesa's agents
are views of rows. `writers` names the modules of `sim.engine.mechanisms` that alone may write a column while the model runs,
none for what is fixed at the start; a test holds the code to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64, I32, I64, U8, U32
from sim.compiler.arguments import bundle
from sim.compiler.compiled import compiled

NEVER = -1_000_000
"""The week of something that has not happened yet."""

# Roles: bits of the column ROLES.
NEWCOMER, MEMBER, WORTHY, VOLUNTEER, STANDING, FLOATING, YOUTH, REPRESENTATIVE = 1, 2, 4, 8, 16, 32, 64, 128

# Rungs of the ladder (P5); a household on HELPING or above has adopted.
WATCHING, PUSHED, HELPING, INITIATED = 0, 1, 2, 3
RUNGS = ("watching", "pushed", "helping", "self_initiated")

# Kinds of public plot.
BLACK_SPOT, IDLE, AMENITY, WORKS = 0, 1, 2, 3

# Households: float64.
CLUTTER, PREDISPOSITION, PERSUASION, TRUST, HABIT, ATTACHMENT, PASSIVITY, AWARD, PER_NEIGHBOUR, PER_TIE = range(10)
# Households: int32.
PLOT, PUBLIC_PLOT, LIST, LAST_VISIT, LAST_BY_MEMBER, LAST_BY_TALK, CHOSEN = range(7)
# And the last contact by each kind of caller.
LAST_BY_CALLER = 7
CALLERS = ("volunteer", "worthy", "representative", "cadre")
BY_VOLUNTEER, BY_WORTHY, BY_REPRESENTATIVE, BY_CADRE = range(len(CALLERS))
# Households: uint8.
RUNG, ROLES, CLEAN, CLEAN_NEIGHBOURS, NEIGHBOURS, ADOPTED_TIES, TIES, PARTY_YEARS, TIPPED_BY, SEEN = range(10)
EXEMPLAR, FREE_CALLS, PAID_CALLS = range(10, 13)

# Members' lists: int32.
LIST_MEMBER, LIST_FIRST, LIST_STOP, LIST_NEXT, LIST_SECONDS, LIST_HELPER = range(6)
# Callers, who go from door to door: int32 and float64. The household is below 0 for who lives elsewhere; the status says
# whether a willing household has joined the volunteers by itself.
TEAM_HOUSEHOLD, TEAM_NEXT, TEAM_SECONDS, TEAM_KIND, TEAM_CHOSEN, TEAM_STATUS = range(6)
BY_LEVER, WILLING, JOINED = range(3)
TEAM_FATIGUE = 0
# Public plots: int32 and float64.
PUBLIC_KIND, PUBLIC_YARDS, PUBLIC_CLUTTERED, PUBLIC_WEEKS_LEFT, PUBLIC_SMALL, PUBLIC_LARGE = range(6)
PUBLIC_CLEANLINESS, PUBLIC_PROMISE, PUBLIC_LOST = range(3)
PUBLIC_F64 = 3

# Villages: int64. Ranges are [FIRST, STOP) in the arrays of all villages.
FIRST, STOP, PLAN_FIRST, PLAN_ROWS, PLAN_COLUMNS, SIGHT = range(6)
PUBLIC_FIRST, PUBLIC_STOP, LISTS_FIRST, LISTS_STOP, TEAM_FIRST, TEAM_STOP = range(6, 12)
ROUTINE_SECONDS, VISIT_SECONDS, PAID_NEXT, AWARD_NEXT, PUBLIC_NEXT, DISPUTE_NEXT, CONTRACTOR_NEXT = range(12, 19)
# Weeks in which the village began to copy its programme, adopted its charter, agreed to its plan; `NEVER` before.
STARTED, CHARTERED, AGREED, BONDED = range(19, 23)
FUND = 23  # and the rows after it: the fen in hand for each of GIFT_USES
CELL = 28  # and the rows after it: households by group, rung and yard, see `cell`
CELL_NAMES = tuple(
    f"{group}_{rung}_{yard}"
    for group in ("local", "newcomer", "member_local", "member_newcomer")
    for rung in RUNGS
    for yard in ("cluttered", "clean")
)
"""The cells by name, in the order of `cell`."""
CELLS = len(CELL_NAMES)
VILLAGE_I64 = CELL + CELLS
# Villages: float64.
ROUTINE_MESSAGE, VOLUNTEER_HOURS, RECOGNISED, FEAR, EFFORT, PRAISE, BURDEN, ATTENTION = range(8)
SMALL_CREDIT, LARGE_CREDIT, CONTRACTOR_CREDIT, PLAQUE_CREDIT = range(8, 12)
VILLAGE_F64 = 12


@compiled
def cell(roles: int, rung: int, clean: int) -> int:
    """Return a household's cell, 0..31, in the village's counts: by newcomer and member (bits 1 and 2), rung and yard."""
    return 8 * (roles & (NEWCOMER | MEMBER)) + 2 * rung + clean


@compiled
def on_or_above(row: I64, rung: int) -> int:
    """Return how many households of a village are on a rung or above, from the cells in its row of village_i64."""
    number = 0
    for group in range(0, CELLS, CELLS // 4):
        for k in range(2 * rung, CELLS // 4):
            number += row[CELL + group + k]
    return number


@dataclass(frozen=True, slots=True)
class Column:
    """A state variable of a household: its block and row there, unit, meaning and writers."""

    name: str
    block: str
    row: int
    unit: str
    meaning: str
    writers: tuple[str, ...]


COLUMNS: tuple[Column, ...] = (
    Column("rung", "u8", RUNG, "0..3", "watching, pushed, helping, self-initiated", ("decision",)),
    Column("clutter", "f64", CLUTTER, "hours", "person-hours of clearing outstanding", ("housework", "contracting")),
    Column("predisposition", "f64", PREDISPOSITION, "logit", "standing inclination", ()),
    Column(
        "persuasion",
        "f64",
        PERSUASION,
        "logit",
        "stock of persuasion, 0..cap",
        ("visits", "talk", "calls", "households"),
    ),
    Column(
        "trust",
        "f64",
        TRUST,
        "0..1",
        "trust in the village's organisation",
        ("visits", "calls", "disputes", "belonging", "deliberation"),
    ),
    Column("habit", "f64", HABIT, "0..1", "habit of keeping the yard", ("housework",)),
    Column("attachment", "f64", ATTACHMENT, "0..1", "belonging; scales learning of trust and habit", ("belonging",)),
    Column(
        "passivity",
        "f64",
        PASSIVITY,
        "0..1",
        "share of recent clearing done by others instead",
        ("housework", "contracting"),
    ),
    Column("award", "f64", AWARD, "0..1", "glow of the last award", ("giving",)),
    Column("per_neighbour", "f64", PER_NEIGHBOUR, "1/yard", "one over the yards in sight; multiplying is quicker", ()),
    Column("per_tie", "f64", PER_TIE, "1/household", "one over the ties", ("belonging",)),
    Column("plot", "i32", PLOT, "index", "plot of the yard in the village's plan", ()),
    Column("public_plot", "i32", PUBLIC_PLOT, "index", "nearest public plot", ()),
    Column("list", "i32", LIST, "index", "the member's list that the household is on", ()),
    Column("last_visit", "i32", LAST_VISIT, "week", "last visit by the member in charge", ("visits",)),
    Column("last_by_member", "i32", LAST_BY_MEMBER, "week", "last visit about the yard by a member", ("visits",)),
    Column("last_by_talk", "i32", LAST_BY_TALK, "week", "last talk with a self-initiated household", ("talk",)),
    Column("chosen", "i32", CHOSEN, "bits", "levers that chose the household, a bit each", ()),
    *(
        Column(
            f"last_by_{kind}", "i32", LAST_BY_CALLER + k, "week", f"last call about the yard by a {kind}", ("calls",)
        )
        for k, kind in enumerate(CALLERS)
    ),
    Column(
        "roles",
        "u8",
        ROLES,
        "bits",
        "newcomer, member, worthy, volunteer, standing, floating, youth, representative",
        ("calls",),
    ),
    Column("clean", "u8", CLEAN, "0 or 1", "whether passers-by see a clean yard", ("housework",)),
    Column("clean_neighbours", "u8", CLEAN_NEIGHBOURS, "yards", "clean yards in sight", ("housework",)),
    Column("neighbours", "u8", NEIGHBOURS, "yards", "yards in sight", ()),
    Column("adopted_ties", "u8", ADOPTED_TIES, "households", "ties that have adopted", ("housework", "belonging")),
    Column("ties", "u8", TIES, "households", "kin and chat-group ties, and the association's", ("belonging",)),
    Column("party_years", "u8", PARTY_YEARS, "years", "years in the party; 0 for others", ()),
    Column("tipped_by", "u8", TIPPED_BY, "term", "the term that tipped the last climb", ("decision",)),
    Column("reached", "u8", SEEN, "0 or 1", "visited by a member at least once", ("visits",)),
    Column("exemplar", "u8", EXEMPLAR, "0 or 1", "keeps the own yard clear by a lever", ("example",)),
    Column("free_calls", "u8", FREE_CALLS, "calls", "offers of volunteers' hands this week", ("calls", "housework")),
    Column("paid_calls", "u8", PAID_CALLS, "calls", "offers of paid hands this week", ("giving", "housework")),
)


@bundle
class State(NamedTuple):
    """Everything that changes or is looked up while the model runs; shapes (columns, rows).

    f64, i32, u8: households; tie_first (H + 1,) and tie: ties of household h are ``tie[tie_first[h]:tie_first[h+1]]``;
    bond_first, bond: the same for ties that an association would make, of shape (1,) and (0,) without one;
    plan: the household of each plot, -1 for lanes, -2 - p for public plot p; lists, listed: members' lists, and
    households in list order; team_i32, team_f64: callers; public_i32, public_f64: public plots; village_i64,
    village_f64, village_key: villages.
    """

    f64: F64
    i32: I32
    u8: U8
    tie_first: I32
    tie: I32
    bond_first: I32
    bond: I32
    plan: I32
    lists: I32
    listed: I32
    team_i32: I32
    team_f64: F64
    public_i32: I32
    public_f64: F64
    village_i64: I64
    village_f64: F64
    village_key: U32

    @property
    def households(self) -> int:
        """Number of households in all villages."""
        return int(self.f64.shape[1])

    def column(self, name: str) -> npt.NDArray[Any]:
        """Return a household column by name, shape (households,), as a view. Raises KeyError for an unknown name."""
        column = BY_NAME[name]
        view: npt.NDArray[Any] = getattr(self, column.block)[column.row]
        return view

    def bytes_per_household(self) -> float:
        """Return the memory of all arrays, divided by the households."""
        return sum(array.nbytes for array in self) / self.households

    def copy(self) -> State:
        """Return an independent copy."""
        return State._make(array.copy() for array in self)


def empty_state() -> State:
    """Return a state without villages: arrays of the right types and dimensions, with no rows."""
    numbers, places = np.zeros((0, 0)), np.zeros(0, np.int32)
    table, wholes = np.zeros((0, 0), np.int32), np.zeros((0, 0), np.int64)
    return State(
        f64=numbers, i32=table, u8=np.zeros((0, 0), np.uint8), tie_first=places, tie=places, bond_first=places, bond=places,
        plan=places, lists=table, listed=places, team_i32=table, team_f64=numbers, public_i32=table, public_f64=numbers,
        village_i64=wholes, village_f64=numbers, village_key=np.zeros((0, 0), np.uint32),
    )  # fmt: skip


BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}
