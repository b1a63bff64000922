"""Results folders: runs found by the hash of what they depend on, written so that a crash leaves nothing half-written.

``<folder>/<scenario>/<hash>/`` holds ``manifest.json`` (what was run, with which versions) and ``runs-FFFFFF-LLLLLL.parquet``
for each chunk of replicates; of a world of several villages also ``villages-FFFFFF-LLLLLL.parquet``, a row a run and
village. The hash covers the resolved scenario, the seed, the weeks, and the text of the model's own source and of the
scenario's levers from outside the package, so a change of any of them makes a new folder, and a run that is there can be
trusted. Files appear whole, by a rename.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from sim.compiled import PACKAGE, fingerprint
from sim.errors import InputError
from sim.interventions import digest
from sim.outcomes import BY_VILLAGE, TOTALS, WEEKLY, WEEKLY_BY_VILLAGE, Columns
from sim.scenario import Scenario, canonical

LAYOUT = 1
"""Version of the layout of results folders; part of the hash."""

VILLAGE_UNITS = {o.name: o.unit for o in BY_VILLAGE} | {f"weekly.{name}": "share" for name in WEEKLY_BY_VILLAGE}
"""The columns of a table by village, besides names, and their units."""


def run_hash(scenario: Scenario, seed: int, weeks: int) -> str:
    """Return 16 hexadecimal digits for what a scenario's runs depend on, but for the replicate; host-independent."""
    parts = [str(LAYOUT), canonical(scenario), str(seed), str(weeks), fingerprint(), *levers_text(scenario).values()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def levers_text(scenario: Scenario) -> dict[str, str]:
    """Return a hash of the source text for each kind of lever that comes from outside the package, sorted by kind."""
    kinds = {lever.kind: digest(type(lever)) for lever in scenario.interventions}
    return {kind: kinds[kind] for kind in sorted(kinds) if kinds[kind]}


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then give it its name; on an error nothing is left.

    Raises InputError where the folder can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror or error}", path.parent) from None
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror or error}", path) from None
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole."""
    write_whole(path, lambda temporary: _write_text(temporary, text))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def to_arrow(values: npt.NDArray[Any]) -> Any:
    """Return a 1-D array of numbers or words as an Arrow array.

    Made from buffers, because ``pyarrow.array`` imports pandas, which takes longer than a run.
    """
    import pyarrow as pa

    if values.dtype.kind in "UO":
        words = [str(word).encode() for word in values]
        ends = np.cumsum([0, *(len(word) for word in words)], dtype=np.int32)
        return pa.Array.from_buffers(pa.string(), len(words), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(words))])
    flat = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(flat.dtype), flat.size, [None, pa.py_buffer(flat)])


def write_parquet(path: Path, columns: Mapping[str, Any], units: Mapping[str, str] | None = None) -> None:
    """Write columns (1-D, or 2-D as fixed-size lists) as Parquet with the columns' units in the field metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = []
    fields = []
    for name, values in columns.items():
        array = np.asarray(values)
        arrow = to_arrow(array.ravel())
        if array.ndim == 2:
            arrow = pa.FixedSizeListArray.from_arrays(arrow, array.shape[1])
        arrays.append(arrow)
        unit = (units or {}).get(name, "")
        fields.append(pa.field(name, arrow.type, metadata={"unit": unit} if unit else None))
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    write_whole(path, lambda temporary: pq.write_table(table, temporary, compression="zstd", write_page_checksum=True))


def read_parquet(path: Path) -> Columns:
    """Read what `write_parquet` wrote. Raises InputError for a damaged file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, page_checksum_verification=True)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"is damaged; remove it and run again ({str(error).splitlines()[0][:80]})", path) from None
    columns: Columns = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        if pa.types.is_fixed_size_list(column.type):
            flat = column.flatten().to_numpy(zero_copy_only=False)
            columns[name] = flat.reshape(len(column), column.type.list_size)
        else:
            columns[name] = column.to_numpy(zero_copy_only=False)
    return columns


def versions() -> dict[str, str]:
    """Return the versions that a manifest records."""
    found = {"python": platform.python_version()}
    for package in ("grassroots", "numpy", "numba", "mesa", "pydantic", "pyarrow", "scipy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def commit() -> str | None:
    """Return the commit of the checkout that the package runs from, with ``+`` if it is changed; None without git."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(PACKAGE), "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
            capture_output=True, text=True, timeout=5, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None


