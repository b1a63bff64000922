"""How much of what veterans and donations achieve depends on how the model divides time and space?

The same comparison as in 01 with the phases of the week in other orders, in steps of half a week, with other radii of
sight, and with other ties between the same people; and how its intervals shrink with replicates. Each variant runs in a
process of its own, which compiles what the variant changes. Changes are paired by seed and replicate.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
import study
from half_weeks import PERIODS, half_weeks
from week_order import ORDER, week_in_order

import sim.engine.simulation
from sim.analysis.compare import compare
from sim.analysis.intervals import interval
from sim.base.arrays import F64
from sim.compiler.machine_code import cache_folder
from sim.engine.world import luck
from sim.figures.forest import forest
from sim.numerics import draws
from sim.scenario import load_scenario, with_values

FULL = {"replicates": 400, "of_a_kind": 4}
TINY = {"replicates": 10, "of_a_kind": 1}
SEED, WEEKS, PROCESSES = 11, 104, 2
SCENARIOS = ("baseline", "veteran_role_model", "donation")
EFFECTS = ("veterans' effect", "donation's effect")
PROGRAMME = ORDER[: ORDER.index("visit_households")]
MIDDLE = ORDER[ORDER.index("visit_households") : ORDER.index("pass_week")]
PUBLIC = ORDER[ORDER.index("contract") : ORDER.index("pass_week")]
END = ("pass_week", "observe")
DOORS = ("join_and_leave", "call", "clean_public_plots")
ORDERS = {
    "decision and housework first": (*PROGRAMME, "pass_week", *MIDDLE, "observe"),
    "talk before visits": (*PROGRAMME, "talk", *(name for name in MIDDLE if name != "talk"), *END),
    "public plots and disputes first": (*PROGRAMME, *PUBLIC, *(name for name in MIDDLE if name not in PUBLIC), *END),
    "middle of the week reversed": (
        *PROGRAMME,
        *(name for name in reversed(MIDDLE) if name not in DOORS),
        *DOORS,
        *END,
    ),
}
AS_IT_IS = "as it is"
KINDS = {
    AS_IT_IS: "", **dict.fromkeys(ORDERS, "order of phases"), "half weeks": "step", "sight of 1 plot": "radius",
    "sight of 3 plots": "radius", "other ties": "network", "yet other ties": "network",
}  # fmt: skip
"""The kind of each variant: what it changes."""

CHANGED = {"step": "sim.engine.week.advance-*", "network": "sim.engine.world.build._build-*"}
"""Code that reads a constant which variants of a kind change."""
OTHER_TIES = {"other ties": draws.TALK, "yet other ties": draws.DECISION}
"""Channels that weeks draw from but building doesn't."""


def main(root: Path, replicates: int, of_a_kind: int) -> None:
    """Compare the model as it is with variants. of_a_kind : how many variants of each kind, at most."""
    variants = [name for _, names in groupby(KINDS, KINDS.get) for name in list(names)[:of_a_kind]]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawn, max_tasks_per_child=1) as pool:
        shares = dict(zip(variants, pool.map(adopted, variants, [replicates] * len(variants)), strict=True))
    effects = {variant: by_scenario[1:] - by_scenario[0] for variant, by_scenario in shares.items()}
    own = effects[AS_IT_IS]
    changes = pd.DataFrame([
        row(variant, f"change in {effect}", effects[variant][k] - own[k])
        for k, effect in enumerate(EFFECTS) for variant in variants if variant != AS_IT_IS
    ])  # fmt: skip
    tables = {
        "effects": pd.DataFrame([row(v, effect, effects[v][k]) for v in variants for k, effect in enumerate(EFFECTS)]),
        "changes": changes,
        "replicates": by_replicates(own),
    }
    figure = forest(changes, tuple(f"change in {effect}" for effect in EFFECTS))
    study.keep(study.results_folder(root, __file__), tables, {"changes": figure})
    for table in tables.values():
        short = table.drop(columns=["reference", "unit"], errors="ignore")
        print(short.to_string(index=False, float_format="%.4f"), "\n")


def adopted(variant: str, replicates: int) -> F64:
    """Return the adopted share after two years, shape (scenarios, replicates); a process calls it for one variant."""
    with tempfile.TemporaryDirectory() as folder:
        if KINDS[variant] in CHANGED:
            # Cached code lacks the change, and code with the change must not stay in the cache.
            kept = cache_folder()
            cache_folder.cache_clear()
            os.environ["GRASSROOTS_CACHE"] = folder
            shutil.copytree(
                kept, cache_folder(), dirs_exist_ok=True, ignore=shutil.ignore_patterns(CHANGED[KINDS[variant]])
            )
        return _adopted(variant, replicates)


def _adopted(variant: str, replicates: int) -> F64:
    scenarios = {name: load_scenario(name) for name in SCENARIOS}
    weeks = WEEKS
    if variant in ORDERS:
        sim.engine.simulation.advance = week_in_order(ORDERS[variant])  # type: ignore[attr-defined]
    elif variant == "half weeks":
        for module, period in PERIODS:
            setattr(module, period, 2 * getattr(module, period))
        scenarios, weeks = {name: half_weeks(scenario) for name, scenario in scenarios.items()}, 2 * WEEKS
    elif KINDS[variant] == "radius":
        sight = {"village.plan.sight": int(variant.split()[2])}
        scenarios = {name: with_values(scenario, sight) for name, scenario in scenarios.items()}
    elif KINDS[variant] == "network":
        luck.TIE = np.int64(OTHER_TIES[variant])
    comparison = compare(scenarios, replicates, SEED, weeks, jobs=1)
    return np.array(comparison.paired("adopted", *SCENARIOS))


def row(variant: str, outcome: str, shares: F64) -> dict[str, object]:
    """Return a row of a table: the mean over replicates with its interval."""
    return {"scenario": variant, "reference": "the model as it is", "outcome": outcome, "unit": "share",
            **interval(shares)}  # fmt: skip


def by_replicates(effects: F64) -> pd.DataFrame:
    """Return how the interval of each effect shrinks with replicates. effects : shape (effects, replicates)."""
    counts = [count for count in (10, 25, 50, 100, 200, 400, 800) if count <= effects.shape[1]]
    table = pd.DataFrame([
        {"effect": effect, **interval(effects[k, :count]), "replicates": count, "sd": effects[k, :count].std(ddof=1)}
        for k, effect in enumerate(EFFECTS) for count in counts
    ])  # fmt: skip
    table["variation"] = table["sd"] / table["difference"].abs()
    return table


if __name__ == "__main__":
    study.command(main)
