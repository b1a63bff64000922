"""Tables of runs and of sensitivity studies, made up for the figures' tests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from sim.figures import Mark, Snapshot, label

SCENARIOS = [
    "baseline", "household_contact", "veteran_role_model", "volunteer_team", "donation",
    "veteran_role_model_and_donation", "campaign",
]  # fmt: skip
LABELS = {
    "baseline": "No programme",
    "household_contact": "Household contact by party members",
    "veteran_role_model_and_donation": "Veteran members as role models, and donations",
    "campaign": "大沥镇密集动员",
}
TERMS = (
    "predisposition", "neighbours", "kin", "surroundings", "trust", "help", "giving", "awards", "persuasion", "several",
)  # fmt: skip
MARKS = [Mark(0, 26, "Programme"), (52, None, "A year after")]


def curves_table(weeks: int = 104, replicates: int = 200) -> pd.DataFrame:
    """Return curves of all scenarios, of which some end close together."""
    return _curves(weeks, replicates).copy()


@cache
def _curves(weeks: int, replicates: int) -> pd.DataFrame:
    week = np.arange(weeks)
    parts = []
    for number, scenario in enumerate(SCENARIOS):
        adopted = (0.5 + 0.02 * number) * (1 - np.exp(-week / (10 + number)))
        pushed = 0.5 * (1 - adopted)
        values = {
            "adopted": adopted, "pushed": pushed, "watching": 1 - adopted - pushed, "helping": 0.6 * adopted,
            "self_initiated": 0.4 * adopted, "clutter": 12 * (1 - adopted),
        }  # fmt: skip
        for group in ("all", "newcomer"):
            for outcome, mean in values.items():
                half = 0.1 * mean
                frame = {
                    "scenario": scenario, "group": group, "week": week, "outcome": outcome, "mean": mean,
                    "q05": mean - half, "q25": mean - half / 2, "q50": mean, "q75": mean + half / 2,
                    "q95": mean + half, "replicates": replicates,
                }  # fmt: skip
                parts.append(pd.DataFrame(frame))
    return pd.concat(parts, ignore_index=True)


def effects_table() -> pd.DataFrame:
    """Return effects on a share, on money and on a time, one of them unknown."""
    rows = []
    for outcome, unit, scale in (
        ("adopted", "share", 0.1), ("yuan_per_adopted", "yuan/household", 900.0), ("weeks_to_half", "weeks", 8.0),
    ):  # fmt: skip
        for number, scenario in enumerate(SCENARIOS[1:]):
            difference = float("nan") if outcome == "weeks_to_half" and number == 2 else scale * (number - 1)
            half = 0.3 * scale
            verdict = "not distinguishable" if abs(difference) < half else ("more" if difference > 0 else "less")
            row = {
                "scenario": scenario, "reference": "baseline", "outcome": outcome, "unit": unit,
                "reference_mean": scale, "mean": scale + difference, "difference": difference,
                "low": difference - half, "high": difference + half, "spread_low": difference - 3 * half,
                "spread_high": difference + 3 * half, "pairs": 200, "verdict": verdict,
            }  # fmt: skip
            rows.append(row)
    return pd.DataFrame(rows)


def snapshots(rows: int = 20, columns: int = 22) -> list[Snapshot]:
    """Return a village that climbs the ladder."""
    rng = np.random.default_rng(3)
    kind = np.zeros((rows, columns), np.int8)
    kind[5::6], kind[:, 12::13] = -1, -1
    kind[(kind == 0) & (rng.random(kind.shape) < 0.06)] = 1
    yard, u = kind == 0, rng.random(kind.shape)
    public = np.where(kind == 1, np.clip((u * 4).astype(int), 0, 3), -1).astype(np.int8)
    made = []
    for number, week in enumerate((-1, 0, 25, 103)):
        rung = np.where(yard, np.clip((u * (1 + number)).astype(int), 0, 3), -1).astype(np.int8)
        made.append(Snapshot(week, kind, rung, yard & (rung >= 2), yard & (u < 0.3), public, label("敦根", "Dungen")))
    return made


def climbs_table() -> pd.DataFrame:
    """Return climbs by term."""
    rng = np.random.default_rng(4)
    rows = [(scenario, term, rng.gamma(1.5, 300)) for scenario in SCENARIOS for term in TERMS]
    return pd.DataFrame(rows, columns=["scenario", "term", "climbs"])


def differences_table() -> pd.DataFrame:
    """Return differences of climbs by term, of which two are too small to be seen and one isn't distinguishable."""
    rows = []
    for number, scenario in enumerate(SCENARIOS[1:], 1):
        sizes = {term: 1600.0 * number * (-0.6) ** k for k, term in enumerate(TERMS)}
        sizes |= {"giving": 4.0, "awards": 0.0}
        found = [("climbs", term, size) for term, size in sizes.items()]
        found += [("climbs", "all", sum(sizes.values())), ("slips", "all", 0.25 * sizes["predisposition"])]
        for flow, term, difference in found:
            half = 0.1 * abs(difference) if term != "kin" else 700.0 * number
            verdict = "not distinguishable" if half > abs(difference) else "more" if difference > 0 else "less"
            row = {
                "scenario": scenario, "reference": "baseline", "flow": flow, "term": term, "difference": difference,
                "low": difference - half, "high": difference + half, "pairs": 200, "verdict": verdict,
            }  # fmt: skip
            rows.append(row)
    return pd.DataFrame(rows)


