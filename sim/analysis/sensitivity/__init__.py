"""Sensitivity: which uncertain values and interventions an outcome hangs on, by Morris, Sobol or PAWN, through SALib.

`indices` takes any Python function; `sim.analysis.sensitivity.study` runs scenarios. Between the two stand the design
(which points, numbered), the values by number, and the analysis of both.
"""

from __future__ import annotations

from sim.analysis.sensitivity.convergence import convergence, verdict
from sim.analysis.sensitivity.design import Bounds, Design, design
from sim.analysis.sensitivity.indices import analyse, evaluate, indices, screening
from sim.analysis.sensitivity.noise import SeedNoise, seed_noise

__all__ = [
    "Bounds",
    "Design",
    "SeedNoise",
    "analyse",
    "convergence",
    "design",
    "evaluate",
    "indices",
    "screening",
    "seed_noise",
    "verdict",
]
