"""What reading costs before anything runs: the evidence register, scenarios, a district, and changed numbers in one."""

from __future__ import annotations

import time
from collections.abc import Callable

from sim.evidence import Register, seeds_folder
from sim.evidence.loading import _load_register
from sim.scenario import load_scenario, with_values

REPEATS = 3
CHANGES = {"household.own_yard": 0.3, "village.contact.message": 0.1}


def register() -> Register:
    """Read the register, which a process normally does only once."""
    return _load_register.__wrapped__(seeds_folder())


def best(work: Callable[[], object]) -> float:
    """Return the least processor seconds of this thread over a few repeats."""
    seconds = []
    for _ in range(REPEATS):
        start = time.thread_time()
        work()
        seconds.append(time.thread_time() - start)
    return min(seconds)


def reading_seconds() -> dict[str, float]:
    """Return the seconds to read each; of scenarios once the register has been read."""
    campaign = load_scenario("campaign")
    return {
        "register_seconds": best(register),
        "scenario_seconds": best(lambda: load_scenario("baseline")),
        "district_scenario_seconds": best(lambda: load_scenario("district")),
        "change_seconds": best(lambda: with_values(campaign, CHANGES)),
    }
