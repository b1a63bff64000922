"""Manifests: each folder's description of its content, checked against the hash that names the folder."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.base.errors import InputError
from sim.results.files import damaged, read_bytes
from sim.results.identity import LAYOUT, commit, identity, versions
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable

NAME = "manifest.json"
RUNS, COLLECTION = "runs", "collection"
"""Kinds of folders: a scenario's runs, or those of an analysis over many variants."""
FOLDER = re.compile(r"[0-9a-f]{16}")
"""Names of folders: hashes."""
_EARLIER = re.compile(r"(runs|villages|draws|piece)-d?\d.*-\d+\.(parquet|journal)")
"""Files of an earlier edition that lie in folders without a manifest."""


def of_runs(inputs: Mapping[str, Any], name: str, scenario: Scenario, draws: DrawTable | None) -> dict[str, Any]:
    """Return the manifest of a scenario's runs. inputs : see `sim.results.identity.run_inputs`."""
    table = None if draws is None else {"name": draws.name, "keys": list(draws.keys), "count": len(draws)}
    return manifest(RUNS, name, inputs, title=scenario.title, draws=table)


def of_collection(inputs: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the manifest of an analysis's runs."""
    return manifest(COLLECTION, name, inputs, draws=None)


def manifest(kind: str, name: str, inputs: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a folder's manifest. inputs : all that its content depends on, in JSON's types; their hash names the folder."""
    text = {"layout": LAYOUT, "kind": kind, "name": name, "hash": identity(inputs), "inputs": dict(inputs), **more}
    text |= {"versions": versions(), "commit": commit()}
    return {**text, "seal": _seal(text)}


def _seal(text: Mapping[str, Any]) -> str:
    """Return a hash of everything in a manifest except the seal itself."""
    rest = {key: value for key, value in text.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:16]


def read_json(path: Path) -> dict[str, Any]:
    """Return a manifest unchecked. Raises InputError if it can't be read, FileNotFoundError if there is none."""
    data = read_bytes(path)
    try:
        text = json.loads(data.decode())
        if not isinstance(text, dict):
            raise ValueError("not a manifest")
    except (ValueError, RecursionError) as error:
        raise damaged(path, error) from None
    return text


def is_earlier(text: Mapping[str, Any]) -> bool:
    """Return whether an earlier edition wrote a manifest."""
    return "seal" not in text and (text.get("layout") in (1, 2) or "versions" in text)


def has_seal(folder: Path) -> bool:
    """Return whether the manifest in a folder is of this product, not of another one with such a file.

    Raises InputError if it can't be read.
    """
    return "seal" in read_json(folder / NAME)


def has_earlier_files(folder: Path) -> bool:
    """Return whether a folder without a manifest holds files that only an earlier edition wrote."""
    names = {path.name for path in folder.iterdir()}
    return any(map(_EARLIER.fullmatch, names)) or ("waves.csv" in names and "waves.parquet" not in names)


def read_manifest(folder: Path, name: str | None = None) -> dict[str, Any]:
    """Return a folder's manifest. name : the hash that it must hold; the folder's name if None.

    Raises InputError if it can't be read, was changed, or belongs to another folder.
    """
    path = folder / NAME
    text = read_json(path)
    if is_earlier(text):
        raise InputError("was made by an earlier edition and is left alone; choose another --results", folder)
    try:
        if text["layout"] != LAYOUT:
            raise ValueError(f"layout {text['layout']}")
        if text["seal"] != _seal(text) or text["hash"] != identity(text["inputs"]):
            raise ValueError("its text was changed")
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(path, error) from None
    if text["hash"] != (name or folder.name):
        raise InputError(f"describes {text['hash']}, not its folder; move the folder away", path)
    return text
