"""Load the register from its folder and check all of it, so that no later step meets a broken entry."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from sim.base.errors import InputError, nearest
from sim.base.sources import shipped_folder
from sim.base.yaml_reader import Node, read_yaml
from sim.evidence import expression
from sim.evidence.register import (
    PATTERN_USES,
    STATUSES,
    USES,
    Band,
    Derived,
    Document,
    Literature,
    Locator,
    Pattern,
    Quantity,
    Record,
    Register,
)

RELATIVE = 1e-9
"""Relative tolerance between a stated value and its expression if the record states no rounding."""

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?\Z")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_QUOTE_CHARACTERS = 12
_RESERVED = ("low", "high")


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_T = TypeVar("_T", bound=_HasId)


def seeds_folder() -> Path:
    """Return the folder of the shipped register. Raises InputError."""
    return shipped_folder("seeds", "documents.yaml")


def load_register(folder: str | Path | None = None) -> Register:
    """Return the register in `folder` (default: `seeds_folder`), loaded once a process.

    Raises
    ------
    InputError : a file is missing or broken, a field is missing, unknown or of the wrong kind, an id is used twice, a
        reference leads nowhere, an expression is cyclic or doesn't give the stated value.
    """
    return _load_register((seeds_folder() if folder is None else Path(folder)).resolve())


@lru_cache(maxsize=8)
def _load_register(folder: Path) -> Register:
    documents = _unique("document", [_document(entry) for entry in _load(folder / "documents.yaml")])
    shorts = {document.short for document in documents.values()}
    places: dict[str, Node] = {}
    records: list[tuple[Record, Node]] = []
    files = sorted((folder / "records").glob("*.yaml"))
    if not files:
        raise InputError("contains no records (*.yaml)", folder / "records")
    for file in files:
        records += [_record(entry, shorts, places) for entry in _load(file)]
    by_id = _unique("record", records)
    patterns = [_pattern(entry, shorts, by_id) for entry in _load(folder / "patterns.yaml")]
    literature = [_literature(entry) for entry in _load(folder / "literature.yaml")]
    return Register(
        folder=folder,
        documents=documents,
        records=by_id,
        patterns=_unique("pattern", patterns),
        literature=_unique("literature", literature),
        quantities=_quantities(by_id, places),
    )


def _load(path: Path) -> list[Node]:
    """Return the entries of one file, which must be a list."""
    root = read_yaml(path)
    if not isinstance(root.value, list):
        raise root.error("must be a list of entries, each beginning with '- id: ...'")
    return root.value


def _unique(kind: str, entries: Iterable[tuple[_T, Node]]) -> Mapping[str, _T]:
    """Return entries by id; a duplicate id is an error."""
    by_id: dict[str, _T] = {}
    for entry, node in entries:
        if entry.id in by_id:
            raise node.error(f"{kind} '{entry.id}' is defined twice")
        by_id[entry.id] = entry
    return MappingProxyType(by_id)


class _Fields:
    """Read one mapping field by field; a missing, unknown or mistyped field is an error."""

    def __init__(self, node: Node, what: str, required: str, optional: str = "") -> None:
        if not isinstance(node.value, dict):
            raise node.error(f"{what} must be a mapping of fields")
        self.node = node
        self.what = what
        self.fields: dict[str, Node] = node.value
        allowed = [*required.split(), *optional.split()]
        for key, value in self.fields.items():
            if key not in allowed:
                raise value.error(f"unknown field '{key}' in {what}{nearest(key, allowed)}")
        for key in required.split():
            if key not in self.fields:
                raise node.error(f"{what} lacks the field '{key}'")

    def at(self, key: str) -> Node:
        return self.fields.get(key, self.node)

    def text(self, key: str, matches: re.Pattern[str] | None = None) -> str:
        """Return a text that isn't blank, or "" for an optional field that is left out."""
        if key not in self.fields:
            return ""
        value = self.fields[key].value
        if not isinstance(value, str) or not value.strip():
            raise self.fields[key].error(f"'{key}' must be a text (in quotes if it looks like a number)")
        if matches is not None and not matches.match(value):
            raise self.fields[key].error(f"'{key}: {value}' doesn't have the right form")
        return " ".join(value.split())

    def number(self, key: str) -> float | None:
        if key not in self.fields:
            return None
        value = self.fields[key].value
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.fields[key].error(f"'{key}' must be a finite number")
        return float(value)

    def interval(self) -> tuple[float | None, float | None]:
        low, high = self.number("low"), self.number("high")
        if low is not None and high is not None and low > high:
            raise self.at("low").error(f"'low' ({low:g}) is above 'high' ({high:g})")
        return low, high

    def choice(self, key: str, valid: Iterable[str]) -> str:
        word = self.text(key)
        if word not in tuple(valid):
            raise self.at(key).error(f"'{key}: {word}' isn't known{nearest(word, valid)}")
        return word

    def items(self, key: str) -> list[Node]:
        if key not in self.fields:
            return []
        value = self.fields[key].value
        if not isinstance(value, list):
            raise self.fields[key].error(f"'{key}' must be a list")
        return value

    def texts(self, key: str, valid: Iterable[str] | None = None) -> tuple[str, ...]:
        known = None if valid is None else set(valid)
        for item in self.items(key):
            if not isinstance(item.value, str):
                raise item.error(f"'{key}' must be a list of texts (in quotes if they look like numbers)")
            if known is not None and item.value not in known:
                raise item.error(f"unknown entry '{item.value}' in '{key}'{nearest(item.value, known)}")
        return tuple(item.value for item in self.items(key))

    def dated(self) -> tuple[str, str]:
        """Return a date (a year, month or day, or two of them joined by a slash) and the basis of that date."""
        basis = self.text("date_basis")
        if not basis.startswith(("stated", "inferred")):
            raise self.at("date_basis").error("'date_basis' must begin with 'stated' or 'inferred'")
        return self.text("date", _DATE), basis


