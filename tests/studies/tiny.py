"""Run a study at its tiny size, and tell its tables from those that are committed here.

``python tests/studies/tiny.py`` in the checkout writes the committed tables anew, of all studies or of those whose
numbers are given. The model's numbers are equal to the bit on every machine, so a table changes when the model, an
analysis or a study does, and never by itself.
"""

from __future__ import annotations

import importlib
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from sim.figures import output

TABLES = Path(__file__).parent
CHECKOUT = TABLES.parents[1]
EXPERIMENTS = CHECKOUT / "experiments"
STUDIES = tuple(path.stem for path in sorted(EXPERIMENTS.glob("[0-9][0-9]_*.py")))
TEXTS = (".csv", ".txt", ".md")
LARGEST = 10_000
"""Bytes of a table that is committed; larger ones are quantiles and densities of what stands in the others."""
RESIDUE = 1e-12
"""Sums that cancel leave less than this, and leave it differently where a processor adds in another order."""
LOOSE = {
    "08_what_the_documents_identify": 1e-3,
}
"""Relative tolerance of studies that rest on an optimiser: scikit-learn fits the emulators of 08 by L-BFGS, and its last
digits hang on how the machine's linear algebra adds. All other tables must be equal as they are printed."""
NUMBER = re.compile(r"([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)")


@contextmanager
def pictures() -> Iterator[list[Path]]:
    """Note the figures that are saved instead of drawing them, which would take most of the time."""
    saved: list[Path] = []

    def note(figure: object, path: str | Path, formats: object = None) -> tuple[()]:
        saved.append(Path(path))
        return ()

    with mock.patch.object(output, "save", note):
        yield saved


def run(study: str, root: Path) -> tuple[dict[str, str], set[str]]:
    """Run a study at its tiny size below a root; return its tables and texts, and the names of its figures."""
    module = importlib.import_module(study)
    with pictures() as saved:
        module.main(root, **module.TINY)
    folder = root / "results" / "reference" / study
    files = {name_in(folder, path): path for path in sorted(folder.rglob("*")) if path.suffix in TEXTS}
    texts = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    return texts, {name_in(folder, path) for path in saved}


def name_in(folder: Path, path: Path) -> str:
    """Return a file's path within a folder."""
    return path.relative_to(folder).as_posix()


def committed(study: str) -> dict[str, str]:
    """Return the committed tables and texts of a study by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((TABLES / study).iterdir())}


def small(texts: dict[str, str]) -> dict[str, str]:
    """Return the tables that are small enough to be committed; what texts say is not, for it may be said better."""
    return {name: text for name, text in texts.items() if name.endswith(".csv") and len(text.encode()) <= LARGEST}


def difference(text: str, expected: str, tolerance: float) -> str:
    """Return the first line that differs from what is expected, beside it; empty if there is none.

    tolerance : of numbers, relative to them.
    """
    lines, others = text.splitlines(), expected.splitlines()
    for line, other in zip(lines, others, strict=False):
        if not same(line, other, tolerance):
            return f"{line!r} instead of {other!r}"
    return "" if len(lines) == len(others) else f"{len(lines)} lines instead of {len(others)}"


def same(line: str, other: str, tolerance: float) -> bool:
    """Return whether the words of two lines are equal and their numbers within the tolerance."""
    parts, others = NUMBER.split(line), NUMBER.split(other)
    if len(parts) != len(others) or parts[::2] != others[::2]:
        return False
    numbers = [(float(a), float(b)) for a, b in zip(parts[1::2], others[1::2], strict=True)]
    return all(abs(a - b) <= max(tolerance * abs(b), RESIDUE) for a, b in numbers)


if __name__ == "__main__":
    sys.path.insert(0, str(EXPERIMENTS))
    for study in STUDIES:
        if study[:2] in (sys.argv[1:] or [study[:2]]):
            with tempfile.TemporaryDirectory() as folder:
                texts, _ = run(study, Path(folder))
            (TABLES / study).mkdir(exist_ok=True)
            for name, text in small(texts).items():
                (TABLES / study / name).write_text(text, encoding="utf-8")
