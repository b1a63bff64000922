"""Results folders: what they hold, how it is written whole, and how it is found, read and told."""

from sim.results.files import read_checked, read_parquet, safe_name, write_parquet, write_text, write_whole
from sim.results.identity import commit, manifest, run_hash, versions
from sim.results.rows import VILLAGE_UNITS
from sim.results.store import RunStore
from sim.results.table import Table, join

__all__ = [
    "VILLAGE_UNITS",
    "RunStore",
    "Table",
    "commit",
    "join",
    "manifest",
    "read_checked",
    "read_parquet",
    "run_hash",
    "safe_name",
    "versions",
    "write_parquet",
    "write_text",
    "write_whole",
]
