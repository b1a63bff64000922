"""Read YAML strictly, remembering the file and line of every value.

The tree is built from the parser's events, so that everything a scenario or a register must not contain is refused
where it stands: duplicate keys, anchors and aliases (hence "YAML bombs"), tags, several documents, deep nesting, huge
files. Plain scalars follow YAML 1.2's core schema: ``1e-3`` is a number and ``no`` is a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.errors import InputError

MAX_BYTES = 1_000_000
MAX_DEPTH = 16

_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?\Z")
_SPECIAL: dict[str, Any] = {
    "": None, "~": None, "null": None, "true": True, "false": False,
    ".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan"),
}  # fmt: skip
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML value and where it stands.

    `value` is a dict of nodes, a list of nodes, or a scalar (str, int, float, bool, None); `file` is a path or a
    label such as ``--set``; `line` is 1-based (for a mapping's item: the line of its key) or None.
    """

    value: Any
    file: str
    line: int | None

    def plain(self) -> Any:
        """Return the value without its places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def error(self, what: str) -> InputError:
        """Return an `InputError` that points here."""
        return InputError(what, self.file, self.line)


def read_yaml(path: str | Path) -> Node:
    """Read a YAML file into a tree of nodes.

    Raises
    ------
    InputError : the file can't be read, is larger than 1 MB, isn't UTF-8, is empty, or isn't strict YAML.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError("is a folder, not a YAML file", path)
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(f"is {size:,} bytes long; a YAML file here has at most {MAX_BYTES:,}", path)
        with path.open("rb") as stream:  # a device or pipe has size 0 and no end, so never read past the limit
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", path) from None
    if len(data) > MAX_BYTES:
        raise InputError(f"is longer than {MAX_BYTES:,} bytes", path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("isn't UTF-8 text", path, data[: error.start].count(b"\n") + 1) from None
    return parse_yaml(text, str(path))


def parse_yaml(text: str, file: str) -> Node:
    """Parse YAML text into a tree of nodes; `file` labels errors. Raises `InputError` as `read_yaml`."""
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise InputError("a tab in the indentation; use spaces", file, number)
    try:
        root = _build(text, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(f"isn't valid YAML: {error.problem or error.context}", file, _line(mark)) from None
    except yaml.YAMLError as error:
        raise InputError(f"isn't valid YAML: {error}", file) from None
    if root is None or root.value is None:
        raise InputError("is empty", file)
    return root


def scalar(text: str) -> Any:
    """Return the value of a plain scalar: int, float, bool, None or the text itself."""
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return _SPECIAL.get(text, text)


def _line(mark: Any) -> int | None:
    return None if mark is None else int(mark.line) + 1


def _build(text: str, file: str) -> Node | None:
    """Build the tree with an explicit stack, so that nesting can't exhaust Python's own."""
    root: Node | None = None
    # An open collection: its node, the key that waits for a value, and that key's line.
    stack: list[tuple[Node, str | None, int | None]] = []
    documents = 0

    def attach(node: Node) -> None:
        nonlocal root
        if not stack:
            root = node
            return
        parent, key, key_line = stack[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif key is None:
            if isinstance(node.value, dict | list):
                raise node.error("a key must be a word, not a list or a mapping")
            name = str(node.value)
            if name in parent.value:
                raise node.error(f"duplicate key '{name}' (first on line {parent.value[name].line})")
            stack[-1] = (parent, name, node.line)
        else:
            parent.value[key] = Node(node.value, file, key_line)
            stack[-1] = (parent, None, None)

    for event in yaml.parse(text, Loader=_LOADER):
        line = _line(event.start_mark)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise InputError("holds more than one YAML document", file, line)
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InputError("anchors and aliases aren't allowed; use extends or overrides", file, line)
        elif getattr(event, "tag", None) not in (None, "!"):
            raise InputError(f"tag '{event.tag}' isn't allowed", file, line)
        elif isinstance(event, yaml.ScalarEvent):
            value = scalar(event.value) if event.implicit[0] else event.value
            waits_for_key = bool(stack) and isinstance(stack[-1][0].value, dict) and stack[-1][1] is None
            attach(Node(event.value if waits_for_key else value, file, line))
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(stack) >= MAX_DEPTH:
                raise InputError(f"is nested deeper than {MAX_DEPTH} levels", file, line)
            node = Node({} if isinstance(event, yaml.MappingStartEvent) else [], file, line)
            if stack and isinstance(stack[-1][0].value, dict) and stack[-1][1] is None:
                raise node.error("a key must be a word, not a list or a mapping")
            attach(node)
            stack.append((node, None, None))
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
    return root
