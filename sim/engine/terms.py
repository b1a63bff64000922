"""The terms of the decision: what moves a household up the ladder, each one function, in logit.

A term is a function of the state, the parameters, the `Village` and the household's row. The score adds it
(`sim.engine.mechanisms.decision`), and a climb is put down to the term that tipped it. A mechanism may declare a term of
its own, in its own module: it comes behind these, in the order of the week.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.base.declared import Declared
from sim.compiler.compiled import compiled
from sim.engine.world.columns import (  # fmt: skip
    ADOPTED_TIES,
    AWARD,
    CLEAN,
    CLEAN_NEIGHBOURS,
    CLUTTER,
    FREE_CALLS,
    PAID_CALLS,
    PASSIVITY,
    PER_NEIGHBOUR,
    PER_TIE,
    PERSUASION,
    PREDISPOSITION,
    PUBLIC_CLEANLINESS,
    PUBLIC_PLOT,
    RUNG,
    TRUST,
    WATCHING,
    State,
)

Function = TypeVar("Function", bound=Callable[..., Any])


class Village(NamedTuple):
    """What is the same for all households of a village in a week, in logit.

    giving : the term of recognised giving [b_D D]. neighbours : weight of clean yards in sight [b_N], the charter's share
    included. kin : weight of ties that have adopted [b_K], for who is watching. points : reward for a clean yard.
    """

    giving: float
    neighbours: float
    kin: float
    points: float


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its number in the column TIPPED_BY, how figures call it, and its function, if it has one."""

    name: str
    number: int
    label: str
    function: Any = None


TERMS: Declared[Term] = Declared("term")


def declare_term(name: str, label: str = "", function: Any = None) -> int:
    """Declare a term and return its number; it is called by its name where no label is given."""
    number = len(TERMS)
    TERMS.add(Term(name, number, label or name.replace("_", " "), function))
    return number


def term(name: str, label: str = "") -> Callable[[Function], Function]:
    """Declare a function of (state, parameters, village, household) as a term of this name; see `declare_term`."""

    def declare(function: Function) -> Function:
        result = compiled(function)
        declare_term(name, label, result)
        return result

    return declare


BY_PREDISPOSITION = declare_term("predisposition", "predisposition alone")


@term("neighbours")
def neighbours(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """b_N n: clean yards in sight, as a share."""
    return float(village.neighbours * (s.u8[CLEAN_NEIGHBOURS, i] * s.f64[PER_NEIGHBOUR, i]))


@term("kin")
def kin(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """b_K k, for who is watching: ties that have adopted, as a share."""
    weight = village.kin if s.u8[RUNG, i] == WATCHING else 0.0
    return float(weight * (s.u8[ADOPTED_TIES, i] * s.f64[PER_TIE, i]))


@term("surroundings")
def surroundings(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """b_E E: cleanliness of the nearest public plot."""
    return float(p.surroundings * s.public_f64[PUBLIC_CLEANLINESS, np.uint32(s.i32[PUBLIC_PLOT, i])])


@term("trust")
def trust(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """b_T (T - 1/2)."""
    return float(p.trust * (s.f64[TRUST, i] - 0.5))


@term("help")
def help_offered(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """b_C C/10 h: the part of the effort that offered hands would do, as h C = min(C, hands)."""
    hands = s.u8[FREE_CALLS, i] * p.hands_per_call + s.u8[PAID_CALLS, i] * p.paid_hours
    return float(0.1 * p.effort * min(s.f64[CLUTTER, i], hands))


@term("giving")
def giving(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """b_D D: recognised giving."""
    return village.giving


@compiled
def glow(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """b_R R: the glow of the last award."""
    return float(p.awards * s.f64[AWARD, i])


@compiled
def points(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """The reward of points for a clean yard."""
    return float(village.points * s.u8[CLEAN, i])


@term("awards")
def awards(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """Both of them."""
    return glow(s, p, village, i) + points(s, p, village, i)


@term("persuasion")
def persuasion(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """M: the stock of persuasion."""
    return float(s.f64[PERSUASION, i])


BY_SEVERAL = declare_term("several", "several together")


# What no climb is put down to: the inclination, and what holds a household back.


@compiled
def predisposition(s: State, p: Any, i: np.uint64) -> float:
    """A."""
    return float(s.f64[PREDISPOSITION, i])


@compiled
def effort(s: State, p: Any, i: np.uint64) -> float:
    """b_C C/10: the effort of clearing."""
    return float(0.1 * p.effort * s.f64[CLUTTER, i])


@compiled
def passivity(s: State, p: Any, i: np.uint64) -> float:
    """b_X X."""
    return float(p.passivity * s.f64[PASSIVITY, i])
