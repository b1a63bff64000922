"""The columns: one array for each state variable, for all households of all villages.

Columns of one type lie side by side in a block, ``block[COLUMN]`` is the column, and a mechanism takes the columns that
it needs by name at its top. Rows are households, village after village. The columns are the only truth: Mesa's agents
are views of rows. Columns that belong to a single mechanism may be declared there (`sim.engine.world.declaration`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.base.arrays import F64, I32, I64, U8, U32
from sim.compiler.arguments import bundle
from sim.compiler.compiled import compiled
from sim.engine.world.declaration import BLOCKS, COLUMNS, column, columns, make_block
from sim.interventions.values import GIFT_USES

NEVER = -1_000_000
"""The week of something that has not happened yet."""

# Roles: bits of the column ROLES.
NEWCOMER, MEMBER, WORTHY, VOLUNTEER, STANDING, FLOATING, YOUTH, REPRESENTATIVE = 1, 2, 4, 8, 16, 32, 64, 128

# Rungs of the ladder (P5); a household on HELPING or above has adopted.
WATCHING, PUSHED, HELPING, INITIATED = 0, 1, 2, 3
RUNGS = ("watching", "pushed", "helping", "self_initiated")

# Kinds of public plot.
BLACK_SPOT, IDLE, AMENITY, WORKS = 0, 1, 2, 3

# Kinds of caller, and what a caller is one by: a willing household may have joined the volunteers by itself.
CALLERS = ("volunteer", "worthy", "representative", "cadre")
BY_VOLUNTEER, BY_WORTHY, BY_REPRESENTATIVE, BY_CADRE = 0, 1, 2, 3
BY_LEVER, WILLING, JOINED = 0, 1, 2

# Cells: households by group, rung and yard, in the order of `cell`.
CELL_NAMES = tuple(
    f"{group}_{rung}_{yard}"
    for group in ("local", "newcomer", "member_local", "member_newcomer")
    for rung in RUNGS
    for yard in ("cluttered", "clean")
)
CELLS = len(CELL_NAMES)

# Households.
RUNG = column("u8", "rung", "0..3", "watching, pushed, helping, self-initiated", "decision")
CLUTTER = column("f64", "clutter", "hours", "person-hours of clearing outstanding", "housework", "contracting")
PREDISPOSITION = column("f64", "predisposition", "logit", "standing inclination", low=-np.inf)
PERSUASION = column(
    "f64", "persuasion", "logit", "stock of persuasion, 0..cap", "visits", "talk", "calls", "households"
)
TRUST = column(
    "f64", "trust", "0..1", "trust in the village's organisation", "visits", "calls", "disputes", "belonging",
    "deliberation",
)  # fmt: skip
HABIT = column("f64", "habit", "0..1", "habit of keeping the yard", "housework")
ATTACHMENT = column("f64", "attachment", "0..1", "belonging; scales learning of trust and habit", "belonging")
PASSIVITY = column(
    "f64", "passivity", "0..1", "share of recent clearing done by others instead", "housework", "contracting"
)
AWARD = column("f64", "award", "0..1", "glow of the last award", "giving")
PER_NEIGHBOUR = column("f64", "per_neighbour", "1/yard", "one over the yards in sight; multiplying is quicker")
PER_TIE = column("f64", "per_tie", "1/household", "one over the ties", "belonging")
PLOT = column("i32", "plot", "index", "plot of the yard in the village's plan")
PUBLIC_PLOT = column("i32", "public_plot", "index", "nearest public plot")
LIST = column("i32", "list", "index", "the member's list that the household is on")
LAST_VISIT = column("i32", "last_visit", "week", "last visit by the member in charge", "visits", start=NEVER)
LAST_BY_MEMBER = column("i32", "last_by_member", "week", "last visit about the yard by a member", "visits", start=NEVER)
LAST_BY_TALK = column("i32", "last_by_talk", "week", "last talk with a self-initiated household", "talk", start=NEVER)
CHOSEN = column("i32", "chosen", "bits", "interventions that chose the household, a bit each")
LAST_BY_CALLER = columns("i32", "last_by", CALLERS, "week", "last call about the yard by a {}", "calls", start=NEVER)
ROLES = column(
    "u8", "roles", "bits", "newcomer, member, worthy, volunteer, standing, floating, youth, representative", "calls"
)
CLEAN = column("u8", "clean", "0 or 1", "whether passers-by see a clean yard", "housework")
CLEAN_NEIGHBOURS = column("u8", "clean_neighbours", "yards", "clean yards in sight", "housework")
NEIGHBOURS = column("u8", "neighbours", "yards", "yards in sight")
ADOPTED_TIES = column("u8", "adopted_ties", "households", "ties that have adopted", "housework", "belonging")
TIES = column("u8", "ties", "households", "kin and chat-group ties, and the association's", "belonging")
PARTY_YEARS = column("u8", "party_years", "years", "years in the party; 0 for others")
TIPPED_BY = column("u8", "tipped_by", "term", "the term that tipped the last climb", "decision")
SEEN = column("u8", "reached", "0 or 1", "visited by a member at least once", "visits")
EXEMPLAR = column("u8", "exemplar", "0 or 1", "keeps the own yard clear by an intervention", "example")
FREE_CALLS = column("u8", "free_calls", "calls", "offers of volunteers' hands this week", "calls", "housework")
PAID_CALLS = column("u8", "paid_calls", "calls", "offers of paid hands this week", "giving", "housework")

# Members' lists; their households are `State.listed[first:stop]`.
LIST_MEMBER = column("lists", "list_member", "index", "the household of the member, or of the helper")
LIST_FIRST = column("lists", "list_first", "index", "where the list's households begin")
LIST_STOP = column("lists", "list_stop", "index", "where they end")
LIST_NEXT = column("lists", "list_next", "index", "where the round goes on", "visits")
LIST_SECONDS = column("lists", "list_seconds", "seconds", "time in hand", "visits")
LIST_HELPER = column("lists", "list_helper", "0 or 1", "whether it is a helper's, on another member's households")

# Callers, who go from door to door.
TEAM_HOUSEHOLD = column(
    "team_i32", "team_household", "index", "own household; below 0 for who lives elsewhere", low=-np.inf
)
TEAM_NEXT = column("team_i32", "team_next", "index", "household of the village called at last", "calls")
TEAM_SECONDS = column("team_i32", "team_seconds", "seconds", "time in hand", "calls")
TEAM_KIND = column("team_i32", "team_kind", "0..3", "volunteer, worthy, representative, cadre")
TEAM_CHOSEN = column("team_i32", "team_chosen", "bits", "interventions that chose the caller, a bit each")
TEAM_STATUS = column(
    "team_i32", "team_status", "0..2", "by an intervention or standing; willing; joined by itself", "volunteering"
)
TEAM_FATIGUE = column("team_f64", "team_fatigue", "0..1", "fatigue of volunteers", "calls")

# Public plots.
PUBLIC_KIND = column("public_i32", "public_kind", "0..3", "black spot, idle land, amenity, works", "works")
PUBLIC_YARDS = column("public_i32", "public_yards", "yards", "yards whose nearest it is")
PUBLIC_CLUTTERED = column("public_i32", "public_cluttered", "yards", "cluttered yards among them", "housework")
PUBLIC_WEEKS_LEFT = column("public_i32", "public_weeks_left", "weeks", "weeks until works are finished", "works")
PUBLIC_SMALL = column("public_i32", "public_small", "disputes", "small disputes open", "disputes")
PUBLIC_LARGE = column("public_i32", "public_large", "disputes", "large disputes open", "disputes")
PUBLIC_CLEANLINESS = column("public_f64", "public_cleanliness", "0..1", "cleanliness", "works")
PUBLIC_PROMISE = column(
    "public_f64", "public_promise", "disputes", "large disputes settled since the last reckoning; then what is won",
    "disputes",
)  # fmt: skip
PUBLIC_LOST = column("public_f64", "public_lost", "0..1", "share of trust lost at the last reckoning", "disputes")

# Villages. Ranges are [FIRST, STOP) in the arrays of all villages.
FIRST = column("village_i64", "first", "index", "first household")
STOP = column("village_i64", "stop", "index", "behind the last household")
PLAN_FIRST = column("village_i64", "plan_first", "index", "first plot of the plan")
PLAN_ROWS = column("village_i64", "plan_rows", "plots", "rows of the plan")
PLAN_COLUMNS = column("village_i64", "plan_columns", "plots", "columns of the plan")
SIGHT = column("village_i64", "sight", "plots", "how far households see")
PUBLIC_FIRST = column("village_i64", "public_first", "index", "first public plot")
PUBLIC_STOP = column("village_i64", "public_stop", "index", "behind the last public plot")
LISTS_FIRST = column("village_i64", "lists_first", "index", "first member's list")
LISTS_STOP = column("village_i64", "lists_stop", "index", "behind the last list")
TEAM_FIRST = column("village_i64", "team_first", "index", "first caller")
TEAM_STOP = column("village_i64", "team_stop", "index", "behind the last caller")
ROUTINE_SECONDS = column("village_i64", "routine_seconds", "seconds", "a member's routine time for visits in a week")
VISIT_SECONDS = column("village_i64", "visit_seconds", "seconds", "time of a visit")
FOR_PLOTS = column("village_i64", "for_plots", "seconds", "volunteers' time for public plots this week", "calls")
PAID_NEXT = column("village_i64", "paid_next", "index", "household that paid hands are offered to next", "giving")
AWARD_NEXT = column(
    "village_i64",
    "award_next",
    "index",
    "household that is looked at next for an award, plus 1; 0 before any",
    "giving",
)
PUBLIC_NEXT = column("village_i64", "public_next", "index", "public plot that is cleared next", "works")
DISPUTE_NEXT = column("village_i64", "dispute_next", "index", "public plot whose disputes are settled next", "disputes")
CONTRACTOR_NEXT = column("village_i64", "contractor_next", "index", "yard that contractors look at next", "contracting")
STARTED = column("village_i64", "started", "week", "week in which the programme began", "rollout", start=NEVER)
CHARTERED = column(
    "village_i64", "chartered", "week", "week in which the village's rules were adopted", "deliberation", start=NEVER
)
AGREED = column("village_i64", "agreed", "week", "week in which the plan was agreed to", "deliberation", start=NEVER)
BONDED = column("village_i64", "bonded", "week", "first week of the association's ties", "belonging", start=NEVER)
FUND = columns("village_i64", "fund", GIFT_USES, "fen", "money in hand for {}", "giving", "works", "housework")
CELL = columns("village_i64", "cell", CELL_NAMES, "households", "households: {}", "decision", "housework")
ROUTINE_MESSAGE = column("village_f64", "routine_message", "0..1", "share of routine visits that speak of the yard")
VOLUNTEER_HOURS = column("village_f64", "volunteer_hours", "hours", "a standing volunteer's hours in a week")
RECOGNISED = column("village_f64", "recognised", "yuan/household", "recognised giving", "giving")
FEAR = column("village_f64", "fear", "0..1", "share of messages that fear leaves unsaid")
EFFORT = column("village_f64", "effort", "1", "organisers' effort; 1 is routine", "organisers", start=1.0)
PRAISE = column("village_f64", "praise", "1", "stock of praise of worthies", "giving")
BURDEN = column(
    "village_f64", "burden", "0..1", "share of the plan's burden that redrawing has left", "deliberation", start=1.0
)
ATTENTION = column("village_f64", "attention", "0..1", "organisers' attention to the village", "rollout", start=1.0)
SMALL_CREDIT = column("village_f64", "small_credit", "disputes", "capacity for small disputes in hand", "disputes")
LARGE_CREDIT = column("village_f64", "large_credit", "disputes", "capacity for large disputes in hand", "disputes")
CONTRACTOR_CREDIT = column("village_f64", "contractor_credit", "hours", "contractors' hours in hand", "contracting")
PLAQUE_CREDIT = column("village_f64", "plaque_credit", "plaques", "plaques in hand", "giving")


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
        """Return a column by name, shape (rows,), as a view. Raises KeyError for an unknown name, with the nearest."""
        view: npt.NDArray[Any] = getattr(self, COLUMNS[name].block)[COLUMNS[name].row]
        return view

    def bytes_per_household(self) -> float:
        """Return the memory of all arrays, divided by the households."""
        return sum(array.nbytes for array in self) / self.households

    def copy(self) -> State:
        """Return an independent copy."""
        return State._make(array.copy() for array in self)


def empty_state(sizes: Mapping[str, int] | None = None, **arrays: npt.NDArray[Any]) -> State:
    """Return a state with every column at its start.

    sizes : how many there are of each kind that `sim.engine.world.declaration.BLOCKS` has blocks for; none if left out.
    arrays : those of the state that are no blocks, or are made already; the others are empty.
    """
    sizes, none = sizes or {}, np.zeros(0, np.int32)
    blocks = {
        block: make_block(block, sizes.get(what, 0)) for block, (what, _) in BLOCKS.items() if block not in arrays
    }
    others = dict.fromkeys(("tie_first", "tie", "bond_first", "bond", "plan", "listed"), none)
    keys = {"village_key": np.zeros((2, sizes.get("village", 0)), np.uint32)}
    return State(**{**others, **keys, **blocks, **arrays})
