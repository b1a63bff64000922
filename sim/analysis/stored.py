"""Compare runs that are stored in a results folder, without simulating."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import ValidationError

from sim.analysis.compare import Comparison
from sim.base.errors import InputError
from sim.interventions import KINDS, find_interventions
from sim.results.catalogue import Entry
from sim.results.manifest import read_manifest
from sim.results.table import Table, indexed
from sim.scenario import Scenario


def stored_comparison(kept: Sequence[Entry]) -> Comparison:
    """Return the comparison of stored runs; the first is the reference.

    Raises
    ------
    InputError : fewer than two, one twice, runs that don't pair (another seed, weeks or values of draws), or runs of an older
        version of the model, whose scenario can no longer be read.
    """
    if len({item.label for item in kept}) < 2 or len({item.label for item in kept}) < len(kept):
        raise InputError("a comparison needs at least two different runs", "results compare")
    first = kept[0]
    for item in kept[1:]:
        here, there = first.draws or "none", item.draws or "none"
        values = "" if here != there else ", which hold other values"
        for what, alike in (
            (f"seed {first.seed} and {item.seed}", first.seed == item.seed),
            (f"weeks {first.weeks} and {item.weeks}", first.weeks == item.weeks),
            (f"draws {here} and {there}{values}", first.draws_hash == item.draws_hash),
        ):
            if not alike:
                raise InputError(f"{first.label} and {item.label} don't pair: {what}", "results compare")
    names = [item.name for item in kept]
    labels = {item: item.name if names.count(item.name) == 1 else item.short for item in kept}
    tables = {labels[item]: stored_table(item) for item in kept}
    scenarios = {labels[item]: stored_scenario(item) for item in kept}
    return Comparison(scenarios, first.seed, first.weeks, max(item.replicates for item in kept), tables, [])


def stored_table(item: Entry) -> Table:
    """Return all runs of an entry."""
    assert item.store is not None
    _, index = indexed(item.store.pieces)
    return Table(item.store.shape, index.keys, index.keys, item.store.pieces)


def stored_scenario(item: Entry) -> Scenario:
    """Return the scenario of an entry of runs. Raises InputError if the current model can't read it."""
    told = read_manifest(item.folder)
    find_interventions()
    try:
        scenario = told["inputs"]["scenario"]
        interventions = tuple(
            KINDS[each["kind"]].model_validate_json(json.dumps(each)) for each in scenario["interventions"]
        )
        rest = {**scenario, "title": told["title"], "interventions": []}
        return Scenario.model_validate_json(json.dumps(rest)).model_copy(update={"interventions": interventions})
    except (ValidationError, KeyError, TypeError):
        raise InputError(
            f"{item.label} is from an older model, or has interventions that aren't known here; run it again to compare it",
            "results compare",
        ) from None
