"""Benchmark: this engine's speed, memory, compile time, reading and batches, the race against its peers, and its twin.

`python experiments/benchmark.py [--quick] [--json] [--reference] [--install-peers]`; see docs/BENCHMARKS.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from benchmarks import engine, race
from benchmarks.compiling import again, run_seconds, share
from benchmarks.reading import reading_seconds
from benchmarks.reference import FOLDER, keep, machine
from benchmarks.twin import against_twin
from race.environments import install


def on_one_core(quick: bool) -> tuple[dict[str, Any], engine.Spread]:
    """Measure what needs one core; return the figures and, of those measured repeatedly, every value."""
    figures, spread = engine.on_one_core(quick)
    return {**figures, **reading_seconds(), **against_twin(quick)}, spread


def measure(quick: bool) -> tuple[dict[str, Any], engine.Spread, list[race.Row], list[race.Row]]:
    """Measure everything; return the figures, every value of those measured repeatedly, and the race's two tables.

    The first run and the batches have the machine to themselves; in the full benchmark every part does. The quick one does
    two parts at a time, on one core each: entrants get ready while the engine is measured, and those of the batch during
    the race, which counts seconds of each entrant's own processor.
    """
    with (
        tempfile.TemporaryDirectory() as name,
        ThreadPoolExecutor(2 if quick else 1) as executor,
        ThreadPoolExecutor(1) as batch_executor,
    ):
        folder = Path(name)
        first, _ = run_seconds(folder / "cache")
        share(folder / "cache")
        alone = executor.submit(on_one_core, quick)
        later = executor.submit(again, folder / "cache")
        entrants = race.Race(quick, folder, executor)
        figures, spread = alone.result()
        wait([later, *entrants.coming])
        batch = race.enter_batch(quick, folder, batch_executor)
        if not quick:
            wait(batch.coming)
        table, weeks = entrants.run()
        wait(batch.coming)
        more, more_spread = engine.on_two_cores(quick)
        second, ready = later.result()
        figures |= {"compile_seconds": first - second, "start_seconds": ready}
        figures |= {**race.keys_of(table), **more, **race.run_batch(batch)}
    return figures, {**spread, **more_spread}, table, weeks


def main() -> None:
    """Measure, print tables and, on request, one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer replicates, sizes, weeks and rounds")
    parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")
    parser.add_argument("--reference", action="store_true", help=f"keep tables, JSON and figure under {FOLDER}")
    parser.add_argument("--install-peers", action="store_true", help="make the environments of missing peers first")
    options = parser.parse_args()
    if options.install_peers:
        install()
    before = machine()
    figures, spread, table, weeks = measure(options.quick)
    figures = {"processor": before["processor"], "compresses": before["compresses"], **figures}
    print("\n".join(race.lines_of(table)))
    for name, value in figures.items():
        if isinstance(value, bool):
            print(f"{name:46s} {'yes' if value else 'no':>16s}")
        elif isinstance(value, int | float):
            values = spread.get(name, [])
            spread_text = f"   ({min(values):,.2f} to {max(values):,.2f})" if len(values) > 1 else ""
            print(f"{name:46s} {value:16,.{2 if value > 1 else 4}f}{spread_text}")
        elif value is None:
            print(f"{name:46s} {'not measured':>16s}")
        elif isinstance(value, str):
            print(f"{name:46s} {value}")
    if options.reference:
        keep(figures, table, weeks, before, options.quick, FOLDER)
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
