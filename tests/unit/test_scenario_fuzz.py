"""Whatever a file holds, loading it gives a scenario or an `InputError` in one line, and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.base.errors import MOST, InputError
from sim.scenario import Scenario, explain, load_scenario, parse_set, scenario_names, scenarios_folder, with_values
from sim.scenario.provenance import provenance

RICH = """
title: Rich
overrides: {poor: {household: {own_yard: 0.1}}, rich: {interventions: [{name: donation, yuan: 5}]}}
village: {households: {from: S03.households_per_village_2}, worthies: {value: 3, evidence: [S05]}}
villages: [{name: a, copies: 3, spread: {households: 0.4, plan: {idle_share: 1}}}, {name: b, ties: {local: 1}}]
interventions:
- {kind: donation, uses: {works: 0.2, hauling: 0.3, awards: 0.5}, where: {villages: [a]}, stop: null}
- {kind: role_model, who: {group: member, share: {value: 0.5, assumption: "half, or so"}}}
- {kind: household_contact, cost: {yuan_per_week: 3}}
- {kind: volunteer_team, strength: 0}
"""
GOOD = [RICH, *((scenarios_folder() / f"{name}.yaml").read_text(encoding="utf-8") for name in scenario_names())]
KEYS = sorted(provenance(load_scenario("campaign")))
WORDS = [
    "extends", "overrides", "title", "weeks", "village", "villages", "household", "public", "interventions", "kind",
    "name", "copies", "from", "value", "assumption", "evidence", "where", "who", "cost", "start", "stop", "yuan",
    "donation", "role_model", "member", "base", "baseline", "S01", "S01.members_per_village", "P2", "poor", "x.yaml",
    "mine.yaml", "spread", "keep_totals", "own_yard", "plan", "ties", "group", "households",
]  # fmt: skip
MARKS = ["\n", "  ", ": ", "- ", "{", "}", "[", "]", ",", "1e3", "null", "'"]

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-10, 10**20), st.floats(), st.sampled_from(WORDS), st.text(max_size=8)
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), inner, max_size=5),
    ),
    max_leaves=25,
)


@pytest.fixture(scope="module")
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "mine.yaml"


def attempt(path: Path | str, overrides: Any = ()) -> None:
    """Load, and read what is known about the result; only an `InputError` in one line may stop it."""
    try:
        scenario = load_scenario(path, overrides)
        assert isinstance(scenario, Scenario)
        explain(scenario)
    except InputError as error:
        assert 1 <= len(str(error).splitlines()) <= MOST


@given(text=st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    attempt(path)


@given(data=st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    attempt(path)


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_good_files_with_pieces_swapped(path: Path, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(GOOD))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 12)))
        piece = st.one_of(st.sampled_from([*WORDS, *MARKS]), st.text(max_size=3))
        text = text[:start] + data.draw(piece) + text[stop:]
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    attempt(path)


@given(tree=st.dictionaries(st.sampled_from(WORDS), trees, max_size=6))
@settings(max_examples=300, deadline=None)
def test_any_tree(tree: dict[str, Any]) -> None:
    """Lay any tree over a rich scenario, as a program's override: it reaches further than text that must parse."""
    attempt("campaign", [tree])


@given(key=st.one_of(st.sampled_from(KEYS), st.text(max_size=20)), value=trees)
@settings(max_examples=300, deadline=None)
def test_any_override(key: str, value: Any) -> None:
    attempt("campaign", [{key: value}])


@given(text=st.one_of(st.text(max_size=30), st.builds("{}={}".format, st.sampled_from(KEYS), st.text(max_size=12))))
@settings(max_examples=200, deadline=None)
def test_any_set(text: str) -> None:
    try:
        override = parse_set(text)
    except InputError as error:
        assert 1 <= len(str(error).splitlines()) <= MOST
    else:
        attempt("campaign", [override])


@given(name=st.one_of(st.text(max_size=20), st.builds("{}.yaml".format, st.text(max_size=8))))
@settings(max_examples=150, deadline=None)
def test_any_name(name: str) -> None:
    attempt(name)


@given(values=st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=12)), scalars, max_size=3))
@settings(max_examples=300, deadline=None)
def test_any_values(values: dict[str, Any]) -> None:
    scenario = load_scenario("campaign")
    try:
        quick = with_values(scenario, values)
    except InputError as error:
        assert 1 <= len(str(error).splitlines()) <= MOST
    else:
        assert quick == load_scenario("campaign", values)
