"""The one way to run: a request for runs becomes tables, made here or on a cluster, kept as they are finished.

    from sim.runs import Request, run
    request = Request.of({"plain": load_scenario("baseline")}, replicates=100, seed=0, weeks=104)
    runs = run(request, Path("results"))
    runs.tables["plain"]["adopted"]          # shape (runs,)
    weekly_of(runs.tables["plain"], "adopted")  # shape (runs, weeks)

An analysis that needs less than everything names its observables: ``observed=("adopted@26", "yuan")``. One whose scenarios or
draws change as it goes keeps its runs in a `Collection`, where each run is found by its content.
"""

from sim.results.table import Table, weekly_by_group, weekly_of
from sim.runs.keeping import Collection, Keeping, Memory
from sim.runs.progress import Progress, Report
from sim.runs.request import Pairs, Request
from sim.runs.service import Runs, missing, run
from sim.runs.task import Failure

__all__ = [
    "Collection", "Failure", "Keeping", "Memory", "Pairs", "Progress", "Report", "Request", "Runs", "Table",
    "missing", "run", "weekly_by_group", "weekly_of",
]  # fmt: skip
