"""Manifests: what a folder of runs says of itself, checked against the hash that its folder is called by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.base.errors import InputError
from sim.results.files import damaged
from sim.results.identity import LAYOUT, commit, identity, versions
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable

NAME = "manifest.json"
RUNS, COLLECTION = "runs", "collection"
"""Kinds of folders: a scenario's runs, or those of an analysis over many variants."""


def of_runs(inputs: Mapping[str, Any], name: str, scenario: Scenario, draws: DrawTable | None) -> dict[str, Any]:
    """Return what the folder of a scenario's runs says. inputs : see `sim.results.identity.run_inputs`."""
    table = None if draws is None else {"name": draws.name, "keys": list(draws.keys), "count": len(draws)}
    return manifest(RUNS, name, inputs, title=scenario.title, draws=table)


def of_collection(inputs: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what the folder of an analysis's runs says."""
    return manifest(COLLECTION, name, inputs, draws=None)


def manifest(kind: str, name: str, inputs: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return what a folder says. inputs : all that its content depends on, made of JSON's types; its hash is the folder's."""
    told = {"layout": LAYOUT, "kind": kind, "name": name, "hash": identity(inputs), "inputs": dict(inputs), **more}
    told |= {"versions": versions(), "commit": commit()}
    return {**told, "seal": _seal(told)}


def _seal(told: Mapping[str, Any]) -> str:
    """Return a hash of all that a manifest says but for the seal itself."""
    rest = {key: value for key, value in told.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:16]


def read_json(path: Path) -> dict[str, Any]:
    """Return what a manifest says. Raises InputError for one that can't be read, FileNotFoundError where there is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(told, dict):
            raise ValueError("not a manifest")
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise damaged(path, error) from None
    return told


def is_earlier(told: Mapping[str, Any]) -> bool:
    """Return whether an earlier edition wrote a manifest."""
    return "seal" not in told and (told.get("layout") in (1, 2) or "versions" in told)


def read_manifest(folder: Path, name: str | None = None) -> dict[str, Any]:
    """Return what a folder says of its content. name : the hash that it must tell; the folder's name if None.

    Raises InputError where it says nothing that can be read, or tells of something else.
    """
    path = folder / NAME
    told = read_json(path)
    if is_earlier(told):
        raise InputError("was made by an earlier edition, and is left alone; take another --results", folder)
    try:
        if told["layout"] != LAYOUT:
            raise ValueError(f"layout {told['layout']}")
        if told["seal"] != _seal(told) or told["hash"] != identity(told["inputs"]):
            raise ValueError("its text was changed")
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(path, error) from None
    if told["hash"] != (name or folder.name):
        raise InputError(f"tells of {told['hash']}, not of its folder; move the folder away", path)
    return told
