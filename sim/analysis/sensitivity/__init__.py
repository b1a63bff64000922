"""Sensitivity: the uncertain values and interventions on which an outcome depends, by Morris, Sobol or PAWN (SALib).

`indices` takes any Python function; `sim.analysis.sensitivity.study` runs scenarios. Both use a design (numbered points), the
values by number, and the analysis of the two.
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
