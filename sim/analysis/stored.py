"""Compare runs that are kept in a results folder, without simulating."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import ValidationError

from sim.analysis.compare import Comparison
from sim.base.errors import InputError
from sim.interventions import KINDS, find_interventions
from sim.results.catalogue import Entry
from sim.results.store import RunStore
from sim.scenario import Scenario


def stored_comparison(kept: Sequence[Entry]) -> Comparison:
    """Return the comparison of runs that are kept; the first is the reference.

    Raises
    ------
    InputError : fewer than two, one twice, runs that don't pair (another seed, weeks or draws), or runs of an older
        version of the model, whose scenario can't be read any more.
    """
    if len({item.label for item in kept}) < 2 or len({item.label for item in kept}) < len(kept):
        raise InputError("a comparison needs at least two different runs", "results compare")
    first = kept[0]
    for item in kept[1:]:
        for what in ("seed", "weeks", "draws"):
            mine, other = getattr(first, what) or "none", getattr(item, what) or "none"
            if mine != other:
                raise InputError(
                    f"{first.label} and {item.label} don't pair: {what} {mine} and {other}", "results compare"
                )
    stores = {item: RunStore.at(item.folder) for item in kept}
    if len({store.draws for store in stores.values()}) > 1:
        raise InputError("these runs don't pair: their tables of draws differ", "results compare")
    names = [item.name for item in kept]
    labels = {item: item.name if names.count(item.name) == 1 else f"{item.name}/{item.hash[:6]}" for item in kept}
    tables = {labels[item]: store.table(item.replicates) for item, store in stores.items()}
    scenarios = {labels[item]: _scenario(item, store) for item, store in stores.items()}
    return Comparison(scenarios, first.seed, first.weeks, max(item.replicates for item in kept), tables, [])


def _scenario(item: Entry, store: RunStore) -> Scenario:
    told = store.manifest()
    find_interventions()
    try:
        kept = told["scenario"]["interventions"]
        interventions = tuple(KINDS[each["kind"]].model_validate_json(json.dumps(each)) for each in kept)
        rest = {**told["scenario"], "title": told["title"], "interventions": []}
        return Scenario.model_validate_json(json.dumps(rest)).model_copy(update={"interventions": interventions})
    except (ValidationError, KeyError, TypeError):
        raise InputError(
            f"{item.label} is of an older model, or of interventions that aren't known here; run it again to compare it",
            "results compare",
        ) from None
