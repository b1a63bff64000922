"""A long hunt for a scenario on which the engine and the twin differ.

    PYTHONPATH=tests python -m oracle.hunt --minutes 10 --first 0

Scenario k comes from the seed k alone, so `--first k --count 1` shows a find again. The last line tells how many were tried;
the exit code is 1 if any differed.
"""

from __future__ import annotations

import argparse
import sys
import time
from random import Random

from mesa import Agent
from mesa.discrete_space import Cell

from oracle.comparing import first_differences
from oracle.random_scenarios import WEEKS, scenario


def differences(number: int) -> list[str]:
    """Return what differs on random scenario `number`."""
    luck = Random(number)
    return first_differences(scenario(luck), WEEKS, luck.getrandbits(64), luck.getrandbits(32))


def forget_models() -> None:
    """Let go of the models that Mesa 3.3 keeps alive in its registries and caches; other versions may have none."""
    getattr(Agent, "_ids", {}).clear()
    for cached in (Cell.get_neighborhood, Cell._neighborhood):
        getattr(cached, "cache_clear", lambda: None)()


def main() -> int:
    """Hunt until the time is up or the count is reached."""
    parser = argparse.ArgumentParser(description="hunt for scenarios on which engine and twin differ")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--first", type=int, default=0, help="number of the first scenario")
    parser.add_argument("--count", type=int, default=10**9, help="scenarios at most")
    arguments = parser.parse_args()
    until = time.monotonic() + 60.0 * arguments.minutes
    tried = found = 0
    while tried < arguments.count and time.monotonic() < until:
        number = arguments.first + tried
        lines = differences(number)
        found += bool(lines)
        for line in lines[:8]:
            print(f"scenario {number}: {line}", flush=True)
        tried += 1
        forget_models()
    print(f"{tried} scenarios of {WEEKS} weeks tried from {arguments.first} on: {found} differ")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
