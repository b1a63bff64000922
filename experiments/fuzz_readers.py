"""Damage files in thousands of ways and read them: each reader gives a result or one line of error, nothing else.

    python experiments/fuzz_readers.py --cases 2000            # all readers
    python experiments/fuzz_readers.py --cases 200 scenario    # one

A case takes a good file, or one of a corpus of bad ones, and edits its bytes: bits flip, parts are cut, doubled or moved, and
text that has broken readers elsewhere is put in. Files that hold what the model computed must then give the same numbers to
the bit, or be refused; of files that people write any meaning is accepted. The suite does the same with fewer cases.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.analysis.menu import load_menu
from sim.base.errors import InputError
from sim.engine.simulation import Simulation
from sim.evidence.loading import load_register, seeds_folder
from sim.report.keeping import Report
from sim.results.catalogue import entries
from sim.results.query import Database
from sim.runs import Request, run
from sim.runs.checkpoint import load_checkpoint, save_checkpoint
from sim.runs.progress import Progress
from sim.scenario import load_scenario, scenarios_folder
from sim.uncertainty.draw_table import load_draw_table
from sim.uncertainty.priors import load_priors

SMALL = {"village.households": 20, "village.party_members": 2, "village.volunteers": 1}
SEED, WEEKS, RUNS = 3, 3, 4

TEXTS = (
    b'\x00', b'\xef\xbb\xbf', b'\xff\xfe', b'\r\n', b'\t', b': ', b'- ', b'#', b"'", b'"', b'&a ', b'*a', b'<<: *a',
    b'!!python/name:os.system ', b'!!binary ', b'{', b'[' * 2000, b']', b'}', b'|\n', b'---\n', b'...\n', b'%YAML 9.9\n',
    b'? ', b'~', b'null', b'yes', b'.nan', b'-.inf', b'1e999', b'1_000', b'0x7fffffffffffffff', b'9' * 5000, b'-1', b'1.5',
    b'1,5', b';', b',', b'12:30:45', b'2026-12-01', '新居民'.encode(), '٣'.encode(), b'\xc3(', b'\xed\xa0\x80', b'${HOME}',
    b'../../etc/passwd', b'extends: extends\n', b'interventions: []\n', b'weeks: 1000000000\n', b'villages: [{}]\n',
    b'title: []\n', b'households: 5000000\n', b'=1+1', b'PAR1', b'PK\x03\x04',
)  # fmt: skip
"""Texts that are put into files."""

CORPUS = (
    b"",
    b"\x00" * 4096,
    b"\xff" * 100,
    b"[" * 100_000,
    b"{" * 5_000,
    b"a: " * 5_000,
    b"- " * 5_000,
    b"null\n",
    b"'",
    b"PAR1PAR1",
    b"{}",
    b"\n" * 10_000,
)
"""Whole files that are tried as well."""  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """A reader and what it reads.

    files : good files, by their paths in the folder that `read` gets. read : reads the folder and returns what it holds, in a
    form that can be compared. exact : whether anything else than what the good files hold must be refused.
    """

    files: dict[str, bytes]
    read: Callable[[Path], Any]
    exact: bool = False


def edits(files: dict[str, bytes]) -> st.SearchStrategy[tuple[str, bytes]]:
    """Return a strategy for a file's path and its damaged bytes."""
    places = st.floats(0, 1, exclude_max=True)
    edit = st.one_of(
        st.tuples(st.just("flip"), places, st.integers(0, 7)),
        st.tuples(st.just("put"), places, st.sampled_from(TEXTS)),
        st.tuples(st.just("over"), places, st.sampled_from(TEXTS)),
        st.tuples(st.just("cut"), places, places),
        st.tuples(st.just("end"), places, st.none()),
        st.tuples(st.just("double"), places, places),
        st.tuples(st.just("swap lines"), places, places),
        st.tuples(st.just("drop line"), places, st.none()),
    )
    paths = st.sampled_from(sorted(files))
    damaged = st.tuples(paths, st.lists(edit, min_size=1, max_size=3)).map(
        lambda drawn: (drawn[0], _edited(files[drawn[0]], drawn[1]))
    )
    return st.one_of(damaged, damaged, damaged, st.tuples(paths, st.sampled_from(CORPUS)))


def _edited(data: bytes, changes: list[tuple[str, float, Any]]) -> bytes:
    """Return bytes after edits. A place is a share of the length, of bytes or of lines."""
    for what, place, value in changes:
        at = int(place * (len(data) + 1))
        if what == "flip" and data:
            at = min(at, len(data) - 1)
            data = data[:at] + bytes([data[at] ^ 1 << value]) + data[at + 1 :]
        elif what in ("put", "over"):
            data = data[:at] + value + data[at + (len(value) if what == "over" else 0) :]
        elif what in ("cut", "double"):
            first, last = sorted((at, int(value * (len(data) + 1))))
            data = data[:first] + data[last:] if what == "cut" else data[:last] + data[first:last] + data[last:]
        elif what == "end":
            data = data[:at]
        elif what in ("swap lines", "drop line"):
            lines = data.splitlines(keepends=True)
            if lines:
                one, other = int(place * len(lines)), int((value or 0) * len(lines))
                lines[one], lines[other] = lines[other], lines[one] if what == "swap lines" else b""
            data = b"".join(lines)
    return data


