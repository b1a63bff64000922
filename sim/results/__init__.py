"""Results folders: what they hold, how files are written in one step, and how runs are found, read and listed."""

from sim.results.files import write_text, write_whole
from sim.results.identity import commit, run_hash, versions
from sim.results.keys import NO_DRAW
from sim.results.names import folder_name
from sim.results.parquet import read_parquet, write_parquet
from sim.results.table import Table

__all__ = [
    "NO_DRAW", "Table", "commit", "folder_name", "read_parquet", "run_hash", "versions", "write_parquet", "write_text",
    "write_whole",
]  # fmt: skip
