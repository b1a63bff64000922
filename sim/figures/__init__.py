"""Figures: they take tables and return matplotlib figures; they never simulate and never open a window.

The names below are public and stable; docs/reference/figures.md describes each with the columns of its tables.
"""

from __future__ import annotations

from sim.figures.attribution import attribution
from sim.figures.climbs import climbs_by_term
from sim.figures.curves import outcome_curves
from sim.figures.discovery import discovery
from sim.figures.fonts import label
from sim.figures.forest import forest
from sim.figures.index_maps import index_pairs, index_weeks
from sim.figures.indices import index_bars, index_convergence
from sim.figures.ladder import ladder
from sim.figures.marginals import marginals
from sim.figures.output import save
from sim.figures.pairs import pairs
from sim.figures.places import places
from sim.figures.policy import allocation, front, regret
from sim.figures.predictive import predictive
from sim.figures.response import response_lines
from sim.figures.sensitivity import morris
from sim.figures.shares import carried, shares
from sim.figures.style import DOUBLE, SINGLE
from sim.figures.sweep import sweep_figure
from sim.figures.village_map import Snapshot, village_map
from sim.figures.weeks import Mark

__all__ = [
    "DOUBLE",
    "SINGLE",
    "Mark",
    "Snapshot",
    "allocation",
    "attribution",
    "carried",
    "climbs_by_term",
    "discovery",
    "forest",
    "front",
    "index_bars",
    "index_convergence",
    "index_pairs",
    "index_weeks",
    "label",
    "ladder",
    "marginals",
    "morris",
    "outcome_curves",
    "pairs",
    "places",
    "predictive",
    "regret",
    "response_lines",
    "save",
    "shares",
    "sweep_figure",
    "village_map",
]
