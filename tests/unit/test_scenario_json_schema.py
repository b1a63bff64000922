"""The editors' schema is up to date, accepts what the loader accepts, and refuses what it can see is wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sim.base.yaml_reader import parse_yaml, read_yaml
from sim.interventions import KINDS
from sim.scenario import scenario_names, scenarios_folder
from sim.scenario.json_schema import FILE, json_schema, schema_text

TYPES: dict[str, Any] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def errors(value: Any, schema: dict[str, Any], root: dict[str, Any], path: str = "") -> list[str]:
    """Return what a value breaks of a JSON Schema: as much of draft 7 as the scenario's schema uses."""
    found: list[str] = []
    unknown = schema.keys() - {
        "$schema", "title", "description", "default", "definitions", "$ref", "type", "enum", "const", "minimum",
        "maximum", "pattern", "properties", "required", "additionalProperties", "propertyNames", "items", "minItems",
        "anyOf", "allOf", "if", "then",
    }  # fmt: skip
    assert not unknown, f"this validator doesn't know {unknown}"
    if "$ref" in schema:
        target: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return errors(value, target, root, path)
    kind, number = schema.get("type"), isinstance(value, int | float) and not isinstance(value, bool)
    if kind in ("number", "integer"):
        if not number or (kind == "integer" and value != int(value)):
            found.append(f"{path}: not a {kind}")
    elif kind is not None and not isinstance(value, TYPES[kind]):
        found.append(f"{path}: not a {kind}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: not one of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{path}: not {schema['const']}")
    if number and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        found.append(f"{path}: out of range")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{path}: not like {schema['pattern']}")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        found += [f"{path}: lacks {key}" for key in schema.get("required", ()) if key not in value]
        for key, part in value.items():
            rest = schema.get("additionalProperties", True)
            if key in properties:
                found += errors(part, properties[key], root, f"{path}.{key}")
            elif rest is False:
                found.append(f"{path}: unknown {key}")
            elif isinstance(rest, dict):
                found += errors(part, rest, root, f"{path}.{key}")
            found += errors(key, schema.get("propertyNames", {}), root, path)
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            found.append(f"{path}: too short")
        for at, part in enumerate(value):
            found += errors(part, schema.get("items", {}), root, f"{path}[{at}]")
    options = schema.get("anyOf", [])
    if options and all(errors(value, option, root, path) for option in options):
        found.append(f"{path}: none of the forms")
    for part in schema.get("allOf", []):
        found += errors(value, part, root, path)
    if "if" in schema and not errors(value, schema["if"], root, path):
        found += errors(value, schema["then"], root, path)
    return found


def check(text: str) -> list[str]:
    schema = json_schema()
    return errors(parse_yaml(text, "text").plain(), schema, schema)


def test_the_file_is_up_to_date() -> None:
    text = (scenarios_folder() / FILE).read_text(encoding="utf-8")
    assert text == schema_text(), "write it anew: python -m sim.scenario.json_schema"


@pytest.mark.parametrize("name", ["base", *scenario_names()])
def test_shipped_scenarios_are_valid(name: str) -> None:
    schema = json_schema()
    assert errors(read_yaml(scenarios_folder() / f"{name}.yaml").plain(), schema, schema) == []


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
        assert set(properties) == set(intervention.model_fields)
        assert definitions[kind]["description"] == intervention.summary
        for key, part in properties.items():
            assert part["description"], f"{kind}.{key}"
    assert "pure number, 0 to 1, phi" in definitions["Household"]["properties"]["own_yard"]["description"]
    assert definitions["donation"]["properties"]["yuan"]["default"] == KINDS["donation"].model_fields["yuan"].default
