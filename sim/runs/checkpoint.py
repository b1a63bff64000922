"""Checkpoints: an unfinished run as a file, to be continued later, in another process or on another machine.

A checkpoint holds what can't be rebuilt from the scenario: the columns and the record so far. It is loaded into a run of the
same scenario, seed and replicate, whose arrays it fills in place, so that agents and views of them stay valid.

A file is a line with the layout, a line with the SHA-256 of the rest, a line of JSON (`_identity`, the week, and what the
caller adds), and the arrays' bytes, compressed as one zlib stream. Their shapes and types come from the run, never from the
file, so that reading executes nothing and takes no more memory than the run. A checksum finds damage, not intent: whatever
indexes other arrays is checked against the run as well (`sim.runs.ranges`). Nothing changes before everything is checked.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.base.errors import InputError
from sim.base.sources import fingerprint
from sim.engine.simulation import Simulation
from sim.engine.world.declaration import BLOCKS
from sim.results import write_whole
from sim.results.identity import intervention_digests
from sim.runs.ranges import out_of_range
from sim.scenario import canonical

LAYOUT = 2
"""Version of the layout of checkpoints."""

_TITLE = b"grassroots checkpoint"
_FIRST = b"%s %d\n" % (_TITLE, LAYOUT)
_ZIP = b"PK\x03\x04"
"""What checkpoints of layout 1 begin with."""
_MOST_HEAD = 1 << 26
"""Bytes that the line of JSON may have: the kinds of 20,000,000 households fit."""
_MOST_WEEKS = 1 << 16


def save_checkpoint(simulation: Simulation, path: str | Path, more: Mapping[str, Any] | None = None) -> None:
    """Write a simulation as far as it has run; an existing file is replaced in one step.

    more : what `load_checkpoint` is to return, made of JSON's types.

    Raises
    ------
    InputError : the file can't be written; an existing file stays as it was.
    """
    weeks = simulation.week
    head = json.dumps({**_identity(simulation), "week": weeks, "more": dict(more or {})}).encode() + b"\n"
    stream = zlib.compressobj(1)
    blocks = [getattr(simulation.state, block) for block in BLOCKS]
    arrays = [*blocks, simulation.counts[:weeks], simulation.totals[:weeks]]
    rest = [head, *(stream.compress(np.ascontiguousarray(array).data) for array in arrays), stream.flush()]
    digest = hashlib.sha256()
    for part in rest:
        digest.update(part)

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            file.write(b"%s%s\n" % (_FIRST, digest.hexdigest().encode()))
            file.writelines(rest)

    write_whole(Path(path), write)


def load_checkpoint(
    simulation: Simulation, path: str | Path, check: Callable[[dict[str, Any]], None] = lambda more: None
) -> dict[str, Any]:
    """Set a simulation, in place, to the week of a checkpoint, and return what was saved with it as `more`.

    check : called with `more` before anything changes; raises ValueError to refuse it.

    Raises
    ------
    InputError : the file can't be read, is damaged, isn't a checkpoint, or belongs to another version of the model, another
        scenario, seed or replicate. The simulation then stays as it was.
    """
    path = Path(path)
    head, packed = _read(path)
    for key, here in _identity(simulation).items():
        if head.get(key) != here:
            raise InputError(f"is a checkpoint of another {_difference(key, head.get(key), here)}", path)
    week: int = head["week"]
    more: dict[str, Any] = head["more"]
    forms = {block: getattr(simulation.state, block) for block in BLOCKS}
    shapes = {name: (array.shape, array.dtype) for name, array in forms.items()}
    for name, array in (("counts", simulation.counts), ("totals", simulation.totals)):
        shapes[name] = (week, *array.shape[1:]), array.dtype
    try:
        arrays = _unpacked(packed, shapes)
        fault = out_of_range(simulation, arrays)
        if fault:
            raise ValueError(fault)
        check(more)
    except (ValueError, TypeError, KeyError, OverflowError, MemoryError) as error:
        raise InputError(f"is damaged ({_reason(error)})", path) from None
    for block, array in forms.items():
        array[...] = arrays[block]
    simulation.restore_record(arrays["counts"], arrays["totals"])
    return more


def _identity(simulation: Simulation) -> dict[str, Any]:
    """Return what a checkpoint and the run that it is loaded into must have in common."""
    return {
        "layout": LAYOUT, "model": fingerprint(), "interventions": intervention_digests(simulation.scenario),
        "seed": simulation.seed, "replicate": simulation.replicate, "scenario": json.loads(canonical(simulation.scenario)),
    }  # fmt: skip


def _read(path: Path) -> tuple[dict[str, Any], bytes]:
    """Return a checkpoint's line of JSON and its compressed arrays."""
    try:
        with path.open("rb") as file:
            first = file.readline(64)
            if first != _FIRST and first.startswith((_TITLE, _ZIP)):
                raise InputError("is a checkpoint of another version of the model; run it from the start", path)
            if first != _FIRST:
                raise ValueError("its first line is another")
            digest = hashlib.sha256()
            told = file.readline(80).strip()
            begin = file.tell()
            for part in iter(lambda: file.read(1 << 20), b""):
                digest.update(part)
            if told != digest.hexdigest().encode():
                raise ValueError("its checksum is another")
            file.seek(begin)
            head = json.loads(file.readline(_MOST_HEAD))
            if not (
                isinstance(head, dict)
                and type(head.get("week")) is int
                and 0 <= head["week"] <= _MOST_WEEKS
                and isinstance(head.get("more"), dict)
            ):
                raise ValueError("no head")
            return head, file.read()
    except InputError:
        raise
    except (ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"is damaged or isn't a checkpoint ({_reason(error)})", path) from None
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", path) from None


def _unpacked(packed: bytes, shapes: Mapping[str, tuple[tuple[int, ...], Any]]) -> dict[str, Any]:
    """Return arrays of these shapes and types from a stream that must hold exactly their bytes; else raise ValueError."""
    size = sum(int(np.prod(shape, dtype=np.int64)) * dtype.itemsize for shape, dtype in shapes.values())
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(packed, size + 1)  # never more than that, whatever the stream says
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(data) != size or not stream.eof or stream.unused_data:
        raise ValueError("its arrays don't fit its scenario")
    arrays, at = {}, 0
    for name, (shape, dtype) in shapes.items():
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(data, dtype, count, at).reshape(shape)
        at += count * dtype.itemsize
    return arrays


def _reason(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:80] or type(error).__name__


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