def morris_table(parameters: int = 24) -> pd.DataFrame:
    """Return a screening with a crowd near the origin."""
    rng = np.random.default_rng(5)
    mu = rng.gamma(0.7, 0.06, parameters)
    table = {
        "parameter": [f"household.p{k}" for k in range(parameters)],
        "label": [f"Parameter {k}" for k in range(parameters)], "mu_star": mu, "mu_star_low": 0.8 * mu,
        "mu_star_high": 1.3 * mu, "sigma": mu * rng.uniform(0.3, 1.3, parameters), "seed_noise": 0.02,
    }  # fmt: skip
    return pd.DataFrame(table)


def indices_table(parameters: int = 6) -> pd.DataFrame:
    """Return first, total and second order of some parameters, one of them without effect."""
    names = [f"household.p_{k}" for k in range(parameters)]
    rows = []
    for k, name in enumerate(names):
        total = 0.5 * 0.5**k if k < parameters - 1 else 0.0
        rows += [(name, "", "S1", 0.7 * total - 0.01, 0.05), (name, "", "ST", total, 0.02 + 0.2 * total)]
        rows += [(name, other, "S2", 0.1 * 0.5 ** (k + j) - 0.01, 0.03) for j, other in enumerate(names[k + 1 :])]
    table = pd.DataFrame(rows, columns=["parameter", "other", "index", "value", "half"])
    half = table.pop("half")
    return table.assign(low=table["value"] - half, high=table["value"] + half)


def pawn_table() -> pd.DataFrame:
    """Return PAWN indices with the dummy's."""
    table = indices_table().query("index == 'ST'").assign(index="pawn")
    dummy = {"parameter": "(dummy)", "other": "", "index": "pawn", "value": 0.06, "low": 0.03, "high": 0.09}
    return pd.concat([table, pd.DataFrame([dummy])], ignore_index=True)


def convergence_table(parameters: int = 12) -> pd.DataFrame:
    """Return total orders at four sizes; more parameters than are drawn."""
    table = indices_table(parameters).query("index == 'ST'")
    parts = []
    for n in (32, 64, 128, 256):
        half = (table["high"] - table["value"]) * np.sqrt(256 / n)
        parts.append(table.assign(n=n, low=table["value"] - half, high=table["value"] + half))
    return pd.concat(parts, ignore_index=True)


def weeks_table() -> pd.DataFrame:
    """Return total orders by week."""
    table = indices_table().query("index == 'ST'")
    parts = [table.assign(week=week, value=table["value"] * week / 104) for week in np.linspace(9, 104, 12).round()]
    return pd.concat(parts, ignore_index=True)


NAMED = {"household.p_0": "predisposition_sd (sigma_eps)", "household.p_1": "veteran_role_model.extra_time"}


def points_table(keys: Sequence[str], against: bool = True, grid: bool = True) -> pd.DataFrame:
    """Return points of a sweep of these keys, which lie above, on and below a reference; yuan is a cost of each."""
    if grid:
        values = np.array(list(product(*([0.0, 0.25, 0.5, 0.75, 1.0] for _ in keys))))
    else:
        values = np.random.default_rng(6).random((24, len(keys)))
    mean = 0.1 + 0.3 * values.mean(axis=1)
    away = mean - 0.25
    table = pd.DataFrame(values * 1e6, columns=list(keys)).assign(
        outcome="adopted", unit="share", mean=mean, low=mean - 0.02, high=mean + 0.02, spread_low=mean - 0.06,
        spread_high=mean + 0.06, pairs=20, replicates=1,
    )  # fmt: skip
    if against:
        verdicts = np.where(np.abs(away) < 0.03, "not distinguishable", np.where(away > 0, "more", "less"))
        table = table.assign(reference="campaign", reference_mean=0.25, difference=away, verdict=verdicts)
    return table
