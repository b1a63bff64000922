"""Where values come from, how that is told, and that it is no part of what a scenario is."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest
from own_process import OPENED, output_of

from sim.base.errors import InputError
from sim.evidence import load_register, seeds_folder
from sim.scenario import (
    Household,
    Scenario,
    canonical,
    explain,
    load_scenario,
    parameters_by_record,
    provenance,
    scenario_names,
    scenarios_folder,
    with_values,
)
from sim.scenario.values import NO_EVIDENCE

SHIPPED = ["base", *scenario_names()]
COMPARED = ["baseline", "veteran_role_model", "donation", "veteran_role_model_and_donation", "household_contact",
            "volunteer_team", "campaign", "campaign_without_example"]  # fmt: skip

TOWN = """
village: {households: 50, party_members: 4}
villages: [{name: pilot, copies: 2}, {name: far, households: 80, ties: {local: 9}}]
interventions: [{kind: donation, where: {villages: [pilot]}}, {kind: role_model, strength: 0}]
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.yaml"
    path.write_text(TOWN, encoding="utf-8")
    return path


# shipped scenarios --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_every_value_of_a_shipped_scenario_rests_on_something(name: str) -> None:
    register = load_register()
    known = {*register.records, *register.quantities, *register.patterns, *register.literature}
    for key, value in provenance(load_scenario(name)).items():
        if not value.shape.label:
            assert value.records or "assumption: " in value.evidence, f"{name}: {key} ({value.place})"
            assert NO_EVIDENCE not in value.evidence, f"{name}: {key} ({value.place})"
        assert known.issuperset(value.records), key
        assert value.meaning, key
        if value.shape.is_number and value.value is not None:
            assert value.low is not None and value.high is not None and value.low <= value.value <= value.high, key
            assert value.unit, key


@pytest.mark.parametrize("name", SHIPPED)
def test_provenance_covers_every_value(name: str) -> None:
    scenario = load_scenario(name)
    keys = set(provenance(scenario))
    for block, path in ((scenario.household, "household"), (scenario.public, "public"),
                        (scenario.villages[0], "village")):  # fmt: skip
        for leaf in _leaves(block.model_dump(), path):
            assert leaf in keys
    for intervention in scenario.interventions:
        for leaf in _leaves(intervention.model_dump(exclude={"kind", "name"}), f"interventions.{intervention.name}"):
            assert leaf in keys


