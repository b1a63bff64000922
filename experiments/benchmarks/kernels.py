"""What the machine can do: bytes moved per second, and the cost of the engine's operations in loops that do nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.base.arrays import F64, U8, U32
from sim.compiler.compiled import entry
from sim.engine.mechanisms.blocks import Scratch, make_scratch, sums_of
from sim.engine.mechanisms.decision import DRAWS, Stretch, mark_movers, score_households
from sim.engine.mechanisms.households import forget
from sim.engine.mechanisms.housework import clear_yards, keep_habit, mark_turned
from sim.engine.terms import Village
from sim.engine.world import columns as c
from sim.engine.world.columns import State
from sim.numerics import draws
from sim.numerics.elementary import exp

BEST_OF = 40
"""Other work can only slow a run down, so the quickest of many short runs counts."""


@entry
def triad(a: F64, b: F64, x: F64, repeats: int) -> None:
    """Set a = b + 3 x, then repeat with a and b exchanged."""
    for turn in range(repeats):
        to, of = (a, b) if turn % 2 == 0 else (b, a)
        for k in range(to.size):
            to[k] = of[k] + 3.0 * x[k]


def bandwidth(size: int) -> float:
    """Return the bytes per second that one core moves in a triad whose three arrays have `size` bytes in all (counted as
    STREAM does: two arrays read and one written).
    """
    a, b, x = (np.full(size // 24, 0.25) for _ in range(3))
    repeats = max(1, 2**24 // size)
    return 24 * a.size * repeats / quickest(lambda: triad(a, b, x, repeats))


def quickest(run: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Return the least processor seconds of several runs, after one that compiles; `before` isn't timed."""
    seconds = []
    for _ in range(1 + BEST_OF):
        before()
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds[1:])


@entry
def time_draw(out: F64, words: U32, repeats: int) -> None:
    key = np.uint32(1), np.uint32(2)
    for r in range(repeats):
        draws.fill_uniform(key, r * out.size, draws.NO_SLOT, out, words)


@entry
def time_draw_alone(out: F64, repeats: int) -> None:
    key = np.uint32(1), np.uint32(2)
    for r in range(repeats):
        for k in range(out.size):
            out[k] = draws.uniform(key, r + k, draws.NO_SLOT)


@entry
def time_exp(x: F64, out: F64, repeats: int) -> None:
    for r in range(repeats):
        for k in range(out.size):
            out[k] = exp(x[k] - r)


@entry
def time_scores(s: State, p: Any, village: Village, room: Scratch, repeats: int) -> None:
    for _ in range(repeats):
        score_households(s, p, village, Stretch(0, draws.BLOCK, 0), room)


@entry
def time_mark_movers(s: State, p: Any, room: Scratch, repeats: int) -> None:
    for _ in range(repeats):
        mark_movers(s, p, Stretch(0, draws.BLOCK, 0), room)


@entry
def time_clear_yards(s: State, p: Any, others: F64, repeats: int) -> int:
    seconds = 0
    for _ in range(repeats):
        seconds += clear_yards(s, p, 0, others)
    return seconds


@entry
def time_keep_habit(s: State, p: Any, n: int, repeats: int) -> None:
    for _ in range(repeats):
        keep_habit(s, p, 0, n)


@entry
def time_mark_turned(s: State, clean_below: float, mask: U8, repeats: int) -> None:
    for _ in range(repeats):
        mark_turned(s.f64[c.CLUTTER, : mask.size], s.u8[c.CLEAN, : mask.size], clean_below, mask)


@entry
def time_sum(values: F64, repeats: int) -> float:
    quarter = values.size // 4
    total = 0.0
    for r in range(repeats):
        values[0] = r  # otherwise the compiler would take the sum only once
        sums = sums_of(
            values[:quarter], values[quarter : 2 * quarter], values[2 * quarter : 3 * quarter], values[3 * quarter :]
        )
        total += sums[0] + sums[1] + sums[2] + sums[3]
    return total


@entry
def time_forget(values: F64, repeats: int) -> None:
    for _ in range(repeats):
        forget(values, 0.999)


def operation_seconds(state: State, parameters: Any) -> dict[str, float]:
    """Return the seconds of each of `counting.OPERATIONS`, for one draw, exponential or household.

    The loops run repeatedly over the first block of households, which stays in the processor's nearest cache.
    """
    room, n, repeats, s = make_scratch(draws.BLOCK), draws.BLOCK, 1_000, state.copy()  # a call takes microseconds
    u, out, others = np.random.default_rng(1).random(n), np.zeros(n), np.zeros(n)
    mask, village = room.flags, Village(0.1, 1.0, 1.0, 0.0)
    room.floats[DRAWS] = u
    time_scores(s, parameters, village, room, 1)

    def restore() -> None:
        """Reset: after thousands of weeks in a row numbers would become subnormal, which is slow."""
        for array, start in zip(s, state, strict=True):
            array[...] = start
        out[:] = 1.0

    loops: dict[str, Callable[[], object]] = {
        "draw": lambda: time_draw(out, room.words, repeats),
        "draw_alone": lambda: time_draw_alone(out, repeats),
        "exp": lambda: time_exp(u, out, repeats),
        "scores": lambda: time_scores(s, parameters, village, room, repeats),
        "mark_movers": lambda: time_mark_movers(s, parameters, room, repeats),
        "clear_yards": lambda: time_clear_yards(s, parameters, others, repeats),
        "keep_habit": lambda: time_keep_habit(s, parameters, n, repeats),
        "mark_turned": lambda: time_mark_turned(s, parameters.clean_below, mask, repeats),
        "sum_of": lambda: time_sum(u, repeats),
        "forget": lambda: time_forget(out, repeats),
    }
    return {name: quickest(loop, restore) / (repeats * n) for name, loop in loops.items()}
