"""Named tuples that come from Python, held in memory: compiled functions pass an address instead of a hundred words."""

from __future__ import annotations

import hashlib
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, register_model

Builder = Any
_INDEX = ir.IntType(32)


class Held(types.Type):
    """The type of a named tuple that is passed by its address. bundle : the tuple's own type."""

    def __init__(self, bundle: Any) -> None:
        self.bundle = bundle
        digest = hashlib.sha256(bundle.name.encode()).hexdigest()[:8]
        super().__init__(f"held({bundle.instance_class.__name__} {digest})")  # short: it is in the names of functions

    @property
    def key(self) -> Any:
        """What distinguishes such types."""
        return self.bundle


def held(kind: Any) -> Any:
    """Return the type by which compiled functions know an argument of a type."""
    return Held(kind) if isinstance(kind, types.BaseNamedTuple) else kind


@register_model(Held)
class _Address(PrimitiveModel):
    """A held tuple's form in LLVM: the address of its value."""

    def __init__(self, manager: Any, kind: Held) -> None:
        super().__init__(manager, kind, manager.lookup(kind.bundle).get_value_type().as_pointer())


@infer_getattr
class _Elements(AttributeTemplate):
    key = Held

    def generic_resolve(self, kind: Held, name: str) -> Any:
        """Return the type of an element; None if no element has this name."""
        return kind.bundle[kind.bundle.fields.index(name)] if name in kind.bundle.fields else None


@lower_getattr_generic(Held)  # type: ignore[untyped-decorator]
def _element(context: Any, builder: Builder, kind: Held, address: Any, name: str) -> Any:
    """Return an element; an argument's element is read at the function's start, so that no loop reads it again."""
    if not isinstance(address, ir.Argument):
        return _read(builder, kind, address, name)
    with builder.goto_entry_block():
        return _read(builder, kind, address, name)


def _read(builder: Builder, kind: Held, address: Any, name: str) -> Any:
    return _load(builder, builder.gep(address, [_INDEX(0), _INDEX(kind.bundle.fields.index(name))], inbounds=True))


def _load(builder: Builder, place: Any) -> Any:
    """Return what lies at a place, loaded word by word: LLVM forgets of what is loaded whole that it never changes."""
    kind = place.type.pointee
    if not isinstance(kind, ir.LiteralStructType | ir.ArrayType):
        word = builder.load(place)
        word.set_metadata("invariant.load", builder.module.add_metadata([]))
        return word
    whole = kind(ir.Undefined)
    for k in range(len(kind.elements) if isinstance(kind, ir.LiteralStructType) else kind.count):
        part = _load(builder, builder.gep(place, [_INDEX(0), _INDEX(k)], inbounds=True))
        whole = builder.insert_value(whole, part, k)
    return whole


def hold(context: Any, builder: Builder, kind: Held, value: Any) -> Any:
    """Write a named tuple into memory that lasts until the function returns, and return its address.

    LLVM then assumes that this memory never changes, so it mustn't see where the address comes from.
    """
    place = builder.alloca(context.get_value_type(kind.bundle))
    builder.store(value, place)
    opaque = ir.FunctionType(place.type, [place.type])
    return builder.asm(opaque, "", "=r,0,~{memory}", [place], side_effect=True)
