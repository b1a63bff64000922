"""What every intervention keeps to, whoever adds one: absence at strength 0, its weeks, its villages, money, papers and tests.

A kind's own test file may say how it is to be tried here, in literals: ``SHAPES``, a list of its keys (`[{}]` without
one), ``OTHERS``, interventions that it needs beside it, ``VALUES``, scenario values under which it shows, and
``BETWEEN_VILLAGES``, True for what shows in a world of several only.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interventions.small import LIVELY, after, content, scenario
from sim.base.fields import Frozen
from sim.engine import tallies as t
from sim.engine.programme import build_programme
from sim.engine.simulation import Simulation
from sim.engine.world import columns as c
from sim.engine.world.declaration import columns_of
from sim.interventions import GIFT_USES, KINDS, NAMED_VALUES
from sim.scenario import load_scenario, scenario_names
from sim.scenario.provenance import provenance

TESTS = Path(__file__).parents[1]
OLDER = {kind: "mechanisms/test_interventions.py" for kind in ("household_contact", "role_model", "donation")}
"""Interventions that are tested elsewhere."""
TIMES: list[dict[str, Any]] = [{}, {"start": 5, "stop": 11}, {"ramp": 10}]


TOLD: dict[str, dict[str, Any]] = {
    "review_cycle": {"OTHERS": [{"kind": "household_contact"}]},
    "branch_index": {"OTHERS": [{"kind": "household_contact"}], "BETWEEN_VILLAGES": True},
    "rollout": {"SHAPES": [{"interventions": ["household_contact"]}], "OTHERS": [{"kind": "household_contact"}],
                "BETWEEN_VILLAGES": True},
}  # fmt: skip
"""What the test files of some kinds might say of themselves."""


def file_of(kind: str) -> Path:
    """Return the kind's test file."""
    return TESTS / OLDER.get(kind, f"interventions/test_{kind}.py")


@cache
def told(kind: str, name: str) -> Any:
    """Return a literal of the kind's test file, or of `TOLD`; None without one."""
    path = file_of(kind)
    if kind not in OLDER and path.exists():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return ast.literal_eval(node.value)  # type: ignore[attr-defined]
    return TOLD.get(kind, {}).get(name)


def values(kind: str) -> dict[str, Any]:
    return {**LIVELY, **(told(kind, "VALUES") or {})}


def interventions(kind: str, *mine: dict[str, Any]) -> list[dict[str, Any]]:
    return [*(told(kind, "OTHERS") or []), *({"kind": kind, **keys} for keys in mine)]


@cache
def without(kind: str, weeks: int = 30) -> Simulation:
    return after(interventions(kind), weeks, values(kind))


CASES = [(kind, keys) for kind in KINDS for keys in told(kind, "SHAPES") or [{}]]
ROLLOUT = "rollout"
"""It goes on once begun, and until a village begins, it holds back what it spreads."""
WITHIN = [case for case in CASES if not told(case[0], "BETWEEN_VILLAGES")]
"""Without those that act between villages."""


@pytest.mark.parametrize(
    ("kind", "keys", "time"),
    [(*case, time) for case in CASES for time in TIMES if not time or case[0] != ROLLOUT],
    ids=str,
)
def test_strength_0_is_absence_bit_for_bit(kind: str, keys: dict[str, Any], time: dict[str, Any]) -> None:
    cost = {"yuan_once": 100.0, "yuan_per_week": 10.0, "hours_per_week": 3.0}
    absent = interventions(kind, {"strength": 0.0, "cost": cost, **keys, **time})
    assert content(after(absent, 30, values(kind))) == content(without(kind))


@pytest.mark.parametrize(("kind", "keys"), [*WITHIN, *(case for case in CASES if case[0] == ROLLOUT)], ids=str)
def test_full_strength_is_not_absence(kind: str, keys: dict[str, Any]) -> None:
    """Or the test above would say nothing: the record differs, not only who was chosen."""
    there = content(after(interventions(kind, keys), 30, values(kind)))
    bare = content(without(kind))
    assert there["counts"] + there["totals"] != bare["counts"] + bare["totals"]


@pytest.mark.parametrize(("kind", "keys"), [case for case in CASES if case[0] != ROLLOUT], ids=str)
def test_before_its_start_an_intervention_changes_nothing(kind: str, keys: dict[str, Any]) -> None:
    """The record's first weeks are those of absence, and so is the state but for the lists of who is to act later."""
    late = after(interventions(kind, {**keys, "start": 12}), 12, values(kind))
    bare = without(kind, 12)
    assert late.counts.tobytes() == bare.counts.tobytes()
    assert late.totals.tobytes() == bare.totals.tobytes()
    for column in columns_of("household"):
        if column.name != "chosen":
            found = late.state.column(column.name).tobytes() == bare.state.column(column.name).tobytes()
            assert found, column.name
    for name in ("public_i32", "public_f64", "lists", "village_f64"):
        assert getattr(late.state, name).tobytes() == getattr(bare.state, name).tobytes(), name


