"""Read one value of a scenario: plain, ``{from: RECORD}``, or ``{value: X, assumption: why, evidence: [ids]}``."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.base.errors import nearest
from sim.base.yaml_reader import Node
from sim.evidence import Register
from sim.scenario.notation import hint, number_in
from sim.scenario.shape import Leaf

NO_EVIDENCE = "no evidence given"
LONGEST_WORD = 300
_FORMS = ("from", "value", "assumption", "evidence")
_INTEGRAL = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Provenance:
    """A value, its evidence, and the place where it was set.

    `records` has the ids of the evidence (records, their derived figures, patterns, literature); `file` is a path, a label
    such as ``--set``, or empty for a default of the code, which `owner` then names; `override` is the label of the
    override that set it; `replaced` is the setting before it; `rival` is a different setting by another parent of the same
    file.
    """

    value: Any
    shape: Leaf
    evidence: str
    records: tuple[str, ...] = ()
    file: str = ""
    line: int | None = None
    owner: str = ""
    override: str = ""
    replaced: Provenance | None = None
    rival: Provenance | None = None

    @property
    def unit(self) -> str:
        """The unit; 1 for a pure number, empty for a word."""
        return self.shape.unit

    @property
    def low(self) -> float | None:
        """The least value accepted, in `unit`."""
        return self.shape.low

    @property
    def high(self) -> float | None:
        """The greatest value accepted, in `unit`."""
        return self.shape.high

    @property
    def symbol(self) -> str:
        """The symbol in the model's equations, or nothing."""
        return self.shape.symbol

    @property
    def meaning(self) -> str:
        """What the value is, in one sentence."""
        return self.shape.meaning

    @property
    def place(self) -> str:
        """``file:line``, a label such as ``--set``, or ``default of role_model``."""
        if not self.file:
            return f"default of {self.owner}"
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def chain(self) -> Iterator[Provenance]:
        """Yield the settings that it replaced, the latest first."""
        below = self.replaced
        while below is not None:
            yield below
            below = below.replaced


def read_value(
    leaf: Leaf, node: Node, key: str, register: Register, override: str = "", replaced: Provenance | None = None
) -> Provenance:
    """Read the value at `node` for the dotted `key`.

    Raises
    ------
    InputError : a wrong form, type or range, or unknown evidence.
    """
    records: tuple[str, ...] = ()
    if not isinstance(node.value, dict):
        value = check(leaf, node, key)
        evidence = "label" if leaf.label else f"plain {_noun(leaf)}, {NO_EVIDENCE}"
    else:
        parts = _parts(leaf, node, key)
        assumption = _assumption(parts, key)
        if "from" in parts:
            name, value = _from(leaf, parts["from"], key, register)
            records, evidence = (name,), f"from {name}"
        else:
            value = check(leaf, parts["value"], key)
            records = _evidence(parts, key, register)
            evidence = ", ".join(records)
        evidence = "; ".join(part for part in (evidence, assumption) if part)
    return Provenance(value, leaf, evidence, records, node.file, node.line, "", override, replaced)


def check(leaf: Leaf, node: Node, key: str) -> Any:
    """Return a plain value converted to the type of `leaf`. Raises `InputError` for a wrong type or range."""
    value = node.value
    if value is None:
        if leaf.optional:
            return None
        raise node.error(f"{key} has no value; it must be {expected(leaf)}")
    if leaf.many:
        if not isinstance(value, list):
            raise node.error(f"{key} must be {expected(leaf)}")
        return tuple(_one(leaf, item, key) for item in value)
    return _one(leaf, node, key)


def expected(leaf: Leaf) -> str:
    """Describe the values that a leaf accepts: ``a whole number from 0 to 3``."""
    noun = {"integer": "a whole number", "number": "a number", "switch": "true or false", "word": "a word"}[leaf.kind]
    if leaf.options:
        noun = "one of " + ", ".join(leaf.options)
    if leaf.low is not None and leaf.high is not None:
        noun += f" from {leaf.low:,.12g} to {leaf.high:,.12g}"
    elif leaf.low is not None:
        noun += f" of at least {leaf.low:,.12g}"
    elif leaf.high is not None:
        noun += f" of at most {leaf.high:,.12g}"
    return f"a list, each {noun}" if leaf.many else noun


