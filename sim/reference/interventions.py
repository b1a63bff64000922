"""The page on interventions: their common keys, the named values, and each kind with its keys."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from sim.base.fields import Frozen
from sim.interventions import KINDS, NAMED_VALUES, Intervention, Who
from sim.reference.markdown import NOTE, Row, code, options, paragraphs, shown, table, unit_of
from sim.scenario import load_scenario, scenario_names
from sim.scenario.shape import Block, Leaf, Shape, block


def interventions_page() -> list[str]:
    """Return the parts of the page on interventions: their common keys, the named values, and each kind."""
    shipped = [item for name in scenario_names() for item in load_scenario(name).interventions]
    moved = {kind: _moves(kind, [item for item in shipped if item.kind == kind]) for kind in KINDS}
    values = [
        (code(name), one.of, one.meaning, ", ".join(code(kind) for kind in KINDS if name in moved[kind][0]) or "none")
        for name, one in NAMED_VALUES.items()
    ]
    common = block(Intervention)
    parts = [
        "# Interventions",
        NOTE,
        "An intervention says who, where, when, how strongly and at what price, and changes named values, which mechanisms "
        "read. A run with an intervention at strength 0 equals a run without it, bit for bit.",
        _table_of_keys([row for key in common.fields if key != "kind" for row in _keys(key, common.fields[key])]),
        "The choice of households (`who`):",
        _table_of_keys(_keys("who", Block(Who, block(Who).fields, "", Who()), whole=False)),
        "## Named values",
        table(("value", "of", "meaning", "changed by"), values),
    ]
    for kind, intervention in KINDS.items():
        named, uses = moved[kind]
        gives = [f"gives money for {', '.join(uses)}"] if uses else []
        moves = [f"changes {', '.join(map(code, named))}"] if named else []
        fields = block(intervention).fields
        own = {key: part for key, part in fields.items() if part != common.fields.get(key) and key != "kind"}
        parts += [
            f"## {code(kind)}",
            f"*{'; '.join([intervention.summary[:1].upper() + intervention.summary[1:], *moves, *gives])}.*",
            *([f"In Chinese: {', '.join(intervention.chinese)}."] if intervention.chinese else []),
            *paragraphs(inspect.getmodule(intervention)),
            _table_of_keys([row for key, part in own.items() for row in _keys(key, part)]),
        ]
    return parts


def _moves(kind: str, shipped: list[Intervention]) -> tuple[list[str], list[str]]:
    """Return the named values that a kind changes and the uses of its gifts, in the package's scenarios and by default."""
    required = any(info.is_required() for key, info in KINDS[kind].model_fields.items() if key != "kind")
    items = shipped if required else [KINDS[kind].model_validate({"kind": kind}), *shipped]
    effects = {effect.value for item in items for effect in item.effects()}
    uses = {gift.use: None for item in items for gift in item.gifts() if gift.yuan > 0}
    return [name for name in NAMED_VALUES if name in effects], list(uses)


def _keys(key: str, part: Shape, default: Any = None, evidence: str = "", whole: bool = True) -> Iterator[Row]:
    """Yield the rows of a key: one for a number, a word or a choice of households, and one for each part of a block.

    default, evidence : of this key in the block that contains it. whole : a choice of households takes one row.
    """
    if isinstance(part, Leaf):
        given = part.default if default is None else default
        told = shown(given) if part.has_default or default is not None else "to be set"
        yield code(key), told, unit_of(part.unit), options(part), evidence or part.evidence, part.meaning
    elif isinstance(part, Block):
        given = part.default if default is None else default
        if part.model is Who and whole:
            yield code(key), _spoken(given), "", "see `who`", evidence or part.evidence, part.meaning
            return
        for name, inner in part.fields.items():
            spoken = isinstance(given, Frozen) and name in given.model_fields_set
            yield from _keys(
                f"{key}.{name}", inner, getattr(given, name, None), (evidence or part.evidence) if spoken else "", whole
            )


def _spoken(given: Frozen | None) -> str:
    """Return the keys that a block's default sets, such as ``group: member``."""
    said = [] if given is None else [key for key in type(given).model_fields if key in given.model_fields_set]
    return ", ".join(f"{key}: {shown(getattr(given, key))}" for key in said) or "everyone"


def _table_of_keys(rows: Iterable[Row]) -> str:
    return table(("key", "default", "unit", "range", "evidence or assumption", "meaning"), rows)