def _document(node: Node) -> tuple[Document, Node]:
    fields = _Fields(node, "a document", "id short title date date_basis place sha256 condition caution", "publisher")
    date, basis = fields.dated()
    document = Document(
        id=fields.text("id"),
        short=fields.text("short"),
        title=fields.text("title"),
        date=date,
        date_basis=basis,
        place=fields.text("place"),
        publisher=fields.text("publisher"),
        sha256=fields.text("sha256", re.compile(r"[0-9a-f]{64}\Z")),
        condition=fields.text("condition"),
        caution=fields.text("caution"),
    )
    if not document.id.startswith(document.short):
        raise fields.at("short").error(f"'short: {document.short}' must begin the id '{document.id}'")
    return document, node


def _record(node: Node, shorts: set[str], places: dict[str, Node]) -> tuple[Record, Node]:
    """Build a record, and note in `places` the node of each of its derived figures."""
    fields = _Fields(
        node,
        "a record",
        "id document place measures date date_basis use locator paraphrase",
        "value low high statement unit why caution derived",
    )
    identity = fields.text("id", re.compile(r"[A-Z][0-9]{2,3}\Z"))
    value = fields.number("value")
    low, high = fields.interval()
    unit, statement, why = fields.text("unit"), fields.text("statement"), fields.text("why")
    has_number = any(number is not None for number in (value, low, high))
    if not has_number and not statement:
        raise node.error(f"{identity} has neither a value, nor low or high, nor a statement")
    if has_number and not unit:
        raise node.error(f"{identity} has a number but no unit")
    if value is not None and not (-math.inf if low is None else low) <= value <= (math.inf if high is None else high):
        raise fields.at("value").error(f"{identity}'s value is outside low..high")
    use = fields.choice("use", USES)
    if (use == "not_usable") != bool(why):
        raise node.error(f"{identity}: 'why' goes with 'use: not_usable', which needs it, and with no other use")
    date, basis = fields.dated()
    record = Record(
        id=identity,
        document=fields.choice("document", sorted(shorts)),
        place=fields.text("place"),
        value=value,
        low=low,
        high=high,
        statement=statement,
        unit=unit,
        measures=fields.text("measures"),
        date=date,
        date_basis=basis,
        use=use,
        why=why,
        locator=_locator(fields.at("locator")),
        paraphrase=fields.text("paraphrase"),
        caution=fields.text("caution"),
        derived=MappingProxyType(_derived_of(identity, fields, places)),
    )
    return record, node


def _locator(node: Node) -> Locator:
    fields = _Fields(node, "a locator", "section paragraph quote_check")
    paragraph = fields.number("paragraph")
    if paragraph is None or paragraph < 1 or paragraph != int(paragraph):
        raise fields.at("paragraph").error("'paragraph' must be a whole number of at least 1")
    quote = fields.text("quote_check")
    if len(quote) > _QUOTE_CHARACTERS:
        raise fields.at("quote_check").error(f"'quote_check' may have at most {_QUOTE_CHARACTERS} characters")
    return Locator(section=fields.text("section"), paragraph=int(paragraph), quote_check=quote)


