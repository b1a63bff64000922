"""Format the register as plain text, at most 110 columns wide, for ``grassroots evidence``."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any
from unicodedata import east_asian_width

from sim.base.errors import InputError, nearest
from sim.evidence.register import MEMORY, Band, Document, Literature, Pattern, Record, Register

WIDTH = 110
_LABEL = 12


def describe(register: Register, id: str, parameters: Mapping[str, Sequence[str]]) -> str:
    """Return the text for one entry: a record, a pattern, a literature row or a document.

    Parameters
    ----------
    register : the evidence.
    id : ``S03``, ``P2``, ``L05`` or ``001``; ``S03.visits_per_household_year`` shows the record S03.
    parameters : names of the evidence (``S03``, ``S03.low``, ``L05``) of each scenario key.

    Raises
    ------
    InputError : no such entry (with the nearest one).
    """
    entries = entries_named(register, id)
    rests = [f"{parameter} (from {', '.join(used)})" for parameter, used in resting_on(id, parameters).items()]
    parts: list[str] = []
    if "documents" in entries:
        parts.append(_document(register, entries["documents"]))
    if "records" in entries:
        parts.append(_record(register, entries["records"], rests))
    if "patterns" in entries:
        parts.append(_pattern(entries["patterns"]))
    if "literature" in entries:
        parts.append(_literature(entries["literature"], rests))
    return "\n\n".join(parts)


def entries_named(register: Register, id: str) -> dict[str, Any]:
    """Return the entries that an id names, as `describe` takes it, by kind: documents, records, patterns, literature.

    Raises InputError, with the nearest id, if there is none.
    """
    name = id.strip()
    documents = {**register.documents, **{document.short: document for document in register.documents.values()}}
    if name in documents:
        return {"documents": documents[name]}
    if "." in name:
        register.resolve(name)
    key = _entry(name)
    kinds = {"records": register.records, "patterns": register.patterns, "literature": register.literature}
    entries = {kind: known[key] for kind, known in kinds.items() if key in known}
    if not entries:
        raise InputError(f"unknown evidence '{name}'{nearest(name, [*chain(*kinds.values()), *documents])}")
    return entries


def resting_on(id: str, parameters: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the parameters that rest on an entry, sorted, each with the names under which it does."""
    key = _entry(id.strip())
    named = {parameter: [name for name in names if _entry(name) == key] for parameter, names in parameters.items()}
    return {parameter: names for parameter, names in sorted(named.items()) if names}


def _entry(name: str) -> str:
    return name.partition(".")[0]


def overview(register: Register) -> str:
    """Return a table of every id: records by document, then patterns and literature."""
    lines = []
    for document in register.documents.values():
        lines.append(_cut(f"{document.short}  {document.date}  {document.title}"))
        for record in register.records.values():
            if record.document == document.short:
                fact = figure(record) or record.statement
                lines.append(_cut(f"  {record.id:5}{record.use:11}{_cut(record.measures, 52):53}{fact}"))
        lines.append("")
    lines.append("Patterns")
    lines += [_cut(f"  {pattern.id:5}{pattern.use:11}{pattern.statement}") for pattern in register.patterns.values()]
    lines += ["", "Literature"]
    lines += [
        _cut(f"  {row.id:5}{row.status:19}{row.mechanism}: {row.citation}") for row in register.literature.values()
    ]
    return "\n".join(lines)


def _record(register: Register, record: Record, rests: list[str]) -> str:
    document = register.document(record.document)
    place = record.locator
    lines = _head(f"{record.id}  {record.measures}", record.use)
    lines += _row("figure", figure(record))
    lines += _row("statement", record.statement)
    lines += _row("place, date", f"{record.place}; {record.date} ({record.date_basis})")
    lines += _row("document", f"{document.short}, {document.title} ({document.date})")
    lines += _row("where", f"paragraph {place.paragraph} ({place.section}); look for {place.quote_check}")
    lines += _row("paraphrase", record.paraphrase)
    lines += _row("caution", record.caution)
    lines += _row("not usable", record.why)
    for one in record.derived.values():
        exact = register.resolve(one.name).value
        note = f" ({one.note})" if one.note else ""
        lines += _row("derived", f"{one.name} = {exact:.6g} {one.unit}, from {one.expression}{note}")
    patterns = [pattern.id for pattern in register.patterns.values() if record.id in pattern.records]
    lines += _row("patterns", ", ".join(patterns))
    lines += _row("parameters", "; ".join(rests) or "none")
    return "\n".join(lines)


