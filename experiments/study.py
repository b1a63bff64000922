"""What every study shares: its command line, where it writes, and how its tables, figures and finding are kept.

A study is a module that reads from top to bottom: the question, its sizes, the scenarios, the runs, the tables, the
figures and the finding. `FULL` are the sizes of the committed results, `TINY` those of the test suite, which runs the
same `main(root, **sizes)` and compares its tables with `tests/studies/`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure

from sim.base.errors import InputError
from sim.cli import one_line
from sim.commands.output import Output
from sim.figures import output
from sim.results import write_text
from sim.runs.service import RUNS, SCHEDULER

CHECKOUT = Path(__file__).resolve().parents[1]
"""The root below which a study writes unless ``--folder`` gives another."""
reporter = Output("study").reporter
"""Report progress as commands do: turns a function that words an event into one to call with events."""


def command(main: Callable[..., None]) -> None:
    """Run a study with its command line's sizes. main : a function of the module that has the docstring, `FULL` and `TINY`."""
    study = sys.modules[main.__module__]
    parser = argparse.ArgumentParser(description=study.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="write below this folder instead of the checkout")
    parser.add_argument(
        "--runs", type=Path, help="keep the runs in this folder, so that an interrupted study goes on there"
    )
    parser.add_argument("--scheduler", help="address of a Dask scheduler whose workers make the runs")
    parser.add_argument("--tiny", action="store_true", help="the sizes of the test suite; needs --folder")
    for name, size in study.FULL.items():
        parser.add_argument(f"--{name}", type=int, help=f"{size}, or {study.TINY[name]} with --tiny, if left out")
    options = vars(parser.parse_args())
    folder, tiny = options.pop("folder"), options.pop("tiny")
    for variable, value in ((RUNS, options.pop("runs")), (SCHEDULER, options.pop("scheduler"))):
        if value is not None:
            os.environ[variable] = str(value)
    if tiny and folder is None:
        parser.error("--tiny needs --folder, so that it can't overwrite the committed results")
    began = time.monotonic()
    sizes = {name: size for name, size in options.items() if size is not None}
    try:
        main(folder or CHECKOUT, **{**(study.TINY if tiny else study.FULL), **sizes})
    except (InputError, OSError, MemoryError) as error:
        parser.exit(2, f"{one_line(error)}\n")
    print(f"{time.monotonic() - began:.0f} s")


def results_folder(root: Path, study: str) -> Path:
    """Return the folder of a study's results below a root. study : the study's `__file__`."""
    return root / "results" / "reference" / Path(study).stem


def as_kept(table: pd.DataFrame, digits: int = 6) -> pd.DataFrame:
    """Return a table with numbers rounded as `keep` writes them, so that a text that rounds them again quotes the table."""
    return table.map(lambda cell: float(f"{cell:.{digits}g}") if isinstance(cell, float) else cell)


def keep(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Figure] | None = None,
    texts: Mapping[str, str] | None = None,
    finding: str = "",
    digits: int = 6,
) -> None:
    """Write tables (CSV), figures (PNG and SVG), texts and the finding, each by its name. digits : significant, of tables."""
    for name, table in tables.items():
        write_text(folder / f"{name}.csv", table.to_csv(index=False, float_format=f"%.{digits}g"))
    for name, figure in (figures or {}).items():
        output.save(figure, folder / name)
    for name, text in (texts or {}).items():
        write_text(folder / f"{name}.txt", text)
    if finding:
        write_text(folder / "finding.md", fill(" ".join(finding.split()), 100) + "\n")
