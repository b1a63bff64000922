"""How the engine's statements become LLVM instructions where Numba by itself writes many that LLVM only takes away again.

Numba copies an array's description to the stack at every look at an element, clears and reloads variables for counts of
references that the engine doesn't keep, and finds the number of steps of each `range` by a division. The instructions
here do the same work; results are the same to the bit.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core import ir as numba_ir
from numba.core.errors import UnsupportedError
from numba.core.lowering import Lower

from sim.held import Element, Held

# Places of an array's parts in its description.
_DATA, _SHAPE = 4, 5
_RANGE_ITERATORS = (types.range_iter32_type, types.range_iter64_type)
_SCALARS = (types.Integer, types.Float, types.Boolean, types.Record)


class LeanLower(Lower):  # type: ignore[misc]
    """Numba's lowering of one function, shorter where the engine spends most."""

    def init(self) -> None:
        """Find the variables that need no place in memory."""
        super().init()
        self._elements: dict[Any, Element] = {}
        self._singly_assigned_vars |= self._lasting()

    def _lasting(self) -> set[str]:
        """Return the variables that are set once, and on every way to each block that uses them.

        Numba by itself gives a place in memory to all that are used in another block than they are set in.
        """
        life = self.func_ir.variable_lifetime
        blocks, dominators = self.blocks, life.cfg.dominators()
        set_in = {name: at for at, names in life.usedefs.defmap.items() for name in names}
        times = Counter(one.target.name for block in blocks.values() for one in block.find_insts(numba_ir.Assign))
        found = {name for name in set_in if times[name] == 1}
        for at, names in life.usedefs.usemap.items():
            # Blocks are lowered in the order of their numbers, so that what is used must have a lower one.
            found.difference_update({
                name for name in names & found if set_in[name] not in dominators[at] or set_in[name] >= at
            })  # fmt: skip
        return found

    def storevar(self, value: Any, name: str, argidx: int | None = None) -> None:
        """Store a variable's value; what it had before counts no reference."""
        self._alloca_var(name, self.typeof(name))
        if name in self._singly_assigned_vars:
            self._blk_local_varmap[name] = value
        else:
            self.builder.store(value.whole() if isinstance(value, Element) else value, self.getvar(name))

    def loadvar(self, name: str) -> Any:
        """Return a variable's value, whole."""
        value = self._blk_local_varmap.get(name)
        return value.whole() if isinstance(value, Element) else super().loadvar(name)

    def lower_assign(self, ty: Any, inst: Any) -> Any:
        """Return what is assigned; elements of held tuples stay where they are until they are used."""
        value = inst.value
        if isinstance(value, numba_ir.Var) and self.typeof(value.name) == ty:
            return self._blk_local_varmap.get(value.name) or super().loadvar(value.name)
        if isinstance(value, numba_ir.Expr) and value.op == "getattr":
            kind = self.typeof(value.value.name)
            if isinstance(kind, Held):
                return self._element(self.loadvar(value.value.name), kind.bundle.fields.index(value.attr))
        return super().lower_assign(ty, inst)

    def _element(self, address: Any, index: int) -> Element:
        """Return an element of a held tuple."""
        if not isinstance(address, ir.Argument):
            raise UnsupportedError("named tuples reach a function as its arguments only", loc=self.loc)
        if (address, index) not in self._elements:
            self._elements[address, index] = Element(self.builder, address, index)
        return self._elements[address, index]

    def extract_function_arguments(self) -> Any:
        """Return the function's arguments; what held tuples lead to is there as long as it runs."""
        found = super().extract_function_arguments()
        for kind, value in zip(self.fndesc.argtypes, found, strict=True):
            if isinstance(kind, Held):
                value.attributes.dereferenceable = self.context.get_abi_sizeof(value.type.pointee)
        return found

    def delvar(self, name: str) -> None:
        """Forget a variable, which holds no reference."""
        if name not in self._blk_local_varmap:
            self._singly_assigned_vars.discard(name)

    def lower_getitem(self, resty: Any, expr: Any, value: Any, index: Any, signature: Any) -> Any:
        """Return an element of an array, or whatever else Numba looks up."""
        place = self._place(value, index)
        if place is None:
            return super().lower_getitem(resty, expr, value, index, signature)
        array = self.typeof(value.name)
        item = self.context.unpack_value(self.builder, array.dtype, place, align=None if array.aligned else 1)
        return self.context.cast(self.builder, item, array.dtype, resty)

    def lower_setitem(self, target_var: Any, index_var: Any, value_var: Any, signature: Any) -> Any:
        """Set an element of an array, or whatever else Numba sets."""
        array, kind = self.typeof(target_var.name), self.typeof(value_var.name)
        place = self._place(target_var, index_var) if isinstance(kind, _SCALARS[:3]) else None
        if place is None or isinstance(array.dtype, types.Record):
            return super().lower_setitem(target_var, index_var, value_var, signature)
        value = self.context.cast(self.builder, self.loadvar(value_var.name), kind, array.dtype)
        self.context.pack_value(self.builder, array.dtype, value, place, align=None if array.aligned else 1)
        return None

    def _place(self, value: Any, index: Any) -> Any:
        """Return the address of an element of a C-ordered array of one or two dimensions; None for anything else."""
        array, kind = self.typeof(value.name), self.typeof(index.name)
        kinds = [kind] if isinstance(kind, types.Integer) else list(kind) if isinstance(kind, types.BaseTuple) else []
        if not (
            isinstance(array, types.Array)
            and array.layout == "C"
            and len(kinds) == array.ndim <= 2
            and all(isinstance(one, types.Integer) for one in kinds)
            and isinstance(array.dtype, _SCALARS)
        ):
            return None
        at = self._offset(value, index, kinds)
        data = self._part(value, _DATA)
        return self.builder.gep(data, [at])

    def _part(self, value: Any, *path: int) -> Any:
        """Return a part of a variable's value, without loading the rest."""
        found = self._blk_local_varmap.get(value.name)
        if isinstance(found, Element):
            return found.part(*path)
        if found is not None:
            return self.builder.extract_value(found, path)
        word = ir.IntType(32)
        return self.builder.load(
            self.builder.gep(self.getvar(value.name), [word(0), *(word(k) for k in path)], inbounds=True)
        )

    def _offset(self, value: Any, index: Any, kinds: list[Any]) -> Any:
        """Return the number of an element in memory."""
        pair = self.loadvar(index.name)
        numbers = [pair] if self.typeof(index.name) is kinds[0] else cgutils.unpack_tuple(self.builder, pair)
        at = None
        for axis, (number, kind) in enumerate(zip(numbers, kinds, strict=True)):
            size = None
            whole = self.context.cast(self.builder, number, kind, types.intp)
            known = isinstance(kind, types.IntegerLiteral) and kind.literal_value >= 0
            if kind.signed and not known:
                size = self._part(value, _SHAPE, axis)
                below = self.builder.icmp_signed("<", whole, whole.type(0))
                whole = self.builder.select(below, self.builder.add(whole, size), whole)
            if at is not None:
                whole = self.builder.add(self.builder.mul(at, size or self._part(value, _SHAPE, axis)), whole)
            at = whole
        return at

    def lower_expr(self, resty: Any, expr: Any) -> Any:
        """Return the value of an expression."""
        if expr.op == "getiter" and resty in _RANGE_ITERATORS and self._steps_are_one(expr.value):
            return self._begin_range(resty, expr.value)
        if expr.op == "iternext" and self.typeof(expr.value.name) in _RANGE_ITERATORS:
            return self._step_range(resty, expr.value)
        return super().lower_expr(resty, expr)

    def _steps_are_one(self, value: Any) -> bool:
        """Return whether a range was made without steps."""
        call = self.func_ir.get_definition(value)
        return isinstance(call, numba_ir.Expr) and call.op == "call" and len(call.args) < 3

    def _begin_range(self, kind: Any, value: Any) -> Any:
        """Return the iterator of a range with steps of 1: places of the next number and of how many are left."""
        builder = self.builder
        start, stop = self._part(value, 0), self._part(value, 1)
        left = builder.sub(stop, start)
        next_at, left_at = cgutils.alloca_once(builder, start.type), cgutils.alloca_once(builder, start.type)
        builder.store(start, next_at)
        builder.store(builder.select(builder.icmp_signed(">", left, left.type(0)), left, left.type(0)), left_at)
        state = self.context.get_value_type(kind)(ir.Undefined)
        for place, part in enumerate((next_at, stop, start.type(1), left_at)):
            state = builder.insert_value(state, part, place)
        return state

    def _step_range(self, resty: Any, value: Any) -> Any:
        """Return the pair of the next number and whether there is one."""
        builder = self.builder
        next_at, step, left_at = (self._part(value, place) for place in (0, 2, 3))
        number, left = builder.load(next_at), builder.load(left_at)
        builder.store(builder.add(number, step), next_at)
        builder.store(builder.sub(left, left.type(1)), left_at)
        pair = self.context.get_value_type(resty)(ir.Undefined)
        pair = builder.insert_value(pair, number, 0)
        return builder.insert_value(pair, builder.icmp_signed(">", left, left.type(0)), 1)
