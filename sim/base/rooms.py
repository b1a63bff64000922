"""The rooms (folders) of the package in the order in which they may import each other, and which of them affect results."""

from __future__ import annotations

ROOMS = (
    "base", "compiler", "numerics", "evidence", "interventions", "scenario", "engine", "uncertainty", "results", "runs",
    "analysis", "figures", "report", "page", "explore", "mesa_view", "commands", "cli", "reference",
)  # fmt: skip
"""A room imports only rooms before it. CONTRIBUTING.md describes each; tests check the imports and that page."""

ENGINE_SOURCES = ("base/arrays.py", "base/declared.py", "interventions/values.py", "compiler", "numerics", "engine")
"""Files and folders of the package whose text is compiled into the engine."""
MODEL_SOURCES = (
    *ENGINE_SOURCES, "base/fields.py", "interventions", "scenario", "uncertainty/draw_table.py", "results/rows.py",
    "runs/task.py", "runs/observing.py", "runs/single.py",
)  # fmt: skip
"""Files and folders that can change a result: the engine, the steps from a scenario and a draw to its input, and those from
its state to observables."""
