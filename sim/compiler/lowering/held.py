"""Named tuples of arrays, held in memory: compiled functions hand each other an address, not a hundred words."""

from __future__ import annotations

import hashlib
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, register_model

from sim.compiler.lowering.pieces import WORD, Pieces, array_of, kind_at, leaves

Builder = Any


class Held(types.Type):
    """The type of a named tuple that is known by its address. bundle : the tuple's own type."""

    def __init__(self, bundle: Any) -> None:
        self.bundle = bundle
        digest = hashlib.sha256(bundle.name.encode()).hexdigest()[:8]
        super().__init__(f"held({bundle.instance_class.__name__} {digest})")  # short: it is in the names of functions


def held(kind: Any) -> Any:
    """Return the type by which compiled functions know an argument of a type."""
    return Held(kind) if isinstance(kind, types.BaseNamedTuple) else kind


@register_model(Held)
class _Address(PrimitiveModel):
    """How a held tuple is written in LLVM: as an address, at which there is a word for each number that it holds."""

    def __init__(self, manager: Any, kind: Held) -> None:
        super().__init__(manager, kind, WORD.as_pointer())


@infer_getattr
class _Elements(AttributeTemplate):
    key = Held

    def generic_resolve(self, kind: Held, name: str) -> Any:
        """Return the type of an element; None if there is none of this name."""
        return kind.bundle[kind.bundle.fields.index(name)] if name in kind.bundle.fields else None


def hold(context: Any, builder: Builder, kind: Held, value: Any) -> Any:
    """Write a named tuple into memory that lasts until the function returns, and return its address.

    From there on LLVM takes what lies there as never changing, and so mustn't see where the address comes from.
    """
    paths = leaves(context.get_value_type(kind.bundle))
    place = builder.alloca(WORD, len(paths))
    for k, path in enumerate(paths):
        part = builder.extract_value(value, path)
        builder.store(part, builder.bitcast(builder.gep(place, [WORD(k)]), part.type.as_pointer()))
    opaque = ir.FunctionType(place.type, [place.type])
    return builder.asm(opaque, "", "=r,0,~{memory}", [place], side_effect=True)


class Element(Pieces):
    """An element of a held tuple that a function was given; its parts are read where the function begins, each once."""

    def __init__(self, context: Any, builder: Builder, kind: Held, address: Any, name: str) -> None:
        index = kind.bundle.fields.index(name)
        super().__init__(builder, context.get_value_type(kind.bundle[index]))
        self._address = address
        paths = leaves(context.get_value_type(kind.bundle))
        self._places = {path[1:]: k for k, path in enumerate(paths) if path[0] == index}
        if isinstance(kind.bundle[index], types.Array):
            self._parts = dict(array_of(context, kind.bundle[index]))

    def part(self, *path: int) -> Any:
        """Return a part of the element."""
        if path not in self._parts:
            with self.builder.goto_entry_block():
                self._parts[path] = self._read(path) if path in self._places else self._put_together(path)
        return self._parts[path]

    def _read(self, path: tuple[int, ...]) -> Any:
        builder, kind = self.builder, kind_at(self.kind, path)
        place = builder.gep(self._address, [WORD(self._places[path])], inbounds=True)
        found = builder.load(place if kind == WORD else builder.bitcast(place, kind.as_pointer()))
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
        return found
