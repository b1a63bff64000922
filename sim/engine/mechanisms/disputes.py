"""Disputes (矛盾纠纷): quarrels over rubbish, paths and parking arise at public plots, wait their turn, and cost trust.

A plot among cluttered yards and full of rubbish breeds a dispute with a small probability a week, an amenity fewer.
Small ones are settled in turn as far as the committee's weekly capacity goes, or at once where they are detected; large
ones wait for a body that meets every four weeks. Every four weeks an open dispute takes trust from the households whose
nearest plot it is, and a large one settled since gives some back, as a kept promise does (P10). Left out: what quarrels
are about, and courts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.base.arrays import F64, I32, I64
from sim.compiler.compiled import compiled
from sim.engine.mechanisms.blocks import Scratch
from sim.engine.now import Week, key_of, named_value
from sim.engine.tallies import tally
from sim.engine.world.columns import (  # fmt: skip
    AMENITY,
    ATTACHMENT,
    DISPUTE_NEXT,
    FIRST,
    LARGE_CREDIT,
    PUBLIC_CLEANLINESS,
    PUBLIC_CLUTTERED,
    PUBLIC_FIRST,
    PUBLIC_KIND,
    PUBLIC_LARGE,
    PUBLIC_LOST,
    PUBLIC_PLOT,
    PUBLIC_PROMISE,
    PUBLIC_SMALL,
    PUBLIC_STOP,
    PUBLIC_YARDS,
    SMALL_CREDIT,
    STOP,
    TRUST,
    State,
)
from sim.numerics import draws

DETECTION = named_value("detection")
LARGE_CAPACITY = named_value("large_capacity")
SMALL_CAPACITY = named_value("small_capacity")

SMALL_ARISEN = tally("small_arisen", "disputes", "small disputes that arise")
SMALL_SETTLED = tally("small_settled", "disputes", "small disputes settled")
SMALL_OPEN = tally("small_open", "disputes", "small disputes open at the end of the week")
LARGE_ARISEN = tally("large_arisen", "disputes", "large disputes that arise")
LARGE_SETTLED = tally("large_settled", "disputes", "large disputes settled")
LARGE_OPEN = tally("large_open", "disputes", "large disputes open at the end of the week")

# NumPy's integers, see `sim.engine.now.named_value`.
SMALL_QUEUE, LARGE_QUEUE = np.int64(PUBLIC_SMALL), np.int64(PUBLIC_LARGE)
MEETING_WEEKS = 4
"""Weeks from one meeting of the body for large disputes to the next, and between reckonings of trust (S37)."""


@compiled
def dispute_probability(s: State, p: Any, k: int) -> float:
    """Return the weekly probability of a dispute at public plot k."""
    yards = s.public_i32[PUBLIC_YARDS, k]
    cluttered = s.public_i32[PUBLIC_CLUTTERED, k] / yards if yards > 0 else 0.0
    rate = p.dispute_rate * 0.5 * (cluttered + 1.0 - s.public_f64[PUBLIC_CLEANLINESS, k])
    return float(rate * p.dispute_amenity if s.public_i32[PUBLIC_KIND, k] == AMENITY else rate)


@compiled
def settle(s: State, row: I64, queue: np.int64, most: int) -> int:
    """Settle up to `most` disputes of a queue (`PUBLIC_SMALL` or `PUBLIC_LARGE`), plot by plot in turn; return how many."""
    first, plots = row[PUBLIC_FIRST], row[PUBLIC_STOP] - row[PUBLIC_FIRST]
    at = row[DISPUTE_NEXT]
    settled = 0
    for _ in range(plots):
        if settled >= most:
            break
        done = min(most - settled, s.public_i32[queue, first + at])
        s.public_i32[queue, first + at] -= done
        settled += done
        if queue == PUBLIC_LARGE:
            s.public_f64[PUBLIC_PROMISE, first + at] += done
        at = at + 1 if at + 1 < plots else 0
    row[DISPUTE_NEXT] = at
    return settled


@compiled
def feel_disputes(trust: F64, attachment: F64, near: I32, lost: F64, won: F64) -> None:
    """Let open disputes nearby take trust and settled ones give some; `near` numbers the plots of `lost` and `won`."""
    for i in range(trust.size):
        plot = np.uint32(near[i])  # unsigned, which vectorises
        kept = trust[i] * (1.0 - lost[plot])
        trust[i] = kept + won[plot] * attachment[i] * (1.0 - kept)


@compiled
def reckon(s: State, p: Any, row: I64) -> None:
    """Let the households of a village feel what became of disputes nearby in four weeks."""
    for k in range(row[PUBLIC_FIRST], row[PUBLIC_STOP]):
        open_ = min(1.0, s.public_i32[PUBLIC_LARGE, k] + p.small_share * s.public_i32[PUBLIC_SMALL, k])
        s.public_f64[PUBLIC_LOST, k] = p.dispute_trust * open_
        s.public_f64[PUBLIC_PROMISE, k] = p.promise_trust * min(1.0, s.public_f64[PUBLIC_PROMISE, k])
    first, stop = row[FIRST], row[STOP]
    feel_disputes(
        s.f64[TRUST, first:stop], s.f64[ATTACHMENT, first:stop], s.i32[PUBLIC_PLOT, first:stop],
        s.public_f64[PUBLIC_LOST], s.public_f64[PUBLIC_PROMISE],
    )  # fmt: skip
    s.public_f64[PUBLIC_PROMISE, row[PUBLIC_FIRST] : row[PUBLIC_STOP]] = 0.0


@compiled
def open_disputes(queue: I32) -> int:
    """Return how many disputes of a kind are open at a village's plots."""
    number = 0
    for k in range(queue.size):
        number += queue[k]
    return number


