"""Reports: folders of an analysis's tables, figures and texts, identified by everything that they depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sim.base.errors import InputError
from sim.base.sources import fingerprint
from sim.report.formats import ENDINGS, PICTURES, TABLES, USUAL
from sim.report.sources import source_tables, sources_hash
from sim.results import folder_name, run_hash, write_text
from sim.results.files import read_bytes, write_bytes, write_whole
from sim.results.identity import LAYOUT, code_inputs, identity
from sim.results.manifest import NAME, manifest, read_json, read_manifest
from sim.results.parquet import parquet_bytes, parquet_columns
from sim.scenario import Scenario
from sim.uncertainty.draw_table import DrawTable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

PRESENTATION = ("uncertainty", "analysis", "figures", "report")
"""Rooms that turn runs into a report; part of the hash of a report's folder, because they can change its content."""


def inputs_of(
    scenarios: Mapping[str, Scenario], seed: int, weeks: int, draws: DrawTable | None = None
) -> dict[str, Any]:  # fmt: skip
    """Return everything a report on scenarios depends on except its own settings.

    Titles count, because figures show them, and so do the sources (see `sim.report.sources`).
    """
    each = {
        name: {"runs": run_hash(scenario, seed, weeks, draws), "title": scenario.title}
        for name, scenario in scenarios.items()
    }
    return {
        "scenarios": each, "order": [*scenarios], "sources": sources_hash(scenarios), "seed": seed, "weeks": weeks
    }  # fmt: skip


def files_hash(folder: Path) -> str:
    """Return a hash of the YAML files of a folder, for a report that rests on all of them."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


class Report:
    """The report of an analysis: it writes files as they are added, and finds the files of a finished report again.

    Parameters
    ----------
    root : results folder. kind : of analysis, such as ``comparison``. name : of the report's folder, for people.
    inputs : everything that the report depends on, made of JSON's types; the texts of model and analyses are added.
    folder : used instead of a folder in the results folder, for example by studies. scenarios : whose values and files are
    kept with the report (see `sim.report.sources`).

    Attributes
    ----------
    command : the command that makes the report again, if a command made it. formats : in which figures, and tables for
    people, are written.
    """

    def __init__(
        self, root: Path, kind: str, name: str, inputs: Mapping[str, Any], folder: Path | None = None,
        scenarios: Mapping[str, Scenario] | None = None,
    ) -> None:  # fmt: skip
        self._kind, self._name = kind, name
        self._inputs = {
            "layout": LAYOUT, "kind": kind, "presentation": fingerprint(PRESENTATION), **code_inputs(), **inputs
        }  # fmt: skip
        self.folder = folder or root / folder_name(name) / identity(self._inputs)
        self._files: dict[str, str] = {}
        self._scenarios = scenarios or {}
        self.command = ""
        self.formats: Sequence[str] = USUAL

    @classmethod
    def of(
        cls, root: Path, kind: str, name: str, scenarios: Mapping[str, Scenario], seed: int, weeks: int,
        settings: Mapping[str, Any], draws: DrawTable | None = None, folder: Path | None = None,
    ) -> Self:  # fmt: skip
        """Return the report on scenarios by label. settings : everything else that it depends on, made of JSON's types."""
        return cls(root, kind, name, {**inputs_of(scenarios, seed, weeks, draws), **settings}, folder, scenarios)

    def kept(self) -> dict[str, pd.DataFrame]:
        """Return the tables of the finished report.

        {} where there is none, one of runs that failed, or one that lacks files or a format; then the formats that it has are
        written again too.

        Raises InputError where a file of it was changed.
        """
        import pandas as pd

        path, name = self.folder / NAME, identity(self._inputs)
        if not path.exists() or (self.folder.name != name and read_json(path).get("hash") != name):
            return {}
        told = read_manifest(self.folder, name)
        if told["failures"] or not all((self.folder / name).exists() for name in told["files"]):
            return {}
        there = told.get("formats", USUAL)
        if not {*self.formats} <= {*there}:
            self.formats = tuple(dict.fromkeys((*there, *self.formats)))
            return {}
        self._files = told["files"]
        content = {name: self._read(name) for name in self._files}
        tables = {name: data for name, data in content.items() if name.endswith(".parquet")}
        return {Path(name).stem: pd.DataFrame(parquet_columns(data)) for name, data in tables.items()}

    def read_text(self, name: str) -> str:
        """Return a text of the report that `kept` found. Raises InputError where it was changed."""
        return self._read(name).decode()

    def _read(self, name: str) -> bytes:
        path = self.folder / name
        data = read_bytes(path)
        if _digest(data) != self._files[name]:
            raise InputError("was changed or is damaged; remove it and run again", path)
        return data

    def table(self, name: str, table: pd.DataFrame, as_text: bool = True) -> None:
        """Write a table as Parquet with the units of outcomes, and also in the formats for people if they read it."""
        from sim.engine.outcomes import TOTALS

        units = {outcome.name: outcome.unit for outcome in TOTALS}
        columns = {str(key): table[key].to_numpy() for key in table}
        self._write(f"{name}.parquet", parquet_bytes(columns, units))
        for kind in self.formats if as_text else ():
            if kind in TABLES:
                self._write(f"{name}.{ENDINGS.get(kind, kind)}", TABLES[kind](table))

    def figure(self, name: str, figure: Figure) -> None:
        """Write a figure in the formats of pictures."""
        from sim.figures.output import save

        for path in save(figure, self.folder / name, [kind for kind in self.formats if kind in PICTURES]):
            self._files[path.name] = _digest(read_bytes(path))

    def text(self, name: str, text: str) -> None:
        """Write a text; `name` includes the ending."""
        self._write(name, text.encode())

    def file(self, name: str, write: Callable[[Path], None]) -> None:
        """Let `write` fill a file."""
        write_whole(self.folder / name, write)
        self._files[name] = _digest(read_bytes(self.folder / name))

    def _write(self, name: str, data: bytes | memoryview) -> None:
        write_bytes(self.folder / name, data)
        self._files[name] = _digest(data)

    def finish(self, replicates: int, failures: Iterable[object] = (), **more: Any) -> None:
        """Write the sources, and last the manifest, which marks the report as finished. more : entries of JSON's types."""
        for name, table in source_tables(self._scenarios).items():
            self.table(name, table, as_text=False)
        told = manifest(
            self._kind, self._name, self._inputs, draws=None, replicates=replicates, files=self._files,
            failures=[str(failure) for failure in failures], command=self.command, formats=self.formats, **more,
        )  # fmt: skip
        write_text(self.folder / NAME, json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def _digest(data: bytes | memoryview) -> str:
    return hashlib.sha256(data).hexdigest()[:20]
