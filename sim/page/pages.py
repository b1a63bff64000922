"""The page of each kind of kept result."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.page import batch, calibration, comparison, patterns, policy, sensitivity, shares, sweep
from sim.page.story import Kept
from sim.report.calibration import CALIBRATION
from sim.report.comparison import COMPARISON
from sim.report.patterns import PATTERNS
from sim.report.policy import POLICY
from sim.report.sensitivity import SENSITIVITY
from sim.report.shares import MECHANISMS, SHARES
from sim.report.sweep import SWEEP
from sim.results.manifest import RUNS

PAGES: Mapping[str, Callable[[Kept], str]] = {
    COMPARISON: comparison.kept_page, RUNS: batch.kept_page, SENSITIVITY: sensitivity.kept_page,
    CALIBRATION: calibration.kept_page, SHARES: shares.shares_page, MECHANISMS: shares.mechanisms_page,
    POLICY: policy.kept_page, PATTERNS: patterns.kept_page, SWEEP: sweep.kept_page,
}  # fmt: skip
"""Functions that return a page as HTML, by the kind of result; see `sim.results.catalogue.Entry`."""