def _one(leaf: Leaf, node: Node, key: str) -> Any:
    value = node.value
    if leaf.kind == "word":
        if not isinstance(value, str) or not value.strip():
            raise node.error(f"{key} must be {expected(leaf)}, not {_shown(value)}{_quote_hint(value)}")
        if len(value) > LONGEST_WORD or any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in value):
            raise node.error(f"{key} must be one line of at most {LONGEST_WORD} characters, not {_shown(value)}")
        if leaf.options and value not in leaf.options:
            raise node.error(f"{key} can't be '{value}'{nearest(value, leaf.options)}")
        return value
    if leaf.kind == "switch":
        if not isinstance(value, bool):
            raise node.error(f"{key} must be true or false, not {_shown(value)}")
        return value
    if isinstance(value, str):
        value = number_in(value, leaf.unit)
    if isinstance(value, bool) or not isinstance(value, int | float):
        advice = hint(node.value, leaf.unit) if isinstance(node.value, str) else ""
        raise node.error(f"{key} must be {expected(leaf)}, not {_shown(node.value)}{advice}")
    # Tables hold floats only, so a whole float is a whole number.
    if not math.isfinite(value) or (leaf.kind == "integer" and value != int(value)):
        raise node.error(f"{key} must be {expected(leaf)}, not {value}")
    _in_range(leaf, value, node, key)
    # Adding 0.0 turns -0.0 into 0.0, so that equal scenarios have the same canonical form.
    return int(value) if leaf.kind == "integer" else float(value) + 0.0


def _in_range(leaf: Leaf, value: float, node: Node, key: str) -> None:
    if (leaf.low is not None and value < leaf.low) or (leaf.high is not None and value > leaf.high):
        raise node.error(f"{key} is {value:,.12g}; it must be {expected(leaf)}")


def _parts(leaf: Leaf, node: Node, key: str) -> dict[str, Node]:
    parts: dict[str, Node] = node.value
    for name, part in parts.items():
        if name not in _FORMS:
            hint = "; put a text that contains a comma in quotes" if part.value is None else ""
            raise part.error(f"unknown key '{name}' in {key}{nearest(name, _FORMS)}{hint}")
    if ("from" in parts) == ("value" in parts):
        raise node.error(f"{key} needs either 'value' or 'from'")
    if "from" in parts and "evidence" in parts:
        raise parts["evidence"].error(f"{key} has 'from', which is its evidence; leave 'evidence' out")
    if "value" in parts and "assumption" not in parts and "evidence" not in parts:
        raise node.error(f"{key} needs 'evidence' or 'assumption' with 'value' (or write the plain {_noun(leaf)})")
    if "value" in parts and isinstance(parts["value"].value, dict):
        raise parts["value"].error(f"{key}.value must be {expected(leaf)}")
    return parts


def _assumption(parts: dict[str, Node], key: str) -> str:
    if "assumption" not in parts:
        return ""
    text = parts["assumption"].value
    if not isinstance(text, str) or not text.strip():
        raise parts["assumption"].error(f"{key}.assumption must be a text that gives the reason")
    return "assumption: " + " ".join(text.split())


def _evidence(parts: dict[str, Node], key: str, register: Register) -> tuple[str, ...]:
    if "evidence" not in parts:
        return ()
    node = parts["evidence"]
    if not isinstance(node.value, list) or not node.value:
        raise node.error(f"{key}.evidence must be a list such as [S01, L02, P3]")
    for item in node.value:
        name = item.value
        if not isinstance(name, str):
            raise item.error(f"{key}.evidence must be a list such as [S01, L02, P3]")
        known = (register.records, register.quantities, register.patterns, register.literature)
        if not any(name in group for group in known):
            raise item.error(f"unknown evidence '{name}'{nearest(name, [one for group in known for one in group])}")
    return tuple(item.value for item in node.value)


def _from(leaf: Leaf, node: Node, key: str, register: Register) -> tuple[str, float]:
    if not isinstance(node.value, str):
        raise node.error(f"{key}.from must be the name of a record, such as S01.members_per_village")
    if not leaf.is_number:
        raise node.error(f"{key} must be {expected(leaf)}; a record gives a number")
    value = register.resolve(node.value, node.file, node.line).value
    if not math.isfinite(value):
        raise node.error(f"{key}: {node.value} is {value}, not a finite number")
    if leaf.kind == "integer":
        if abs(value - round(value)) > _INTEGRAL:
            raise node.error(f"{key} must be a whole number; {node.value} is {value:,.12g}")
        value = round(value)
    _in_range(leaf, value, node, key)
    return node.value, value if leaf.kind == "integer" else float(value)


def _noun(leaf: Leaf) -> str:
    return "number" if leaf.is_number else "word"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a block" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = "nothing" if value is None else f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:56] + "...'"


def _quote_hint(value: Any) -> str:
    return "; put it in quotes" if isinstance(value, int | float) else ""
