"""Batches: scenarios by draws by replicates, on all cores or on a cluster, streamed into results folders."""

from sim.runs.one_run import Chunk, Failure, run_chunk, weekly_of
from sim.runs.progress import Progress
from sim.runs.result import BatchResult
from sim.runs.running import run_batch

__all__ = ["BatchResult", "Chunk", "Failure", "Progress", "run_batch", "run_chunk", "weekly_of"]
