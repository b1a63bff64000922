"""Numba's part: functions in Python become machine code. Imported only when something has to be compiled."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.core.registry import cpu_target
from numba.extending import intrinsic

from sim.compiler.arguments import DATA, DIMENSIONS, RECORD, STRIDES
from sim.compiler.held import Held, held, hold
from sim.compiler.machine_code import CELL, Code
from sim.compiler.pipelines import CalledCompiler, PartCompiler, WholeCompiler

# Neither allocation nor counted references: counting takes an atomic instruction at every slice and call, which took
# longer than the work. The caller's arrays outlive the call; code that would need memory of its own doesn't compile.
# No wrapper for Python around any function: those for inner ones would take a fifth of the compile time.
OPTIONS: dict[str, Any] = {
    "nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True, "no_cpython_wrapper": True,
}  # fmt: skip
FORMS: dict[str, dict[str, Any]] = {
    "part": {"pipeline_class": PartCompiler},
    "called": {"pipeline_class": CalledCompiler},
    "inlined": {"pipeline_class": PartCompiler, "forceinline": True},
    "whole": {"pipeline_class": WholeCompiler},
}
PROVIDED = {"memset", "memcpy", "memmove", "sqrt"}
"""Functions of the C library that machine code may call: the same everywhere, as others and Numba's own are not."""
_WORD = ir.IntType(64)
Builder = Any


def dispatcher_of(function: Callable[..., Any], form: str) -> Any:
    """Return Numba's form of a function; see `sim.compiler.compiled` for the forms, "whole" is one with all that it calls."""
    return numba.njit(**OPTIONS, **FORMS[form])(function)


def kinds_of(arguments: Sequence[Any]) -> tuple[Any, ...]:
    """Return the types by which compiled functions know arguments."""
    return tuple(held(numba.typeof(argument)) for argument in arguments)


def type_of(value: Any) -> Any:
    """Return Numba's type of a compiled function or an instruction."""
    return cpu_target.typing_context.resolve_value_type(value)


def instruction_of(definition: Callable[..., Any]) -> Any:
    """Return a function that is given as instructions for LLVM; `definition` as for Numba's `intrinsic`."""
    found = intrinsic(definition)
    cpu_target.typing_context.refresh()
    return found


def whole(function: Callable[..., Any], kinds: tuple[Any, ...]) -> Code:
    """Compile a function that returns nothing, with all that it calls, for arguments of these of Numba's types."""
    dispatcher = dispatcher_of(function, "whole")
    with _compiling():
        dispatcher.compile(kinds)
        found = dispatcher.overloads[kinds]
        found.library.finalize()
    if missing := [name for name in found.library.needs if name not in PROVIDED and not name.startswith(CELL)]:
        raise TypeError(f"{function.__qualname__} calls what machine code has no access to: {', '.join(missing)}")
    return Code(found.fndesc.llvm_func_name, "", found.library.machine_code)


@contextmanager
def _compiling() -> Iterator[None]:
    """Bring Numba up to date, once for all functions that are compiled meanwhile, and don't look for garbage.

    So many live objects take a tenth of the time of compiling, and few are dead.
    """
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def code_with_way_in(function: Any, arguments: Sequence[Any]) -> Code:
    """Compile a function for arguments of these types, with a way in that takes them from a block of words.

    Raises
    ------
    TypeError : it returns something else than nothing, a number or some numbers.
    """
    kinds = kinds_of(arguments)
    dispatcher = function.dispatcher
    with _compiling():
        dispatcher.compile(kinds)
    returned = dispatcher.overloads[kinds].signature.return_type
    results = _results(function, returned)

    def enter(context: Any, block: Any) -> tuple[Any, Any]:
        def write(context: Any, builder: Builder, signature: Any, values: Sequence[Any]) -> Any:
            words = _Words(context, builder, values[0])
            call = context.get_function(types.Dispatcher(dispatcher), returned(*kinds))
            found = call(builder, [words.next(kind) for kind in kinds])
            for k, letter in enumerate(results):
                words.put(
                    found if not isinstance(returned, types.BaseTuple) else builder.extract_value(found, k), letter
                )
            return context.get_dummy_value()

        return types.none(types.int64), write

    entering = instruction_of(enter)

    def way_in(block: int) -> None:
        entering(block)

    way_in.__qualname__ = f"way_in.{function.name}"
    return whole(way_in, (types.int64,))._replace(results=results)