def fuzz(reader: Reader, folder: Path, cases: int, fresh: bool = False) -> None:
    """Try so many cases of a reader in a folder. fresh : other cases each time.

    Raises
    ------
    AssertionError, or whatever the reader raised : with the smallest damaged file that hypothesis found.
    """
    numbers = itertools.count()  # a folder for each case, since some readers remember what they read

    def read(files: dict[str, bytes]) -> Any:
        place = folder / f"{next(numbers)}"
        for name, data in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(data)
        try:
            return reader.read(place)
        finally:
            shutil.rmtree(place)

    good = read(reader.files)

    # The readers' own warnings and hypothesis' about large cases aren't what is tried here.
    @settings(
        max_examples=cases, deadline=None, database=None, derandomize=not fresh, suppress_health_check=list(HealthCheck)
    )
    @given(edits(reader.files))
    def try_one(case: tuple[str, bytes]) -> None:
        try:
            value = read({**reader.files, case[0]: case[1]})
        except InputError as error:
            lines = str(error).splitlines()
            assert 1 <= len(lines) <= 21, "no line, or too many"
            assert all(line.strip() and len(line) < 1_500 for line in lines), "an empty line, or one of a page"
        else:
            assert not reader.exact or value == good, "other content was believed"

    try_one()


def _content(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def _interrupt(progress: Progress) -> None:
    """Stop as a user would, before the last run."""
    if progress.done >= progress.runs - 1:
        raise KeyboardInterrupt


def readers(place: Path) -> dict[str, Reader]:
    """Return every reader by name; good files are made in the folder `place`."""
    scenario = load_scenario("veteran_role_model_and_donation", SMALL)
    simulation = Simulation(scenario, SEED, 0, WEEKS)
    simulation.advance(2)
    save_checkpoint(simulation, place / "checkpoint")
    draws = b"".join((scenarios_folder() / "draws" / "posterior.csv").read_bytes().splitlines(keepends=True)[:20])
    (place / "draws.csv").write_bytes(draws)
    table = load_draw_table(place / "draws.csv")
    request = Request.of({"one": scenario}, RUNS, SEED, WEEKS, table.head(2), ("adopted", "trust", "weekly.adopted"))
    run(request, place / "results", jobs=1)
    with suppress(KeyboardInterrupt):
        run(request, place / "interrupted", jobs=1, report=_interrupt)
    kept, begun = _content(place / "results"), _content(place / "interrupted")
    assert any(Path(name).name.startswith("journal-") for name in begun), "nothing was left behind"
    report = Report(place / "reports", "comparison", "one", {})
    report.table("effects", pd.DataFrame({"adopted": [0.25, None], "word": ["甲", "b"]}))
    report.finish(RUNS)

    def of_checkpoint(folder: Path) -> Any:
        other = Simulation(scenario, SEED, 0, WEEKS)
        more = load_checkpoint(other, folder / "checkpoint")
        return more, other.week, [array.tobytes() for array in other.state], other.totals.tobytes()

    def of_runs(folder: Path) -> Any:
        table = run(request, folder, jobs=1).tables["one"]
        return table.runs, {name: table[name].tobytes() for name in table}

    def of_sql(folder: Path) -> Any:
        found, wrong = entries(folder)
        if wrong:
            raise wrong[0]
        return Database(found).ask("SELECT * FROM runs ORDER BY draw, replicate")

    def of_report(folder: Path) -> Any:
        tables = Report(folder, "comparison", "one", {}).kept()
        if not tables:
            raise InputError("holds no finished report: the analysis would run again", folder)
        return {name: frame.to_csv() for name, frame in tables.items()}

    yaml = {path.name: path.read_bytes() for path in scenarios_folder().glob("*.yaml")}
    return {
        "scenario": Reader({"mine.yaml": yaml["everything.yaml"]}, lambda folder: load_scenario(folder / "mine.yaml")),
        "priors": Reader({"priors.yaml": yaml["priors.yaml"]}, lambda folder: load_priors(folder / "priors.yaml")),
        "menu": Reader(
            {"menu.yaml": next((scenarios_folder() / "policies").glob("*.yaml")).read_bytes()},
            lambda folder: load_menu(folder / "menu.yaml"),
        ),
        "register": Reader(_content(seeds_folder()), load_register),
        "draws": Reader({"draws.csv": draws}, lambda folder: load_draw_table(folder / "draws.csv")),
        "checkpoint": Reader({"checkpoint": (place / "checkpoint").read_bytes()}, of_checkpoint, exact=True),
        "runs": Reader(kept, of_runs, exact=True), "journal": Reader(begun, of_runs, exact=True),
        "sql": Reader(kept, of_sql, exact=True), "report": Reader(_content(place / "reports"), of_report, exact=True),
    }  # fmt: skip


def main() -> int:
    """Fuzz the readers that are named, or all, and print what was tried; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="readers; all if none is named")
    parser.add_argument("--cases", type=int, default=2000, help="cases a reader (default 2000)")
    arguments = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        everything = readers(Path(folder))
        for name in arguments.names or everything:
            begin = time.process_time()
            try:
                fuzz(everything[name], Path(folder) / "case", arguments.cases, fresh=True)
                result = "held"
            except Exception as error:
                failed += 1
                result = f"FAILED: {type(error).__name__}: {error}"
            print(
                f"{name}: {arguments.cases} cases in {time.process_time() - begin:.0f} s of processor: {result}",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
