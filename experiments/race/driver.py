"""The driver's side of a worker: start it, give it orders, and end it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from .entrants import HERE, Entrant

ONE_THREAD = {
    name: "1"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS",
                 "POLARS_MAX_THREADS")
}  # fmt: skip
"""The race uses one core: no library starts threads of its own."""


class RaceError(Exception):
    """An entrant broke down, or its answer differs from the model's."""


class Driver:
    """A running worker; a context that ends it.

    Attributes
    ----------
    entrant : whose worker it is. version : of the entrant's package, "" if it isn't installed as one. python : its version.
    """

    def __init__(self, entrant: Entrant) -> None:
        python = entrant.python()
        if python is None:
            raise RaceError(f"{entrant.name} is not installed")
        self.entrant = entrant
        root = HERE.parents[1]
        environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(root)])}
        command = [python, "-m", "race.worker", entrant.module, entrant.package]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        hello = self._answer()
        self.version, self.python = str(hello["version"]), str(hello["python"])

    def __enter__(self) -> Driver:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """End the worker."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def order(self, do: str, **what: Any) -> dict[str, Any]:
        """Give an order and return the answer.

        Raises
        ------
        RaceError : the worker ended instead.
        """
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def build(self, problem: Path) -> float:
        """Build the model of a problem; return the processor seconds."""
        return float(self.order("build", problem=str(problem))["cpu"])

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RaceError(f"{self.entrant.name} ended with exit code {self.process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer
