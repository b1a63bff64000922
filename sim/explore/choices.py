"""The scenarios that the page offers: those of the package, the files of a folder, and kept results."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sim.analysis.stored import stored_scenario
from sim.base.errors import InputError, legible, nearest
from sim.explore.documents import Document, document_of
from sim.results.catalogue import Entry, entries
from sim.results.manifest import RUNS
from sim.scenario import scenario_names

PACKAGE, FILES, RESULTS = "package", "files", "results"
"""The groups of scenarios."""
ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Choices:
    """Where scenarios come from.

    folder : the one whose files are offered and into which the page may write. results : a results folder, which needn't
    exist. named : further files, which the command line named.
    """

    folder: Path
    results: Path
    named: tuple[Path, ...] = ()
    _documents: dict[str, Document] = field(default_factory=dict)

    def files(self) -> list[str]:
        """Return the paths of scenario files, relative to the folder."""
        own = [path for path in self.folder.iterdir() if path.suffix in ENDINGS and path.is_file()]
        named = (os.path.relpath(path, self.folder) for path in self.named)
        return sorted({*(path.name for path in own if legible(path.name) == path.name), *named})

    def kept(self) -> dict[str, Entry]:
        """Return the kept runs of this version by NAME/HASH; those over draws have no scenario of their own."""
        found = entries(self.results)[0] if self.results.is_dir() else []
        return {one.short: one for one in found if one.kind == RUNS and one.current and not one.draws}

    def groups(self) -> dict[str, list[str]]:
        """Return what the page offers: names of scenarios by group."""
        return {PACKAGE: scenario_names(), FILES: self.files(), RESULTS: list(self.kept())}

    def named_as(self, typed: str) -> tuple[str, str]:
        """Return (group, name) of a scenario as the command line names it."""
        return (FILES, os.path.relpath(typed, self.folder)) if typed.endswith(ENDINGS) else (PACKAGE, typed)

    def document(self, group: str, name: str) -> Document:
        """Return the document of a scenario; of a file and of one of the package, only that it is extended.

        Raises InputError if it isn't among those that are offered.
        """
        if group != RESULTS:
            _check_known(name, self.files() if group == FILES else scenario_names())
            return {"extends": name}
        if name not in self._documents:  # the hash in its name says that it stays the same
            kept = self.kept()
            _check_known(name, kept)
            self._documents[name] = document_of(stored_scenario(kept[name]))
        return dict(self._documents[name])


def _check_known(name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise InputError(f"unknown scenario '{name}'{nearest(name, known)}")
