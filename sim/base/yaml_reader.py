"""Read YAML strictly, and remember the file and line of every value.

The tree is built from the parser's events, so that whatever a scenario or a register must not contain is rejected at
its line: duplicate keys, anchors and aliases (and with them "YAML bombs"), tags, several documents, deep nesting, huge
files. Plain scalars follow YAML 1.2's core schema: ``1e-3`` is a number and ``no`` is a word.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from sim.base.errors import InputError

MAX_BYTES = 1_000_000
MAX_DEPTH = 16

_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?\Z")
# Other white space (a form feed, a no-break space) may come before the tab.
_INDENTED_BY_TAB = re.compile(r"^[^\S\n\t]*\t", re.MULTILINE)
_NUMERIC = frozenset("+-.0123456789")
_SPECIAL: dict[str, Any] = {
    "": None, "~": None, "null": None, "true": True, "false": False,
    ".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan"),
}  # fmt: skip
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Node(NamedTuple):
    """A YAML value with its place.

    `value` is a dict of nodes, a list of nodes, or a scalar (str, int, float, bool, None); `file` is a path or a
    label such as ``--set``; `line` is 1-based (for an item of a mapping, the line of its key) or None.
    """

    value: Any
    file: str
    line: int | None

    def plain(self) -> Any:
        """Return the value alone, as plain dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def error(self, what: str) -> InputError:
        """Return an `InputError` that points to this node."""
        return InputError(what, self.file, self.line)


def read_yaml(path: str | Path) -> Node:
    """Read a YAML file into a tree of nodes.

    Raises
    ------
    InputError : the file can't be read, is larger than 1 MB, isn't UTF-8, is empty, or isn't YAML of this strict kind.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError("is a folder, not a YAML file", path)
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(f"is {size:,} bytes long; a YAML file here has at most {MAX_BYTES:,}", path)
        with path.open("rb") as stream:  # a device or pipe reports size 0 but may never end, so stop at the limit
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
    """Parse YAML text into a tree of nodes; `file` labels errors. Raises `InputError` as `read_yaml` does."""
    tab = _INDENTED_BY_TAB.search(text)
    if tab is not None:
        raise InputError("indentation contains a tab; use spaces", file, text.count("\n", 0, tab.end()) + 1)
    try:
        root = _build(text, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(f"isn't valid YAML: {error.problem or error.context}", file, _line(mark)) from None
    except yaml.reader.ReaderError as error:
        before = text.encode("utf-8")[: error.position]
        raise InputError(
            f"isn't valid YAML: {error.reason} (#x{error.character:04x})", file, before.count(b"\n") + 1
        ) from None
    except UnicodeEncodeError as error:  # half of a character, from a command line that isn't UTF-8
        raise InputError("isn't UTF-8 text", file, text.count("\n", 0, error.start) + 1) from None
    if root is None or root.value is None:
        raise InputError("is empty", file)
    return root


def scalar(text: str) -> Any:
    """Return the value of a plain scalar: int, float, bool, None or the text itself."""
    if text[:1] in _NUMERIC:  # most scalars are words, and testing one character is cheaper than two patterns
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text):
            return float(text)
    return _SPECIAL.get(text, text)


def _line(mark: Any) -> int | None:
    return None if mark is None else int(mark.line) + 1


class _Open:
    """A collection that is being read: its dict or list, and the key whose value comes next."""

    __slots__ = ("key", "key_line", "keys", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self.keys = isinstance(value, dict)
        self.key: str | None = None
        self.key_line: int | None = None


def _build(text: str, file: str) -> Node | None:
    """Build the tree with an explicit stack, so that nesting can't exhaust Python's own."""
    root: Node | None = None
    stack: list[_Open] = []
    top: _Open | None = None
    documents = 0
    events: Any = yaml.parse(text, Loader=_LOADER)
    for event in events:
        of = type(event)  # exact types, commonest first: loading spends most of its time in this loop
        if of is yaml.ScalarEvent:
            line = event.start_mark.line + 1
            if event.anchor or event.tag not in (None, "!"):
                raise _refusal(event, file, line)
            if top is not None and top.keys and top.key is None:
                top.key, top.key_line = _new_key(top.value, event.value, file, line), line
                continue
            value: Any = scalar(event.value) if event.implicit[0] else event.value
        elif of is yaml.MappingStartEvent or of is yaml.SequenceStartEvent:
            line = event.start_mark.line + 1
            if event.anchor or event.tag not in (None, "!"):
                raise _refusal(event, file, line)
            if len(stack) >= MAX_DEPTH:
                raise InputError(f"is nested deeper than {MAX_DEPTH} levels", file, line)
            if top is not None and top.keys and top.key is None:
                raise InputError("a key must be a word, not a list or a mapping", file, line)
            value = {} if of is yaml.MappingStartEvent else []
        elif of is yaml.MappingEndEvent or of is yaml.SequenceEndEvent:
            stack.pop()
            top = stack[-1] if stack else None
            continue
        elif of is yaml.AliasEvent:
            raise _refusal(event, file, event.start_mark.line + 1)
        else:
            documents += of is yaml.DocumentStartEvent
            if documents > 1:
                raise InputError("holds more than one YAML document", file, _line(event.start_mark))
            continue
        if top is None:
            root = Node(value, file, line)
        elif top.keys:
            top.value[top.key] = Node(value, file, top.key_line)
            top.key = None
        else:
            top.value.append(Node(value, file, line))
        if of is not yaml.ScalarEvent:
            top = _Open(value)
            stack.append(top)
    return root


def _new_key(known: Any, key: str, file: str, line: int) -> str:
    if key in known:
        raise InputError(f"duplicate key '{key}' (first on line {known[key].line})", file, line)
    return key


def _refusal(event: Any, file: str, line: int) -> InputError:
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        return InputError("anchors and aliases aren't allowed; use extends or overrides", file, line)
    return InputError(f"tag '{event.tag}' isn't allowed", file, line)