def _derived_of(record: str, fields: _Fields, places: dict[str, Node]) -> dict[str, Derived]:
    if "derived" not in fields.fields:
        return {}
    node = fields.at("derived")
    if not isinstance(node.value, dict):
        raise node.error("'derived' must map names to expressions")
    derived: dict[str, Derived] = {}
    for short, item in node.value.items():
        if not _NAME.match(short) or short in _RESERVED:
            raise item.error(f"'{short}' can't name a derived figure (lower case, digits, _; not low or high)")
        name = f"{record}.{short}"
        one = _Fields(item, f"'{name}'", "expression value unit", "note rounding")
        value, rounding = one.number("value"), one.number("rounding")
        assert value is not None  # a required field
        text = one.fields["expression"].value
        derived[name] = Derived(name, str(text), value, one.text("unit"), rounding or 0.0, one.text("note"))
        places[name] = item
    return derived


def _pattern(node: Node, shorts: set[str], records: Mapping[str, Record]) -> tuple[Pattern, Node]:
    fields = _Fields(node, "a pattern", "id statement documents records use", "bands unmeasured caution")
    bands = []
    for item in fields.items("bands"):
        one = _Fields(item, "a band", "quantity unit basis", "low high")
        low, high = one.interval()
        if low is None and high is None:
            raise item.error("a band needs 'low', 'high' or both")
        bands.append(Band(one.text("quantity"), low, high, one.text("unit"), one.text("basis")))
    pattern = Pattern(
        id=fields.text("id"),
        statement=fields.text("statement"),
        documents=fields.texts("documents", shorts),
        records=fields.texts("records", records),
        use=fields.choice("use", PATTERN_USES),
        bands=tuple(bands),
        unmeasured=fields.text("unmeasured"),
        caution=fields.text("caution"),
    )
    return pattern, node


def _literature(node: Node) -> tuple[Literature, Node]:
    fields = _Fields(
        node, "a literature entry", "id mechanism citation finding status parameters", "low high unit caution"
    )
    low, high = fields.interval()
    unit = fields.text("unit")
    if (low is not None or high is not None) and not unit:
        raise node.error(f"{fields.text('id')} has an interval but no unit")
    entry = Literature(
        id=fields.text("id", re.compile(r"L[0-9]{2,3}\Z")),
        mechanism=fields.text("mechanism"),
        citation=fields.text("citation"),
        finding=fields.text("finding"),
        status=fields.choice("status", STATUSES),
        low=low,
        high=high,
        unit=unit,
        parameters=fields.texts("parameters"),
        caution=fields.text("caution"),
    )
    return entry, node


def _quantities(records: Mapping[str, Record], places: Mapping[str, Node]) -> Mapping[str, Quantity]:
    """Resolve every name, evaluating expressions as needed; a derived figure keeps its unrounded value."""
    quantities: dict[str, Quantity] = {}
    derived: dict[str, Derived] = {}
    for record in records.values():
        derived.update(record.derived)
        for name, number in (
            (record.id, record.value),
            (f"{record.id}.low", record.low),
            (f"{record.id}.high", record.high),
        ):
            if number is not None:
                quantities[name] = Quantity(name, number, record.unit, record.id, record.measures)

    def value_of(name: str, trail: tuple[str, ...]) -> float:
        if name in quantities:
            return quantities[name].value
        user = places[trail[-1]]
        if name not in derived:
            raise user.error(f"'{trail[-1]}' uses unknown '{name}'{nearest(name, [*quantities, *derived])}")
        if name in trail:
            raise user.error(f"'{name}' depends on itself: {' -> '.join([*trail[trail.index(name) :], name])}")
        return work_out(derived[name], trail)

    def work_out(one: Derived, trail: tuple[str, ...]) -> float:
        place = places[one.name]
        tree = _checked(place, one.name, lambda: expression.parse(one.expression))
        # Names first, so that an error in another figure is reported there and not as an error of this one.
        values = {name: value_of(name, (*trail, one.name)) for name in expression.names(tree)}
        value = _checked(place, one.name, lambda: expression.evaluate(tree, values.__getitem__))
        if abs(value - one.value) > (one.rounding or RELATIVE * abs(value)):
            raise place.error(f"'{one.name}' is stated as {one.value:.12g} but its expression gives {value:.12g}")
        record = one.name.partition(".")[0]
        quantities[one.name] = Quantity(one.name, value, one.unit, record, one.note or one.expression)
        return value

    for one in derived.values():
        if one.name not in quantities:
            work_out(one, ())
    return MappingProxyType(quantities)


_R = TypeVar("_R", ast.expr, float)


def _checked(place: Node, name: str, run: Callable[[], _R]) -> _R:
    """Return what `run` returns; report its `ValueError` at the place of `name`."""
    try:
        return run()
    except ValueError as error:
        raise place.error(f"'{name}': {error}") from None
