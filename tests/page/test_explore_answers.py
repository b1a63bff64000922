"""What the page of `grassroots explore` is told: files that say only what differs, controls, runs, verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.analysis.compare import compare
from sim.evidence import load_register
from sim.explore.answers import Answers, first_state
from sim.explore.choices import Choices
from sim.explore.controls import slider
from sim.explore.documents import changed, document_of, text_of
from sim.page.findings import sentences
from sim.runs.replay import replay
from sim.runs.single import run
from sim.scenario import Scenario, canonical, explained, load_scenario, load_text
from tests.page.conftest import command
from tests.page.test_replay import unpacked

SMALL = "{households: 60, party_members: 6, volunteers: 2, worthies: 1, representatives: 1}"
OWN = f"extends: veteran_role_model_and_donation\ntitle: Small\nweeks: 20\nvillage: {SMALL}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


class Asked:
    """A page's requests, and its state."""

    def __init__(self, scenario: str = "small.yaml", against: str | None = None) -> None:
        choices = Choices(Path("."), Path("results"))
        self.answers = Answers(choices, first_state(choices, scenario, against))
        self.state: dict[str, Any] = self("start")["state"]

    def __call__(self, name: str, **asked: Any) -> dict[str, Any]:
        state = {} if name == "start" else {"state": self.state}
        return self.answers.answer(name, json.dumps({**state, **asked}).encode())


@pytest.mark.parametrize("name", ["baseline", "everything", "campaign_rollout", "town", "places/dabu"])
def test_a_scenario_without_a_file_has_a_document_that_says_it(name: str) -> None:
    scenario = load_scenario(name)
    document = document_of(scenario)
    assert canonical(load_text(text_of(document), "x")) == canonical(scenario)
    if name == "baseline":
        assert document == {"extends": "baseline", "title": "No programme"}


def test_changes_are_laid_over_a_document() -> None:
    document = {"extends": "x", "interventions": [{"kind": "donation", "yuan": 5}, {"kind": "charter"}]}
    values = {"household.own_yard": 0.3, "interventions.donation.uses.works": 1, "interventions.council.start": 2,
              "villages.v.plan.sight": 2, "village.ties.local": 3}  # fmt: skip
    assert changed(document, values, {"council": "council", "points_2": "points"}, ["charter", "rollout"]) == {
        "extends": "x", "household": {"own_yard": 0.3}, "village": {"ties": {"local": 3}},
        "villages": [{"name": "v", "plan": {"sight": 2}}],
        "interventions": [
            {"kind": "donation", "yuan": 5, "uses": {"works": 1}}, {"name": "rollout", "drop": True},
            {"kind": "council", "start": 2}, {"kind": "points", "name": "points_2"},
        ],
    }  # fmt: skip
    assert document["interventions"] == [{"kind": "donation", "yuan": 5}, {"kind": "charter"}]


def test_the_file_says_only_what_differs(folder: Path) -> None:
    asked = Asked()
    side = asked.state["sides"][1]
    asked.state |= {"world": {"household.own_yard": load_scenario("baseline").household.own_yard}, "weeks": 20}
    side["values"] = {"interventions.donation.yuan": 500000, "interventions.donation.stop": None}
    side["add"] = {"charter": "charter"}
    side["values"] |= {"interventions.charter.start": 0, "interventions.charter.ramp": 3}
    file = asked("pair")["files"][1]
    assert yaml.safe_load(file) == {
        "extends": "small.yaml", "title": "Role model, donation, charter, changed",
        "interventions": [{"kind": "charter", "ramp": 3}, {"name": "donation", "stop": None}],
    }  # fmt: skip
    assert load_text(file, "x").interventions[-1].ramp == 3


def test_pairs_bands_and_verdicts_are_those_of_a_comparison(folder: Path) -> None:
    asked = Asked()
    asked.state["seed"] = 5
    asked.state["sides"][0] = {"group": "files", "name": "small.yaml", "drop": ["role_model"]}
    asked.state["sides"][1]["values"] = {"interventions.donation.yuan": 2e6}
    pair = asked("pair")
    scenarios = {label: load_text(text, label) for label, text in zip("AB", pair["files"], strict=True)}
    for label, film in zip("AB", pair["data"]["runs"], strict=True):
        played = replay(scenarios[label], 5, 0)
        frames = np.cumsum(unpacked(film["frames"]).reshape(-1, 20), axis=1, dtype=np.uint8).T
        assert (frames & 3 == played.rungs).all()
        assert (played.rungs[-1] >= 2).mean() == pytest.approx(run(scenarios[label], 5).totals["adopted"])
    assert "Nothing is claimed" in pair["finding"]["en"] and "too few pairs to tell" in pair["finding"]["en"]
    band = asked("band", pairs=30)
    comparison = compare(scenarios, 30, seed=5)
    titles = {label: {"en": f"{label}: {one.title}", "zh": ""} for label, one in scenarios.items()}
    assert band["finding"]["en"] == sentences(comparison.effects, titles, titles["A"])[0]["en"]
    curve = band["curves"][0]
    expected = comparison.curves_of(["all"]).query("outcome == 'adopted' and scenario == 'B'")["q95"]
    got = np.cumsum(unpacked(curve["of"][1]["high"], np.dtype("<i2")).astype(np.int16), dtype=np.int16) / curve["scale"]
    assert np.allclose(got, expected, atol=1e-4)


