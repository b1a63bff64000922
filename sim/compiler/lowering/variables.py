"""A function's variables and arguments: in registers wherever one value reaches all uses, and in parts until used whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import ir as numba_ir
from numba.core.lowering import Lower

from sim.compiler.lowering.held import Element, Held
from sim.compiler.lowering.numbers import literal
from sim.compiler.lowering.pieces import WORD, Pieces, Stored, leaves, whole


class Variables(Lower):
    """Numba's lowering of one function, with fewer places in memory."""

    def init(self) -> None:
        """Find the variables that need no place in memory."""
        self.elements: dict[tuple[Any, str], Element] = {}
        self.returned: dict[Any, Any] = {}
        self._blk_local_varmap: dict[str, Any] = {}
        self._singly_assigned_vars = self._lasting()

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
        self.fnargs = [self._argument(kind, raw) for kind in self.fndesc.argtypes]
        return self.fnargs

    def _argument(self, kind: Any, raw: Iterator[Any]) -> Any:
        model = self.context.data_model_manager[kind]
        if isinstance(kind, types.Array):
            described = model.get_value_type()
            return Pieces(self.builder, described, {path: next(raw) for path in leaves(described)})
        value = model.from_argument(self.builder, _nested(model.get_argument_type(), raw))
        if isinstance(kind, Held):
            words = len(leaves(self.context.get_value_type(kind.bundle)))
            value.attributes.dereferenceable = words * WORD.width // 8
        return value

    def storevar(self, value: Any, name: str, argidx: int | None = None) -> None:
        """Store a variable's value; what it had before counts no reference."""
        if name in self._singly_assigned_vars:
            self._blk_local_varmap[name] = value
        else:
            self.builder.store(whole(value), self.getvar(name))

    def loadvar(self, name: str) -> Any:
        """Return a variable's value, put together."""
        return whole(self._blk_local_varmap[name]) if name in self._blk_local_varmap else super().loadvar(name)

    def value_of(self, variable: Any) -> Any:
        """Return a variable's value, in parts where it is of parts; good until something else is stored."""
        name = variable.name
        if name in self._blk_local_varmap:
            return self._blk_local_varmap[name]
        place = self.getvar(name)
        in_parts = isinstance(place.type.pointee, ir.LiteralStructType | ir.ArrayType)
        return Stored(self.builder, place) if in_parts else self.builder.load(place)

    def kept_value_of(self, variable: Any) -> Any:
        """Return the same, good for ever."""
        value = self.value_of(variable)
        return whole(value) if isinstance(value, Stored) else value

    def number_of(self, variable: Any, kind: Any) -> Any:
        """Return a variable's value as a number of a type."""
        own = self.typeof(variable.name)
        constant = literal(self.context, own, kind)
        return self.context.cast(self.builder, self.loadvar(variable.name), own, kind) if constant is None else constant


def _nested(kind: Any, raw: Iterator[Any]) -> Any:
    """Return as many of the raw arguments as an argument's type has, nested as the type is."""
    return tuple(_nested(element, raw) for element in kind) if isinstance(kind, tuple) else next(raw)