@compiled
def dispute(s: State, w: Week, room: Scratch) -> None:
    """Let a week's disputes arise and be settled in the village."""
    p, now, count = w.p, w.now, w.record.counts[w.number, w.v]
    row, floats = s.village_i64[:, w.v], s.village_f64[:, w.v]
    key = key_of(now, draws.DISPUTE)
    first, stop = row[PUBLIC_FIRST], row[PUBLIC_STOP]
    for lo in range(first, stop, draws.BLOCK):
        u = room.floats[0, : min(draws.BLOCK, stop - lo)]
        draws.fill_uniform(key, lo - first, draws.NO_SLOT, u, room.words)
        for k in range(u.size):
            probability = dispute_probability(s, p, lo + k)
            if u[k] >= probability:
                continue
            # A draw below the probability is uniform below it, and so can also tell large from small.
            size = u[k] / probability
            if size < p.dispute_large:
                count[LARGE_ARISEN] += 1
                s.public_i32[PUBLIC_LARGE, lo + k] += 1
            else:
                count[SMALL_ARISEN] += 1
                if size < p.dispute_large + (1.0 - p.dispute_large) * now.wide[DETECTION]:
                    count[SMALL_SETTLED] += 1
                else:
                    s.public_i32[PUBLIC_SMALL, lo + k] += 1
    # Capacity that finds nothing to settle is not saved up, but for the part of a dispute that is under way.
    floats[SMALL_CREDIT] = floats[SMALL_CREDIT] % 1.0 + max(0.0, p.small_capacity + now.wide[SMALL_CAPACITY])
    done = settle(s, row, SMALL_QUEUE, int(floats[SMALL_CREDIT]))
    floats[SMALL_CREDIT] -= done
    count[SMALL_SETTLED] += done
    if w.number % MEETING_WEEKS == MEETING_WEEKS - 1:
        floats[LARGE_CREDIT] = floats[LARGE_CREDIT] % 1.0 + max(0.0, p.large_capacity + now.wide[LARGE_CAPACITY])
        done = settle(s, row, LARGE_QUEUE, int(floats[LARGE_CREDIT]))
        floats[LARGE_CREDIT] -= done
        count[LARGE_SETTLED] += done
        reckon(s, p, row)
    count[SMALL_OPEN] += open_disputes(s.public_i32[PUBLIC_SMALL, first:stop])
    count[LARGE_OPEN] += open_disputes(s.public_i32[PUBLIC_LARGE, first:stop])
