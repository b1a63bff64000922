"""What a study would cost: its runs, their time and their memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.runs import Request
    from sim.scenario import Scenario


def say_cost(
    size: Mapping[str, int], first: Sequence[Request], jobs: int | None, say: Callable[[str], None]
) -> dict[str, float]:
    """Return a study's size with the seconds that its missing runs take, and say what it costs.

    size : values and points, if it varies any; replicates, scenarios, weeks, runs, runs_left. first : requests for the
    study's first point, which are run to see how long a run takes.
    """
    from sim.runs.timing import seconds_a_run

    left, threads = size["runs_left"], jobs or os.cpu_count() or 1
    varied = f"{size['values']} values, {size['points']} points x " if "points" in size else ""
    say(
        f"{varied}{size['replicates']} replicates x {size['scenarios']} scenario(s) = {size['runs']} runs of "
        f"{size['weeks']} weeks, {size['runs'] - left} of them stored already"
    )
    say(memory_text((scenario for request in first for scenario in request.scenarios.values()), jobs, size["weeks"]))
    seconds = 0.0
    if left:
        each = seconds_a_run(first)
        seconds = left * each / threads
        say(f"a run takes {1000 * each:.0f} ms: about {seconds:.0f} s on {threads} thread(s)")
    return {**size, "seconds": seconds}


def memory_text(scenarios: Iterable[Scenario], jobs: int | None, weeks: int | None = None) -> str:
    """Return the memory that a run of the largest of these scenarios takes. weeks : of each; its own if None."""
    from sim.base.memory import amount
    from sim.engine.simulation import bytes_of_a_run

    memory = max(bytes_of_a_run(scenario, weeks or scenario.weeks) for scenario in scenarios)
    return f"a run takes {amount(memory)} of memory, on each of {jobs or os.cpu_count() or 1} thread(s)"
