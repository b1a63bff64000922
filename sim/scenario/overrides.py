"""Overrides: named ones that a file defines, and single keys such as ``household.own_yard`` from a command or program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from sim.base.errors import InputError, nearest
from sim.base.yaml_reader import Node, parse_yaml
from sim.evidence import Register
from sim.scenario import draft, shape
from sim.scenario.draft import Block, Layer

SET = "--set"
CALL = "overrides"
"""Labels in place of a file's name, in errors about ``--set`` and about overrides that a program passes."""

Override = str | Mapping[str, Any]


def parse_set(text: str) -> dict[str, Node]:
    """Parse the ``key=value`` of ``--set`` into an override; the value is YAML, such as ``0.3`` or ``{from: S01.low}``.

    Raises
    ------
    InputError : (labelled ``--set``) ``=`` is missing, the key or value is empty, or the value isn't one YAML value.
    """
    key, equals, value = text.partition("=")
    if not equals or not key.strip() or not value.strip():
        raise InputError(f"'{text}' must be key=value, such as household.own_yard=0.3", SET)
    try:
        items = parse_yaml("- " + value.strip(), SET).value
    except InputError as error:
        raise InputError(f"{key.strip()}: {error.what}", SET) from None
    if not isinstance(items, list) or len(items) != 1:
        raise InputError(f"{key.strip()}: the value isn't one YAML value", SET)
    return {key.strip(): _without_lines(items[0])}


def plain_node(value: Any, label: str) -> Node:
    """Return a program's value as a tree of nodes without lines; a `Node` is returned as it is.

    Raises
    ------
    InputError : (with `label`) a type that YAML doesn't have.
    """
    if isinstance(value, Node):
        return value
    if isinstance(value, Mapping):
        return Node({str(key): plain_node(part, label) for key, part in value.items()}, label, None)
    if isinstance(value, list | tuple):
        return Node([plain_node(part, label) for part in value], label, None)
    if value is None or isinstance(value, bool | str):
        return Node(value, label, None)
    if isinstance(value, Integral):  # NumPy's integers too
        return Node(int(value), label, None)
    if isinstance(value, Real):
        return Node(float(value), label, None)
    raise InputError(f"a scenario can't hold a {type(value).__name__}", label)


def apply(
    root: Block, named: Mapping[str, Node], overrides: Sequence[Override] | Override, register: Register
) -> Block:
    """Return a draft with overrides laid over it.

    Parameters
    ----------
    root : the draft.
    named : the overrides that its files define.
    overrides : names of these, and mappings of dotted keys to values.
    register : the evidence that values may refer to.

    Raises
    ------
    InputError : an unknown name or key, a bad value, or a key that two overrides set.
    """
    chosen: Sequence[Override] = [overrides] if isinstance(overrides, str | Mapping) else overrides
    top = shape.scenario_shape()
    done: set[str] = set()
    for override in chosen:
        if isinstance(override, str):
            if override not in named:
                hint = nearest(override, named) or " (the scenario has none)"
                raise InputError(f"unknown override '{override}'{hint}")
            if override in done:
                continue
            done.add(override)
            layer = Layer(register, f"override '{override}'")
            result = draft.lay(layer, top, root, named[override])
            assert isinstance(result, Block)
            root = result
            continue
        for key, value in override.items():
            node = value if isinstance(value, Node) else plain_node(value, CALL)
            layer = Layer(register, node.file, by_name=True)
            result = draft.lay(layer, top, root, _nested(root, str(key), node))
            assert isinstance(result, Block)
            root = result
    return root


def keys(root: Block) -> list[str]:
    """Return every dotted key that an override of this draft may set, including those of its named items."""
    top = shape.scenario_shape()
    known = [key for key, _ in shape.leaves(top)]
    for name, part in top.fields.items():
        items = root.parts.get(name)
        if isinstance(part, shape.Items) and isinstance(items, Block):
            variants = part.variants()
            for item, block in items.parts.items():
                assert isinstance(block, Block)
                known += [key for key, _ in shape.leaves(variants[block.tag], f"{name}.{item}")]
    return known


def nearest_key(key: str, known: Sequence[str]) -> str:
    """Return a suggestion for an unknown key: the only key with the same ending, else the nearest in spelling."""
    same_end = [one for one in known if one.rpartition(".")[2] == key.rpartition(".")[2]]
    return nearest(key, same_end if len(same_end) == 1 else known)


def _nested(root: Block, key: str, node: Node) -> Node:
    """Return ``a.b: node`` as ``{a: {b: node}}`` after checking that the draft has such a key."""
    steps = key.split(".")
    part: shape.Shape | None = shape.scenario_shape()
    present: draft.Part | None = root
    items: shape.Shape | None = None  # whose item the next step is a key of
    for place, step in enumerate(steps):
        if isinstance(part, shape.Items) and isinstance(present, Block):
            step = steps[place] = draft.item_name(step, present.parts)
        if step == draft.DROP and items is not None:
            break
        items = part if isinstance(part, shape.Items) else None
        below = present.parts.get(step) if isinstance(present, Block) else None
        if isinstance(part, shape.Items):
            part = part.variants()[below.tag] if isinstance(below, Block) else None
        else:
            part = part.fields.get(step) if isinstance(part, shape.Block) else None
        if part is None:
            raise node.error(f"unknown key '{key}'{nearest_key(key, keys(root))}")
        present = below
    for step in reversed(steps):
        node = Node({step: node}, node.file, node.line)
    return node


def _without_lines(node: Node) -> Node:
    """Return a node without line numbers, because ``--set`` has no lines."""
    if isinstance(node.value, dict):
        return Node({key: _without_lines(part) for key, part in node.value.items()}, node.file, None)
    if isinstance(node.value, list):
        return Node([_without_lines(part) for part in node.value], node.file, None)
    return Node(node.value, node.file, None)
