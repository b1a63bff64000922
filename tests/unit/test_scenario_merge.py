"""What `extends`, named overrides, `--set`, villages and items of interventions mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from sim.base.errors import InputError
from sim.base.fields import number, word
from sim.interventions import KINDS, Intervention
from sim.interventions.donation import Donation
from sim.interventions.role_model import RoleModel
from sim.scenario import (
    Scenario,
    explain,
    load_scenario,
    parse_set,
    provenance,
    scenario_names,
    scenarios_folder,
    with_values,
)
from sim.scenario.json_schema import json_schema


class Folder:
    """Scenario files of one test."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> Path:
        path = self.path / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def load(self, text: str, overrides: Any = ()) -> Scenario:
        return load_scenario(self.write("mine", text), overrides)

    def error(self, text: str, overrides: Any = ()) -> str:
        with pytest.raises(InputError) as caught:
            self.load(text, overrides)
        return str(caught.value).removeprefix(str(self.path) + "/")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


# names and paths ----------------------------------------------------------------------------------------------------


def test_names_and_paths_find_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    by_name = load_scenario("veteran_role_model")
    assert by_name == load_scenario(scenarios_folder() / "veteran_role_model.yaml")
    assert by_name == load_scenario(str(scenarios_folder() / "veteran_role_model.yaml"))
    assert {"baseline", "donation"} <= set(scenario_names())
    assert not {"base", "priors"} & set(scenario_names())


def test_a_path_without_ending_needs_a_separator(folder: Folder) -> None:
    path = folder.path / "plain"
    path.write_text("title: Plain\n", encoding="utf-8")
    assert load_scenario(path).title == "Plain"


def test_extends_is_relative_to_the_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("town", "weeks: 7\n")
    child = folder.write("sub/child", "extends: ../town.yaml\n")
    monkeypatch.chdir("/")
    assert load_scenario(child).weeks == 7


# extends ------------------------------------------------------------------------------------------------------------


def test_left_out_extends_the_base(folder: Folder) -> None:
    mine, base = folder.load("title: Mine\n"), load_scenario("base")
    assert mine.title == "Mine"
    assert mine.model_copy(update={"title": base.title}) == base


def test_mappings_merge_and_values_replace(folder: Folder) -> None:
    folder.write("parent", "household: {own_yard: {value: 0.1, assumption: low}, talk: 0.5}\n")
    mine = folder.load("extends: parent.yaml\nhousehold:\n  own_yard: 0.2\n")
    assert (mine.household.own_yard, mine.household.talk) == (0.2, 0.5)
    own_yard = provenance(mine)["household.own_yard"]
    assert [value.value for value in own_yard.chain()] == [0.1, load_scenario("base").household.own_yard]
    assert own_yard.line == 3 and own_yard.file.endswith("mine.yaml")
    assert own_yard.evidence == "plain number, no evidence given"  # what the parent's value rested on isn't inherited


def test_the_same_name_changes_an_intervention_and_a_new_one_is_added(folder: Folder) -> None:
    folder.write("parent", "interventions:\n- {kind: donation, yuan: 100, start: 3}\n")
    mine = folder.load("extends: parent.yaml\ninterventions:\n- {kind: role_model}\n- {name: donation, yuan: 200}\n")
    donation, role_model = mine.interventions
    assert isinstance(donation, Donation) and isinstance(role_model, RoleModel)
    assert (donation.name, donation.yuan, donation.start) == ("donation", 200.0, 3)
    assert (
        folder.error("extends: parent.yaml\ninterventions:\n- name: donation\n  kind: role_model\n")
        == f"mine.yaml:4: interventions.donation is a donation ({folder.path}/parent.yaml:2), not a role_model"
    )


def test_second_item_of_a_kind_gets_a_number(folder: Folder) -> None:
    text = "interventions: [{kind: donation}, {kind: role_model}, {kind: donation}, {kind: donation, name: last}]\n"
    names = [intervention.name for intervention in folder.load(text).interventions]
    assert names == ["donation", "role_model", "donation_2", "last"]


def test_keys_left_out_of_a_block_are_those_of_the_interventions_default(folder: Folder) -> None:
    mine = folder.load("interventions:\n- kind: role_model\n  who: {share: 0.5}\n")
    intervention = mine.interventions[0]
    assert isinstance(intervention, RoleModel)
    assert (intervention.who.group, intervention.who.min_years_in_party, intervention.who.share) == ("member", 30, 0.5)
    values = provenance(mine)
    assert values["interventions.role_model.who.min_years_in_party"].evidence.startswith("assumption: veterans are")
    assert values["interventions.role_model.who.count"].evidence == "assumption: the share decides"
    assert values["interventions.role_model.who.count"].place == "default of role_model"


