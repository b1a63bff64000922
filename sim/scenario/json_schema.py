"""Write the JSON Schema with which editors complete and check scenario files: ``python -m sim.scenario.json_schema``.

Editors check what a schema can express (keys, types, ranges); the loader checks the rest (evidence, names, sums).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.scenario import shape
from sim.scenario.draft import DROP
from sim.scenario.files import scenarios_folder
from sim.scenario.notation import GROUPED, PLAIN
from sim.scenario.shape import Leaf

FILE = "scenario.schema.json"

_NAMES = {"type": "string", "pattern": r"^\w[\w-]{0,59}$"}
_TYPES = {"integer": "integer", "number": "number", "word": "string", "switch": "boolean"}
_ASSUMPTION = {"type": "string", "pattern": r"\S", "description": "the reason for this value if no evidence gives it"}
_EVIDENCE = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string"},
    "description": "ids of records, their derived figures, patterns or literature in seeds/",
}
_VALUED = {
    "type": "object",
    "description": "a value with its evidence or assumption",
    "properties": {"value": {}, "evidence": _EVIDENCE, "assumption": _ASSUMPTION},
    "required": ["value"],
    "anyOf": [{"required": ["evidence"]}, {"required": ["assumption"]}],
    "additionalProperties": False,
}
_TEXT = {"type": "string", "pattern": rf"^({GROUPED}|({GROUPED}|{PLAIN})\s*(%|[A-Za-z][A-Za-z/]*))$"}
_WRITTEN = {
    "description": "a number such as 55%, 1 year or 300,000; the loader checks whether it suits the unit",
    "anyOf": [_TEXT, {"allOf": [{"$ref": "#/definitions/valued"}], "properties": {"value": _TEXT}}],
}
_FROM = {"type": "string", "description": "such as S01.members_per_village"}
_RECORD = {
    "type": "object",
    "description": "the value of a record in seeds/",
    "properties": {"from": _FROM, "assumption": _ASSUMPTION},
    "required": ["from"],
    "additionalProperties": False,
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 7) of a scenario file."""
    definitions: dict[str, Any] = {"valued": _VALUED, "record": _RECORD, "written": _WRITTEN}
    keys = {key: _of(part, definitions) for key, part in shape.scenario_shape().fields.items()}
    definitions["partial"] = {"type": "object", "properties": keys, "additionalProperties": False}
    parent = {"type": "string", "description": "a scenario's name, or a path relative to this file"}
    extends = {
        "description": "the scenario or scenarios that this one builds on; the base if left out, null in the base alone",
        "anyOf": [parent, {"type": "array", "items": parent, "minItems": 1}, {"type": "null"}],
    }
    overrides = {
        "type": "object",
        "description": "named overrides, each a partial scenario, chosen by --override NAME",
        "propertyNames": _NAMES,
        "additionalProperties": _reference("partial"),
    }
    shared = {key: _reference(f"partial/properties/{key}") for key in keys}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "grassroots scenario",
        "description": "The content of a simulation: villages, how households decide, and interventions.",
        "type": "object",
        "properties": {"extends": extends, "overrides": overrides, **shared},
        "additionalProperties": False,
        "definitions": definitions,
    }


def schema_text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def _of(part: shape.Shape, definitions: dict[str, Any]) -> dict[str, Any]:
    if isinstance(part, Leaf):
        return _leaf(part)
    if isinstance(part, shape.Items):
        return _items(part, definitions)
    # One definition for each model, because interventions share where, who and cost. The description states an
    # intervention's own default, because the shared definition can't.
    name = part.model.__name__
    if name not in definitions:
        definitions[name] = _object(part, definitions, defaults=False)
    default = {} if part.default is None else part.default.model_dump(exclude_unset=True)
    defaults = ", ".join(f"{key} {value}" for key, value in default.items())
    meaning = f"{part.meaning} (default: {defaults})" if defaults else part.meaning
    return {"description": meaning, "allOf": [_reference(name)]}


def _object(block: shape.Block, definitions: dict[str, Any], defaults: bool) -> dict[str, Any]:
    properties = {
        key: _leaf(part, defaults) if isinstance(part, Leaf) else _of(part, definitions)
        for key, part in block.fields.items()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _items(items: shape.Items, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list; the permitted keys of an item depend on its tag."""
    variants = items.variants()
    for tag, block in variants.items():
        definition = {"description": block.meaning, **_object(block, definitions, defaults=True)}
        definition["properties"][DROP] = {"const": True, "description": "take this inherited item out"}
        definitions[tag or "item"] = definition
    if not items.tag:
        item: dict[str, Any] = {"allOf": [_reference("item")], "required": ["name"]}
    else:
        item = {
            "type": "object",
            "properties": {items.tag: {"enum": list(variants)}},
            "anyOf": [{"required": [items.tag]}, {"required": ["name"]}],
            "allOf": [
                {
                    "if": {"properties": {items.tag: {"const": tag}}, "required": [items.tag]},
                    "then": _reference(tag),
                }
                for tag in variants
            ],
        }
    return {"type": "array", "description": items.meaning, "items": item}


def _leaf(leaf: Leaf, defaults: bool = False) -> dict[str, Any]:
    described: dict[str, Any] = {"description": _description(leaf)}
    if defaults and leaf.has_default and leaf.default is not None and not leaf.label:
        described["default"] = list(leaf.default) if leaf.many else leaf.default
    plain = _plain(leaf)
    if leaf.label:
        return {**described, **plain}
    forms = [plain, {"allOf": [_reference("valued")], "properties": {"value": plain}}]
    if leaf.is_number:
        forms += [_reference("record"), _reference("written")]
    return {**described, "anyOf": forms}


def _reference(definition: str) -> dict[str, Any]:
    return {"$ref": f"#/definitions/{definition}"}


def _plain(leaf: Leaf) -> dict[str, Any]:
    one: dict[str, Any] = {"type": _TYPES[leaf.kind]}
    if leaf.options:
        one["enum"] = list(leaf.options)
    if leaf.low is not None:
        one["minimum"] = leaf.low
    if leaf.high is not None:
        one["maximum"] = leaf.high
    if leaf.many:
        words = [_reference("written/anyOf/0")] if leaf.kind in ("integer", "number") else []
        return {"type": "array", "items": {"anyOf": [one, *words]} if words else one}
    return {"anyOf": [one, {"type": "null"}]} if leaf.optional else one


def _description(leaf: Leaf) -> str:
    unit = {"": "", "1": "pure number"}.get(leaf.unit, leaf.unit)
    bounds = "" if leaf.low is None or leaf.high is None else f"{leaf.low:,.12g} to {leaf.high:,.12g}"
    about = ", ".join(text for text in (unit, bounds, leaf.symbol) if text)
    return f"{leaf.meaning} ({about})" if about else leaf.meaning


def main() -> None:
    """Write the schema into the folder of scenarios."""
    path = Path(scenarios_folder()) / FILE
    path.write_text(schema_text(), encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main()
