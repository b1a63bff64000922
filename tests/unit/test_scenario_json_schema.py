"""The editors' schema is up to date, accepts what the loader accepts, and refuses what it can see is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft7Validator

from sim.base.yaml_reader import parse_yaml, read_yaml
from sim.interventions import KINDS
from sim.scenario import scenario_names, scenarios_folder
from sim.scenario.draft import DROP
from sim.scenario.json_schema import FILE, json_schema, schema_text


def errors(value: Any) -> list[str]:
    """Return what a value breaks of the schema of scenarios."""
    return [error.message for error in Draft7Validator(json_schema()).iter_errors(value)]


def check(text: str) -> list[str]:
    return errors(parse_yaml(text, "text").plain())


def test_the_schema_is_one() -> None:
    schema = json_schema()
    assert schema["$schema"] == Draft7Validator.META_SCHEMA["$id"]
    Draft7Validator.check_schema(schema)


def test_the_file_is_up_to_date() -> None:
    text = (scenarios_folder() / FILE).read_text(encoding="utf-8")
    assert text == schema_text(), "write it anew: python -m sim.scenario.json_schema"


@pytest.mark.parametrize("name", ["base", *scenario_names()])
def test_shipped_scenarios_are_valid(name: str) -> None:
    assert errors(read_yaml(scenarios_folder() / f"{name}.yaml").plain()) == []


@pytest.mark.parametrize(
    "text",
    [
        "extends: [a, b.yaml]\noverrides: {poor: {weeks: 4, interventions: [{name: gift, yuan: 3}]}}\n",
        "weeks: {from: S01, assumption: rounded}\nvillage: {households: {value: 500, evidence: [S05]}}\n",
        "villages: [{name: a, copies: 3, households: 100, ties: {local: 0}}]\n",
        "villages: [{name: a, copies: 3, spread: {households: 0.4, keep_totals: true, plan: {idle_share: {from: S01}}}}]\n",
        "interventions: [{kind: donation, stop: null, uses: {works: 1}, where: {villages: [a]}, cost: {yuan_once: 1}}]",
        "interventions: [{kind: role_model, name: mine, strength: {value: 0.5, assumption: half}}]\n",
        "interventions: [{kind: role_model, who: {group: {value: worthy, evidence: [S05]}}}]\n",
        "weeks: 2 years\nvillage: {newcomer_share: {value: 55.5 %, evidence: [S19]}}\n",
        "interventions:\n- {kind: donation, stop: 1 year}\n- {kind: donation, name: b, yuan: '300,000'}\n",
    ],
)
def test_every_form_is_accepted(text: str) -> None:
    assert check(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "titel: x\n",
        "weeks: 0\n",
        "weeks: 1.5\n",
        "weeks: '52'\n",
        "weeks: 0,5\n",
        "weeks: 2022-03-01\n",
        "weeks: {value: 9}\n",
        "weeks: {value: 0, assumption: none}\n",
        "weeks: {from: S01, evidence: [S01]}\n",
        "village: {settlement: compound}\n",
        "interventions: [{kind: role_model, who: {group: membr}}]\n",
        "village: {plan: {sigth: 2}}\n",
        "villages: [{households: 100}]\n",
        "villages: [{name: a, spread: {households: 3}}]\n",
        "villages: [{name: a, spread: {sight: 1}}]\n",
        "interventions: [{kind: donatoin}]\n",
        "interventions: [{kind: donation, hours: 3}]\n",
        "interventions: [{kind: donation, uses: {work: 3}}]\n",
        "interventions: [{}]\n",
        "overrides: {poor: {extends: base}}\n",
        "overrides: {'a b': {weeks: 3}}\n",
    ],
)
def test_what_is_wrong_is_refused(text: str) -> None:
    assert check(text)


def test_every_key_is_described() -> None:
    definitions = json_schema()["definitions"]
    for kind, intervention in KINDS.items():
        properties = definitions[kind]["properties"]
        assert set(properties) == {*intervention.model_fields, DROP}
        assert definitions[kind]["description"] == intervention.summary
        for key, part in properties.items():
            assert part["description"], f"{kind}.{key}"
    assert "pure number, 0 to 1, phi" in definitions["Household"]["properties"]["own_yard"]["description"]
    assert definitions["donation"]["properties"]["yuan"]["default"] == KINDS["donation"].model_fields["yuan"].default
