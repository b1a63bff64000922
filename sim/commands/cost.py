"""What a study would cost: its runs, their time and their memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.runs import Request


def say_cost(
    size: Mapping[str, int], first: Sequence[Request], jobs: int | None, say: Callable[[str], None]
) -> dict[str, float]:
    """Return a study's size with the seconds that its missing runs take, and say what it costs.

    size : values, points, replicates, scenarios, weeks, runs, runs_left. first : requests for the study's first point, which
    are run to see how long a run takes.
    """
    from sim.base.memory import amount
    from sim.engine.simulation import bytes_of_a_run
    from sim.runs.timing import seconds_a_run

    left, threads = size["runs_left"], jobs or os.cpu_count() or 1
    say(
        f"{size['values']} values, {size['points']} points x {size['replicates']} replicates x {size['scenarios']} "
        f"scenario(s) = {size['runs']} runs of {size['weeks']} weeks, {size['runs'] - left} of them stored already"
    )
    scenarios = [scenario for request in first for scenario in request.scenarios.values()]
    memory = max(bytes_of_a_run(scenario, size["weeks"]) for scenario in scenarios)
    say(f"a run takes {amount(memory)} of memory, on each of {threads} thread(s)")
    seconds = 0.0
    if left:
        each = seconds_a_run(first)
        seconds = left * each / threads
        say(f"a run takes {1000 * each:.0f} ms: about {seconds:.0f} s on {threads} thread(s)")
    return {**size, "seconds": seconds}
