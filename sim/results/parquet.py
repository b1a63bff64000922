"""Tables as Parquet: columns of numbers or words with their units, missing numbers as NULL, pages with checksums.

Everything goes through Arrow's buffers, because ``pyarrow.array`` and ``to_numpy`` import pandas, which takes longer than
a run.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.outcomes import Columns
from sim.results.files import damaged, write_bytes


def to_arrow(values: npt.NDArray[Any]) -> Any:
    """Return an array of numbers or words as an Arrow array, NaN as NULL; further axes become lists of fixed size."""
    import pyarrow as pa

    if values.ndim > 1:
        return pa.FixedSizeListArray.from_arrays(to_arrow(values.ravel()), math.prod(values.shape[1:]))
    if values.dtype.kind in "UO":
        words = [str(word).encode() for word in values]
        ends = np.cumsum([0, *(len(word) for word in words)], dtype=np.int32)
        return pa.Array.from_buffers(pa.string(), len(words), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(words))])
    flat = np.ascontiguousarray(values)
    if flat.dtype == np.bool_:
        bits = pa.py_buffer(np.packbits(flat, bitorder="little").tobytes())
        return pa.Array.from_buffers(pa.bool_(), flat.size, [None, bits])
    there = ~np.isnan(flat) if flat.dtype.kind == "f" else None
    known = None
    if there is not None and not there.all():
        known = pa.py_buffer(np.packbits(there, bitorder="little").tobytes())
    return pa.Array.from_buffers(pa.from_numpy_dtype(flat.dtype), flat.size, [known, pa.py_buffer(flat)])


def from_arrow(column: Any) -> npt.NDArray[Any]:
    """Return an Arrow array as a NumPy array, NULL as NaN; lists of fixed size become a second axis."""
    import pyarrow as pa

    if pa.types.is_fixed_size_list(column.type):
        size = column.type.list_size
        return from_arrow(column.flatten()).reshape(len(column), size)
    if pa.types.is_string(column.type):
        return np.array(column.to_pylist(), object)
    if pa.types.is_boolean(column.type):
        return np.array(column.to_pylist(), np.bool_)
    if not column.null_count:
        return np.asarray(np.from_dlpack(column))
    known, data = column.buffers()
    values = np.frombuffer(data, column.type.to_pandas_dtype())[column.offset : column.offset + len(column)]
    bits = np.unpackbits(np.frombuffer(known, np.uint8), bitorder="little")
    there = bits[column.offset : column.offset + len(column)].astype(np.bool_)
    return np.where(there, values, np.nan)


def parquet_bytes(
    columns: Mapping[str, npt.NDArray[Any]], units: Mapping[str, str], about: Mapping[str, str] | None = None
) -> memoryview:
    """Return a table as a Parquet file's bytes. units : of columns. about : the file's own metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = [to_arrow(np.asarray(values)) for values in columns.values()]
    fields = [
        pa.field(name, array.type, metadata={"unit": units[name]} if units.get(name) else None)
        for name, array in zip(columns, arrays, strict=True)
    ]
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=dict(about or {})))
    # Into memory, because Arrow reports a full disk in its own words.
    buffer = io.BytesIO()
    pq.write_table(
        table, buffer, compression="zstd", write_page_checksum=True, use_dictionary=False, write_statistics=False
    )
    return buffer.getbuffer()


def write_parquet(path: Path, columns: Mapping[str, Any], units: Mapping[str, str] | None = None) -> None:
    """Write columns as a Parquet file with their units in the fields' metadata."""
    write_bytes(path, parquet_bytes(columns, units or {}))


def read_parquet(path: Path, names: Sequence[str] | None = None) -> Columns:
    """Read what `write_parquet` wrote, or only some of its columns. Raises InputError for a damaged file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Not `read_table`, which imports pyarrow's datasets: half a second.
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            return columns_of(file, names)
    except (OSError, pa.ArrowException) as error:
        raise damaged(path, error) from None


def parquet_columns(data: bytes) -> Columns:
    """Return the columns of a Parquet file's bytes, which must be whole."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(pa.BufferReader(data)) as file:
        return columns_of(file)


def columns_of(file: Any, names: Sequence[str] | None = None) -> Columns:
    """Return columns of an open Parquet file."""
    table = file.read(None if names is None else list(names))
    return {name: from_arrow(table[name].combine_chunks()) for name in (table.column_names if names is None else names)}
