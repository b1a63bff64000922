"""The workbench: arrays for whatever the building of a village needs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.base.arrays import F64, I32
from sim.engine.world.luck import Luck, make_luck


class Workbench(NamedTuple):
    """Arrays for the largest village; nothing is kept from one to the next.

    floats : (2, households). numbers : (households,). plots : (2, plots of the plan). pairs : (2, proposals of ties); the
    same memory, because ties are drawn when the plan is laid out.
    """

    luck: Luck
    floats: F64
    numbers: I32
    plots: I32
    pairs: I32


def make_workbench(households: int, plots: int, pairs: int) -> Workbench:
    """Return arrays for villages of at most this size; they are only as large as what is written into them."""
    shared = np.empty(2 * max(plots, pairs), np.int32)
    return Workbench(
        make_luck(), np.empty((2, households)), np.empty(households, np.int32),
        shared[: 2 * plots].reshape(2, plots), shared[: 2 * pairs].reshape(2, pairs),
    )  # fmt: skip
