"""grassroots: an agent-based simulator of grassroots mobilisation.

The public names below are stable. Each is imported on first use, so that commands start quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.base.version import __version__

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison, compare
    from sim.analysis.sweep import Sweep, sweep
    from sim.base.errors import InputError
    from sim.evidence import load_register
    from sim.mesa_view.model import LocalWorthy, MobilizationModel, PartyMember, Resident, Volunteer
    from sim.page.notebook import view
    from sim.runs.single import RunResult, run
    from sim.scenario import Scenario, load_scenario, scenario_names

_HOME = {
    "Comparison": "sim.analysis.compare",
    "InputError": "sim.base.errors",
    "LocalWorthy": "sim.mesa_view.model",
    "MobilizationModel": "sim.mesa_view.model",
    "PartyMember": "sim.mesa_view.model",
    "Resident": "sim.mesa_view.model",
    "RunResult": "sim.runs.single",
    "Scenario": "sim.scenario",
    "Sweep": "sim.analysis.sweep",
    "Volunteer": "sim.mesa_view.model",
    "compare": "sim.analysis.compare",
    "load_register": "sim.evidence",
    "load_scenario": "sim.scenario",
    "run": "sim.runs.single",
    "scenario_names": "sim.scenario",
    "sweep": "sim.analysis.sweep",
    "view": "sim.page.notebook",
}

__all__ = [
    "Comparison",
    "InputError",
    "LocalWorthy",
    "MobilizationModel",
    "PartyMember",
    "Resident",
    "RunResult",
    "Scenario",
    "Sweep",
    "Volunteer",
    "__version__",
    "compare",
    "load_register",
    "load_scenario",
    "run",
    "scenario_names",
    "sweep",
    "view",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
