"""The rooms of the house, in the order in which they may import each other, and which of them decide what a run gives."""

from __future__ import annotations

ROOMS = (
    "base", "compiler", "numerics", "evidence", "interventions", "scenario", "engine", "uncertainty", "results", "runs",
    "analysis", "figures", "report", "mesa_view", "reference", "commands", "cli",
)  # fmt: skip
"""A room imports only those before it. CONTRIBUTING.md says what each holds; tests hold the code and that page to it."""

ENGINE_SOURCES = ("base/arrays.py", "base/declared.py", "interventions/values.py", "compiler", "numerics", "engine")
"""What is compiled into the engine: files and folders of the package."""
MODEL_SOURCES = (*ENGINE_SOURCES, "base/fields.py", "interventions", "scenario")
"""What can change a result: the engine, and how a scenario becomes its input."""