def test_scores_of_any_week_are_those_of_the_replay(folder: Path) -> None:
    asked = Asked()
    parts = asked("scores", side=1, week=7)
    expected = replay(load_scenario("small.yaml"), 0, 0, explained=[7])
    assert parts["weeks"] == [7] or parts["weeks"] == (7,)
    assert (unpacked(parts["data"]).view(np.int8) == expected.parts.ravel()).all()
    assert asked("scores", side=1, week=20)["error"] == "week must be a whole number from 0 to 19, not 20"


def test_controls_are_what_the_scenario_declares(folder: Path) -> None:
    asked = Asked()
    asked.state["sides"][1]["add"] = {"rollout": "rollout"}
    told = asked("controls")
    scenario = load_scenario("small.yaml")
    values = explained(scenario)
    world = {one["key"]: one for one in told["world"]}
    numbers = {
        key for key, value in values.items()
        if value.shape.is_number and not key.startswith("interventions.") and key != "weeks"
    }  # fmt: skip
    assert set(world) == numbers
    trust = world["household.trust"]
    assert (trust["uncertain"], trust["slider"]["low"], trust["slider"]["high"]) == (True, 0.6, 1.7)
    assert trust["value"] == values["household.trust"].value and "L39" in trust["records"][0]
    assert (
        trust["records"][0]
        == f"L39: {load_register().literature['L39'].mechanism}; {load_register().literature['L39'].citation}"
    )
    donation, rollout = told["programmes"][1][1:]
    assert donation["title"] == {"en": "donation", "zh": "乡贤捐赠"}
    kinds = {one["key"]: one["kind"] for one in rollout["controls"]}
    assert kinds["interventions.rollout.interventions"] == "list"
    assert [one["dropped"] for one in told["programmes"][0]] == [True, True]
    assert "interventions.rollout.interventions is missing" in asked("pair")["error"]
    asked.state["sides"][1]["values"] = {"interventions.rollout.interventions": ["role_model"]}
    assert "error" not in asked("pair")


@pytest.mark.parametrize("name", ["everything", "town", "places/dabu"])
def test_sliders_lie_within_what_is_accepted_and_hold_the_value(name: str) -> None:
    scenario = load_scenario(name)
    sliders = 0
    for key, value in explained(scenario).items():
        found = slider(value, scenario.weeks) if value.shape.is_number and key != "weeks" else None
        if found is None:
            continue
        sliders += 1
        assert value.low <= found["low"] < found["high"] <= max(value.high, scenario.weeks), key
        assert value.value is None or found["low"] <= value.value <= found["high"], key
        assert 0 < found["step"] <= found["high"] - found["low"]
        assert found["step"] >= 1 or value.shape.kind != "integer"
    assert sliders > 60


def test_kept_results_are_scenarios_too(folder: Path) -> None:
    command("run", "small.yaml", "--set", "household.own_yard=0.4", "--quiet")
    asked = Asked()
    (name,) = asked("start")["groups"]["results"]
    kept = {"group": "results", "name": name}
    asked.state["sides"] = [kept, {**kept, "values": {"interventions.donation.yuan": 1}, "drop": ["role_model"]}]
    pair = asked("pair")
    first, second = (load_text(text, "x") for text in pair["files"])
    assert canonical(first) == canonical(load_scenario("small.yaml", {"household.own_yard": 0.4}))
    assert [(one.name, getattr(one, "yuan", None)) for one in second.interventions] == [("donation", 1.0)]
    assert asked("pair", state=asked.state | {"sides": [kept, {**kept, "name": "x/1"}]})["error"].startswith("unknown")


def test_worlds_of_different_villages_are_refused(folder: Path) -> None:
    asked = Asked()
    asked.state["sides"][0] = {"group": "package", "name": "baseline"}
    assert asked("pair")["error"].startswith("A and B are different villages")


def test_few_scenarios_are_remembered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.explore.answers.STORES", 2)
    asked = Asked()
    for value in range(5):
        asked.state["sides"][1]["values"] = {"interventions.donation.yuan": value}
        assert "error" not in asked("band", pairs=2)
    assert len(asked.answers._memory.stores) <= 4 and "error" not in asked("pair")
    assert len(asked.answers._films) == 2


def test_a_scenario_type_is_loaded_from_text_as_from_its_file(folder: Path) -> None:
    loaded = load_text(OWN, "elsewhere.yaml")
    assert isinstance(loaded, Scenario) and canonical(loaded) == canonical(load_scenario("small.yaml"))
    with pytest.raises(ValueError, match=r"^elsewhere\.yaml:2: unknown key 'wekks'"):
        load_text("extends: small.yaml\nwekks: 3\n", "elsewhere.yaml")