def call_by_address(phase: Any) -> Any:
    """Return an instruction that calls a phase that stands apart (see `sim.compiler.apart`) by the address in its cell."""
    kinds = kinds_of(phase.examples)

    def write(context: Any, builder: Builder, signature: Any, values: Sequence[Any]) -> Any:
        cell = builder.module.globals.get(phase.symbol) or ir.GlobalVariable(builder.module, _WORD, phase.symbol)
        function_kind = context.call_conv.get_function_type(types.none, kinds)
        function = builder.inttoptr(builder.load(cell), function_kind.as_pointer())
        status, _ = context.call_conv.call_function(builder, function, types.none, kinds, values)
        with cgutils.if_unlikely(builder, status.is_error):
            context.call_conv.return_status_propagate(builder, status)
        return context.get_dummy_value()

    def typed(context: Any, *given: Any) -> tuple[Any, Any]:
        if given != kinds:  # the address would lead to a function of other arguments
            raise TypingError(f"{phase.name} takes {kinds}, not {given}")
        return types.none(*kinds), write

    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_ONLY)
    typed.__signature__ = inspect.Signature([context, *phase.parameters])  # type: ignore[attr-defined]
    return instruction_of(typed)


def code_apart(phase: Any) -> Code:
    """Compile a phase that stands apart."""
    return whole(phase.py_func, kinds_of(phase.examples))


def _results(function: Any, returned: Any) -> str:
    """Return a letter for each number that a function returns."""
    if returned is types.none:
        return ""
    letters = ""
    for kind in returned if isinstance(returned, types.BaseTuple) else (returned,):
        if isinstance(kind, types.Float) and kind.bitwidth == 64:
            letters += "d"
        elif isinstance(kind, types.Boolean):
            letters += "?"
        elif isinstance(kind, types.Integer):
            letters += "q" if kind.signed else "Q"
        else:
            raise TypeError(f"{function.name} returns {returned}; an entry returns nothing, a number or some numbers")
    return letters


class _Words:
    """The block of words of a call, read one after the other, in the code of a way in."""

    def __init__(self, context: Any, builder: Builder, start: Any) -> None:
        self.context, self.builder = context, builder
        self.start, self.read = start, 0

    def word(self) -> Any:
        """Return the next word."""
        self.read += 1
        return self._at(self.start, 8 * (self.read - 1))

    def _at(self, address: Any, offset: int, kind: Any = _WORD) -> Any:
        """Return what lies at an address and an offset in bytes."""
        return self.builder.load(self._place(address, offset, kind))

    def _place(self, address: Any, offset: int, kind: Any = _WORD) -> Any:
        return self.builder.inttoptr(self.builder.add(address, _WORD(offset)), kind.as_pointer())

    def next(self, kind: Any) -> Any:
        """Return the next argument, of a Numba type."""
        context, builder = self.context, self.builder
        if isinstance(kind, Held):
            return hold(context, builder, kind, self.next(kind.bundle))
        if isinstance(kind, types.BaseTuple):
            return context.make_tuple(builder, kind, [self.next(element) for element in kind])
        word = self.word()
        if isinstance(kind, types.Array):
            return self._array(kind, word)
        if isinstance(kind, types.Record):
            return builder.inttoptr(self._at(word, RECORD), context.get_value_type(kind))
        if isinstance(kind, types.Float):
            return builder.bitcast(word, ir.DoubleType())
        if isinstance(kind, types.Boolean):
            return builder.icmp_unsigned("!=", word, _WORD(0))
        return word if kind.bitwidth == 64 else builder.trunc(word, ir.IntType(kind.bitwidth))

    def _array(self, kind: Any, address: Any) -> Any:
        context, builder = self.context, self.builder
        sizes, steps = (self._at(address, place) for place in (DIMENSIONS, STRIDES))
        found = context.make_array(kind)(context, builder)
        data_kind = context.get_data_type(kind.dtype).as_pointer()
        context.populate_array(
            found, data=self._at(address, DATA, data_kind), meminfo=None,
            shape=cgutils.pack_array(builder, [self._at(sizes, 8 * k) for k in range(kind.ndim)], ty=_WORD),
            strides=cgutils.pack_array(builder, [self._at(steps, 8 * k) for k in range(kind.ndim)], ty=_WORD),
            itemsize=_WORD(context.get_abi_sizeof(context.get_data_type(kind.dtype))),
        )  # fmt: skip
        return found._getvalue()

    def put(self, value: Any, letter: str) -> None:
        """Write a result behind what was read."""
        builder = self.builder
        if letter == "d":
            word = builder.bitcast(value, _WORD)
        elif value.type.width == 64:
            word = value
        else:
            word = (builder.sext if letter == "q" else builder.zext)(value, _WORD)
        builder.store(word, self._place(self.start, 8 * self.read))
        self.read += 1
