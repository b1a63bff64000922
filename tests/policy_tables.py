"""Tables of a search for a policy, of shares and of mechanisms, made up for the figures' tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

INTERVENTIONS = ("household_contact", "role_model", "volunteer_team", "first_secretary", "donation", "public_works")
PLAIN = ("equal split", *(f"all on {intervention}" for intervention in INTERVENTIONS), "nothing")


def policies() -> pd.DataFrame:
    """Return eight mixes and the plain ones; the last mix goes beyond the budget."""
    rng = np.random.default_rng(1)
    names = [*(f"mix {k + 1}" for k in range(8)), *PLAIN]
    kept = np.array([*np.linspace(0.62, 0.3, 8), 0.4, *np.linspace(0.15, 0.07, 6), 0.05])
    table: dict[str, object] = {
        "mix": names, "chosen": [k == 0 for k in range(16)], "within": [k != 7 for k in range(16)],
        "on_front": [k in (0, 1, 5, 15) for k in range(16)], "kept": kept, "kept_low": kept - 0.04,
        "kept_high": kept + 0.05, "yuan": [*np.linspace(2e5, 5e4, 8), 3e5, 0, 0, 0, 0, 3e5, 3e5, 0],
        "hours": [*np.linspace(4000, 1500, 8), 4000, 3500, 150, 3900, 2100, 30, 10, 0],
        "coercion": 0.07 + 0.1 * rng.random(16),
    }  # fmt: skip
    for k, intervention in enumerate(INTERVENTIONS):
        alone = [float(name == f"all on {intervention}") for name in names]
        table[f"strength.{intervention}"] = np.where(np.arange(16) < 9, rng.random(16), alone)
        table[f"start.{intervention}"], table[f"stop.{intervention}"] = [2 * k] * 16, [52 - k] * 16
    return pd.DataFrame(table)


def regrets() -> pd.DataFrame:
    """Return regret in 12 draws."""
    rng = np.random.default_rng(2)
    return pd.DataFrame([
        {"mix": name, "draw": draw, "regret": rng.normal(0.03 * k, 0.05)}
        for k, name in enumerate(policies()["mix"]) for draw in range(12)
    ])  # fmt: skip


def shares() -> pd.DataFrame:
    """Return shares of adopted and of hours; the smallest are not distinguishable."""
    values = [0.4, 0.2, 0.1, 0.05, 0.004, -0.002, 0.75]
    rows = []
    for outcome, scale in (("adopted", 1.0), ("hours", 9000.0)):
        for intervention, value in zip((*INTERVENTIONS, "all"), values, strict=True):
            rows.append({
                "outcome": outcome, "intervention": intervention, "share": scale * value, "low": scale * (value - 0.02),
                "high": scale * (value + 0.02), "alone": 0.5 * scale * value, "last": 1.4 * scale * value, "pairs": 50,
                "verdict": "more" if value > 0.01 else "not distinguishable",
            })  # fmt: skip
    return pd.DataFrame(rows)


def carried() -> pd.DataFrame:
    """Return what mechanisms carry of an effect of 60 points."""
    names = ["persuasion", "example of neighbours", "habit", "talk", "disputes", "tiring of a messenger"]
    values = [0.58, 0.4, 0.2, 0.1, 0.001, -0.05]
    rows = [{"mechanism": name, "effect": 0.6 - value, "carried": value, "low": value - 0.01, "high": value + 0.01,
             "pairs": 20, "verdict": "more" if value > 0.01 else "less" if value < -0.01 else "not distinguishable"}
            for name, value in zip(names, values, strict=True)]  # fmt: skip
    whole = {"mechanism": "", "effect": 0.6, "carried": 0.0, "low": 0.58, "high": 0.62, "pairs": 20, "verdict": "more"}
    return pd.DataFrame([whole, *rows])


def trajectory() -> pd.DataFrame:
    """Return a peeling from everything to a twentieth."""
    steps = np.arange(30)
    coverage = 1 - 0.4 * (steps / 29) ** 2
    density = 0.2 + 0.75 * steps / 29
    return pd.DataFrame({
        "step": steps, "coverage": coverage, "density": density, "coverage_fresh": coverage - 0.05 * steps / 29,
        "density_fresh": density - 0.1 * steps / 29,
    })  # fmt: skip


def box() -> pd.DataFrame:
    """Return a box of three limits, one from below, one from above, one from both sides."""
    return pd.DataFrame({
        "condition": ["donation.yuan", "role_model.who.share", "plan.public_cleanliness"], "low": [6e5, -np.inf, 0.3],
        "high": [np.inf, 0.9, 0.7], "least": [5e4, 0.1, 0.2], "most": [2e6, 1.0, 0.8],
    })  # fmt: skip
