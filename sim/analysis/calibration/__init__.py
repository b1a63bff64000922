"""Calibration: find uncertain values that are compatible with the evidence, by history matching and real runs."""

from sim.analysis.calibration.calibrating import posterior
from sim.analysis.calibration.evaluation import Luck, Simulate
from sim.analysis.calibration.result import Posterior
from sim.analysis.calibration.targets import Band, Point, Targets

__all__ = ["Band", "Luck", "Point", "Posterior", "Simulate", "Targets", "posterior"]
