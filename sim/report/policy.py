"""Reports of a search for a policy: text, tables, figures, and the chosen mix as a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sim.analysis.budget import PricedIntervention
from sim.analysis.intervals import CLEAR
from sim.analysis.menu import Menu
from sim.analysis.policy import Policy
from sim.analysis.policy_runs import OF_RUN, PolicyRuns
from sim.engine.outcomes import label_of, unit_of
from sim.report.keeping import Report
from sim.report.text_tables import aligned, amount
from sim.results.identity import draws_hash

if TYPE_CHECKING:
    import pandas as pd

POLICY = "policy"
"""The kind of report."""
SCENARIO_FILE = "policy.yaml"
"""The file with the chosen mix as a scenario."""
SEARCHED = r"mix \d+$"
"""The names of mixes that a search found."""
DRAWN = 8
"""Number of searched mixes that are printed and drawn one by one; the others are in the table and in the front."""


def policy_report(
    runs: PolicyRuns, root: Path, name: str, budget: Mapping[str, float], trials: int, finalists: int,
    folder: Path | None = None,
) -> Report:  # fmt: skip
    """Return the report of a search, whose hash covers all that it depends on. folder : see `Report`."""
    settings = {
        "menu": described(runs.menu), "draws": None if runs.draws is None else draws_hash(runs.draws),
        "luck": [runs.search_lucks, *runs.judgement],
        "budget": dict(sorted(budget.items())), "trials": trials, "finalists": finalists,
    }  # fmt: skip
    plain = {name: runs.menu.scenario_at({}, runs.menu.plain)}
    return Report.of(root, POLICY, f"{name}-policy", plain, runs.seed, runs.menu.horizon, settings, folder=folder)


def described(menu: Menu) -> dict[str, Any]:
    """Return a menu as plain values."""
    interventions = {name: node.plain() for name, node in menu.interventions.items()}
    return {"scenario": menu.scenario, "weeks": menu.weeks, "interventions": interventions}


def price_table(interventions: Sequence[PricedIntervention], menu: Menu, budget: Mapping[str, float]) -> pd.DataFrame:
    """Return the prices of each intervention at full size with plain settings; NaN for negligible ones."""
    import pandas as pd

    none = dict.fromkeys(budget, float("nan"))
    return pd.DataFrame([{"intervention": item.name, **none, **item.priced(menu.plain)} for item in interventions])


def prices_text(prices: pd.DataFrame) -> str:
    """Return the prices as text; see `price_table`."""
    resources = list(prices.columns[1:])
    rows = [("full size takes, beyond the routine", *resources)]
    for row in prices.to_dict("records"):
        amounts = (f"{row[name]:,.0f}" if row[name] == row[name] else "-" for name in resources)
        rows.append((f"  {row['intervention']}", *amounts))
    return aligned(rows)


def policy_table(found: Policy, menu: Menu) -> pd.DataFrame:
    """Return one row per mix: first the searched mixes, by claimed gain, and then the plain ones, by judged gain.

    strength.X, start.X, stop.X : of intervention X (stop and start follow from the settings, at any strength), and the
    other settings. claimed : share kept in the search. kept, yuan, hours, coercion : means with fresh luck, with
    ``_low`` and ``_high`` (95 %). draws : of the judgement. drop : claimed minus kept. within : whether it keeps to the
    budget in the search.
    over_share : share of the fresh draws in which it exceeds the budget. on_front, regret_mean, regret_max, best_share : see
    `Judgement`. difference, low, high, verdict : of kept compared with the chosen mix, corrected for all mixes together.
    """
    import pandas as pd

    judged = found.judged
    rows: list[dict[str, Any]] = []
    for m, name in enumerate(found.names):
        point = dict(zip(found.space.names, map(float, found.points[m]), strict=True))
        row: dict[str, Any] = {"mix": name, "chosen": m == found.chosen, "within": bool(found.within[m])}
        for intervention in menu.interventions:
            start, stop = menu.period(intervention, point)
            times = {f"start.{intervention}": start, f"stop.{intervention}": stop}
            row |= {f"strength.{intervention}": point[intervention]} | times
        others = [setting for setting in menu.settings if not setting.name.endswith((".start", ".weeks"))]
        row |= {setting.name: menu.text_of(setting, point[setting.name]) for setting in others}
        row["claimed"] = float(found.claimed[m, 0])
        for k, outcome in enumerate(found.outcomes):
            row[outcome] = float(judged.means[m, k])
            row |= {f"{outcome}_low": float(judged.low[m, k]), f"{outcome}_high": float(judged.high[m, k])}
        against = judged.against[m]
        row |= {
            "draws": judged.regret.shape[1],
            "drop": float(found.drop[m]), "over_share": float(found.over_share[m]), "on_front": bool(judged.on_front[m]),
            "regret_mean": float(judged.regret[m].mean()), "regret_max": float(judged.regret[m].max()),
            "best_share": float(judged.best_share[m]),
            **{key: against[key] for key in ("difference", "low", "high", "verdict")},
        }  # fmt: skip
        rows.append(row)
    table = pd.DataFrame(rows)
    searched = table["mix"].str.match(SEARCHED)
    return pd.concat([table[searched], table[~searched].sort_values("kept", ascending=False)], ignore_index=True)


def regret_table(found: Policy) -> pd.DataFrame:
    """Return one row per mix and draw: mix, draw (its number in the judgement), kept, regret."""
    import pandas as pd

    draws = found.judged.regret.shape[1]
    return pd.DataFrame({
        "mix": [name for name in found.names for _ in range(draws)], "draw": list(range(draws)) * len(found.names),
        "kept": found.judged.by_draw[:, :, 0].ravel(), "regret": found.judged.regret.ravel(),
    })  # fmt: skip


def policy_text(table: pd.DataFrame, budget: Mapping[str, float], shown: int = DRAWN) -> str:
    """Return the result as text: one line per mix, the claim of the search, equals of the chosen mix, and robust mixes.

    shown : greatest number of searched mixes.
    """
    rows = [
        (
            "",
            "kept",
            "95 % interval",
            "yuan",
            "hours",
            "over",
            label_of("coercion"),
            "mean regret",
            "greatest",
            "against it",
        )
    ]
    searched = table["mix"].str.match(SEARCHED)
    for row in rows_of(table[~searched | table["chosen"] | (searched.cumsum() <= shown)]):
        known = row["kept_low"] == row["kept_low"]
        bounds = f"[{amount(row['kept_low'], 'share')}, {amount(row['kept_high'], 'share')}]" if known else "-"
        rows.append(
            (f"  {row['mix']}{' (chosen)' if row['chosen'] else ''}", amount(row["kept"], "share"), bounds,
             f"{row['yuan']:,.0f}", f"{row['hours']:,.0f}", str(_over(row)), amount(row["coercion"], "share"),
             amount(row["regret_mean"], "share"), amount(row["regret_max"], "share"),
             "" if row["chosen"] else f"{amount(row['difference'], 'share', True)} {row['verdict']}")
        )  # fmt: skip
    limits = " and ".join(f"{limit:,.0f} {resource}" for resource, limit in budget.items())
    (chosen,) = rows_of(table[table["chosen"]])
    inside, plain = table[table["within"]], table[~searched]
    others = inside[~inside["chosen"] & ~inside["verdict"].isin(CLEAR)]["mix"]
    outside = list(table[~table["within"]]["mix"])
    over = [f"{row['mix']} in {_over(row)}" for row in rows_of(plain) if _over(row)]
    lines = [
        f"households kept a year after the programme (%, with fresh luck), within {limits}",
        aligned(rows),
        f"over: of {chosen['draws']} draws, those in which it spends more than the budget; regret: percentage points below "
        "the best mix in the same draw",
        "on average over the draws of the search "
        + (f"every mix but {', '.join(outside)} keeps" if outside else "every mix keeps")
        + " to the budget, not in each draw"
        + (f"; plain mixes spend more: {', '.join(over)} of {chosen['draws']} draws" if over else ""),
        "",
        "the chosen mix, in % of each intervention's full size:",
        *_contents(chosen),
        f"the search claimed {amount(chosen['claimed'], 'share')} for the chosen mix and fresh luck gives "
        f"{amount(chosen['kept'], 'share')}; plain mixes went from {amount(float(plain['claimed'].mean()), 'share')} to "
        f"{amount(float(plain['kept'].mean()), 'share')}",
        f"not distinguishable from it: {', '.join(others) or 'none'}",
        f"least regret on average: {_least(inside, 'regret_mean')}; at worst: {_least(inside, 'regret_max')}; "
        f"the chosen mix is the best in {chosen['best_share']:.0%} of the draws",
    ]
    return "\n".join(lines)


def _over(row: Mapping[str, Any]) -> int:
    """Return in how many draws of the judgement a mix spends more than the budget."""
    return round(float(row["over_share"]) * int(row["draws"]))


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table by column."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _contents(row: Mapping[str, Any]) -> list[str]:
    """Return one line for each intervention of a mix: its strength, weeks and other settings."""
    interventions = [key.removeprefix("strength.") for key in row if key.startswith("strength.")]
    lines = []
    for intervention in interventions:
        if row[f"strength.{intervention}"] > 0:
            weeks = f"weeks {row[f'start.{intervention}']} to {row[f'stop.{intervention}']}"
            prefix = f"{intervention}."
            own = [f"{key.removeprefix(prefix)} {row[key]}" for key in row if key.startswith(prefix)]
            lines.append((f"  {intervention}", f"{row[f'strength.{intervention}']:.0%}", ", ".join([weeks, *own])))
    return [aligned([(name, share.rjust(5), rest) for name, share, rest in lines], left=3)] if lines else ["  nothing"]


def _least(table: pd.DataFrame, column: str) -> str:
    least = min(rows_of(table), key=lambda row: float(row[column]))
    return f"{least['mix']} ({amount(float(least[column]), 'share')} percentage points)"


def scenario_text(found: Policy, menu: Menu, title: str) -> str:
    """Return the chosen mix as a scenario's YAML."""
    point = dict(zip(found.space.names, map(float, found.points[found.chosen]), strict=True))
    why = "found by grassroots optimise"
    interventions = []
    for name, block in zip(menu.interventions, menu.blocks(point), strict=True):
        if point[name] <= 0:
            continue
        start, stop = menu.period(name, point)
        full = dict(block)
        for setting in menu.own(name):
            key = setting.name.removeprefix(f"{name}.")
            if setting.ordered and key not in ("start", "weeks"):
                _put(full, key.split("."), int(point[setting.name]) if setting.whole else point[setting.name])
        full |= {key: {"value": value, "assumption": why}
                 for key, value in (("start", start), ("stop", stop), ("strength", point[name]))}  # fmt: skip
        interventions.append(full)
    content = {
        "extends": menu.scenario, "title": title,
        "weeks": {"value": menu.horizon, "assumption": "a year after the programme's end"}, "interventions": interventions,
    }  # fmt: skip
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def _put(block: dict[str, Any], steps: list[str], value: float) -> None:
    """Set a value at a path in a block."""
    for step in steps[:-1]:
        block = block[step]
    block[steps[-1]] = value


def save_policy(found: Policy, runs: PolicyRuns, report: Report, title: str, prices: pd.DataFrame) -> pd.DataFrame:
    """Write the tables, figures, the chosen mix as a scenario, and finally the manifest; return the table of mixes."""
    from sim.figures.policy import allocation, front, regret

    table, regrets = policy_table(found, runs.menu), regret_table(found)
    report.table("prices", prices, as_text=False)
    report.table("policies", table)
    report.table("regret", regrets, as_text=False)
    report.figure("front", front(table, found.space.budget))
    drawn = table[~table["mix"].str.match(SEARCHED) | table["chosen"] | (table.index < DRAWN)]
    report.figure("regret", regret(regrets, drawn["mix"].tolist()))
    report.figure("allocation", allocation(drawn, list(runs.menu.interventions)))
    report.text(SCENARIO_FILE, scenario_text(found, runs.menu, title))
    report.finish(
        runs.judgement[1], menu=described(runs.menu), luck={"search": runs.search_lucks, "judgement": runs.judgement},
        outcomes={name: unit_of(of) for name, of in OF_RUN.items()},
    )  # fmt: skip
    return table