def _pattern(pattern: Pattern) -> str:
    lines = _head(f"{pattern.id}  pattern", pattern.use)
    lines += _row("statement", pattern.statement)
    lines += _row("rests on", ", ".join(pattern.records))
    lines += _row("documents", ", ".join(pattern.documents))
    for band in pattern.bands:
        lines += _row("band", f"{band.quantity}: {_band(band)} ({band.basis})")
    lines += _row("unmeasured", pattern.unmeasured)
    lines += _row("caution", pattern.caution)
    return "\n".join(lines)


def _literature(row: Literature, rests: list[str]) -> str:
    lines = _head(f"{row.id}  {row.mechanism}", row.status)
    lines += _row("citation", row.citation)
    lines += _row("finding", row.finding)
    if row.low is not None or row.high is not None:
        lines += _row("prior", interval(row.low, row.high, row.unit))
    lines += _row("status", f"{row.status}; don't cite it as established" if row.status == MEMORY else row.status)
    lines += _row("caution", row.caution)
    lines += _row("parameters", "; ".join(rests) or "none")
    return "\n".join(lines)


def _document(register: Register, document: Document) -> str:
    records = [record.id for record in register.records.values() if record.document == document.short]
    lines = _head(f"{document.short}  {document.title}", "document")
    lines += _row("file", document.id)
    lines += _row("sha256", document.sha256)
    lines += _row("place, date", f"{document.place}; {document.date} ({document.date_basis})")
    lines += _row("publisher", document.publisher)
    lines += _row("condition", document.condition)
    lines += _row("caution", document.caution)
    lines += _row("records", ", ".join(records))
    return "\n".join(lines)


def figure(record: Record) -> str:
    """Return the figure that a record states, with its interval and unit; "" for a fact without a figure."""
    if record.value is None:
        return "" if record.low is None and record.high is None else interval(record.low, record.high, record.unit)
    # A year is a number too, but isn't written 1,995.
    value = f"{record.value:g}" if record.unit == "calendar year" else _number(record.value)
    text = f"{value} {record.unit}"
    if record.low is None and record.high is None:
        return text
    return f"{text} ({interval(record.low, record.high, '')})"


def _band(band: Band) -> str:
    return interval(band.low, band.high, band.unit)


def interval(low: float | None, high: float | None, unit: str) -> str:
    """Return an interval in words; one end may be open, but not both."""
    if low is None:
        assert high is not None
        return f"at most {_number(high)} {unit}".rstrip()
    if high is None:
        return f"at least {_number(low)} {unit}".rstrip()
    return f"{_number(low)} to {_number(high)} {unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.12g}"


def _head(title: str, tag: str) -> list[str]:
    wrapped = textwrap.wrap(title, WIDTH - len(tag) - 4)
    return [f"{wrapped[0]}  [{tag}]", *wrapped[1:]]


def _row(label: str, text: str) -> list[str]:
    """Return `text` wrapped after its label, or no lines if there is no text."""
    if not text:
        return []
    indent = " " * (_LABEL + 2)
    return textwrap.wrap(text, WIDTH - _wide(text), initial_indent=f"  {label:{_LABEL}}", subsequent_indent=indent)


def _cut(line: str, width: int = WIDTH) -> str:
    room = width - _wide(line)
    return line if len(line) <= room else line[: room - 3].rstrip() + "..."


def _wide(text: str) -> int:
    """Return the number of Chinese characters, each of which takes two columns."""
    return sum(east_asian_width(character) == "W" for character in text)
