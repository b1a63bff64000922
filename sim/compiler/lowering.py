"""Lower variables and elements of arrays to fewer LLVM instructions than Numba writes; LLVM would remove most of the rest."""

from __future__ import annotations

from collections import Counter
from typing import Any

from numba import types
from numba.core import cgutils, ir
from numba.core.lowering import Lower
from numba.np.arrayobj import fix_integer_index

_DATA, _SHAPE, _STRIDES = 4, 5, 6
"""Positions in an array's description."""


class RegisterLower(Lower):
    """Numba's lowering of a function, except that variables set once are registers and elements are read at their address."""

    def _find_singly_assigned_variable(self) -> None:
        """Find the variables that are set once, on every path to each block that uses them.

        By default Numba gives a place in memory to every variable that is used in a block other than the one that sets it.
        """
        life = self.func_ir.variable_lifetime
        dominators = life.cfg.dominators()
        set_in = {name: block for block, names in life.usedefs.defmap.items() for name in names}
        times = Counter(one.target.name for block in self.blocks.values() for one in block.find_insts(ir.Assign))
        once = {name for name in set_in if times[name] == 1}
        for block, names in life.usedefs.usemap.items():
            # Blocks are lowered in the order of their numbers, so the block that sets a variable must come first.
            once -= {
                name for name in names & once if set_in[name] not in dominators[block] or set_in[name] >= block
            }  # fmt: skip
        self._singly_assigned_vars = once
        self._blk_local_varmap: dict[str, Any] = {}

    def pre_block(self, block: Any) -> None:
        """Begin a block; registers of earlier ones stay known."""
        registers = self._blk_local_varmap
        super().pre_block(block)
        self._blk_local_varmap = registers

    def storevar(self, value: Any, name: str, argidx: int | None = None) -> None:
        """Store a variable's value; there are no reference counts to update."""
        if name in self._singly_assigned_vars:
            self._blk_local_varmap[name] = value
        else:
            self.builder.store(value, self.getvar(name))

    def lower_getitem(self, resty: Any, expr: Any, value: Any, index: Any, signature: Any) -> Any:
        """Return an element of an array; leave every other indexing to Numba."""
        place, dtype = self._place_of_element(value, index)
        if place is None:
            return super().lower_getitem(resty, expr, value, index, signature)
        element = self.context.unpack_value(self.builder, dtype, place)
        return self.context.cast(self.builder, element, dtype, resty)

    def lower_setitem(self, target_var: Any, index_var: Any, value_var: Any, signature: Any) -> Any:
        """Set an element of an array; leave every other assignment to an index to Numba."""
        place, dtype = self._place_of_element(target_var, index_var)
        if place is None:
            return super().lower_setitem(target_var, index_var, value_var, signature)
        value = self.context.cast(self.builder, self.loadvar(value_var.name), self.typeof(value_var.name), dtype)
        return self.context.pack_value(self.builder, dtype, value, place)

    def _place_of_element(self, array: Any, index: Any) -> tuple[Any, Any]:
        """Return (the address of one number in an array, its type); (None, None) for any other indexing."""
        context, builder = self.context, self.builder
        kind, at = self.typeof(array.name), self.typeof(index.name)
        kinds = list(at) if isinstance(at, types.BaseTuple) else [at]
        if not (
            isinstance(kind, types.Array) and kind.aligned and isinstance(kind.dtype, types.Number | types.Boolean)
            and len(kinds) == kind.ndim and all(isinstance(each, types.Integer) for each in kinds)
        ):  # fmt: skip
            return None, None
        description, position = self.loadvar(array.name), self.loadvar(index.name)
        shape, strides = (
            cgutils.unpack_tuple(builder, builder.extract_value(description, k)) for k in (_SHAPE, _STRIDES)
        )
        positions = cgutils.unpack_tuple(builder, position) if isinstance(at, types.BaseTuple) else [position]
        indices = [fix_integer_index(context, builder, *each) for each in zip(kinds, positions, shape, strict=True)]
        data = builder.extract_value(description, _DATA)
        return cgutils.get_item_pointer2(context, builder, data, shape, strides, kind.layout, indices), kind.dtype
