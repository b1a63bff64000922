"""Values of several parts (arrays' descriptions, tuples, slices), which are put together only where they are needed whole.

Most never are: what a function does with an array is to look at elements, and these need an address and a size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from llvmlite import ir

WORD = ir.IntType(64)
OWNER, PARENT, ITEMS, ITEM_SIZE, DATA, SHAPE, STRIDES = range(7)
"""Places of an array's parts in its description."""
_INDEX = ir.IntType(32)
Builder = Any
Path = tuple[int, ...]
Parts = dict[Path, Any]


@cache
def leaves(kind: Any) -> list[Path]:
    """Return the paths to all that isn't itself of parts, in a type of LLVM's."""
    return list(_leaves(kind))


def _leaves(kind: Any) -> Iterator[Path]:
    if isinstance(kind, ir.ArrayType):
        elements: Sequence[Any] = [kind.element] * kind.count
    elif isinstance(kind, ir.LiteralStructType):
        elements = kind.elements
    else:
        yield ()
        return
    for k, element in enumerate(elements):
        yield from ((k, *path) for path in _leaves(element))


def kind_at(kind: Any, path: Sequence[int]) -> Any:
    """Return the type at the end of a path."""
    for k in path:
        kind = kind.gep(_INDEX(k))
    return kind


class Pieces:
    """A value in parts. kind : its type in LLVM; parts : the parts, by their paths."""

    def __init__(self, builder: Builder, kind: Any, parts: Parts | None = None) -> None:
        self.builder, self.kind = builder, kind
        self._parts = parts or {}

    def part(self, *path: int) -> Any:
        """Return a part of the value."""
        return self._parts[path] if path in self._parts else self._put_together(path)

    def flat(self) -> list[Any]:
        """Return all that isn't itself of parts."""
        return [self.part(*path) for path in leaves(self.kind)]

    def _put_together(self, path: Path) -> Any:
        kind = kind_at(self.kind, path)
        found = kind(ir.Undefined)
        for rest in leaves(kind):
            found = self.builder.insert_value(found, self.part(*path, *rest), rest)
        return found


class Several(Pieces):
    """A tuple of values, which may be of parts themselves."""

    def __init__(self, builder: Builder, kind: Any, values: Sequence[Any]) -> None:
        super().__init__(builder, kind)
        self.values = values

    def part(self, *path: int) -> Any:
        """Return a part of the value."""
        return part(self.builder, self.values[path[0]], *path[1:]) if path else self._put_together(path)


class Stored(Pieces):
    """A value in memory, of which no more is loaded than is asked for."""

    def __init__(self, builder: Builder, place: Any) -> None:
        super().__init__(builder, place.type.pointee)
        self._place = place

    def part(self, *path: int) -> Any:
        """Return a part of the value."""
        return self.builder.load(self.builder.gep(self._place, [_INDEX(k) for k in (0, *path)], inbounds=True))


def whole(value: Any) -> Any:
    """Return a value, put together."""
    return value.part() if isinstance(value, Pieces) else value


def part(builder: Builder, value: Any, *path: int) -> Any:
    """Return a part of a value, or the value itself."""
    if isinstance(value, Pieces):
        return value.part(*path)
    return builder.extract_value(value, path) if path else value


def array_of(context: Any, kind: Any) -> Iterator[tuple[Path, Any]]:
    """Yield what is the same for all arrays of a type: none of them owns memory that is counted."""
    nobody = ir.IntType(8).as_pointer()(None)
    yield (OWNER,), nobody
    yield (PARENT,), nobody
    yield (ITEM_SIZE,), WORD(context.get_abi_sizeof(context.get_data_type(kind.dtype)))
