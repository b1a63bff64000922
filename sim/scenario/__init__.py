"""Scenarios: YAML files in, one frozen `Scenario` of plain numbers out, with the provenance of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.evidence import load_register
from sim.interventions import find_interventions
from sim.scenario.canonical import canonical
from sim.scenario.explain import explain, explained
from sim.scenario.files import find, read_draft, scenario_names, scenarios_folder
from sim.scenario.overrides import Override, apply, parse_set
from sim.scenario.provenance import parameters_by_record, provenance
from sim.scenario.remarks import remarks
from sim.scenario.resolve import resolve
from sim.scenario.schema import Contact, Household, Plan, Public, Scenario, Ties, Village
from sim.scenario.values import Provenance
from sim.scenario.variation import with_values, without_programme

__all__ = [
    "Contact",
    "Household",
    "Plan",
    "Provenance",
    "Public",
    "Scenario",
    "Ties",
    "Village",
    "canonical",
    "explain",
    "explained",
    "load_scenario",
    "load_text",
    "parameters_by_record",
    "parse_set",
    "provenance",
    "remarks",
    "scenario_names",
    "scenarios_folder",
    "with_values",
    "without_programme",
]


def load_scenario(name_or_path: str | Path, overrides: Sequence[Override] | Override = ()) -> Scenario:
    """Load a scenario by its name in ``scenarios/`` or by its path, and apply overrides to it.

    Parameters
    ----------
    name_or_path : a name such as ``baseline`` or ``places/x``, or a path (which ends in ``.yaml``, or contains a separator
        and exists).
    overrides : names of overrides that the scenario's files define, and mappings of dotted keys to values, such as
        ``{"household.own_yard": 0.3}``; no key may be set twice.

    Raises
    ------
    InputError : every mistake in the keys and values, at most 20, each in one line with the file, the line and the nearest
        valid name; see `sim.base.errors.MistakesError`.
    """
    find_interventions()
    register = load_register()
    draft = read_draft(find(name_or_path), register)
    return resolve(apply(draft.root, draft.overrides, overrides, register))


def load_text(text: str, path: str | Path) -> Scenario:
    """Load a scenario from the text of a file that isn't written yet. path : where it would stand; it names it in errors.

    Raises InputError as `load_scenario`.
    """
    find_interventions()
    register = load_register()
    draft = read_draft(str(path), register, text)
    return resolve(draft.root)
