"""The terms of the decision that can tip a climb, in the order of their declarations (`sim.engine.mechanisms.decision`)."""

from __future__ import annotations

from dataclasses import dataclass

from sim.base.declared import Declared


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its number in the column TIPPED_BY, and how figures call it."""

    name: str
    number: int
    label: str


TERMS: Declared[Term] = Declared("term")


def term(name: str, label: str = "") -> int:
    """Declare a term and return its number; it is called by its name where no label is given."""
    number = len(TERMS)
    TERMS.add(Term(name, number, label or name))
    return number
