"""Figures: they take tables and return matplotlib figures; they never simulate and never open a window."""

from __future__ import annotations

from sim.figures.attribution import attribution
from sim.figures.climbs import climbs_by_term
from sim.figures.curves import outcome_curves
from sim.figures.fonts import label
from sim.figures.forest import forest
from sim.figures.index_maps import index_pairs, index_weeks
from sim.figures.indices import index_bars, index_convergence
from sim.figures.ladder import ladder
from sim.figures.output import save
from sim.figures.sensitivity import morris
from sim.figures.style import DOUBLE, SINGLE
from sim.figures.sweep import sweep_figure
from sim.figures.village_map import Snapshot, village_map
from sim.figures.weeks import Mark

__all__ = [
    "DOUBLE",
    "SINGLE",
    "Mark",
    "Snapshot",
    "attribution",
    "climbs_by_term",
    "forest",
    "index_bars",
    "index_convergence",
    "index_pairs",
    "index_weeks",
    "label",
    "ladder",
    "morris",
    "outcome_curves",
    "save",
    "sweep_figure",
    "village_map",
]
