"""How the engine's statements become LLVM instructions where Numba by itself writes many that LLVM only takes away again.

Numba copies an array's description to the stack at every look at an element, clears and reloads variables for counts of
references that the engine doesn't keep, finds the number of steps of each `range` by a division, and takes what a called
function returned apart for errors that there are none of. The instructions here do the same work; results are the same
to the bit. Whatever isn't mentioned here, Numba lowers as ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core import ir as numba_ir
from numba.core.errors import UnsupportedError
from numba.core.lowering import Lower

from sim.array_lowering import SLICE, Array, kinds_of
from sim.held import Element, Held
from sim.number_lowering import EXTREMES, binary, extreme, literal, truth
from sim.pieces import ITEMS, WORD, Pieces, Several, Stored, leaves, part, whole

_RANGE_ITERATORS = (types.range_iter32_type, types.range_iter64_type)
_RANGES = (types.range_state32_type, types.range_state64_type)
_NUMBERS = (types.Integer, types.Float, types.Boolean)
_FUNCTIONS = (types.Dispatcher, types.Function)


class LeanLower(Lower):  # type: ignore[misc]
    """Numba's lowering of one function, shorter where the engine spends most."""

    def init(self) -> None:
        """Find the variables that need no place in memory."""
        self._elements: dict[tuple[Any, str], Element] = {}
        self._returned: dict[Any, Any] = {}
        self._singly_assigned_vars, self._blk_local_varmap = self._lasting(), {}

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

    def extract_function_arguments(self) -> Any:
        """Return the function's arguments: arrays in parts, and held tuples by their address, good as long as it runs."""
        raw = iter(self.call_conv.get_arguments(self.function))
        self.fnargs = []
        for kind in self.fndesc.argtypes:
            model = self.context.data_model_manager[kind]
            value_type = model.get_value_type()
            if isinstance(kind, types.Array):
                paths = leaves(value_type)
                value: Any = Pieces(self.builder, value_type, {path: next(raw) for path in paths})
            else:
                value = model.from_argument(self.builder, _nested(model.get_argument_type(), raw))
            if isinstance(kind, Held):
                words = len(leaves(self.context.get_value_type(kind.bundle)))
                value.attributes.dereferenceable = words * WORD.width // 8
            self.fnargs.append(value)
        return self.fnargs

    # Variables

    def storevar(self, value: Any, name: str, argidx: int | None = None) -> None:
        """Store a variable's value; what it had before counts no reference."""
        self._alloca_var(name, self.typeof(name))
        if name in self._singly_assigned_vars:
            self._blk_local_varmap[name] = value
        else:
            self.builder.store(whole(value), self.getvar(name))

    def loadvar(self, name: str) -> Any:
        """Return a variable's value, put together."""
        return whole(self._blk_local_varmap[name]) if name in self._blk_local_varmap else super().loadvar(name)

    def _value(self, variable: Any) -> Any:
        """Return a variable's value, in parts where it is of parts."""
        name = variable.name
        if name in self._blk_local_varmap:
            return self._blk_local_varmap[name]
        place = self.getvar(name)
        in_parts = isinstance(place.type.pointee, ir.LiteralStructType | ir.ArrayType)
        return Stored(self.builder, place) if in_parts else self.builder.load(place)

    def _number(self, variable: Any, kind: Any) -> Any:
        """Return a variable's value as a number of a type."""
        own = self.typeof(variable.name)
        constant = literal(self.context, own, kind)
        return self.context.cast(self.builder, self.loadvar(variable.name), own, kind) if constant is None else constant

    # Statements

    def lower_assign(self, ty: Any, inst: Any) -> Any:
        """Return what is assigned, in parts where it is of parts."""
        value = inst.value
        if isinstance(value, numba_ir.Var) and self.typeof(value.name) == ty:
            return self._kept(self._value(value))
        if isinstance(value, numba_ir.Arg) and self.typeof(f"arg.{value.name}") == ty:
            return self.fnargs[value.index]
        if isinstance(value, numba_ir.Global | numba_ir.FreeVar) and isinstance(ty, _FUNCTIONS):
            return self.context.get_dummy_value()
        if isinstance(value, numba_ir.Expr) and value.op in _EXPRESSIONS:
            found = _EXPRESSIONS[value.op](self, ty, value)
            if found is not None:
                return found
        return super().lower_assign(ty, inst)

    def _kept(self, value: Any) -> Any:
        """Return a value as it is now, whatever is stored later."""
        return whole(value) if isinstance(value, Stored) else value

    def lower_setitem(self, target_var: Any, index_var: Any, value_var: Any, signature: Any) -> Any:
        """Set an element of an array, or whatever else Numba sets."""
        kind, own = self.typeof(target_var.name), self.typeof(value_var.name)
        found = self._indexed(target_var, index_var)
        if found is None or not isinstance(own, _NUMBERS) or not isinstance(kind.dtype, _NUMBERS):
            return super().lower_setitem(target_var, index_var, value_var, signature)
        array, kinds, indices = found
        if not array.has_place(kinds):
            return super().lower_setitem(target_var, index_var, value_var, signature)
        place = array.place(kinds, indices)
        self.context.pack_value(
            self.builder, kind.dtype, self._number(value_var, kind.dtype), place, align=None if kind.aligned else 1
        )
        return None

    # Expressions: each returns None for what is left to Numba.

    def _indexed(self, value: Any, index: Any) -> tuple[Array, list[Any], list[Any]] | None:
        """Return an array, and an index into it, by dimensions."""
        kind, index_kind = self.typeof(value.name), self.typeof(index.name)
        kinds = kinds_of(index_kind)
        if not isinstance(kind, types.Array) or kind.layout not in "CA" or kind.ndim > 2 or not kinds:
            return None
        found = self._value(index)
        if not isinstance(index_kind, types.BaseTuple):
            indices = [found]
        elif isinstance(found, Several):
            indices = list(found.values)
        else:
            indices = [part(self.builder, found, k) for k in range(len(kinds))]
        return Array(self.context, self.builder, kind, self._value(value)), kinds, indices

    def _item(self, resty: Any, value: Any, index: Any) -> Any:
        found = self._indexed(value, index)
        if found is None:
            return None
        array, kinds, indices = found
        if array.has_place(kinds):
            place = array.place(kinds, indices)
            item = self.context.unpack_value(
                self.builder, array.kind.dtype, place, align=None if array.kind.aligned else 1
            )
            return self.context.cast(self.builder, item, array.kind.dtype, resty)
        return array.stretch(resty, kinds, indices) if array.has_stretch(kinds) else None

    def _getitem(self, resty: Any, expr: Any) -> Any:
        return self._item(resty, expr.value, expr.index)

    def _static_getitem(self, resty: Any, expr: Any) -> Any:
        kind = self.typeof(expr.value.name)
        if isinstance(kind, types.BaseTuple) and isinstance(expr.index, int) and kind[expr.index] == resty:
            value, index = self._value(expr.value), expr.index % len(kind)
            if isinstance(value, Several):
                return value.values[index]
            return part(self.builder, value, index)
        return None if expr.index_var is None else self._item(resty, expr.value, expr.index_var)

    def _getattr(self, resty: Any, expr: Any) -> Any:
        kind = self.typeof(expr.value.name)
        if isinstance(kind, Held):
            return self._element(kind, self.loadvar(expr.value.name), expr.attr)
        if isinstance(kind, types.Array) and expr.attr == "size":
            return part(self.builder, self._value(expr.value), ITEMS)
        if isinstance(kind, types.Module) and isinstance(resty, _FUNCTIONS):
            return self.context.get_dummy_value()
        return None

    def _element(self, kind: Held, address: Any, name: str) -> Element:
        """Return an element of a held tuple."""
        if not isinstance(address, ir.Argument):
            raise UnsupportedError("named tuples reach a function as its arguments only", loc=self.loc)
        if (address, name) not in self._elements:
            self._elements[address, name] = Element(self.context, self.builder, kind, address, name)
        return self._elements[address, name]

    def _build_tuple(self, resty: Any, expr: Any) -> Any:
        if any(self.typeof(item.name) != kind for item, kind in zip(expr.items, resty, strict=True)):
            return None
        values = [self._kept(self._value(item)) for item in expr.items]
        return Several(self.builder, self.context.get_value_type(resty), values)

    def _pair_first(self, resty: Any, expr: Any) -> Any:
        return part(self.builder, self._value(expr.value), 0)

    def _pair_second(self, resty: Any, expr: Any) -> Any:
        return part(self.builder, self._value(expr.value), 1)

    def _binop(self, resty: Any, expr: Any) -> Any:
        return self._binary(resty, expr, expr.fn)

    def _inplace_binop(self, resty: Any, expr: Any) -> Any:
        return self._binary(resty, expr, expr.immutable_fn)

    def _binary(self, resty: Any, expr: Any, operation: Any) -> Any:
        signature = self.fndesc.calltypes[expr]
        kind, other = signature.args
        write = binary(self.builder, operation, kind, signature.return_type) if kind == other else None
        if write is None:
            return None
        found = write(self._number(expr.lhs, kind), self._number(expr.rhs, kind))
        return self.context.cast(self.builder, found, signature.return_type, resty)

    # Calls

    def _call(self, resty: Any, expr: Any) -> Any:
        function, signature = self.typeof(expr.func.name), self.fndesc.calltypes[expr]
        if expr.kws or expr.vararg or len(expr.args) != len(signature.args):
            return None
        if isinstance(function, types.Dispatcher):
            return self._call_compiled(function, signature, resty, expr)
        if not isinstance(function, types.Function) or function.typing_key not in _BUILTINS:
            return None
        return _BUILTINS[function.typing_key](self, resty, expr, signature)

    def _call_compiled(self, function: Any, signature: Any, resty: Any, expr: Any) -> Any:
        """Call a function of ours, which returns 0, or the number of an error that is handed on."""
        compiled = function.dispatcher.overloads.get(tuple(signature.args))
        if compiled is None or isinstance(signature.return_type, types.Optional):
            return None
        builder, context = self.builder, self.context
        callee = context.declare_function(builder.module, compiled.fndesc)
        place = self._place_of(self.call_conv.get_return_type(signature.return_type).pointee)
        arguments = [place, self.call_conv._get_excinfo_argument(self.function)]
        for variable, kind in zip(expr.args, signature.args, strict=True):
            arguments += self._handed_over(variable, kind)
        code = builder.call(callee, arguments)
        with cgutils.if_unlikely(builder, builder.icmp_unsigned("!=", code, code.type(0))):
            builder.ret(code)
        context.add_linking_libs((compiled.library,))
        found = context.get_returned_value(builder, signature.return_type, builder.load(place))
        return context.cast(builder, found, signature.return_type, resty)

    def _place_of(self, kind: Any) -> Any:
        """Return where functions write what they return, of a type; it is read at once, and so one place will do."""
        if kind not in self._returned:
            with self.builder.goto_entry_block():
                self._returned[kind] = self.builder.alloca(kind)
        return self._returned[kind]

    def _handed_over(self, variable: Any, kind: Any) -> list[Any]:
        """Return the words by which a variable's value is handed over as an argument of a type."""
        value = self._value(variable)
        if isinstance(value, Pieces) and isinstance(kind, types.Array) and self.typeof(variable.name) == kind:
            return value.flat()
        if isinstance(kind, _NUMBERS):
            value = self._number(variable, kind)
        else:
            value = self.context.cast(self.builder, whole(value), self.typeof(variable.name), kind)
        return list(_flat(self.context.data_model_manager[kind].as_argument(self.builder, value)))

    def _bool(self, resty: Any, expr: Any, signature: Any) -> Any:
        kind = self.typeof(expr.args[0].name)
        return truth(self.builder, kind, self.loadvar(expr.args[0].name)) if isinstance(kind, _NUMBERS) else None

    def _int(self, resty: Any, expr: Any, signature: Any) -> Any:
        return self._number(expr.args[0], resty) if isinstance(signature.args[0], _NUMBERS) else None

    def _extreme(self, resty: Any, expr: Any, signature: Any) -> Any:
        kind = signature.return_type
        if len(expr.args) != 2 or not isinstance(kind, types.Integer | types.Float):
            return None
        function = self.typeof(expr.func.name).typing_key
        found = extreme(self.builder, function, kind, [self._number(one, kind) for one in expr.args])
        return self.context.cast(self.builder, found, kind, resty)

    def _slice(self, resty: Any, expr: Any, signature: Any) -> Any:
        """Return a slice: its start, end and step."""
        if signature.return_type != SLICE or len(expr.args) != 2:
            return None
        start, stop = (
            WORD(default) if kind is types.none else self._number(one, types.intp)
            for one, kind, default in zip(expr.args, signature.args, (0, types.intp.maxval), strict=True)
        )
        return Pieces(self.builder, self.context.get_value_type(SLICE), {(0,): start, (1,): stop, (2,): WORD(1)})

    # Ranges

    def _range(self, resty: Any, expr: Any, signature: Any) -> Any:
        """Return a range: its start, stop and step."""
        if resty not in _RANGES or (len(expr.args) == 3 and self._step_of(expr) is None):
            return None
        kind = resty.dtype
        numbers = [self._number(one, kind) for one in expr.args]
        one = self.context.get_value_type(kind)
        start, stop, step = [one(0), *numbers, one(1)] if len(numbers) == 1 else [*numbers, one(1)][:3]
        return Pieces(self.builder, self.context.get_value_type(resty), {(0,): start, (1,): stop, (2,): step})

    def _step_of(self, call: Any) -> int | None:
        """Return the step of a range, if it is known and leads upwards."""
        kind = self.typeof(call.args[2].name) if len(call.args) == 3 else types.literal(1)
        return kind.literal_value if isinstance(kind, types.IntegerLiteral) and kind.literal_value > 0 else None

    def _getiter(self, resty: Any, expr: Any) -> Any:
        """Return the iterator of a range: places of the next number and of how many are left."""
        call = self.func_ir.get_definition(expr.value) if resty in _RANGE_ITERATORS else None
        if not isinstance(call, numba_ir.Expr) or call.op != "call":
            return None
        by = self._step_of(call)
        if by is None:
            return None
        builder = self.builder
        start, stop = (part(builder, self._value(expr.value), k) for k in (0, 1))
        left, none, step = builder.sub(stop, start), start.type(0), start.type(by)
        left = builder.select(builder.icmp_signed(">", left, none), left, none)
        if by > 1:
            left = builder.udiv(builder.add(left, start.type(by - 1)), step)
        next_at, left_at = (cgutils.alloca_once(builder, start.type) for _ in range(2))
        builder.store(start, next_at)
        builder.store(left, left_at)
        parts = {(0,): next_at, (1,): stop, (2,): step, (3,): left_at}
        return Pieces(builder, self.context.get_value_type(resty), parts)

    def _iternext(self, resty: Any, expr: Any) -> Any:
        """Return the pair of a range's next number and whether there is one."""
        if self.typeof(expr.value.name) not in _RANGE_ITERATORS:
            return None
        builder = self.builder
        next_at, step, left_at = (part(builder, self._value(expr.value), place) for place in (0, 2, 3))
        number, left = builder.load(next_at), builder.load(left_at)
        builder.store(builder.add(number, step), next_at)
        builder.store(builder.sub(left, left.type(1)), left_at)
        more = builder.icmp_signed(">", left, left.type(0))
        return Pieces(builder, self.context.get_value_type(resty), {(0,): number, (1,): more})


