"""The lowering of one function, statement by statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.core import ir as numba_ir

from sim.compiler.lowering import expressions as of
from sim.compiler.lowering.calls import call
from sim.compiler.lowering.numbers import NUMBERS
from sim.compiler.lowering.ranges import getiter, iternext
from sim.compiler.lowering.variables import Variables

_EXPRESSIONS: dict[str, Callable[[Variables, Any, Any], Any]] = {
    "binop": of.binop, "build_tuple": of.build_tuple, "call": call, "getattr": of.getattr_, "getitem": of.getitem,
    "getiter": getiter, "inplace_binop": of.binop, "iternext": iternext, "pair_first": of.pair_first,
    "pair_second": of.pair_second, "static_getitem": of.static_getitem,
}  # fmt: skip
"""What is lowered here, by Numba's names."""


class LeanLower(Variables):
    """Numba's lowering of one function, shorter where the engine spends most."""

    def lower_assign(self, ty: Any, inst: Any) -> Any:
        """Return what is assigned, in parts where it is of parts."""
        value = inst.value
        if isinstance(value, numba_ir.Var) and self.typeof(value.name) == ty:
            return self.kept_value_of(value)
        if isinstance(value, numba_ir.Arg) and self.typeof(f"arg.{value.name}") == ty:
            return self.fnargs[value.index]
        if isinstance(value, numba_ir.Global | numba_ir.FreeVar) and isinstance(ty, of.FUNCTIONS):
            return self.context.get_dummy_value()
        if isinstance(value, numba_ir.Expr) and value.op in _EXPRESSIONS:
            found = _EXPRESSIONS[value.op](self, ty, value)
            if found is not None:
                return found
        return super().lower_assign(ty, inst)

    def lower_setitem(self, target_var: Any, index_var: Any, value_var: Any, signature: Any) -> Any:
        """Set an element of an array, or whatever else Numba sets."""
        dtype, own = getattr(self.typeof(target_var.name), "dtype", None), self.typeof(value_var.name)
        found = (
            of.indexed(self, target_var, index_var) if isinstance(dtype, NUMBERS) and isinstance(own, NUMBERS) else None
        )
        if found is None or not found[0].has_place(found[1]):
            return super().lower_setitem(target_var, index_var, value_var, signature)
        array, kinds, indices = found
        value, place = self.number_of(value_var, dtype), array.place(kinds, indices)
        self.context.pack_value(self.builder, dtype, value, place, align=None if array.kind.aligned else 1)
        return None
