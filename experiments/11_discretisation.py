"""How much of what veterans and donations achieve hangs on how the model cuts time and space?

The same comparison as in 01 with the phases of the week in other orders, in steps of half a week, with other radii of
sight, and with other ties between the same people; and how its intervals shrink with replicates. Each variant runs in a
process of its own, which compiles anew what the variant changes. Changes are paired by seed and replicate.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from half_weeks import PERIODS, half_weeks
from week_order import ORDER, week_in_order

import sim.engine.simulation
from sim.analysis.compare import compare, interval
from sim.base.arrays import F64
from sim.engine.first_run import compile_anew
from sim.engine.world import luck
from sim.figures.forest import forest
from sim.figures.output import save
from sim.numerics import draws
from sim.results import write_text
from sim.scenario import load_scenario, with_values

SEED, WEEKS = 11, 104
NAMES = ("baseline", "veteran_role_model", "donation")
EFFECTS = ("veterans' effect", "donation's effect")
PROGRAMME, MIDDLE = ORDER[:5], ORDER[5:-1]
PUBLIC = ORDER[ORDER.index("contract") : -1]
DOORS = ("join_and_leave", "call", "clean_public_plots")
ORDERS = {
    "decision and housework first": (*PROGRAMME, "pass_week", *MIDDLE),
    "talk before visits": (*PROGRAMME, "talk", *(name for name in MIDDLE if name != "talk"), "pass_week"),
    "public plots and disputes first": (*PROGRAMME, *PUBLIC, *(n for n in MIDDLE if n not in PUBLIC), "pass_week"),
    "middle of the week reversed":
        (*PROGRAMME, *(n for n in reversed(MIDDLE) if n not in DOORS), *DOORS, "pass_week"),
}  # fmt: skip
VARIANTS = {
    "as it is": "", **dict.fromkeys(ORDERS, "order of phases"), "half weeks": "step", "sight of 1 plot": "radius",
    "sight of 3 plots": "radius", "other ties": "network", "yet other ties": "network",
}  # fmt: skip

OTHER_TIES = {"other ties": draws.TALK, "yet other ties": draws.DECISION}
"""Channels that only weeks draw on, and building doesn't."""


def adopted(variant: str, replicates: int) -> F64:
    """Return the adopted share after two years, shape (scenarios, replicates); a process calls it for one variant."""
    with tempfile.TemporaryDirectory() as folder:
        if VARIANTS[variant] in ("step", "network"):
            compile_anew(Path(folder))
        return _adopted(variant, replicates)


def _adopted(variant: str, replicates: int) -> F64:
    named = {name: load_scenario(name) for name in NAMES}
    weeks = WEEKS
    if variant in ORDERS:
        sim.engine.simulation.advance = week_in_order(ORDERS[variant])  # type: ignore[attr-defined]
    elif variant == "half weeks":
        for module, period in PERIODS:
            setattr(module, period, 2 * getattr(module, period))
        named, weeks = {name: half_weeks(scenario) for name, scenario in named.items()}, 2 * WEEKS
    elif VARIANTS[variant] == "radius":
        sight = {"village.plan.sight": int(variant.split()[2])}
        named = {name: with_values(scenario, sight) for name, scenario in named.items()}
    elif VARIANTS[variant] == "network":
        luck.TIE = np.int64(OTHER_TIES[variant])
    found = compare(named, replicates, SEED, weeks, jobs=1)
    return np.array(found.paired("adopted", *NAMES))


def row(variant: str, what: str, unit: str, values: F64) -> dict[str, object]:
    return {"scenario": variant, "reference": "the model as it is", "outcome": what, "unit": unit,
            **interval(values, SEED)}  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=400)
    parser.add_argument("--out", type=Path, default=Path("results/reference/11_discretisation"))
    options = parser.parse_args()
    began = time.monotonic()
    n = options.replicates
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn, max_tasks_per_child=1) as pool:
        shares = dict(zip(VARIANTS, pool.map(adopted, VARIANTS, [n] * len(VARIANTS)), strict=True))
    effects = {variant: found[1:] - found[0] for variant, found in shares.items()}
    table = pd.DataFrame([row(v, e, "share", effects[v][k]) for v in VARIANTS for k, e in enumerate(EFFECTS)])
    moved = pd.DataFrame([row(v, f"change in {e}", "share", effects[v][k] - effects["as it is"][k])
                          for k, e in enumerate(EFFECTS) for v in VARIANTS if VARIANTS[v]])  # fmt: skip
    sizes = [size for size in (10, 25, 50, 100, 200, 400, 800) if size <= n]
    stable = pd.DataFrame([
        {"effect": e, "replicates": m, "sd": effects["as it is"][k, :m].std(ddof=1),
         **interval(effects["as it is"][k, :m], SEED)} for k, e in enumerate(EFFECTS) for m in sizes])  # fmt: skip
    stable["variation"] = stable["sd"] / stable["difference"].abs()
    for name, what in (("effects", table), ("changes", moved), ("replicates", stable)):
        write_text(options.out / f"{name}.csv", what.to_csv(index=False, float_format="%.6g"))
        print(
            what.drop(columns=["reference", "unit"], errors="ignore").to_string(index=False, float_format="%.4f"), "\n"
        )
    save(forest(moved, tuple(f"change in {e}" for e in EFFECTS)), options.out / "changes")
    print(f"{options.out}; {time.monotonic() - began:.0f} s")
