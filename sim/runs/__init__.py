"""The one way to run: a request for runs becomes tables; runs are made here or on a cluster, and kept once finished.

    from sim.runs import Request, run
    request = Request.of({"plain": load_scenario("baseline")}, replicates=100, seed=0, weeks=104)
    runs = run(request, Path("results"))
    runs.tables["plain"]["adopted"]          # shape (runs,)
    weekly_of(runs.tables["plain"], "adopted")  # shape (runs, weeks)

An analysis that needs only some observables names them: ``observed=("adopted@26", "yuan")``. An analysis whose scenarios or
draws change from request to request keeps its runs in a `Collection`, which finds each run by its content.
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
