"""Checkpoints: a run under way as a file, to go on from later, in another process or on another machine.

A checkpoint holds what a run can't make again from its scenario: the columns and the record so far. It goes back into
a run of the same scenario, seed and replicate, whose arrays it fills in place, so that agents and views of them stay
true. Arrays and text only, nothing is executed when it is read. The file appears whole, by a rename. Left out: the
scenario's interventions and people as objects, which the scenario makes anew.
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
    """Write a simulation as far as it has run; a file that is there is replaced in one step.

    more : what `load_checkpoint` is to return, made of JSON's types.

    Raises
    ------
    InputError : the file can't be written; what was there before stays.
    """
    weeks = simulation.week
    arrays = dict(zip(State._fields, simulation.state, strict=True))
    arrays |= {"counts": simulation.counts[:weeks], "totals": simulation.totals[:weeks]}
    head = json.dumps({**_told(simulation), "week": weeks, "more": dict(more or {})})

    def write(temporary: Path) -> None:
        with temporary.open("wb") as stream:  # a name without .npz would get it added
            np.savez_compressed(stream, head=np.array(head), **arrays)  # type: ignore[arg-type]

    write_whole(Path(path), write)


def load_checkpoint(simulation: Simulation, path: str | Path) -> dict[str, Any]:
    """Bring a simulation to where a checkpoint was written, in place, and return what else was kept with it.

    Raises
    ------
    InputError : the file can't be read, is damaged or no checkpoint, or is one of another version of the model, another
        scenario, seed or replicate. The simulation is then as it was.
    """
    path = Path(path)
    head, arrays = _read(path)
    for key, here in _told(simulation).items():
        if head.get(key) != here:
            raise InputError(f"is a checkpoint of another {_difference(key, head.get(key), here)}", path)
    likes = {name: _form(getattr(simulation.state, name)) for name in State._fields}
    for name, array in (("counts", simulation.counts), ("totals", simulation.totals)):
        likes[name] = (head["week"], *array.shape[1:]), array.dtype
    if {name: _form(array) for name, array in arrays.items()} != likes:
        raise InputError("is damaged: its arrays don't fit its scenario", path)
    for name in State._fields:
        getattr(simulation.state, name)[...] = arrays[name]
    simulation.restore_record(arrays["counts"], arrays["totals"])
    return dict(head["more"])


def _told(simulation: Simulation) -> dict[str, Any]:
    """Return what a checkpoint and the run that it goes back into must have in common."""
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
        raise InputError(f"is damaged, or no checkpoint ({str(error).splitlines()[0][:80] or 'empty'})", path) from None
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
        told = _first_difference(there, here)
        return f"scenario: {told}" if told else "scenario"
    if key == "interventions":
        return "text of the scenario's own interventions; run it from the start"
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
    return f"{key} is {there} in it, and {here} here" if plain else key
