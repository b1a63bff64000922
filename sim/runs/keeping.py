"""Where the runs of a request are kept: a folder for each scenario, one folder for all variants of an analysis, or memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np

from sim.base.arrays import I64
from sim.results.chunk import Belonging
from sim.results.identity import LAYOUT, code_inputs, identity, intervention_digests, run_inputs, spread_of_values
from sim.results.manifest import of_collection, of_runs
from sim.results.names import folder_name
from sim.results.rows import RowShape
from sim.results.store import FolderStore, MemoryStore, Store
from sim.runs.request import Request
from sim.scenario import Scenario, canonical


@dataclass
class Memory:
    """Runs kept in this process's memory; a second request with the same object finds the runs of the first."""

    stores: dict[str, MemoryStore] = field(default_factory=dict)


class Collection:
    """One place for the runs of scenarios that aren't known beforehand, or whose draws change from request to request.

    A run is identified by its variant: the hash of its scenario with the draw's values, its seed and its weeks. So any request
    for the same run finds it. Use it as a context manager: its files stay open from request to request, and the next process
    finds what an interruption left.

    Parameters
    ----------
    root : results folder; None keeps the runs in memory. name : of the folder in it.
    """

    def __init__(self, root: Path | None, name: str) -> None:
        self.root, self.name = root, name
        self.stores: dict[str, FolderStore | MemoryStore] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stores, self.stores = self.stores, {}
        close_all(stores.values(), whole=error is None)


class Kept(NamedTuple):
    """A scenario's store, and the first key of its runs for each draw, in the order of `Pairs.numbers`."""

    store: Store
    firsts: I64

    def keys(self, request: Request, places: I64) -> I64:
        """Return the keys of pairs in the store, shape (places, 2)."""
        draw, replicate = request.pairs.at(places)
        return np.stack([self.firsts[draw], replicate], axis=1)


Keeping = Path | Collection | Memory | None


def opened(request: Request, keeping: Keeping, *, make: bool = True) -> dict[str, Kept]:
    """Return the store of each scenario. make : whether to make missing folders.

    Raises InputError if a folder can't be read or written.
    """
    if isinstance(keeping, Collection):
        return _collected(request, keeping, make)
    kept: dict[str, Kept] = {}
    for label, scenario in request.scenarios.items():
        inputs = run_inputs(scenario, request.seed, request.weeks_of(label), request.draws, request.shape(label))
        hash_ = identity(inputs)
        store: Store
        if isinstance(keeping, Path):
            key = "" if request.draws is None else "draw"
            folder = FolderStore(keeping / folder_name(label) / hash_, Belonging(hash_, request.shape(label), key))
            if make:
                folder.begin(of_runs(inputs, label, scenario, request.draws), request.draws)
            store = folder
        else:
            memory = keeping or Memory()
            store = memory.stores.setdefault(hash_, MemoryStore(request.shape(label)))
        kept[label] = Kept(store, request.pairs.numbers)
    return kept


def _collected(request: Request, collection: Collection, make: bool) -> dict[str, Kept]:
    """Return the stores of a collection, one for each shape of rows."""
    kept = {}
    for label, scenario in request.scenarios.items():
        shape = request.shape(label)
        inputs = {"layout": LAYOUT, "collection": collection.name, "observed": shape.as_json(), **code_inputs()}
        hash_ = identity(inputs)
        if hash_ not in collection.stores:
            collection.stores[hash_] = _store_of(collection, hash_, shape, inputs, make)
        kept[label] = Kept(collection.stores[hash_], variants(request, label, scenario))
    return kept


def _store_of(
    collection: Collection, hash_: str, shape: RowShape, inputs: Mapping[str, Any], make: bool
) -> FolderStore | MemoryStore:
    if collection.root is None:
        return MemoryStore(shape)
    folder = collection.root / folder_name(collection.name) / hash_
    store = FolderStore(folder, Belonging(hash_, shape, "variant"), stays_open=True)
    if make:
        store.begin(of_collection(inputs, collection.name), None)
    return store


def close_all(stores: Iterable[Store], *, whole: bool) -> None:
    """Close all stores, even if one of them fails; `whole` as in `Store.close`."""
    errors = []
    for store in stores:
        try:
            store.close(whole=whole)
        except Exception as error:
            errors.append(error)
    if errors and whole:
        raise errors[0]


def variants(request: Request, label: str, scenario: Scenario) -> I64:
    """Return the hash of a scenario with each draw's values, its seed and weeks, shape (draws,)."""
    common: Mapping[str, Any] = {
        "scenario": json.loads(canonical(scenario)), "seed": request.seed, "weeks": request.weeks_of(label),
        "interventions": intervention_digests(scenario),
    }  # fmt: skip
    texts: Iterable[bytes] = [b""]
    if request.draws is not None:
        common = {**common, "values": spread_of_values(scenario), "keys": sorted(request.draws.keys)}
        values, columns = request.draws.values, np.argsort(request.draws.keys)
        texts = (np.ascontiguousarray(values[row, columns], "<f8").tobytes() for row in request.rows)
    start = hashlib.blake2b(json.dumps(common, sort_keys=True).encode(), digest_size=8)

    def hashes() -> Iterator[int]:
        for text in texts:
            digest = start.copy()
            digest.update(text)
            yield int.from_bytes(digest.digest(), "little", signed=True)

    return np.fromiter(hashes(), np.int64, request.pairs.numbers.size)
