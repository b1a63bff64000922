"""Checkpoints: an unfinished run as a file, to be continued later, in another process or on another machine.

A checkpoint holds what can't be rebuilt from the scenario: the columns and the record so far. It is loaded into a run of the
same scenario, seed and replicate, whose arrays it fills in place, so that agents and views of them stay valid. It holds only
arrays and text, so reading it executes nothing. The file appears in one step, by a rename. Left out: the scenario's
interventions and people as objects, which are rebuilt from the scenario.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.base.errors import InputError
from sim.base.sources import fingerprint
from sim.engine.simulation import Simulation
from sim.engine.world.columns import State
from sim.results import write_whole
from sim.results.identity import intervention_digests
from sim.scenario import canonical

LAYOUT = 1
"""Version of the layout of checkpoints."""


def save_checkpoint(simulation: Simulation, path: str | Path, more: Mapping[str, Any] | None = None) -> None:
    """Write a simulation as far as it has run; an existing file is replaced in one step.

    more : what `load_checkpoint` is to return, made of JSON's types.

    Raises
    ------
    InputError : the file can't be written; an existing file stays as it was.
    """
    weeks = simulation.week
    arrays = dict(zip(State._fields, simulation.state, strict=True))
    arrays |= {"counts": simulation.counts[:weeks], "totals": simulation.totals[:weeks]}
    head = json.dumps({**_identity(simulation), "week": weeks, "more": dict(more or {})})

    def write(temporary: Path) -> None:
        with temporary.open("wb") as stream:  # given a name, numpy would append .npz
            np.savez_compressed(stream, head=np.array(head), **arrays)  # type: ignore[arg-type]

    write_whole(Path(path), write)


def load_checkpoint(simulation: Simulation, path: str | Path) -> dict[str, Any]:
    """Set a simulation, in place, to the week of a checkpoint, and return what was saved with it as `more`.

    Raises
    ------
    InputError : the file can't be read, is damaged, isn't a checkpoint, or belongs to another version of the model, another
        scenario, seed or replicate. The simulation then stays as it was.
    """
    path = Path(path)
    head, arrays = _read(path)
    for key, here in _identity(simulation).items():
        if head.get(key) != here:
            raise InputError(f"is a checkpoint of another {_difference(key, head.get(key), here)}", path)
    forms = {name: _form(getattr(simulation.state, name)) for name in State._fields}
    for name, array in (("counts", simulation.counts), ("totals", simulation.totals)):
        forms[name] = (head["week"], *array.shape[1:]), array.dtype
    if {name: _form(array) for name, array in arrays.items()} != forms:
        raise InputError("is damaged: its arrays don't fit its scenario", path)
    for name in State._fields:
        getattr(simulation.state, name)[...] = arrays[name]
    simulation.restore_record(arrays["counts"], arrays["totals"])
    return dict(head["more"])


def _identity(simulation: Simulation) -> dict[str, Any]:
    """Return what a checkpoint and the run that it is loaded into must have in common."""
    return {
        "layout": LAYOUT, "model": fingerprint(), "interventions": intervention_digests(simulation.scenario),
        "seed": simulation.seed, "replicate": simulation.replicate, "scenario": json.loads(canonical(simulation.scenario)),
    }  # fmt: skip


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a checkpoint's head and arrays."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        head = json.loads(str(arrays.pop("head")))
        if (
            not isinstance(head, dict)
            or not isinstance(head.get("week"), int)
            or not isinstance(head.get("more"), dict)
        ):
            raise ValueError("no head")
    except (ValueError, KeyError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        reason = str(error).splitlines()[0][:80] or "empty"
        raise InputError(f"is damaged or isn't a checkpoint ({reason})", path) from None
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", path) from None
    return head, arrays


def _form(array: Any) -> tuple[tuple[int, ...], Any]:
    return array.shape, array.dtype


def _difference(key: str, there: Any, here: Any) -> str:
    """Return in words how a checkpoint differs from the run."""
    if key in ("seed", "replicate"):
        return f"{key}: {there}, not {here}"
    if key == "scenario":
        difference = _first_difference(there, here)
        return f"scenario: {difference}" if difference else "scenario"
    if key == "interventions":
        return "version of the scenario's own interventions; run it from the start"
    return "version of the model; run it from the start"


def _first_difference(there: Any, here: Any, key: str = "") -> str:
    """Return the first key whose values differ, and both."""
    if isinstance(there, dict) and isinstance(here, dict):
        for name in sorted({*there, *here}):
            if there.get(name) != here.get(name):
                return _first_difference(there.get(name), here.get(name), f"{key}.{name}" if key else name)
    if isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        for number, (one, other) in enumerate(zip(there, here, strict=True)):
            if one != other:
                return _first_difference(one, other, f"{key}[{number}]")
    plain = not isinstance(there, dict | list) and not isinstance(here, dict | list)
    return f"{key} is {there} in the file but {here} in the run" if plain else key
