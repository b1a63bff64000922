"""The permitted content of a scenario file, derived from the frozen models: leaves, blocks and named items.

Reading, merging, explaining and the editors' schema all walk these shapes, so a new key, block or intervention is known
everywhere as soon as its model has it.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sim.base.errors import InputError
from sim.base.fields import Frozen
from sim.interventions import KINDS, Intervention
from sim.scenario.schema import Scenario, Spread, Village

Kind = Literal["integer", "number", "word", "switch"]

_KINDS: dict[object, Kind] = {int: "integer", float: "number", str: "word", bool: "switch"}
_LABELS = frozenset({"title", "name", "kind"})
MAX_COPIES = 10_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value: its meaning, type, unit and range, and its default with evidence if it has one."""

    kind: Kind
    meaning: str
    unit: str = ""
    symbol: str = ""
    low: float | None = None
    high: float | None = None
    options: tuple[str, ...] = ()
    many: bool = False
    optional: bool = False
    label: bool = False
    has_default: bool = False
    default: Any = None
    evidence: str = ""

    @property
    def is_number(self) -> bool:
        """True for a single number."""
        return self.kind in ("integer", "number") and not self.many


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping of keys; `default`, with its `evidence`, is the model's own for a block that may be left out."""

    model: type[Frozen]
    fields: Mapping[str, Shape]
    meaning: str
    default: Frozen | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list of named blocks; `variants` gives the block for each value of the key `tag`, or the only one under ""."""

    meaning: str
    tag: str
    variants: Callable[[], Mapping[str, Block]]


Shape = Leaf | Block | Items


@cache
def scenario_shape() -> Block:
    """Return the shape of a scenario file without `extends` and `overrides`."""
    fields: dict[str, Shape] = {}
    for key, info in Scenario.model_fields.items():
        if key == "villages":
            fields["village"] = block(Village, "the village, or what all villages share")
            fields[key] = Items("villages, each based on the block 'village'", "", lambda: {"": _village_item()})
        elif key == "interventions":
            fields[key] = Items("the interventions", "kind", _interventions)
        else:
            fields[key] = _shape(key, info)
    return Block(Scenario, fields, "a scenario")


@cache
def block(model: type[Frozen], meaning: str = "") -> Block:
    """Return the shape of a frozen model.

    Raises
    ------
    TypeError : a scenario can't hold the type of a field.
    """
    fields = {key: _shape(key, info) for key, info in model.model_fields.items()}
    return Block(model, fields, meaning)


def leaves(shape: Block, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Yield the dotted key and shape of every leaf under a block, except those of items, whose names are free."""
    for key, part in shape.fields.items():
        name = f"{path}.{key}" if path else key
        if isinstance(part, Leaf):
            yield name, part
        elif isinstance(part, Block):
            yield from leaves(part, name)


def leaves_at(key: str) -> list[Leaf]:
    """Return the shapes that a dotted key may have; of an item's, whose kind isn't known from its name, those of all kinds."""
    parts: list[Shape] = [scenario_shape()]
    for step in key.split("."):
        below = [[*part.variants().values()] if isinstance(part, Items) else [part.fields.get(step)]
                 for part in parts if not isinstance(part, Leaf)]  # fmt: skip
        parts = [part for group in below for part in group if part is not None]
    return [part for part in parts if isinstance(part, Leaf)]


def _interventions() -> Mapping[str, Block]:
    # Looked up each time, because an intervention may be registered while the program runs (a notebook, a test).
    return {kind: intervention_block(kind, intervention) for kind, intervention in KINDS.items()}


@cache
def intervention_block(kind: str, intervention: type[Intervention]) -> Block:
    """Return the shape of an intervention. Raises InputError if a scenario can't hold the type of a key."""
    try:
        return block(intervention, intervention.summary or _first_line(intervention))
    except TypeError as error:
        raise InputError(f"intervention '{kind}': {error}") from None


@cache
def _village_item() -> Block:
    copies = Leaf(
        "integer", "number of villages like this one, called name-1 to name-n; leave out for one village called name",
        unit="villages", low=1, high=MAX_COPIES,
    )  # fmt: skip
    spread = block(Spread, "how the copies differ; each is drawn from its name, so it is the same in every run")
    own: dict[str, Shape] = {"copies": copies, "spread": spread}
    return Block(Village, {**block(Village).fields, **own}, "a village; keys left out are those of 'village'")


def _shape(key: str, info: FieldInfo) -> Leaf | Block:
    annotation: Any = info.annotation
    has_default = info.default is not PydanticUndefined
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    optional = many = False
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        optional = len(inner) < len(get_args(annotation))
        annotation = inner[0] if len(inner) == 1 else annotation
    if isinstance(annotation, type) and issubclass(annotation, Frozen):
        default = info.default if has_default else None
        meaning = info.description or _first_line(annotation)
        return Block(annotation, block(annotation).fields, meaning, default, str(extra.get("evidence", "")))
    if get_origin(annotation) is tuple and get_args(annotation)[1:] == (...,):
        many, annotation = True, get_args(annotation)[0]
    options: tuple[str, ...] = ()
    if get_origin(annotation) is Literal:
        options = tuple(str(option) for option in get_args(annotation))
        annotation = str
    if annotation not in _KINDS:
        raise TypeError(f"a scenario can't hold {info.annotation!r} (key '{key}')")
    lows = [float(str(bound.ge)) for bound in info.metadata if isinstance(bound, Ge)]
    highs = [float(str(bound.le)) for bound in info.metadata if isinstance(bound, Le)]
    return Leaf(
        kind=_KINDS[annotation],
        meaning=info.description or ("the intervention" if key == "kind" else ""),
        unit=str(extra.get("unit", "")),
        symbol=str(extra.get("symbol", "")),
        low=lows[0] if lows else None,
        high=highs[0] if highs else None,
        options=options,
        many=many,
        optional=optional,
        label=key in _LABELS,
        has_default=has_default,
        default=info.default if has_default else None,
        evidence=str(extra.get("evidence", "")),
    )


def _first_line(model: type[Frozen]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0].rstrip(".") if model.__doc__ else ""
