"""Elements and stretches of arrays of one or two dimensions, in few LLVM instructions.

Indices count from the end where they are negative, and stretches end where the array does, as in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba import types

from sim.compiler.lowering.pieces import DATA, ITEMS, SHAPE, STRIDES, WORD, Pieces, array_of, part

Builder = Any
SLICE = types.slice2_type
_END = 2**63 - 1
"""Where Numba's slices stop that have no end."""
_SCALARS = (types.Integer, types.Float, types.Boolean, types.Record)


def kinds_of(index: Any) -> list[Any]:
    """Return the types of an index, one a dimension; none for what isn't made of whole numbers and slices without steps."""
    kinds = list(index) if isinstance(index, types.BaseTuple) else [index]
    return kinds if all(isinstance(kind, types.Integer) or kind == SLICE for kind in kinds) else []


class Array:
    """An array in a function that is compiled. kind : its type; value : its description."""

    def __init__(self, context: Any, builder: Builder, kind: Any, value: Any) -> None:
        self.context, self.builder, self.kind, self.value = context, builder, kind, value

    def has_place(self, kinds: Sequence[Any]) -> bool:
        """Return whether indices of these types lead to an element."""
        return len(kinds) == self.kind.ndim and SLICE not in kinds and isinstance(self.kind.dtype, _SCALARS)

    def place(self, kinds: Sequence[Any], indices: Sequence[Any]) -> Any:
        """Return the address of an element."""
        return self._address(
            [self._from_start(*index, axis) for axis, index in enumerate(zip(kinds, indices, strict=True))]
        )

    def has_stretch(self, kinds: Sequence[Any]) -> bool:
        """Return whether indices of these types lead to a row, a column or a part of one."""
        if self.kind.ndim == 1:
            return list(kinds) == [SLICE]
        return self.kind.layout == "C" and bool(kinds) and len(kinds) == 1 + kinds.count(SLICE)

    def stretch(self, kind: Any, kinds: Sequence[Any], indices: Sequence[Any]) -> Pieces:
        """Return a row, a column, or a part of one, as an array of a type."""
        axis = list(kinds).index(SLICE) if SLICE in kinds else 1
        places = [
            WORD(0) if k == SLICE else self._from_start(k, index, at)
            for at, (k, index) in enumerate(zip(kinds, indices, strict=True))
        ]
        items = self._size(axis)
        if SLICE in kinds:
            start, stop = (self._bound(part(self.builder, indices[axis], end), items) for end in (0, 1))
            places[axis] = start
            if not _is_zero(start):
                items = self._at_least_0(self.builder.sub(stop, start))
            else:
                items = stop
        else:
            places.append(WORD(0))
        parts = dict(array_of(self.context, kind))
        parts |= {(DATA,): self._address(places), (ITEMS,): items, (SHAPE, 0): items, (STRIDES, 0): self._step(axis)}
        return Pieces(self.builder, self.context.get_value_type(kind), parts)

    def _size(self, axis: int) -> Any:
        return part(self.builder, self.value, SHAPE, axis)

    def _step(self, axis: int) -> Any:
        """Return the bytes from an element to the next one."""
        if self.kind.layout != "C":
            return part(self.builder, self.value, STRIDES, axis)
        size = WORD(self.context.get_abi_sizeof(self.context.get_data_type(self.kind.dtype)))
        return size if axis == self.kind.ndim - 1 else self.builder.mul(self._size(1), size)

    def _address(self, indices: Sequence[Any]) -> Any:
        builder, data = self.builder, part(self.builder, self.value, DATA)
        if self.kind.layout == "C":
            at = indices[0]
            for axis, index in enumerate(indices[1:], 1):
                row = at if _is_zero(at) else builder.mul(at, self._size(axis))
                at = index if _is_zero(row) else row if _is_zero(index) else builder.add(row, index)
            return data if _is_zero(at) else builder.gep(data, [at])
        at = WORD(0)
        for axis, index in enumerate(indices):
            if not _is_zero(index):
                far = builder.mul(index, self._step(axis))
                at = far if _is_zero(at) else builder.add(at, far)
        start = builder.bitcast(data, ir.IntType(8).as_pointer())
        return builder.bitcast(builder.gep(start, [at]), data.type)

    def _from_start(self, kind: Any, index: Any, axis: int) -> Any:
        """Return an index as a word, counted from the start."""
        if isinstance(kind, types.IntegerLiteral) and kind.literal_value >= 0:
            return WORD(kind.literal_value)
        index = self.context.cast(self.builder, index, kind, types.intp)
        return self._counted(index, self._size(axis)) if kind.signed else index

    def _counted(self, index: Any, size: Any) -> Any:
        below = self.builder.icmp_signed("<", index, WORD(0))
        return self.builder.select(below, self.builder.add(index, size), index)

    def _bound(self, bound: Any, size: Any) -> Any:
        """Return where a slice starts or stops, within the array."""
        if isinstance(bound, ir.Constant) and bound.constant in (0, _END):
            return size if bound.constant else bound
        bound = self._at_least_0(self._counted(bound, size))
        return self.builder.select(self.builder.icmp_signed(">", bound, size), size, bound)

    def _at_least_0(self, number: Any) -> Any:
        return self.builder.select(self.builder.icmp_signed("<", number, WORD(0)), WORD(0), number)


def _is_zero(number: Any) -> bool:
    return isinstance(number, ir.Constant) and number.constant == 0
