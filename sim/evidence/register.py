"""The register: frozen entries by id, and the quantities that their names resolve to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.base.errors import InputError, nearest
from sim.base.showing import brief

USES = ("parameter", "fit", "hold_out", "direction", "context", "not_usable")
"""Permitted uses of a record. Only `fit` may narrow a parameter; `hold_out` must not be looked at before the fit is done."""
PATTERN_USES = ("fit", "hold_out", "structure", "direction")
MEMORY = "from memory"
STATUSES = ("checked at source", "from an abstract", MEMORY)
"""Where a finding was read: in the paper or official notice itself, in an abstract or opening page, or nowhere (`MEMORY`: it
is recalled, and must not be cited as established)."""


@dataclass(frozen=True, slots=True)
class Document:
    """One source: `id` is its file's name, `short` the number by which records refer to it, `sha256` its checksum."""

    id: str
    short: str
    title: str
    date: str
    date_basis: str
    place: str
    publisher: str
    sha256: str
    condition: str
    caution: str


@dataclass(frozen=True, slots=True)
class Locator:
    """The place of a fact in a document.

    `paragraph` is the 1-based number of the document's non-empty line, and `quote_check` a number or term of at most 12
    characters that occurs in it.
    """

    section: str
    paragraph: int
    quote_check: str


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure that is computed from others.

    `value` is the stated value. It equals that of the expression within `rounding` (absolute), or within 1e-9 (relative)
    if `rounding` is 0.
    """

    name: str
    expression: str
    value: float
    unit: str
    rounding: float
    note: str


@dataclass(frozen=True, slots=True)
class Record:
    """One fact from one document.

    `value` is the figure as printed; `low` and `high` bound the interval that its wording leaves open ("more than",
    "nearly"). A fact without a figure has a `statement` instead. `derived` maps full names (``S01.x``) to figures.
    """

    id: str
    document: str
    place: str
    value: float | None
    low: float | None
    high: float | None
    statement: str
    unit: str
    measures: str
    date: str
    date_basis: str
    use: str
    why: str
    locator: Locator
    paraphrase: str
    caution: str
    derived: Mapping[str, Derived]


@dataclass(frozen=True, slots=True)
class Band:
    """An interval of plausible values of one quantity; an open end is None. `basis` says who set it and why."""

    quantity: str
    low: float | None
    high: float | None
    unit: str
    basis: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Something that the documents report and the model must reproduce; `records` are its evidence.

    `unmeasured` says why no quantity of the model measures it yet; it is "" for a pattern that is measured.
    """

    id: str
    statement: str
    documents: tuple[str, ...]
    records: tuple[str, ...]
    use: str
    bands: tuple[Band, ...]
    unmeasured: str
    caution: str


@dataclass(frozen=True, slots=True)
class Literature:
    """A published finding; `low` and `high` bound the prior that it suggests for `parameters`, in `unit`."""

    id: str
    mechanism: str
    citation: str
    finding: str
    status: str
    low: float | None
    high: float | None
    unit: str
    parameters: tuple[str, ...]
    caution: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A resolved figure: its full name, its value in `unit`, its record, and a note."""

    name: str
    value: float
    unit: str
    record: str
    note: str


@dataclass(frozen=True)
class Register:
    """All of the evidence. The mappings are by id and read-only; `quantities` has every name that resolves to a number."""

    folder: Path
    documents: Mapping[str, Document]
    records: Mapping[str, Record]
    patterns: Mapping[str, Pattern]
    literature: Mapping[str, Literature]
    quantities: Mapping[str, Quantity]

    __repr__ = brief

    def resolve(self, name: str, file: str | Path | None = None, line: int | None = None) -> Quantity:
        """Return the quantity called `name` (``S01``, ``S01.low``, ``S01.members_per_village``).

        Parameters
        ----------
        name : a record's id for its value, or id and derived name joined by a dot.
        file, line : the place where the name was written, for the error message.

        Raises
        ------
        InputError : no such name (with the nearest one), or the record has no value of its own.
        """
        quantity = self.quantities.get(name)
        if quantity is not None:
            return quantity
        if name in self.records:
            own = [known for known in self.quantities if known.startswith(f"{name}.")]
            hint = f"; it has {', '.join(own)}" if own else ""
            raise InputError(f"record {name} states no value{hint}", file, line)
        # Suggest the record's own names first: a slip in the second half is likelier than a slip in the record's id.
        own = [known for known in self.quantities if known.startswith(name.partition(".")[0] + ".")]
        raise InputError(f"unknown evidence '{name}'{nearest(name, own or self.quantities)}", file, line)

    def document(self, short: str) -> Document:
        """Return the document that records call `short`. Raises `InputError` for an unknown one."""
        by_short = {document.short: document for document in self.documents.values()}
        if short not in by_short:
            raise InputError(f"unknown document '{short}'{nearest(short, by_short)}")
        return by_short[short]