Lowering = Callable[[LeanLower, Any, Any], Any]
_EXPRESSIONS: dict[str, Lowering] = {
    "binop": LeanLower._binop, "build_tuple": LeanLower._build_tuple, "call": LeanLower._call,
    "getattr": LeanLower._getattr, "getitem": LeanLower._getitem, "getiter": LeanLower._getiter,
    "inplace_binop": LeanLower._inplace_binop, "iternext": LeanLower._iternext, "pair_first": LeanLower._pair_first,
    "pair_second": LeanLower._pair_second, "static_getitem": LeanLower._static_getitem,
}  # fmt: skip
_BUILTINS: dict[Any, Callable[[LeanLower, Any, Any, Any], Any]] = {
    bool: LeanLower._bool, int: LeanLower._int, range: LeanLower._range, slice: LeanLower._slice,
    **dict.fromkeys(EXTREMES, LeanLower._extreme),
}  # fmt: skip


def _nested(kind: Any, raw: Iterator[Any]) -> Any:
    """Return as many of the raw arguments as an argument's type has, nested as the type is."""
    return tuple(_nested(element, raw) for element in kind) if isinstance(kind, tuple) else next(raw)


def _flat(value: Any) -> Iterator[Any]:
    """Yield an argument's words."""
    if isinstance(value, tuple | list):
        for element in value:
            yield from _flat(element)
    else:
        yield value