def manifest(scenario: Scenario, name: str, seed: int, weeks: int) -> dict[str, Any]:
    """Return what a results folder says of its runs."""
    return {
        "layout": LAYOUT,
        "name": name,
        "title": scenario.title,
        "seed": seed,
        "weeks": weeks,
        "inputs": run_hash(scenario, seed, weeks),
        "model": fingerprint(),
        "levers": levers_text(scenario),
        "scenario": json.loads(canonical(scenario)),
        "versions": versions(),
        "commit": commit(),
    }


@dataclass(frozen=True)
class RunStore:
    """The folder of a scenario's runs under one seed; without a folder nothing is kept.

    `many_villages` tells that what came of each village is kept as well.
    """

    folder: Path | None
    many_villages: bool = False

    @classmethod
    def open(cls, root: Path | None, name: str, scenario: Scenario, seed: int, weeks: int) -> Self:
        """Find or make the folder for these runs under `root`, with its manifest."""
        many = len(scenario.villages) > 1
        if root is None:
            return cls(None, many)
        folder = root / safe_name(name) / run_hash(scenario, seed, weeks)
        if not (folder / "manifest.json").exists():
            write_text(folder / "manifest.json", json.dumps(manifest(scenario, name, seed, weeks), indent=1) + "\n")
        return cls(folder, many)

    def path(self, start: int, count: int, table: str = "runs") -> Path:
        """Return the file of a chunk; `table` is ``runs`` or ``villages``."""
        assert self.folder is not None
        return self.folder / f"{table}-{start:06d}-{start + count - 1:06d}.parquet"

    def read(self, start: int, count: int) -> Columns | None:
        """Return a finished chunk's runs; None if it isn't there. Raises InputError for a damaged one."""
        if self.folder is None or not self.path(start, count).exists():
            return None
        if self.many_villages and not self.path(start, count, "villages").exists():
            return None
        wanted = {"replicate", *(o.name for o in TOTALS), *(f"weekly.{o.name}" for o in WEEKLY)}
        return read_checked(self.path(start, count), wanted, count)

    def villages(self) -> Iterator[Columns]:
        """Yield what came of each village, a chunk at a time: a row a run and village, by replicate and then by village.

        Columns: replicate, village (its name), the outcomes of `sim.outcomes.BY_VILLAGE`, and the weekly ones as lists.
        Raises InputError for a damaged file.
        """
        if self.folder is not None:
            for path in sorted(self.folder.glob("villages-??????-??????.parquet")):
                yield read_checked(path, {"replicate", "village", *VILLAGE_UNITS})

    def write(self, start: int, count: int, runs: Columns, villages: Columns) -> None:
        """Keep a finished chunk: its runs last, because they tell that it is whole."""
        if self.folder is None:
            return
        if self.many_villages:
            write_parquet(self.path(start, count, "villages"), villages, VILLAGE_UNITS)
        units = {o.name: o.unit for o in TOTALS} | {f"weekly.{o.name}": o.unit for o in WEEKLY}
        write_parquet(self.path(start, count), runs, units)


def read_checked(path: Path, wanted: set[str], rows: int | None = None) -> Columns:
    """Read a table that must have these columns, and so many rows. Raises InputError."""
    columns = read_parquet(path)
    if set(columns) != wanted or (rows is not None and len(columns[min(wanted)]) != rows):
        raise InputError("isn't a table of runs of this model; remove it and run again", path)
    return columns


def safe_name(name: str) -> str:
    """Return a name that is safe as a folder's: letters, digits and ``._-``, at most 80."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:80] or "scenario"