def _leaves(value: Any, path: str) -> list[str]:
    if isinstance(value, dict):
        return [leaf for key, part in value.items() for leaf in _leaves(part, f"{path}.{key}")]
    return [path]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_files_say_what_they_tell(name: str) -> None:
    lines = (scenarios_folder() / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    depth = name.count("/")
    assert lines[0] == "# yaml-language-server: $schema=" + "../" * depth + "scenario.schema.json"
    assert lines[1].startswith("# ")


def test_the_comparisons_differ_in_what_they_compare() -> None:
    with_example, without = load_scenario("campaign"), load_scenario("campaign_without_example")
    assert with_example.interventions[: len(without.interventions)] == without.interventions
    assert [intervention.kind for intervention in with_example.interventions[len(without.interventions) :]] == [
        "role_model"
    ]
    assert load_scenario("baseline").interventions == ()
    for name in COMPARED:
        one = load_scenario(name)
        assert (one.household, one.villages, one.weeks) == (
            with_example.household, with_example.villages, with_example.weeks,
        )  # fmt: skip
        assert len((scenarios_folder() / f"{name}.yaml").read_text(encoding="utf-8").splitlines()) < 25


# provenance ---------------------------------------------------------------------------------------------------------


def test_it_is_no_part_of_the_scenario(town: Path) -> None:
    loaded = load_scenario(town)
    bare = Scenario(**{key: getattr(loaded, key) for key in Scenario.model_fields})
    assert not provenance(bare)
    assert loaded == bare and bare == loaded and hash(loaded) == hash(bare)
    assert loaded.model_dump_json() == bare.model_dump_json() and canonical(loaded) == canonical(bare)
    assert loaded != with_values(loaded, {"weeks": 7})
    unpickled = pickle.loads(pickle.dumps(loaded))
    assert unpickled == loaded and not provenance(unpickled)
    assert provenance(copy.copy(loaded)).keys() == provenance(loaded).keys()
    # ... but a worker still knows which villages share a value.
    assert with_values(unpickled, {"village.households": 60}) == with_values(loaded, {"village.households": 60})


def test_keys_of_villages(town: Path) -> None:
    values = provenance(load_scenario(town))
    assert values["villages.pilot.households"] is values["village.households"]
    assert values["villages.far.households"].value == 80
    assert values["villages.pilot.copies"].value == 2
    changed = provenance(load_scenario(town, {"village.ties.local": 5}))
    assert (changed["villages.pilot.ties.local"].value, changed["villages.far.ties.local"].value) == (5, 9)
    quick = provenance(with_values(load_scenario(town), {"village.ties.local": 5}))
    assert (quick["villages.pilot.ties.local"].value, quick["villages.far.ties.local"].value) == (5, 9)
    assert quick["village.ties.local"].file == "with_values"


def test_parameters_by_record() -> None:
    found = parameters_by_record(load_scenario("campaign"))
    assert "village.party_members" in found["S01.members_per_village"]
    assert "interventions.household_contact.time_factor" in found["S23.intensity_high"]
    assert "household.own_yard" in found["P2"]


# explain ------------------------------------------------------------------------------------------------------------


def test_explain_a_value() -> None:
    told = explain(load_scenario("baseline", {"household.own_yard": 0.25}), "household.own_yard")
    lines = told.splitlines()
    assert lines[0] == "household.own_yard = 0.25"
    facts = {line[2:13].strip(): line[15:] for line in lines[1:]}
    assert facts["range"] == "0 to 1" and facts["symbol"] == "phi" and facts["set in"] == "overrides"
    assert facts["replaces"].startswith("0.2046, base.yaml:") and "(L01, P2; assumption:" in facts["replaces"]
    told = explain(load_scenario("baseline"), "village.party_members")
    assert told.startswith("village.party_members = 125 households\n")
    assert "S01.members_per_village: 125 members a village" in told


def test_explain_a_block_and_everything(town: Path) -> None:
    scenario = load_scenario(town)
    whole = explain(scenario)
    assert "villages.far" in whole and "villages.pilot.ties" not in whole  # what is shared is told once
    assert "villages.pilot.ties" in explain(scenario, "villages.pilot")
    block = explain(scenario, "household")
    for key in Household.model_fields:
        assert f"\n  {key} " in block
    for name in SHIPPED:
        for line in explain(load_scenario(name)).splitlines():
            assert len(line) <= 110 and line == line.rstrip()


def test_explain_what_is_not_there() -> None:
    scenario = load_scenario("donation")
    for key, hint in (
        ("household.own_yrd", "household.own_yard"),
        ("houshold", "household"),
        ("interventions.donatoin", "interventions.donation"),
        ("own_yard", "household.own_yard"),
    ):
        with pytest.raises(InputError) as caught:
            explain(scenario, key)
        assert str(caught.value) == f"unknown key '{key}', did you mean '{hint}'?"
    with pytest.raises(InputError, match="wasn't loaded from a file"):
        explain(pickle.loads(pickle.dumps(scenario)))


# canonical ----------------------------------------------------------------------------------------------------------


def test_canonical_tells_what_can_change_a_result(town: Path) -> None:
    scenario = load_scenario(town)
    assert canonical(scenario) == canonical(load_scenario(town, {"title": "another"}))
    assert canonical(scenario) == canonical(load_scenario(town, {"household.newcomer_gap": {
        "value": scenario.household.newcomer_gap, "assumption": "the same"}}))  # fmt: skip
    others: list[dict[str, Any]] = [
        {"household.talk": 0.123},
        {"villages.far.households": 81},
        {"interventions.role_model.strength": 0.1},
        {"interventions.donation.where.villages": []},
        {"weeks": 5},
    ]
    texts = [canonical(load_scenario(town, other)) for other in others]
    assert len({canonical(scenario), *texts}) == len(others) + 1
    zero, minus = ({"village.predisposition_shift": value} for value in (0.0, -0.0))
    assert canonical(load_scenario(town, zero)) == canonical(load_scenario(town, minus))


def test_canonical_does_not_depend_on_the_hash_seed() -> None:
    code = "from sim.scenario import *; print([canonical(load_scenario(n)) for n in scenario_names()])"
    texts = {output_of(code, PYTHONHASHSEED=seed) for seed in ("0", "1", "4711")}
    assert len(texts) == 1


# with_values --------------------------------------------------------------------------------------------------------

CHANGES: list[dict[str, float]] = [
    {},
    {"household.own_yard": 0.3},
    {"household.own_yard": 0, "weeks": 7, "public.plot_hours": 3},
    {"household.climb_rate": 0.7, "household.slip_rate": 0.3},
    {"village.households": 60},
    {"village.ties.local": 5, "village.contact.message": 0.5},
    {"villages.pilot.ties.local": 6, "village.ties.local": 5},
    {"village.ties.local": 5, "villages.pilot.ties.local": 6, "villages.far.party_members": 3},
    {"interventions.donation.yuan": 1e5, "interventions.role_model.who.share": 0.5},
    {"interventions.donation.uses.works": 0.4, "interventions.donation.uses.charity": 0.1},
    {"interventions.donation.start": 3, "interventions.donation.stop": 9, "interventions.role_model.who.count": 4},
]


@pytest.mark.parametrize("changes", CHANGES)
def test_with_values_is_loading_with_overrides(town: Path, changes: dict[str, float]) -> None:
    quick, slow = with_values(load_scenario(town), changes), load_scenario(town, changes)
    assert quick == slow and canonical(quick) == canonical(slow)
    quick_told, slow_told = provenance(quick), provenance(slow)
    assert {key: value.value for key, value in quick_told.items()} == {
        key: value.value for key, value in slow_told.items()
    }
    again = {"village.ties.local": 7, "household.talk": 0.9}
    merged = {**changes, **again}
    assert with_values(quick, again) == load_scenario(town, merged)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"household.own_yrd": 0.3}, "unknown key 'household.own_yrd', did you mean 'household.own_yard'?"),
        ({"houshold": 0.3}, "unknown key 'houshold'"),
        ({"household": 0.3}, "unknown key 'household'"),
        ({"villages.x.households": 60}, "unknown key 'villages.x.households', did you mean 'village.households'?"),
        ({"villages.pilot-1.households": 60}, "unknown key 'villages.pilot-1.households', did you mean 'villages.pil"),
        ({"villages.pilot.copies": 3}, "unknown key 'villages.pilot.copies'"),
        ({"interventions.gift.yuan": 1}, "unknown key 'interventions.gift.yuan', did you mean 'interventions.donatio"),
        ({"household.own_yard": 1.1}, "household.own_yard is 1.1; it must be a number from 0 to 1"),
        ({"household.own_yard": float("nan")}, "household.own_yard must be a number from 0 to 1, not nan"),
        ({"household.own_yard": "0.1"}, "household.own_yard must be a number from 0 to 1, not '0.1'"),
        ({"household.own_yard": True}, "household.own_yard must be a number from 0 to 1, not true"),
        ({"weeks": 3.5}, "weeks must be a whole number from 1 to 5,200, not 3.5"),
        ({"title": 3}, "title isn't a number"),
        ({"village.name": 3}, "village.name isn't a number"),
        ({"household.climb_rate": 0.9, "household.slip_rate": 0.2}, "household: climb_rate + slip_rate is 1.1, but"),
        ({"interventions.donation.uses.works": 1}, "interventions.donation: uses must sum to 1, not 1.5"),
    ],
)
def test_with_values_refuses(town: Path, changes: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError) as caught:
        with_values(load_scenario(town), changes)
    assert str(caught.value).startswith(f"with_values: {what}")


