"""Find scenario files by name or path, and read a file and all files that it extends into a draft."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.base.errors import InputError, Mistakes, nearest
from sim.base.sources import shipped_folder
from sim.base.yaml_reader import Node, parse_yaml, read_yaml
from sim.evidence import Register
from sim.scenario import draft, shape
from sim.scenario.draft import Block, Layer

BASE = "base"
MAX_EXTENDS = 20
POLICIES = "policies"
"""The folder of policy menus, which aren't scenarios."""
_NOT_SCENARIOS = (BASE, "priors")


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a file and all files that it extends: the scenario's blocks, and overrides by name."""

    root: Block
    overrides: Mapping[str, Node]


def scenarios_folder() -> Path:
    """Return the folder of the shipped scenarios, their draws, menus and JSON Schema. Raises InputError."""
    return shipped_folder("scenarios", f"{BASE}.yaml")


def scenario_names() -> list[str]:
    """Return the names of the package's scenarios, sorted; those in subfolders as ``places/x``."""
    return list(_names_in(scenarios_folder()))


@cache  # a scenario that extends others looks its names up again for each of them
def _names_in(folder: Path) -> tuple[str, ...]:
    names = (path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml"))
    return tuple(sorted(name for name in names if name not in _NOT_SCENARIOS and not name.startswith(f"{POLICIES}/")))


def find(name_or_path: str | Path) -> str:
    """Return the path of a scenario given by name or path, relative to the working folder if that is shorter.

    Raises
    ------
    InputError : no such name (with the nearest one) or file.
    """
    text = os.fspath(name_or_path)
    if not _is_name(text):
        raise InputError(f"{text!r} isn't the name or path of a scenario")
    separators = [mark for mark in (os.sep, os.altsep) if mark]
    if text.endswith((".yaml", ".yml")) or (any(mark in text for mark in separators) and os.path.isfile(text)):
        return text
    return _named(text, InputError)


def read_draft(path: str, register: Register, text: str | None = None) -> Draft:
    """Read the scenario at `path` and all that it extends. text : what the file at `path` would hold; None to read it.

    Raises
    ------
    InputError : a file can't be read or is wrong, extends itself, or extends more than 20 files in a row.
    """
    return _Reader(register, {} if text is None else {os.path.realpath(path): text}).read(path, ())


def _is_name(text: str) -> bool:
    """Return whether a text can be a file's name and fit in one line of a message."""
    return bool(text.strip()) and "\0" not in text and len(text.splitlines()) == 1


def _named(name: str, error: Callable[[str], InputError]) -> str:
    known = [*scenario_names(), BASE]
    if name not in known:
        raise error(f"unknown scenario '{name}'{nearest(name, known)}")
    path = str(scenarios_folder() / f"{name}.yaml")
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        return path
    return path if relative.startswith(os.pardir) else relative


class _Reader:
    """Read files, each of them once, so that parents that extend the same file share its content.

    texts : of files that aren't written yet, by their real path.
    """

    def __init__(self, register: Register, texts: Mapping[str, str]) -> None:
        self._register, self._texts = register, texts
        self._done: dict[str, Draft] = {}
        self._base = os.path.realpath(scenarios_folder() / f"{BASE}.yaml")

    def read(self, path: str, trail: tuple[str, ...], asked: Node | None = None) -> Draft:
        """Return the draft of a file; `trail` has the files that led to it, `asked` is the `extends` that names it."""
        real = os.path.realpath(path)
        if real in trail:
            assert asked is not None
            cycle = " -> ".join(Path(step).name for step in (*trail[trail.index(real) :], real))
            raise asked.error(f"extends itself: {cycle}")
        if len(trail) > MAX_EXTENDS:
            assert asked is not None
            raise asked.error(f"extends more than {MAX_EXTENDS} files in a row")
        if real not in self._done:
            self._done[real] = self._read(path, real, (*trail, real), asked)
        return self._done[real]

    def _read(self, path: str, real: str, trail: tuple[str, ...], asked: Node | None) -> Draft:
        if asked is not None and not os.path.isfile(path):
            raise asked.error(f"extends '{asked.value}', but there is no file {path}")
        node = parse_yaml(self._texts[real], path) if real in self._texts else read_yaml(path)
        if not isinstance(node.value, dict):
            raise node.error("a scenario must be a block of keys (extends, title, ...)")
        top = shape.scenario_shape()
        own = {key: part for key, part in node.value.items() if key not in draft.OWN_KEYS}
        below = self._parents(node, real, trail)
        layer = Layer(self._register)
        root = draft.lay(layer, top, below.root if below else None, Node(own, node.file, node.line))
        assert isinstance(root, Block)
        for key, value in draft.values(root):
            if value.rival is not None:
                both = f"{value.rival.value} ({value.rival.place}) and {value.value} ({value.place})"
                raise node.value["extends"].error(f"its parents set {key} to {both}; set it here")
        return Draft(root, {**(below.overrides if below else {}), **self._overrides(node, root)})

    def _parents(self, node: Node, real: str, trail: tuple[str, ...]) -> Draft | None:
        """Return the draft that the file extends, or None for the base."""
        extends = node.value.get("extends", Node(BASE, node.file, node.line))
        if real == self._base:
            if extends.value is not None:
                raise extends.error("the base can't extend a scenario; write 'extends: null'")
            return None
        parents = extends.value if isinstance(extends.value, list) else [extends]
        if not parents:
            raise extends.error("'extends' is empty; leave it out to extend the base")
        result: Draft | None = None
        for parent in parents:
            here = self.read(self._parent_path(parent, node.file), trail, parent)
            if result is None:
                result = here
                continue
            root = draft.join(result.root, here.root, "", extends)
            assert isinstance(root, Block)
            clash = [
                name
                for name, body in here.overrides.items()
                if result.overrides.get(name, body) is not body and name not in _names(node)
            ]
            if clash:
                raise extends.error(f"its parents differ in override '{clash[0]}'; define it here")
            result = Draft(root, {**result.overrides, **here.overrides})
        return result

    def _parent_path(self, parent: Node, file: str) -> str:
        text = parent.value
        if not isinstance(text, str) or not _is_name(text):
            hint = "; only the base may leave it null" if text is None else ""
            raise parent.error(f"'extends' must be a scenario's name, a path, or a list of these{hint}")
        if text.endswith((".yaml", ".yml")):
            return os.path.normpath(os.path.join(os.path.dirname(file), text))
        return _named(text, parent.error)

    def _overrides(self, node: Node, root: Block) -> dict[str, Node]:
        """Return the file's own overrides, after checking each by applying it to the file's draft."""
        body = node.value.get("overrides")
        if body is None:
            return {}
        if not isinstance(body.value, dict):
            raise body.error("'overrides' must be a block of names, each with a block of keys")
        mistakes = Mistakes()
        for name, partial in body.value.items():
            with mistakes.attempt():
                draft.check_name(Node(name, partial.file, partial.line), "the name of an override")
                draft.lay(Layer(self._register, f"override '{name}'"), shape.scenario_shape(), root, partial)
        mistakes.check()
        return dict(body.value)


def _names(node: Node) -> frozenset[str]:
    body = node.value.get("overrides")
    return frozenset(body.value) if body is not None and isinstance(body.value, dict) else frozenset()
