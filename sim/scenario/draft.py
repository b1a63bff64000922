"""Put a scenario together from several files and overrides, and record where each value was set.

Mappings merge key by key, a value replaces a value, and items of `villages` and `interventions` are matched by name.
Drafts are never changed: each layer makes a new draft that shares the parts it doesn't touch.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sim.base.errors import InputError, Mistakes, nearest
from sim.base.yaml_reader import Node
from sim.evidence import Register
from sim.interventions import KINDS, kind_of
from sim.scenario import shape as shapes
from sim.scenario.shape import Leaf
from sim.scenario.values import Provenance, read_value

DROP = "drop"
"""The key of an item of `villages` or `interventions` that takes an inherited item out: ``- {name: donation, drop: true}``."""
OWN_KEYS = ("extends", "overrides")
"""Keys of a scenario's file that aren't values."""
_NAME = re.compile(r"\w[\w-]{0,59}\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping in a draft: its parts by key, and the place that changed it last; `tag` is an intervention's kind."""

    parts: Mapping[str, Part]
    place: Node
    tag: str = ""


Part = Provenance | Block


@dataclass(frozen=True, slots=True)
class Layer:
    """The source of values that are laid over a draft: a file (without a label), or an override with its label.

    `by_name` : whether items of `villages` and `interventions` are addressed as ``interventions.donation`` rather than
    listed.
    """

    register: Register
    override: str = ""
    by_name: bool = False


def lay(layer: Layer, shape: shapes.Shape, below: Part | None, node: Node, path: str = "") -> Part:
    """Return `below` with `node` laid over it.

    Parameters
    ----------
    layer : the source of `node`.
    shape : the permitted content of `node`.
    below : the draft's present value, or None.
    path : the dotted key of `node`; empty for the whole scenario.

    Raises
    ------
    InputError : an unknown key, a wrong type or range, unknown evidence, or a key that another override sets.
    """
    if isinstance(shape, Leaf):
        assert below is None or isinstance(below, Provenance)
        if layer.override and below is not None and below.override:
            if below.override == layer.override:
                raise node.error(f"{path} is set twice by {layer.override}")
            raise node.error(f"{path} is set by both {below.override} ({below.place}) and {layer.override}")
        return read_value(shape, node, path, layer.register, layer.override, below)
    assert below is None or isinstance(below, Block)
    if isinstance(shape, shapes.Items):
        return _lay_items(layer, shape, below, node, path)
    return _lay_block(layer, shape, below, node, path)


def join(left: Part, right: Part, path: str, place: Node) -> Part:
    """Return the union of two parents of one file; a value that they set differently gets a `rival`.

    Raises
    ------
    InputError : (at `place`) an intervention has different kinds in the two parents.
    """
    if isinstance(left, Provenance) and isinstance(right, Provenance):
        if left is right or any(left is below for below in right.chain()):
            return right
        if left.value == right.value or any(right is below for below in left.chain()):
            return left
        return replace(right, rival=left)
    assert isinstance(left, Block) and isinstance(right, Block)
    if left.tag != right.tag:
        raise place.error(f"{path} is a {left.tag} ({_at(left.place)}) and a {right.tag} ({_at(right.place)})")
    parts = dict(left.parts)
    for key, part in right.parts.items():
        parts[key] = join(parts[key], part, f"{path}.{key}".lstrip("."), place) if key in parts else part
    return Block(parts, right.place, right.tag)


def values(block: Block, path: str = "") -> Iterator[tuple[str, Provenance]]:
    """Yield the dotted key and the provenance of every value that is set under a block."""
    for key, part in block.parts.items():
        name = f"{path}.{key}" if path else key
        if isinstance(part, Provenance):
            yield name, part
        else:
            yield from values(part, name)


def over(below: Block | None, above: Block) -> Block:
    """Return `above` with the parts of `below` that it doesn't set itself."""
    if below is None:
        return above
    parts = dict(below.parts)
    for key, part in above.parts.items():
        under = parts.get(key)
        parts[key] = over(under, part) if isinstance(part, Block) and isinstance(under, Block) else part
    return Block(parts, above.place, above.tag)


def _lay_block(layer: Layer, shape: shapes.Block, below: Block | None, node: Node, path: str, tag: str = "") -> Block:
    if not isinstance(node.value, dict):
        raise node.error(f"{path or 'a scenario'} must be a block of keys ({', '.join(list(shape.fields)[:4])}, ...)")
    parts: dict[str, Part] = dict(below.parts) if below is not None else {}

    def lay_field(key: str, child: Node) -> None:
        if key not in shape.fields:
            raise _unknown_key(shape, key, child, path)
        parts[key] = lay(layer, shape.fields[key], parts.get(key), child, f"{path}.{key}" if path else key)

    _lay_each(node.value.items(), lay_field)
    return Block(parts, node, tag)


def _lay_each(items: Iterable[tuple[str, Node]], lay_one: Callable[[str, Node], None]) -> None:
    """Lay every item, and raise the mistakes of all of them together, at most `MOST`."""
    mistakes = Mistakes()
    for name, item in items:
        with mistakes.attempt():
            lay_one(name, item)
        if mistakes.enough:
            break
    mistakes.check()


def _unknown_key(shape: shapes.Block, key: str, child: Node, path: str) -> InputError:
    where = f" in {path}" if path else ""
    if key.isdigit() and child.value is None:  # {yuan: 300,000} is read as two keys
        return child.error(f"unknown key '{key}'{where}; in braces, write numbers without commas or in quotes")
    meanings = {name: part.meaning for name, part in shape.fields.items()} | (
        {} if path else dict.fromkeys(OWN_KEYS, "")
    )
    return child.error(f"unknown key '{key}'{where}{_nearest_in_any_language(key, meanings)}")