@pytest.mark.parametrize(
    ("kind", "keys", "start", "stop"),
    [(*case, start, stop) for case in CASES for start, stop in ((0, 1), (3, 9), (7, None))
     if stop is None or case[0] != ROLLOUT],
    ids=str,
)  # fmt: skip
def test_nothing_is_asked_outside_its_weeks(kind: str, keys: dict[str, Any], start: int, stop: int | None) -> None:
    """Effects, money and costs in the tables are 0 before the start and from the stop on, and not all 0 between."""
    cost = {"yuan_once": 100.0, "yuan_per_week": 10.0, "hours_per_week": 3.0}
    time = {"start": start} | ({} if stop is None else {"stop": stop})
    what = scenario(interventions(kind, {"name": "mine", **keys, **time, "cost": cost}), values(kind))
    k = [item.name for item in what.interventions].index("mine")
    p = build_programme(what, 0, 0, 20)
    outside = np.array([week < start or (stop is not None and week >= stop) for week in range(20)])
    tables = [
        p.wide_level[p.wide_lever == k],
        p.level[p.lever == k],
        p.gift_fen[k],
        p.fen[k][None],
        p.seconds[k][None],
    ]
    assert not any(table[:, outside].any() for table in tables)
    assert p.fen[k][~outside].all()
    assert p.fen[k][start] == 11_000
    assert p.seconds[k][~outside].all()


@pytest.mark.parametrize(("kind", "keys"), CASES, ids=str)
def test_money_and_hours_are_conserved(kind: str, keys: dict[str, Any]) -> None:
    """Of each use what was given is what was spent and what is in hand, to the fen; and no tally is negative.

    A match of what households give makes up for itself: it comes on top of the gift.
    """
    simulation = after(interventions(kind, keys), 60, values(kind), villages=[{"name": "a"}, {"name": "b"}])
    counts = simulation.counts
    for k, use in enumerate(GIFT_USES):
        given, spent = (counts[:, :, t.row(f"{flow}_{use}")] for flow in ("given", "spent"))
        assert (given.sum(axis=0) == spent.sum(axis=0) + simulation.state.village_i64[c.FUND + k]).all()
        assert (np.cumsum(given - spent, axis=0) >= 0).all()
    assert (counts >= 0).all()
    parts = counts[:, :, t.row("given_by_households")] + counts[:, :, t.row("given_by_worthies")]
    assert (parts <= counts[:, :, t.row("given_works")]).all()
    assert (counts[:, :, t.row("plot_seconds")] + counts[:, :, t.row("help_seconds")]).sum() <= counts[
        :, :, t.row("volunteer_seconds")
    ].sum()


@pytest.mark.parametrize(("kind", "keys"), CASES, ids=str)
def test_what_is_counted_open_and_adopted_is_what_is_there(kind: str, keys: dict[str, Any]) -> None:
    """The quick books agree with a recount: neighbours, ties, cells, plots and disputes, after 40 lively weeks."""
    simulation = after(interventions(kind, keys), 40, values(kind))
    s, counts = simulation.state, simulation.counts
    rung, clean, roles = s.column("rung"), s.column("clean"), s.column("roles")
    ties = [s.tie[s.tie_first[i] : s.tie_first[i + 1]] for i in range(200)]
    if s.village_i64[c.BONDED, 0] >= 0:
        ties = [np.append(tie, s.bond[s.bond_first[i] : s.bond_first[i + 1]]) for i, tie in enumerate(ties)]
    assert s.column("ties").tolist() == [len(tie) for tie in ties]
    assert s.column("adopted_ties").tolist() == [int((rung[tie] >= c.HELPING).sum()) for tie in ties]
    assert s.column("per_tie").tolist() == [1.0 / max(1, len(tie)) for tie in ties]
    near = s.column("public_plot")
    assert s.public_i32[c.PUBLIC_CLUTTERED].tolist() == np.bincount(near, 1 - clean.astype(int)).tolist()
    cells = np.bincount(8 * (roles & (c.NEWCOMER | c.MEMBER)) + 2 * rung + clean, minlength=c.CELLS)
    assert s.village_i64[c.CELL : c.CELL + c.CELLS, 0].tolist() == cells.tolist()
    for kind_of, queue in ((t.row("small_arisen"), c.PUBLIC_SMALL), (t.row("large_arisen"), c.PUBLIC_LARGE)):
        arisen, settled, open_ = (counts[:, 0, kind_of + k] for k in range(3))
        assert open_.tolist() == (np.cumsum(arisen) - np.cumsum(settled)).tolist()
        assert s.public_i32[queue].sum() == open_[-1]
    for name, most in (("trust", 1), ("attachment", 1), ("habit", 1), ("passivity", 1), ("award", 1), ("clutter", 24)):
        assert (s.column(name) >= 0).all(), name
        assert (s.column(name) <= most).all(), name