@pytest.mark.parametrize("order", ["[a.yaml, b.yaml]", "[b.yaml, a.yaml]"])
def test_two_parents_that_differ_must_be_settled(folder: Folder, order: str) -> None:
    folder.write("a", "title: A\nhousehold:\n  talk: 0.3\n")
    folder.write("b", "title: B\nhousehold:\n  talk: 0.4\n")
    told = folder.error(f"title: Mine\nextends: {order}\n")
    assert told.startswith("mine.yaml:2: its parents set household.talk to 0.")
    assert f"0.3 ({folder.path}/a.yaml:3)" in told and f"0.4 ({folder.path}/b.yaml:3)" in told
    assert folder.error(f"extends: {order}\nhousehold: {{talk: 0.2}}\n").startswith("mine.yaml:1: its parents set ti")
    assert folder.load(f"title: Mine\nextends: {order}\nhousehold: {{talk: 0.2}}\n").household.talk == 0.2


@pytest.mark.parametrize("order", ["[a.yaml, b.yaml]", "[b.yaml, a.yaml]", "[b.yaml, a.yaml, c.yaml]"])
def test_parents_agree_where_one_builds_on_the_other_or_both_say_the_same(folder: Folder, order: str) -> None:
    folder.write("a", "title: A\nhousehold: {talk: 0.3, kin: 2}\n")
    folder.write("b", "extends: a.yaml\nhousehold: {talk: 0.4}\n")
    folder.write("c", "title: A\nhousehold: {kin: 2}\n")
    mine = folder.load(f"title: Mine\nextends: {order}\n")
    assert (mine.household.talk, mine.household.kin) == (0.4, 2.0)


def test_parents_with_one_name_for_two_kinds(folder: Folder) -> None:
    folder.write("a", "title: A\ninterventions: [{kind: donation, name: x}]\n")
    folder.write("b", "title: A\ninterventions: [{kind: role_model, name: x}]\n")
    told = folder.error("extends: [a.yaml, b.yaml]\n")
    assert told.startswith("mine.yaml:1: interventions.x is a donation (") and " and a role_model (" in told


def test_both_parents_interventions_run() -> None:
    both = load_scenario("veteran_role_model_and_donation")
    role_model, donation = load_scenario("veteran_role_model"), load_scenario("donation")
    assert both.interventions == role_model.interventions + donation.interventions
    assert both.household == load_scenario("baseline").household


# overrides ----------------------------------------------------------------------------------------------------------

POOR = "overrides:\n  poor:\n    weeks: 9\n    household: {talk: 0.01}\n  rich:\n    household: {talk: 0.9}\n"


def test_named_overrides_are_chosen_and_inherited(folder: Folder) -> None:
    folder.write("parent", POOR)
    assert folder.load("extends: parent.yaml\n").weeks == load_scenario("base").weeks
    mine = folder.load("extends: parent.yaml\n", "poor")
    assert (mine.weeks, mine.household.talk) == (9, 0.01)
    assert provenance(mine)["weeks"].override == "override 'poor'"
    assert mine == folder.load("extends: parent.yaml\n", ["poor", "poor"])
    assert folder.load("extends: parent.yaml\noverrides: {poor: {weeks: 8}}\n", ["poor"]).weeks == 8
    assert folder.error("extends: parent.yaml\n", ["por"]) == "unknown override 'por', did you mean 'poor'?"


def test_two_overrides_of_one_key_are_an_error(folder: Folder) -> None:
    place = f"{folder.path}/mine.yaml"
    assert folder.error(POOR, ["poor", "rich"]) == (
        f"mine.yaml:6: household.talk is set by both override 'poor' ({place}:4) and override 'rich'"
    )
    assert folder.error(POOR, ["poor", parse_set("weeks=8")]) == (
        f"--set: weeks is set by both override 'poor' ({place}:3) and --set"
    )
    assert folder.error(POOR, [parse_set("weeks=8"), parse_set("weeks=8")]) == "--set: weeks is set twice by --set"
    assert folder.error(POOR, [{"household": {"talk": 1}, "household.talk": 1}]) == (
        "overrides: household.talk is set twice by overrides"
    )


def test_parents_that_differ_in_an_override(folder: Folder) -> None:
    folder.write("a", "title: A\noverrides: {poor: {weeks: 5}}\n")
    folder.write("b", "title: A\noverrides: {poor: {weeks: 6}}\n")
    assert folder.error("extends: [a.yaml, b.yaml]\n").startswith("mine.yaml:1: its parents differ in override 'poor'")
    assert folder.load("extends: [a.yaml, b.yaml]\noverrides: {poor: {weeks: 7}}\n", "poor").weeks == 7


