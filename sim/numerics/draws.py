"""Random draws, each a pure function of (seed, replicate, village, week, channel, household, slot).

The generator is Threefry2x32-20 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3";
also used by JAX). It is counter-based: it has no state to store or advance. The generator also derives the keys: seed
and replicate give a run's key, a village's name gives the village's key, week and channel give the key of a phase, and
(household, slot) is the counter. So the same people have the same luck in all scenarios with one seed, and the order of
loops, threads, machines and other villages can't change a draw. A draw about a pair of households uses the index of the
other one as its slot. Uniform numbers have 53 bits, because 24 are too coarse for rare events.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from sim.base.whole import REPLICATES, SEEDS, whole
from sim.compiler.compiled import compiled, entry
from sim.numerics.threefry import words

U32 = np.uint32
Key = tuple[np.uint32, np.uint32]
Whole = int | np.int64
BLOCK = 512
"""Number of households whose draws are made in one loop, so that the processor makes several at once."""

# Channels: one number for each kind of draw, never reused for another, because results would then change silently.
NEWCOMER = 1
PREDISPOSITION = 2
MEMBER = 3
WORTHY = 4
VOLUNTEER = 5
PARTY_YEARS = 6
TRUST = 7
CLUTTER = 8
TIDY = 9
TIE = 10
VILLAGE_EFFECT = 11
IDLE_PLOT = 12
VISIT_PHASE = 13
CHOSEN = 14
CHOSEN_VILLAGE = 15
FLOATING = 16
YOUTH = 17
REPRESENTATIVE = 18
WILLING = 19
BOND = 28
DECISION = 20
MESSAGE = 21
TALK = 22
CALL_MESSAGE = 23
EXAMPLE = 24
GIVE = 25
RELAPSE = 26
UNWILLING_FIRST = 27
JOIN = 29
DISPUTE = 30
COPY = 31

FIRST_WEEKLY = 20
CHANNELS = 32
"""Number of channels; those from `FIRST_WEEKLY` on are drawn every week (see `week_keys`)."""

NO_SLOT = np.int64(0)
"""The slot of a decision that needs one draw; a NumPy integer, see `sim.engine.programme`."""

BUILDING = 0xFFFFFFFF
"""The "week" of draws that build the world or hold for the whole run."""


@compiled
def threefry(c0: np.uint32, c1: np.uint32, k0: np.uint32, k1: np.uint32) -> Key:
    """Return Threefry2x32-20 of a counter and a key, two 32-bit words each."""
    x, y = words(c0, c1, k0, k1)
    return x, y


@compiled
def week_keys(k0: np.uint32, k1: np.uint32, week: int, out: npt.NDArray[np.uint32]) -> None:
    """Write the keys of a village's draws in one week into `out`, shape (2, channels): one column for each channel."""
    for channel in range(FIRST_WEEKLY, out.shape[1]):
        out[0, channel], out[1, channel] = threefry(U32(week), U32(channel), k0, k1)


@compiled
def phase_key(k0: np.uint32, k1: np.uint32, week: int, channel: int) -> Key:
    """Return the key of a village's draws on one channel in one week (or `BUILDING`)."""
    return threefry(U32(week), U32(channel), k0, k1)


@compiled
def uniform(key: Key, household: Whole, slot: Whole) -> float:
    """Return a uniform number in [0, 1) with 53 bits, for a household (its index in the village) and a slot."""
    x, y = threefry(U32(household), U32(slot), key[0], key[1])
    return (np.int64(x >> U32(5)) * 67108864.0 + np.int64(y >> U32(6))) * (1.0 / 9007199254740992.0)


@compiled
def whole_registers(n: int, numbers: int) -> int:
    """Round n up to a multiple of `numbers`: filling the last register is quicker than doing the rest one by one."""
    return (n + numbers - 1) // numbers * numbers


@compiled
def fill_uniform(
    key: Key, first: int, slot: Whole, out: npt.NDArray[np.float64], scratch: npt.NDArray[np.uint32]
) -> None:
    """Fill `out`, shape (n,), with `uniform(key, first + i, slot)`; `scratch` has shape (2, at least n)."""
    n = min(whole_registers(out.size, 32), scratch.shape[1])
    x = scratch[0, :n]
    y = scratch[1, :n]
    for i in range(n):
        x[i], y[i] = words(U32(U32(first) + U32(i)), U32(slot), key[0], key[1])
    _join(x, y, out)


@compiled
def fill_uniform_at(
    key: Key, first: Whole, at: npt.NDArray[np.int32], out: npt.NDArray[np.float64], scratch: npt.NDArray[np.uint32]
) -> None:
    """Fill `out`, shape (n,), with `uniform(key, first + at[i], 0)`.

    `at` has at least n numbers, and `scratch` the shape (2, at least n).
    """
    n = min(whole_registers(out.size, 32), at.size, scratch.shape[1])
    x = scratch[0, :n]
    y = scratch[1, :n]
    for i in range(n):
        x[i], y[i] = words(U32(U32(first) + U32(at[i])), U32(0), key[0], key[1])
    _join(x, y, out)


@compiled
def _join(x: npt.NDArray[np.uint32], y: npt.NDArray[np.uint32], out: npt.NDArray[np.float64]) -> None:
    """Make uniform numbers of 53 bits from pairs of words; signed 32-bit numbers, because their conversion vectorises."""
    for i in range(out.size):
        high = np.float64(np.int32(x[i] >> U32(5)))
        out[i] = (high * 67108864.0 + np.float64(np.int32(y[i] >> U32(6)))) * (1.0 / 9007199254740992.0)


def identity(name: str) -> tuple[int, int]:
    """Return two 32-bit words that identify a name (of a village or an intervention), the same on every machine."""
    digest = hashlib.blake2b(name.encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


@entry
def _village_key(seed_low: U32, seed_high: U32, replicate: U32, name_first: U32, name_second: U32) -> Key:
    """Return a village's key; compiled for calls from Python, so that no process has to compile the generator again."""
    run = threefry(replicate, U32(0), seed_low, seed_high)
    return threefry(name_first, name_second, run[0], run[1])


def village_key(seed: int, replicate: int, name: str) -> Key:
    """Return the key of a village's draws from the run's seed (0..2**64-1), replicate (0..2**32-1) and its name.

    Raises
    ------
    TypeError : seed or replicate isn't a whole number. InputError : it is outside its range.
    """
    seed, replicate = whole("seed", seed, 0, SEEDS), whole("replicate", replicate, 0, REPLICATES)
    first, second = identity(name)
    return _village_key(U32(seed & 0xFFFFFFFF), U32(seed >> 32), U32(replicate), U32(first), U32(second))
