"""The entrants: their names, their files, and how long each runs at each size."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parents[1] / ".venv-peers"
"""Where `race.environments` puts the environments of peers that aren't installed with the project."""

WEEKS = 52


class Turn(NamedTuple):
    """How long an entrant runs at a size: weeks of a run, and rounds, each a run of the entrant and one of the engine."""

    weeks: int
    rounds: int


class Entrant(NamedTuple):
    """An entrant.

    name : in tables and JSON. module : its file in `race.peers`. package : the distribution that it tests. imported : the
    module that exists if the package is installed. turns : by households; 10,000, 100,000, 1,000,000.
    """

    name: str
    label: str
    module: str
    package: str
    imported: str
    turns: dict[int, Turn]

    def python(self) -> str | None:
        """Return the interpreter that has the package: this one, or that of an environment of its own; None if neither has."""
        if importlib.util.find_spec(self.imported) is not None:
            return sys.executable
        own = ENVIRONMENTS / self.package / "bin" / "python"
        return str(own) if own.exists() else None


def _turns(small: Turn, middle: Turn, large: Turn) -> dict[int, Turn]:
    return {10_000: small, 100_000: middle, 1_000_000: large}


ENGINE = Entrant("engine", "this engine", "engine", "grassroots", "sim", {})
"""The entrant that all others are paired with; it runs as many weeks as the other does."""

PEERS = (
    Entrant("mesa", "Mesa, idiomatic", "mesa_idiomatic", "mesa", "mesa",
            _turns(Turn(WEEKS, 5), Turn(WEEKS, 3), Turn(2, 2))),
    Entrant("mesa_cached", "Mesa, cached neighbours", "mesa_cached", "mesa", "mesa",
            _turns(Turn(WEEKS, 5), Turn(26, 3), Turn(2, 2))),
    Entrant("agentpy", "AgentPy", "agentpy_grid", "agentpy", "agentpy",
            _turns(Turn(26, 3), Turn(4, 2), Turn(1, 1))),
    Entrant("mesa_frames", "mesa-frames", "mesa_frames_grid", "mesa-frames", "mesa_frames",
            _turns(Turn(WEEKS, 5), Turn(WEEKS, 3), Turn(8, 2))),
    Entrant("starsim", "Starsim", "starsim_network", "starsim", "starsim",
            _turns(Turn(WEEKS, 7), Turn(WEEKS, 7), Turn(WEEKS, 3))),
    Entrant("scipy_csr", "SciPy CSR", "scipy_csr", "scipy", "scipy",
            _turns(Turn(WEEKS, 15), Turn(WEEKS, 15), Turn(WEEKS, 7))),
    Entrant("numpy_stencil", "NumPy stencil (bytes)", "numpy_stencil", "numpy", "numpy",
            _turns(Turn(WEEKS, 15), Turn(WEEKS, 15), Turn(WEEKS, 15))),
    Entrant("engine_told", "this engine, counts told", "engine_told", "grassroots", "sim",
            _turns(Turn(WEEKS, 15), Turn(WEEKS, 15), Turn(WEEKS, 15))),
)  # fmt: skip
