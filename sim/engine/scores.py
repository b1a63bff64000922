"""The terms of every household's score as they stand, for people to see; the weekly loop doesn't use this module."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.base.arrays import F64
from sim.compiler.compiled import compiled, entry
from sim.engine import terms
from sim.engine.composing import in_turn
from sim.engine.mechanisms.households import village_of
from sim.engine.now import Now, Record, Week, make_now, set_programme
from sim.engine.programme import Programme
from sim.engine.simulation import Simulation
from sim.engine.tallies import MEASURES, TALLIES
from sim.engine.terms import TERMS, Village
from sim.engine.world.columns import FIRST, STOP, State

HOLDING_BACK = ("effort", "passivity")
"""What holds a household back, behind the terms; no climb is put down to it."""
SHOWN = (*(term.name for term in TERMS.values() if term.function is not None or term.name == "predisposition"),
         *HOLDING_BACK)  # fmt: skip
"""The parts of a score in the order of `score_terms`; they add up to it."""


def _writing(row: int, function: Any, sign: float) -> Any:
    """Return a compiled function that writes a part of the score of a village's households into its row."""

    @compiled
    def write(s: State, p: Any, village: Village, first: int, stop: int, parts: F64) -> None:
        for i in range(first, stop):
            parts[row, i] = sign * function(s, p, village, np.uint64(i))

    return write


def _without_village(function: Any) -> Any:
    """Return a compiled function with the parameters of a term, for a part that is the same in any village."""

    @compiled
    def part(s: State, p: Any, village: Village, i: np.uint64) -> float:
        return float(function(s, p, i))

    return part


def _function_of(name: str) -> Any:
    function = TERMS[name].function if name in TERMS else None
    return function or _without_village(getattr(terms, name))


_write_all = in_turn(
    [_writing(row, _function_of(name), -1.0 if name in HOLDING_BACK else 1.0) for row, name in enumerate(SHOWN)]
)


@entry
def write_parts(s: State, p: Any, programme: Programme, record: Record, now: Now, week: int, parts: F64) -> None:
    """Write the parts of the scores of all households after a week; record : scratch, of one week more than `week`."""
    for v in range(s.village_i64.shape[1]):
        w = Week(p, programme, now, record, week, v)
        set_programme(s, w, 0)
        _write_all(s, p, village_of(s, w), s.village_i64[FIRST, v], s.village_i64[STOP, v], parts)


def score_parts(simulation: Simulation) -> F64:
    """Return the parts of every household's score after the week run last, logit, shape (len(SHOWN), households).

    The programme is that of the week run last; offers of help are taken up within a week, so that nothing is left of them.
    """
    weeks, villages = simulation.week, simulation.state.village_i64.shape[1]
    record = Record(
        np.zeros((weeks, villages, len(TALLIES)), np.int64),
        np.zeros((weeks, villages, len(MEASURES))),
        np.zeros(villages),
    )
    parts = np.empty((len(SHOWN), simulation.state.households))
    write_parts(
        simulation.state, simulation.parameters, simulation.programme, record, make_now(simulation.programme),
        weeks - 1, parts,
    )  # fmt: skip
    return parts
