"""Loudspeaker (大喇叭): the village's loudspeaker speaks of the yard, and what a household has heard moves it for some weeks.

This is a skeleton of a compiled mechanism with all that one can have: a named value that interventions move, chance, a
column of its own, a tally, and a term in the decision. docs/EXTENDING.md goes through it; copy it to
sim/engine/mechanisms/loudspeaker.py and keep what you need. Say in this docstring what the mechanism does, which
households and values it touches, and what is left out on purpose. Left out: repetition that tires, and who owns the
loudspeaker.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.now import Week, key_of, named_value
from sim.engine.tallies import tally
from sim.engine.terms import Village, term
from sim.engine.world.columns import FIRST, STOP, State
from sim.engine.world.declaration import column
from sim.numerics import draws

# What it reads of interventions; without any it is 0, and then nothing may happen.
LOUDSPEAKER = named_value("loudspeaker")
# What it keeps of each household; only this module writes it. It is 0 at the start unless `start=` says otherwise.
HEARD = column("f64", "heard", "0..1", "how present the loudspeaker's words are", "loudspeaker")
# What it counts.
HEARERS = tally("hearers", "households", "households that hear the loudspeaker")

# To stay, such numbers become fields of Household in sim/scenario/schema.py, with their value and evidence in
# scenarios/base.yaml and their interval in scenarios/priors.yaml; here they are then `p.name`, as `w.p.name` below.
HEARD_PER_HOUR = 0.1
KEPT = 0.5
WEIGHT = 1.5


@term("loudspeaker", "the loudspeaker's words")
def words(s: State, p: Any, village: Village, i: np.uint64) -> float:
    """What a household has heard, in logit: added to its score, and what climbs may be put down to."""
    return float(WEIGHT * s.f64[HEARD, i])


@compiled
def heard_share(hours: float) -> float:
    """Return the share of households that hear hours of announcements, 0..1."""
    return min(1.0, HEARD_PER_HOUR * hours)


@compiled
def announce(s: State, w: Week, room: Scratch) -> None:
    """Let the village's loudspeaker speak for a week; its phase in the week.

    s : all columns. w : the week: parameters, what interventions add, the village, the record. room : arrays for whatever a
    phase needs, as it can't make any itself.
    """
    first, stop = s.village_i64[FIRST, w.v], s.village_i64[STOP, w.v]
    heard, counts = s.f64[HEARD, first:stop], w.record.counts[w.number, w.v]
    for k in range(heard.size):
        heard[k] *= KEPT
    share = heard_share(w.now.wide[LOUDSPEAKER])
    if share <= 0.0:  # absent, bit for bit
        return
    key = key_of(w.now, draws.HEARING)
    for k in range(heard.size):
        # By the household's index in the village: neither other villages nor the order of the loop matter.
        if draws.uniform(key, k, draws.NO_SLOT) < share:
            heard[k] = 1.0
            counts[HEARERS] += 1
