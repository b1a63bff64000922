"""Towns in scenarios: how they are written, told, changed and refused."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from own_process import OPENED, output_of
from towns import SPREAD, drawn

from sim.base.errors import InputError
from sim.scenario import canonical, explain, load_scenario, provenance, with_values


def test_the_town_is_that_of_the_documents() -> None:
    town, district = load_scenario("town"), load_scenario("district")
    assert len(town.villages) == 32
    assert sum(village.party_members for village in town.villages) == 4000  # S01
    assert sum(village.households for village in town.villages) == 32 * 1567
    assert len(district.villages) == 320
    assert len({village.households for village in district.villages}) > 250
    shares = [village.newcomer_share for village in town.villages]
    assert [village.newcomer_share for village in district.villages[:32]] == shares


def test_listed_villages_stand_beside_drawn_ones() -> None:
    items = [
        {"name": "far", "households": 80, "party_members": 8}, {"name": "v", "copies": 3, "spread": SPREAD},
        {"name": "estate", "worthies": 0, "copies": 2, "spread": {"households": 0.5}},
    ]  # fmt: skip
    scenario = load_scenario("baseline", {"villages": items})
    assert [village.name for village in scenario.villages] == ["far", "v-1", "v-2", "v-3", "estate-1", "estate-2"]
    assert scenario.villages[0].households == 80
    assert scenario.villages[1:4] == drawn(3).villages
    with pytest.raises(InputError, match="two villages are called 'v-2'"):
        load_scenario("baseline", {"villages": [*items, {"name": "v-2"}]})


WRONG = [
    ("spread: {housholds: 0.4}", "unknown key 'housholds' in villages.v.spread, did you mean 'households'?"),
    ("spread: {households: 3}", "villages.v.spread.households is 3; it must be a number from 0 to 2"),
    ("spread: {households: {value: 0.4}}", "villages.v.spread.households needs 'evidence' or 'assumption' with"),
    ("spread: {keep_totals: 1}", "villages.v.spread.keep_totals must be true or false, not 1"),
    ("spread: {plan: {sight: 1}}", "unknown key 'sight' in villages.v.spread.plan"),
    ("spread: 0.4", "villages.v.spread must be a block of keys (households, newcomer_share, "),
]


@pytest.mark.parametrize(("text", "what"), WRONG)
def test_a_wrong_spread_is_told_in_one_line(text: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"title: x\nvillages:\n- name: v\n  {text}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert str(caught.value).startswith(f"{path}:4: {what}")
    assert len(str(caught.value).splitlines()) == 1


def test_a_drawn_value_says_so() -> None:
    town = load_scenario("town")
    values = provenance(town)
    for number in (1, 32):
        village = town.villages[number - 1]
        found = values[f"villages.village-{number}.households"]
        assert found.value == village.households
        assert found.evidence.startswith(
            "assumption: drawn from villages.village.households (1,567) with a spread of 0.4"
        )
        assert found.place.endswith("town.yaml:11")
        members = values[f"villages.village-{number}.party_members"]
        assert members.value == village.party_members and not members.records
        assert "with a spread of 0.2 and in proportion to households" in members.evidence
    assert "drawn about this: 644 to 3,792 in 32 villages" in values["villages.village.households"].evidence
    told = explain(town, "villages.village-7")
    assert "drawn from villages.village.plan.idle_share (0.3) with a spread of 0.5" in " ".join(told.split())
    whole = explain(town)
    assert "villages.village.spread" in whole and "in 32 villages" in whole and "villages.village-7" not in whole


CHANGES: list[dict[str, float]] = [
    {"household.talk": 0.3},
    {"village.households": 900},
    {"village.ties.local": 5, "village.plan.idle_share": 0.5},
    {"villages.village.party_members": 60, "village.party_members": 70},
    {"villages.village.spread.households": 0.1},
    {"villages.village.spread.plan.idle_share": 0.0, "villages.village.worthies": 20},
    {"villages.village.spread.households": 0.0, "villages.village.spread.party_members": 0.0},
]


@pytest.mark.parametrize("changes", CHANGES)
def test_with_values_draws_anew_what_loading_would(changes: dict[str, float]) -> None:
    loaded = load_scenario("town", changes)
    town = load_scenario("town")
    for scenario in (town, pickle.loads(pickle.dumps(town))):
        quick = with_values(scenario, changes)
        assert quick == loaded and canonical(quick) == canonical(loaded)
        assert with_values(quick, {"weeks": 7, "village.worthies": 3}) == load_scenario(
            "town", {**changes, "weeks": 7, "village.worthies": 3}
        )
    told, expected = provenance(with_values(town, changes)), provenance(loaded)
    assert {key: value.value for key, value in told.items()} == {key: value.value for key, value in expected.items()}


def test_a_district_is_loaded_and_changed_at_once() -> None:
    """However many villages there are, a file is read once, and a change that isn't theirs leaves them as they are."""
    code = """
from sim.scenario import load_scenario
load_scenario("baseline")
opened.clear()
load_scenario("district")
tell_opened()
"""
    assert output_of(OPENED + code) == str(["base.yaml", "baseline.yaml", "district.yaml", "town.yaml"])
    district = load_scenario("district")
    changed = with_values(district, {"household.talk": 0.1})
    assert all(new is old for new, old in zip(changed.villages, district.villages, strict=True))