def test_numbers_of_numpy_are_numbers(town: Path) -> None:
    numpy = pytest.importorskip("numpy")
    changes = {"weeks": numpy.int64(7), "household.talk": numpy.float64(0.5)}
    for scenario in (with_values(load_scenario(town), changes), load_scenario(town, changes)):
        assert (type(scenario.weeks), type(scenario.household.talk)) == (int, float)


# what loading costs -------------------------------------------------------------------------------------------------


def test_loading_reads_each_file_once_and_imports_nothing_heavy() -> None:
    """The seconds are in `experiments/benchmark.py`; what they hang on is here."""
    code = """
from sim.scenario import load_scenario, with_values
opened.clear()
load_scenario("baseline")
tell_opened()
campaign = load_scenario("campaign")
opened.clear()
with_values(campaign, {"household.own_yard": 0.3, "village.contact.message": 0.1})
tell_opened()
print([name for name in ("numpy", "pandas", "numba", "mesa") if name in sys.modules])
"""
    seeds = [path.name for path in seeds_folder().rglob("*.yaml")]
    assert output_of(OPENED + code).splitlines() == [str(sorted([*seeds, "base.yaml", "baseline.yaml"])), "[]", "[]"]


def test_changing_values_makes_anew_only_what_changes() -> None:
    scenario = load_scenario("campaign")
    changed = with_values(scenario, {"household.own_yard": 0.3, "village.contact.message": 0.1})
    assert changed.household is not scenario.household
    assert changed.villages[0].contact is not scenario.villages[0].contact
    assert changed.public is scenario.public
    assert changed.villages[0].plan is scenario.villages[0].plan
    assert all(new is old for new, old in zip(changed.interventions, scenario.interventions, strict=True))
