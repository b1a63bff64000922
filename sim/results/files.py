"""Files that appear whole or not at all, and tables as Parquet with units."""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.base.errors import InputError
from sim.engine.outcomes import Columns


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
    # Through memory, because Arrow tells a full disk in words of its own.
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
    write_whole(path, lambda temporary: _write_bytes(temporary, buffer.getbuffer()))


def _write_bytes(path: Path, data: memoryview) -> None:
    path.write_bytes(data)


def read_parquet(path: Path, names: Sequence[str] | None = None) -> Columns:
    """Read what `write_parquet` wrote, or only some of its columns. Raises InputError for a damaged file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Not `read_table`, which imports pyarrow's datasets: half a second.
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read(None if names is None else list(names))
    except (OSError, pa.ArrowException) as error:
        raise damaged(path, error) from None
    columns: Columns = {}
    for name in table.column_names if names is None else names:
        column = table[name].combine_chunks()
        # Not `to_numpy`, which imports pandas.
        if pa.types.is_fixed_size_list(column.type):
            columns[name] = np.from_dlpack(column.flatten()).reshape(len(column), column.type.list_size)
        elif pa.types.is_string(column.type):
            columns[name] = np.array(column.to_pylist(), object)
        else:
            columns[name] = np.from_dlpack(column)
    return columns


def read_checked(path: Path, wanted: set[str], rows: int | None = None) -> Columns:
    """Read a table that must have these columns, and so many rows. Raises InputError."""
    columns = read_parquet(path)
    if set(columns) != wanted or (rows is not None and len(columns[min(wanted)]) != rows):
        raise InputError("isn't a table of runs of this model; remove it and run again", path)
    return columns


def parquet_names(path: Path) -> list[str]:
    """Return the names of a Parquet file's columns. Raises InputError for a damaged file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(path).names)
    except (OSError, pa.ArrowException) as error:
        raise damaged(path, error) from None


def damaged(path: Path, error: Exception) -> InputError:
    """Return the error for a file that can't be read."""
    return InputError(f"is damaged; remove it and run again ({(str(error).splitlines() or [''])[0][:80]})", path)


def safe_name(name: str) -> str:
    """Return a name that is safe as a folder's: letters, digits and ``._-``, at most 80."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:80] or "scenario"
