"""The race as figures: which sizes and turns, the table, and the keys of the JSON."""

from __future__ import annotations

import statistics
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from race.batch import Batch
from race.entrants import ENGINE, PEERS, WEEKS, Entrant, Turn
from race.problem import Answer
from race.rounds import Course, Result, heats, interval

SHAPES = {10_000: (100, 100), 100_000: (250, 400), 1_000_000: (1_000, 1_000)}
SEED = 2026
QUICK_TURNS = {
    100_000: {
        "mesa": Turn(1, 3), "mesa_frames": Turn(8, 3), "starsim": Turn(13, 3), "scipy_csr": Turn(WEEKS, 3),
        "numpy_stencil": Turn(WEEKS, 3), "engine_told": Turn(WEEKS, 3),
    },
    10_000: {"mesa_cached": Turn(4, 3), "agentpy": Turn(1, 2)},
}  # fmt: skip
"""The quick race's sizes and turns: every entrant races at one size, those that take long to build at the small one."""
TOLD = "engine_told"
MISSING = "not installed"
Row = dict[str, Any]


def turns_of(quick: bool) -> dict[int, list[tuple[Entrant, Turn]]]:
    """Return by size which entrants race there and how long, installed or not."""
    if quick:
        return {size: [(p, turns[p.name]) for p in PEERS if p.name in turns] for size, turns in QUICK_TURNS.items()}
    return {size: [(peer, peer.turns[size]) for peer in PEERS] for size in SHAPES}


def row_of(entrant: Entrant, households: int, result: Result | None) -> Row:
    """Return a row of the table; without a result the row says that the entrant is not installed."""
    row: Row = {"entrant": entrant.name, "label": entrant.label, "households": households}
    if result is None:
        return {**row, "status": MISSING}
    middle, low, high = interval(result.ratios)
    return {
        **row, "status": "raced", "version": result.version, "weeks": result.turn.weeks, "rounds": result.turn.rounds,
        "setup_seconds": result.setup, "run_seconds": statistics.median(result.seconds),
        "run_seconds_on_the_wall": statistics.median(result.wall),
        "household_weeks_per_second": result.speed(result.seconds),
        "engine_household_weeks_per_second": result.speed(result.engine_seconds),
        "times_the_engine": middle, "low": low, "high": high,
    }  # fmt: skip


def engine_row(households: int, results: list[Result]) -> Row:
    """Return the engine's own row: the median over its runs of the most weeks that any entrant ran."""
    weeks = max(result.turn.weeks for result in results)
    seconds = [s for result in results if result.turn.weeks == weeks for s in result.engine_seconds]
    return {
        "entrant": ENGINE.name, "label": ENGINE.label, "households": households, "status": "raced", "version": "",
        "weeks": weeks, "rounds": len(seconds), "setup_seconds": results[0].engine_setup,
        "run_seconds": statistics.median(seconds),
        "household_weeks_per_second": households * weeks / statistics.median(seconds), "times_the_engine": 1.0,
    }  # fmt: skip


def weeks_of(households: int, answer: Answer) -> list[Row]:
    """Return the course's adopters and flips, one row per week."""
    return [
        {"households": households, "week": week, "adopters": adopters, "adopted_share": adopters / households,
         "flips": flips, "flipped_share": flips / households}
        for week, (adopters, flips) in enumerate(zip(*answer, strict=True), start=1)
    ]  # fmt: skip


class Race:
    """The heats at every size.

    The full race prepares a heat when the previous one is over; the quick one prepares all of them at once.

    coming : futures to wait for before the race.
    """

    def __init__(self, quick: bool, folder: Path, executor: Executor) -> None:
        self._turns = turns_of(quick)
        self._courses = {size: Course(*SHAPES[size], WEEKS, SEED, folder) for size in self._turns}
        coming = {
            size: heats(course, [(peer, turn) for peer, turn in self._turns[size] if peer.python()], executor)
            for size, course in self._courses.items()
        }
        early = {size: list(group) for size, group in coming.items()} if quick else {}
        self._heats = early or coming
        self.coming = [future for group in early.values() for heat in group for future in heat.coming]

    def run(self) -> tuple[list[Row], list[Row]]:
        """Race; return the table and the courses by week.

        Raises
        ------
        race.driver.RaceError : an entrant gave a wrong answer or broke down.
        """
        table: list[Row] = []
        weeks: list[Row] = []
        for households, course in self._courses.items():
            results = []
            for heat in self._heats[households]:
                with heat:
                    results += heat.run()
            by_name = {result.entrant.name: result for result in results}
            table += [row_of(peer, households, by_name.get(peer.name)) for peer, _ in self._turns[households]]
            table.append(engine_row(households, results))
            weeks += weeks_of(households, course.answer)
        return table, weeks


def keys_of(table: list[Row]) -> dict[str, Any]:
    """Return the race's part of the JSON: `shared_vs_mesa`, `shared_by_peer`, `shared_counts_told`.

    A peer that isn't installed is None.
    """
    by_peer: dict[str, Any] = {}
    for row in table:
        if row["entrant"] == ENGINE.name:
            continue
        ratio = None
        if row["status"] != MISSING:
            ratio = {key: row[key] for key in ("times_the_engine", "low", "high", "weeks", "rounds")}
            ratio["ratio"] = ratio.pop("times_the_engine")
        by_peer.setdefault(row["entrant"], {})[str(row["households"])] = ratio
    counts_told = by_peer.pop(TOLD)
    by_peer = {name: sizes if any(sizes.values()) else None for name, sizes in by_peer.items()}
    return {
        "shared_vs_mesa": by_peer["mesa"]["100000"]["ratio"],
        "shared_by_peer": by_peer,
        "shared_counts_told": counts_told,
        "ahead_of_every_peer_that_raced": all(
            row["times_the_engine"] > 1.0
            for row in table
            if row["status"] != MISSING and row["entrant"] not in (ENGINE.name, TOLD)
        ),
    }


def enter_batch(quick: bool, folder: Path, executor: Executor) -> Batch:
    """Prepare the two entrants of the batch."""
    return Batch(*((2, 100, 1) if quick else (5, 1_000, 10)), folder, executor)


def run_batch(batch: Batch) -> dict[str, Any]:
    """Race the batch; return `batch_vs_mesa`, the median of the pairs' ratios, with its details."""
    with batch:
        detail = batch.run()
    pairs = [slow / fast for slow, fast in zip(detail["mesa_seconds"], detail["engine_seconds"], strict=True)]
    middle, low, high = interval(pairs)
    return {"batch_vs_mesa": middle, "batch_vs_mesa_detail": {**detail, "low": low, "high": high}}


def lines_of(table: list[Row]) -> list[str]:
    """Return the table as lines of text."""
    lines = [
        f"{'households':>10s}  {'entrant':26s} {'weeks':>5s} {'rounds':>6s} {'set-up s':>9s} {'M/s':>9s}  engine is"
    ]
    for row in table:
        start = f"{row['households']:>10,d}  {row['label']:26s} "
        if row["status"] == MISSING:
            lines.append(start + MISSING)
            continue
        bounds = f" [{row['low']:,.1f}, {row['high']:,.1f}]" if row.get("low") is not None else ""
        lines.append(
            start + f"{row['weeks']:>5d} {row['rounds']:>6d} {row['setup_seconds']:>9.3f} "
            f"{row['household_weeks_per_second'] / 1e6:>9,.2f}  {row['times_the_engine']:,.1f} times as fast{bounds}"
        )
    return lines