def test_dotted_keys(folder: Folder) -> None:
    text = "interventions: [{kind: donation}]\n"
    mine = folder.load(text, [
        parse_set("household.own_yard=3e-1"),
        parse_set("village.party_members={from: S01.members_per_village}"),
        parse_set("interventions.donation.where.villages=[village]"),
        parse_set("interventions.donation.stop=null"),
        {"interventions.donation.yuan": 1e6, "village": {"ties": {"local": 4}}},
        {"interventions": [{"kind": "role_model"}]},
    ])  # fmt: skip
    donation = mine.interventions[0]
    assert isinstance(donation, Donation)
    assert (mine.household.own_yard, mine.villages[0].ties.local, donation.yuan) == (0.3, 4, 1e6)
    assert (donation.where.villages, donation.stop) == (("village",), None)
    assert [intervention.name for intervention in mine.interventions] == ["donation", "role_model"]
    assert provenance(mine)["household.own_yard"].place == "--set"


# villages -----------------------------------------------------------------------------------------------------------

TOWN = """
village: {households: 50, party_members: 4}
villages:
- name: pilot
  copies: 2
- {name: far, households: 80, ties: {local: 9}}
"""


def test_villages_lie_over_the_block_village(folder: Folder) -> None:
    town = folder.load(TOWN)
    assert [village.name for village in town.villages] == ["pilot-1", "pilot-2", "far"]
    assert [village.households for village in town.villages] == [50, 50, 80]
    assert [village.party_members for village in town.villages] == [4, 4, 4]
    far, base = town.villages[2], load_scenario("base").villages[0]
    assert far.ties.local == 9 and far.ties.across == base.ties.across and far.plan == base.plan


def test_one_village_without_a_list(folder: Folder) -> None:
    assert [village.name for village in folder.load("title: x\n").villages] == ["village"]
    assert "villages.village.households" not in provenance(load_scenario("base"))


def test_setting_village_leaves_villages_their_own(folder: Folder) -> None:
    town = folder.load(TOWN, {"village.households": 60, "villages.pilot.party_members": 6})
    assert [village.households for village in town.villages] == [60, 60, 80]
    assert [village.party_members for village in town.villages] == [6, 6, 4]
    assert folder.error(TOWN, {"villages.pilott.households": 60}) == (
        "overrides: unknown key 'villages.pilott.households', did you mean 'villages.pilot.households'?"
    )


def test_an_intervention_may_name_all_copies_at_once(folder: Folder) -> None:
    for named, found in (("[pilot]", ("pilot-1", "pilot-2")), ("[far, pilot-2]", ("far", "pilot-2"))):
        town = folder.load(TOWN + f"interventions: [{{kind: donation, where: {{villages: {named}}}}}]\n")
        assert town.interventions[0].where.villages == found


def test_children_change_villages_by_name(folder: Folder) -> None:
    folder.write("town", TOWN)
    mine = folder.load("extends: town.yaml\nvillages: [{name: far, households: 90}, {name: new}]\n")
    assert {village.name: village.households for village in mine.villages} == {
        "pilot-1": 50, "pilot-2": 50, "far": 90, "new": 50,
    }  # fmt: skip
    assert mine.villages[2].ties.local == 9


# frozen -------------------------------------------------------------------------------------------------------------


def test_frozen(folder: Folder) -> None:
    town = folder.load(TOWN + "interventions: [{kind: donation}]\n")
    for block, key in ((town, "weeks"), (town.household, "talk"), (town.villages[0].plan, "sight"),
                       (town.interventions[0], "start"), (town.interventions[0].where, "share")):  # fmt: skip
        with pytest.raises(ValueError, match="frozen"):
            setattr(block, key, 1)
    assert isinstance(hash(town), int)


def test_a_new_intervention_needs_no_other_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Register an intervention while the program runs: files may use it, and errors, explanation and schema know it."""

    class Song(Intervention):
        """Sing."""

        summary = "sing"
        kind: Literal["song"]
        verses: int = number("verses sung", unit="verses", low=1, high=9, default=2, evidence="assumption: a short one")
        loud: bool = word("whether loudly", default=False, evidence="assumption: softly")

    monkeypatch.setitem(KINDS, "song", Song)
    mine = folder.load("interventions: [{kind: song, verses: 3}, {kind: song, loud: true}]\n")
    assert [(song.verses, song.loud) for song in mine.interventions if isinstance(song, Song)] == [
        (3, False),
        (2, True),
    ]
    assert "verses sung" in explain(mine, "interventions.song.verses")
    assert with_values(mine, {"interventions.song_2.verses": 4}) == folder.load(
        "interventions: [{kind: song, verses: 3}, {kind: song, loud: true, verses: 4}]\n"
    )
    told = folder.error("interventions: [{kind: song, loud: 1}]\n")
    assert told == "mine.yaml:1: interventions.song.loud must be true or false, not 1"
    assert json_schema()["definitions"]["song"]["properties"]["verses"]["default"] == 2
