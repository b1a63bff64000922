"""People: who is a newcomer, a member, a worthy, a volunteer, and what each household starts with.

Every trait is a draw keyed by the household, and a role of fixed number goes to those with the lowest draws. So one
more volunteer makes one person a volunteer and changes nobody else.
"""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled, entry
from sim.elementary import normal
from sim.world.columns import F64, I64, U32, Flags


@compiled
def _open(u: float) -> float:
    """Return u moved off 0 by half a step of 2**-53, so that its normal quantile is finite."""
    return u + 1.1102230246251565e-16 if u < 0.5 else u


def uniform_of_each(k0: np.uint32, k1: np.uint32, channel: int, slot: int, out: F64) -> None:
    """Fill `out`, shape (households of a village,), with the building draws of a channel and slot."""
    _uniforms(k0, k1, channel, slot, out, np.empty((2, out.size), np.uint32))


def normal_of_each(k0: np.uint32, k1: np.uint32, channel: int, out: F64) -> None:
    """Fill `out`, shape (households of a village,), with standard normal building draws of a channel."""
    uniform_of_each(k0, k1, channel, 0, out)
    _normals(out)


@entry
def _uniforms(k0: np.uint32, k1: np.uint32, channel: int, slot: int, out: F64, scratch: U32) -> None:
    draws.fill_uniform(draws.phase_key(k0, k1, draws.BUILDING, channel), 0, slot, out, scratch)


@entry
def _normals(u: F64) -> None:
    """Turn uniforms into standard normals."""
    for i in range(u.size):
        u[i] = normal(_open(u[i]))


def lowest(values: F64, count: int, eligible: Flags) -> I64:
    """Return the positions of the `count` lowest values among the eligible, ties by position, in order of position."""
    places = np.flatnonzero(eligible)
    order = np.argsort(values[places], kind="stable")[: min(count, places.size)]
    return np.sort(places[order])