@pytest.mark.parametrize(("kind", "keys"), WITHIN, ids=str)
def test_an_intervention_touches_only_the_villages_named(kind: str, keys: dict[str, Any]) -> None:
    """The others' records stay, bit for bit; interventions that act between villages (a ranking, a roll-out) say otherwise."""
    villages = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    bare = after(interventions(kind), 30, values(kind), villages=villages)
    there = after(interventions(kind, {**keys, "where": {"villages": ["b"]}}), 30, values(kind), villages=villages)
    for v in (0, 2):
        assert there.counts[:, v].tobytes() == bare.counts[:, v].tobytes()
        assert there.totals[:, v].tobytes() == bare.totals[:, v].tobytes()
    assert there.counts[:, 1].tobytes() + there.totals[:, 1].tobytes() != (
        bare.counts[:, 1].tobytes() + bare.totals[:, 1].tobytes()
    )


@pytest.mark.parametrize(("kind", "keys"), CASES, ids=str)
def test_a_horizon_is_no_event(kind: str, keys: dict[str, Any]) -> None:
    """Weeks at once, in parts, or beyond the tables' end: the same record."""
    whole = after(interventions(kind, keys), 30, values(kind))
    parts = Simulation(whole.scenario, 1, 0, 10)
    for weeks in (10, 1, 19):
        parts.advance(weeks)
    assert parts.counts[:30].tobytes() == whole.counts.tobytes()
    assert parts.totals[:30].tobytes() == whole.totals.tobytes()


# papers --------------------------------------------------------------------------------------------------------------


def numbers(model: type[Frozen]) -> list[tuple[str, str]]:
    """Return (key, evidence) of each field with a default that the model itself declares."""
    found = []
    for key in model.__annotations__:
        extra = model.model_fields[key].json_schema_extra if key in model.model_fields else None
        if isinstance(extra, dict) and not model.model_fields[key].is_required():
            found.append((key, str(extra["evidence"])))
    return found


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_intervention_says_what_it_does_and_leaves_out(kind: str) -> None:
    model = KINDS[kind]
    source = (Path(__file__).parents[2] / "sim" / "interventions" / f"{kind}.py").read_text(encoding="utf-8")
    doc = ast.get_docstring(ast.parse(source)) or ""
    assert re.search(r"\bleft\s+out\b", doc, re.IGNORECASE)
    assert model.chinese
    assert all(re.search(r"[一-鿿]", name) for name in model.chinese)
    assert model.summary
    assert "; at most" not in model.summary
    assert model.model_fields["kind"].annotation.__args__ == (kind,)  # type: ignore[union-attr]
    for key, evidence in numbers(model):
        assert re.match(r"(assumption: \S|([SLP]\d{2,3}\b))", evidence), f"{key}: {evidence}"


@pytest.mark.parametrize(("kind", "keys"), CASES, ids=str)
def test_an_intervention_moves_values_that_exist(kind: str, keys: dict[str, Any]) -> None:
    item = scenario(interventions(kind, {"name": "mine", **keys}), values(kind)).interventions[-1]
    assert all(effect.value in NAMED_VALUES and effect.every >= 0 for effect in item.effects())
    assert all(gift.use in GIFT_USES and gift.yuan >= 0 for gift in item.gifts())
    assert item.effects() or item.gifts() or item.spreads()


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_intervention_is_shown_in_a_scenario_and_has_a_test(kind: str) -> None:
    assert any(item.kind == kind for name in scenario_names() for item in load_scenario(name).interventions)
    assert file_of(kind).exists()


@pytest.mark.parametrize("name", scenario_names())
def test_each_value_of_an_intervention_rests_on_something(name: str) -> None:
    for key, value in provenance(load_scenario(name)).items():
        if key.startswith("interventions."):
            assert value.records or "assumption" in value.evidence, f"{name}: {key}"