def _nearest_in_any_language(name: str, meanings: Mapping[str, str]) -> str:
    """Return a suggestion as `nearest` does; a Chinese word is looked up in the meanings of names, which quote it."""
    quoting = [] if name.isascii() else [known for known, meaning in meanings.items() if name in meaning]
    return f", did you mean '{quoting[0]}'?" if quoting else nearest(name, meanings)


def _lay_items(layer: Layer, shape: shapes.Items, below: Block | None, node: Node, path: str) -> Block:
    parts: dict[str, Part] = dict(below.parts) if below is not None else {}
    if layer.by_name and isinstance(node.value, dict):
        named = [(item_name(name, parts), item) for name, item in node.value.items()]
        for name, item in named:
            if name not in parts:
                raise item.error(f"unknown name '{name}' in {path}{nearest(name, parts)}")
    elif isinstance(node.value, list):
        named = list(_named(shape, node, path, parts))
    else:
        raise node.error(f"{path} must be a list of blocks, each beginning with '- {shape.tag or 'name'}: ...'")
    _lay_each(named, lambda name, item: _lay_item(layer, shape, parts, name, item, path))
    return Block(parts, node)


def _lay_item(layer: Layer, shape: shapes.Items, parts: dict[str, Part], name: str, item: Node, path: str) -> None:
    """Lay an item of a list over the one of that name in `parts`, or take that one out."""
    old = parts.get(name)
    assert old is None or isinstance(old, Block)
    if isinstance(item.value, dict) and DROP in item.value:
        _check_drop(item, old, f"{path}.{name}")
        del parts[name]
        return
    tag = _tag(shape, old, item, name, path)
    own = {key: child for key, child in item.value.items() if key not in ("name", shape.tag)}
    stated = item.value.get("name")
    if isinstance(stated, Node) and name not in (stated.value, item_name(str(stated.value), parts)):
        raise stated.error(f"{path}.{name} can't be renamed")
    parts[name] = _lay_block(layer, shape.variants()[tag], old, Node(own, item.file, item.line), f"{path}.{name}", tag)


def _check_drop(item: Node, old: Block | None, path: str) -> None:
    """Raise InputError if an item that says ``drop`` isn't inherited or says more."""
    if item.value[DROP].value is not True:
        raise item.value[DROP].error(f"{path}.{DROP} must be true; leave it out to keep the item")
    if old is None:
        raise item.value[DROP].error(f"{path} isn't inherited, so it can't be dropped")
    more = [key for key in item.value if key not in ("name", "kind", DROP)]
    if more:
        raise item.value[more[0]].error(f"{path} is dropped, so leave out '{more[0]}'")


def item_name(name: str, present: Container[str]) -> str:
    """Return the name of a present item: the name itself, or the kind that it names in Chinese if an item is called so."""
    return name if name in present or kind_of(name) not in present else kind_of(name)


def _named(shape: shapes.Items, node: Node, path: str, present: Container[str]) -> Iterator[tuple[str, Node]]:
    """Yield the items of a list with their names: the stated name, or kind, kind_2, ... in the order of the list.

    present : the names of inherited items, which an item without a kind may name in Chinese.
    """
    seen: dict[str, Node] = {}
    unnamed: dict[str, int] = {}
    for item in node.value:
        if not isinstance(item.value, dict):
            raise item.error(f"an item of {path} must be a block of keys, beginning with '{shape.tag or 'name'}: ...'")
        kind = item.value.get(shape.tag)
        if "name" in item.value:
            name = check_name(item.value["name"], f"the name of an item of {path}")
            name = name if kind is not None else item_name(name, present)
        elif kind is not None and isinstance(kind.value, str):
            usual = kind_of(kind.value)
            unnamed[usual] = unnamed.get(usual, 0) + 1
            name = usual if unnamed[usual] == 1 else f"{usual}_{unnamed[usual]}"
        else:
            raise (kind or item).error(f"an item of {path} needs a '{shape.tag or 'name'}'")
        if name in seen:
            raise item.error(f"two items of {path} are called '{name}' (the first: line {seen[name].line})")
        seen[name] = item
        yield name, item


def _tag(shape: shapes.Items, old: Block | None, item: Node, name: str, path: str) -> str:
    """Return the kind of an item: the stated kind, or that of the item that it changes."""
    if not isinstance(item.value, dict):
        raise item.error(f"{path}.{name} must be a block of keys")
    if not shape.tag:
        return ""
    kind: Node | None = item.value.get(shape.tag)
    if kind is None:
        if old is None:
            raise item.error(f"{path}.{name} is new, so it needs a '{shape.tag}'")
        return old.tag
    known = shape.variants()
    tag = kind_of(kind.value) if isinstance(kind.value, str) else ""
    if tag not in known:
        meanings = {
            name: f"{' '.join(KINDS[name].chinese)} {sys.modules[block.model.__module__].__doc__}"
            for name, block in known.items()
        }
        raise kind.error(f"unknown {shape.tag} '{kind.value}'{_nearest_in_any_language(str(kind.value), meanings)}")
    if old is not None and old.tag != tag:
        raise kind.error(f"{path}.{name} is a {old.tag} ({_at(old.place)}), not a {kind.value}")
    return tag


def check_name(node: Node, what: str) -> str:
    """Return a village's or intervention's name. Raises `InputError` if it can't be part of a dotted key."""
    if not isinstance(node.value, str) or not _NAME.match(node.value):
        raise node.error(f"{what} must be one word of letters, digits, _ and -, at most 60, not '{node.value}'")
    return node.value


def _at(node: Node) -> str:
    return str(InputError("", node.file, node.line)).rstrip(": ")
