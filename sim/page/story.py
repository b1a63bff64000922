"""What the page of an analysis says: a question, findings, limits, and sections of text, pictures and tables."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.page.words import Text, word

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.catalogue import Entry

LIMITS = ("values", "documents", "content", "causal")
"""What can't be concluded from runs with given values, as `words.yaml` says it."""
DRAWN_LIMITS = ("values_drawn", *LIMITS[1:])
"""The same of runs over draws."""
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
"""The formats of pictures that a page can hold, the best first."""


@dataclass(frozen=True)
class Picture:
    """A picture within the page.

    source : its data as a URL. alt : what it shows, for those who don't see it.
    """

    source: str
    alt: Text


@dataclass(frozen=True)
class Rows:
    """A table: the heads of its columns, and rows of cells, of which the first names the row."""

    heads: Sequence[Text]
    rows: Sequence[Sequence[str | Text]]


@dataclass(frozen=True)
class Section:
    """A section; text : (the name of a file, its content)."""

    heading: Text
    note: Text | None = None
    picture: Picture | None = None
    rows: Rows | None = None
    text: tuple[str, str] | None = None


@dataclass(frozen=True)
class Story:
    """All that a page says of its own analysis.

    kind : of analysis, for readers. title : the question. findings : its answer, in sentences. change : how to find out what
    would change the answer, and the command that does so, if there is one. remarks : what the findings rest on. notes : in
    what else than their programmes the scenarios differ. replay : which runs the viewer plays. data : of the viewer, None
    without one.
    """

    kind: Text
    title: Text
    findings: Sequence[Text]
    change: tuple[Text, str]
    sections: Sequence[Section] = ()
    remarks: Sequence[Text] = ()
    notes: Sequence[str] = ()
    limits: Sequence[str] = LIMITS
    replay: Sequence[Text] = ()
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Kept:
    """What an analysis keeps.

    entry : its folder. manifest : of the folder. tables : by name. read : returns the bytes of one of its files, by name.
    entries : of the whole results folder.
    """

    entry: Entry
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    read: Callable[[str], bytes]
    entries: Sequence[Entry]

    def picture(self, name: str, alt: Text) -> Picture | None:
        """Return a kept picture in the best format that it was drawn in; None if a page can hold none of them."""
        for ending, kind in TYPES.items():
            if f"{name}{ending}" in self.manifest["files"]:
                data = base64.b64encode(self.read(f"{name}{ending}")).decode()
                return Picture(f"data:{kind};base64,{data}", alt)
        return None


def rows_of(heads: Iterable[str], rows: Sequence[Sequence[str | Text]]) -> Rows:
    """Return a table whose heads are words of pages."""
    return Rows([word(head) for head in heads], rows)


def pictures(kept: Kept, names: Iterable[str], of: str) -> list[Section]:
    """Return a section for each of these pictures that was kept; its heading is the word ``OF.picture.NAME``."""
    found = []
    for name in names:
        if any(f"{name}{ending}" in kept.manifest["files"] for ending in TYPES):
            heading = word(f"{of}.picture.{name}")
            found.append(Section(heading, picture=kept.picture(name, heading)))
    return found
