"""The output of commands with --json: the page on its tables, and the JSON Schema of the object."""

from __future__ import annotations

import json
from typing import Any

from sim.cli import COMMANDS
from sim.commands.results import results
from sim.commands.tables import TABLES
from sim.reference.markdown import NOTE, code, table

TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


def tables_page() -> list[str]:
    """Return the parts of the page on tables."""
    return [
        "# The tables of --json",
        NOTE,
        "[JSON.md](../JSON.md) describes the object that has them.",
        table(
            ("table", "commands", "when", "each row is"),
            [(code(name), ", ".join(map(code, form.commands)), form.when, form.row) for name, form in TABLES.items()],
        ),
    ]


def commands() -> list[str]:
    """Return the names of all commands that print, in the order of `--help`."""
    inner = [one.name or getattr(one.callback, "__name__", "") for one in results.registered_commands]
    return [*(one.__name__ for one in COMMANDS), *(f"results {name}" for name in inner)]


def schema_text() -> str:
    """Return the text of the schema's file, output.schema.json in the folder of commands."""
    return json.dumps(schema(), indent=2) + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of what a command prints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a grassroots command prints with --json",
        "description": "The object that a command prints on one line of standard output; see docs/JSON.md.",
        "type": "object",
        "required": ["command", "version", "model", "tables", "files", "failures"],
        "additionalProperties": False,
        "properties": {
            "command": {"description": "the command that ran", "enum": commands()},
            "version": {"description": "the version of the package", "type": "string"},
            "model": {
                "description": "the fingerprint of the model's text", "type": "string", "pattern": "^[0-9a-f]{16}$",
            },
            "tables": {
                "description": "the results, by name", "type": "object", "additionalProperties": {"$ref": "#/$defs/table"},
            },
            "files": {"description": "files and folders with the results", **TEXTS},
            "failures": {
                "description": "failures after which the command continued; its exit code is then 1", **TEXTS,
            },
        },
        "allOf": [
            {
                "if": {"properties": {"command": {"const": command}}},
                "then": {"properties": {"tables": _tables_of(command)}},
            }
            for command in commands()
        ],
        "$defs": {"table": _table(), "column": _column()},
    }  # fmt: skip


def _tables_of(command: str) -> dict[str, Any]:
    """Return the schema of the tables of a command."""
    printed = {name: form for name, form in TABLES.items() if command in form.commands}
    return {
        "required": [name for name, form in printed.items() if not form.when],
        "properties": {name: {"description": form.row} for name, form in printed.items()},
        "propertyNames": {"enum": list(printed)} if printed else False,
    }


def _table() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["columns", "rows"],
        "additionalProperties": False,
        "properties": {
            "columns": {
                "description": "by name, in the order of each row",
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/column"},
            },
            "rows": {
                "description": "each with all columns; an undefined number is null",
                "type": "array",
                "items": {"type": "object"},
            },
        },
    }


def _column() -> dict[str, Any]:
    forms = {
        "unit": ("the column's unit; null for words, counts and pure numbers", {"type": ["string", "null"]}),
        "unit_column": ("the column of the same row that has the unit", {"const": "unit"}),
    }
    return {
        "oneOf": [
            {
                "description": meaning, "type": "object", "required": [name], "additionalProperties": False,
                "properties": {name: kind},
            }
            for name, (meaning, kind) in forms.items()
        ]
    }  # fmt: skip
