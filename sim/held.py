"""Named tuples of arrays, held in memory: compiled functions hand each other an address, not a hundred words.

Their elements are read where a function begins, and only those parts of them that it uses.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, register_model

Builder = Any


class Held(types.Type):  # type: ignore[misc]
    """The type of a named tuple that is known by its address. bundle : the tuple's own type."""

    def __init__(self, bundle: Any) -> None:
        self.bundle = bundle
        super().__init__(f"held({bundle.name})")


def held(kind: Any) -> Any:
    """Return the type by which compiled functions know an argument of a type."""
    return Held(kind) if isinstance(kind, types.BaseNamedTuple) else kind


@register_model(Held)
class _Address(PrimitiveModel):  # type: ignore[misc]
    """How a held tuple is written in LLVM: as the address of the structure of its elements."""

    def __init__(self, manager: Any, kind: Held) -> None:
        super().__init__(manager, kind, manager[kind.bundle].get_value_type().as_pointer())


@infer_getattr
class _Elements(AttributeTemplate):  # type: ignore[misc]
    key = Held

    def generic_resolve(self, kind: Held, name: str) -> Any:
        """Return the type of an element; None if there is none of this name."""
        return kind.bundle[kind.bundle.fields.index(name)] if name in kind.bundle.fields else None


def hold(builder: Builder, place: Any) -> Any:
    """Return the address of a held tuple that has just been written to a place.

    From here on LLVM takes what lies there as never changing, and so mustn't see where the address comes from.
    """
    return builder.asm(ir.FunctionType(place.type, [place.type]), "", "=r,0,~{memory}", [place], side_effect=True)


class Element:
    """An element of a held tuple that a function was given; its parts are read where the function begins, each once."""

    def __init__(self, builder: Builder, address: Any, index: int) -> None:
        self._builder, self._address, self._index = builder, address, index
        self._parts: dict[tuple[int, ...], Any] = {}
        self._kind = address.type.pointee.gep(ir.Constant(ir.IntType(32), index))

    def part(self, *path: int) -> Any:
        """Return a part of the element: its only number, or one of an array's description."""
        if path not in self._parts:
            with self._builder.goto_entry_block():
                self._parts[path] = self._read(path)
        return self._parts[path]

    def whole(self) -> Any:
        """Return the element."""
        if not isinstance(self._kind, ir.LiteralStructType | ir.ArrayType):
            return self.part()
        if () not in self._parts:
            paths = list(_paths(self._kind))
            parts = [self.part(*path) for path in paths]
            with self._builder.goto_entry_block():
                found = self._kind(ir.Undefined)
                for path, part in zip(paths, parts, strict=True):
                    found = self._builder.insert_value(found, part, path)
            self._parts[()] = found
        return self._parts[()]

    def _read(self, path: tuple[int, ...]) -> Any:
        places = [ir.IntType(32)(k) for k in (0, self._index, *path)]
        found = self._builder.load(self._builder.gep(self._address, places, inbounds=True))
        found.set_metadata("invariant.load", self._builder.module.add_metadata([]))
        return found


def _paths(kind: Any) -> Any:
    """Yield the path to each number of an array's description."""
    for k, element in enumerate(kind.elements if isinstance(kind, ir.LiteralStructType) else [kind.element] * kind.count):
        if isinstance(element, ir.LiteralStructType | ir.ArrayType):
            yield from ((k, *rest) for rest in _paths(element))
        else:
            yield (k,)
