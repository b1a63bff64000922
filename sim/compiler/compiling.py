"""Turn functions in Python into machine code with Numba. Imported only when something must be compiled."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.registry import cpu_target
from numba.extending import intrinsic

from sim.base.errors import InputError
from sim.compiler.arguments import DATA, DIMENSIONS, RECORD, STRIDES
from sim.compiler.held import Held, held, hold
from sim.compiler.machine_code import Code
from sim.compiler.pipelines import PartCompiler, WholeCompiler

# Neither allocation nor reference counts: counting takes an atomic instruction at every slice and call, which took longer
# than the work itself. The caller's arrays outlive the call; code that needs memory of its own doesn't compile. Numba makes
# no Python wrapper for any function: those for inner functions would take a fifth of the compile time.
OPTIONS: dict[str, Any] = {
    "nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True, "no_cpython_wrapper": True,
}  # fmt: skip
PROVIDED = {"memset", "memcpy", "memmove", "sqrt"}
"""Functions of the C library that machine code may call, since they give the same bits everywhere; others may not."""
_WORD = ir.IntType(64)
Builder = Any


def dispatcher_of(function: Callable[..., Any]) -> Any:
    """Return Numba's form of a function that other compiled functions call."""
    return numba.njit(**OPTIONS, pipeline_class=PartCompiler)(function)


def type_of(value: Any) -> Any:
    """Return Numba's type of a compiled function or an instruction."""
    return cpu_target.typing_context.resolve_value_type(value)


def instruction_of(definition: Callable[..., Any]) -> Any:
    """Return a function that is given as instructions for LLVM; `definition` as for Numba's `intrinsic`."""
    instruction = intrinsic(definition)
    cpu_target.typing_context.refresh()
    return instruction


def code_with_wrapper(function: Any, arguments: Sequence[Any]) -> Code:
    """Compile a function for arguments of these types, with a wrapper that takes them from a block of words.

    Raises
    ------
    TypeError : it returns anything but nothing, a number or a tuple of numbers, or calls a function that isn't `PROVIDED`.
    InputError : Numba's compiler is switched off.
    """
    if numba.config.DISABLE_JIT:
        raise InputError("is set, but the model has to be compiled; unset it", "NUMBA_DISABLE_JIT")
    kinds = tuple(held(numba.typeof(argument)) for argument in arguments)
    dispatcher = function.dispatcher
    with _compiling():
        dispatcher.compile(kinds)
        returned = dispatcher.overloads[kinds].signature.return_type
        results = _results(function, returned)

        def enter(context: Any, block: Any) -> tuple[Any, Any]:
            def write(context: Any, builder: Builder, signature: Any, values: Sequence[Any]) -> Any:
                words = _Words(context, builder, values[0])
                call = context.get_function(types.Dispatcher(dispatcher), returned(*kinds))
                result = call(builder, [words.next(kind) for kind in kinds])
                several = isinstance(returned, types.BaseTuple)
                for k, letter in enumerate(results):
                    words.put(builder.extract_value(result, k) if several else result, letter)
                return context.get_dummy_value()

            return types.none(types.int64), write

        entering = instruction_of(enter)

        def wrapper(block: int) -> None:
            entering(block)

        wrapper.__qualname__ = f"wrapper.{function.name}"
        whole = numba.njit(**OPTIONS, pipeline_class=WholeCompiler)(wrapper)
        whole.compile((types.int64,))
        (compiled,) = whole.overloads.values()
        library = compiled.library
        library.finalize()
    if missing := [name for name in library.needs if name not in PROVIDED]:
        raise TypeError(f"{function.name} calls functions that machine code can't reach: {', '.join(missing)}")
    return Code(compiled.fndesc.llvm_func_name, results, library.machine_code)


@contextmanager
def _compiling() -> Iterator[None]:
    """Make Numba look for modules with more rules once, not 2,000 times, and switch off garbage collection meanwhile.

    Scanning so many live objects takes a tenth of the compile time and frees little; they are frozen afterwards.
    """
    contexts = cpu_target.typing_context, cpu_target.target_context
    for context in contexts:
        context.refresh()
        context.load_additional_registries = partial(_install_known, context)
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        for context in contexts:
            del context.load_additional_registries
        if collecting:
            gc.freeze()  # with the next line, makes them all old, which Python looks at rarely
            gc.unfreeze()
            gc.enable()


def _install_known(context: Any) -> None:
    for registry in [*context._registries]:
        context.install_registry(registry)


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
            raise TypeError(
                f"{function.name} returns {returned}; an entry returns nothing, a number or a tuple of numbers"
            )
    return letters


class _Words:
    """The block of words of a call, read one after the other, in the code of a wrapper."""

    def __init__(self, context: Any, builder: Builder, start: Any) -> None:
        self.context, self.builder = context, builder
        self.start, self.read = start, 0

    def word(self) -> Any:
        """Return the next word."""
        self.read += 1
        return self._at(self.start, 8 * (self.read - 1))

    def _at(self, address: Any, offset: int, kind: Any = _WORD) -> Any:
        """Return the value at an address plus an offset in bytes."""
        return self.builder.load(self._place(address, offset, kind))

    def _place(self, address: Any, offset: int, kind: Any = _WORD) -> Any:
        return self.builder.inttoptr(self.builder.add(address, _WORD(offset)), kind.as_pointer())

    def next(self, kind: Any) -> Any:
        """Return the next argument. kind : its Numba type."""
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
        array = context.make_array(kind)(context, builder)
        data_kind = context.get_data_type(kind.dtype).as_pointer()
        context.populate_array(
            array, data=self._at(address, DATA, data_kind), meminfo=None,
            shape=cgutils.pack_array(builder, [self._at(sizes, 8 * k) for k in range(kind.ndim)], ty=_WORD),
            strides=cgutils.pack_array(builder, [self._at(steps, 8 * k) for k in range(kind.ndim)], ty=_WORD),
            itemsize=_WORD(context.get_abi_sizeof(context.get_data_type(kind.dtype))),
        )  # fmt: skip
        return array._getvalue()

    def put(self, value: Any, letter: str) -> None:
        """Write a result after the words that were read."""
        builder = self.builder
        if letter == "d":
            word = builder.bitcast(value, _WORD)
        elif value.type.width == 64:
            word = value
        else:
            word = (builder.sext if letter == "q" else builder.zext)(value, _WORD)
        builder.store(word, self._place(self.start, 8 * self.read))
        self.read += 1
