"""How long runs take."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sim.runs.request import Request
from sim.runs.service import run


def seconds_a_run(requests: Sequence[Request]) -> float:
    """Return how long a run of these requests takes on one thread; longer where several go on at once."""

    def make() -> None:
        for request in requests:
            run(request, jobs=1)

    make()  # the first run compiles
    began = time.perf_counter()
    make()
    return (time.perf_counter() - began) / sum(request.runs for request in requests)
