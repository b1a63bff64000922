"""Link compiled functions into the wrappers that Python calls, which alone are optimised and become machine code.

By default Numba optimises and emits every inner function alone, with everything that it calls, and again inside each of
its callers. Here a function that Python never calls stays as it was lowered until it is linked into a wrapper.
"""

from __future__ import annotations

from typing import Any

from llvmlite.ir.values import FunctionAttributes
from numba.core.codegen import JITCodeLibrary

# By default LLVM uses only half of the widest registers, because some processors slow down with them; the week's loops gain
# more than that costs.
WIDE_VECTORS = '"prefer-vector-width"="512"'


class _Attributes(FunctionAttributes):
    """Attributes of a function, with one that llvmlite doesn't know."""

    _known = FunctionAttributes._known | {WIDE_VECTORS}


class Part(JITCodeLibrary):
    """The code of an inner function, and of what it calls; it has no machine code of its own.

    Its loops may use the processor's widest registers. inlinable : whether LLVM may copy it into its callers. A function with
    a loop or a branch that only writes into arrays stays separate: it is long enough to be worth a call, and a week in one
    function would take twice as long to optimise.
    """

    inlinable = True

    _linking_libraries: list[Any]
    _shared_module: Any

    def add_ir_module(self, ir_module: Any) -> None:
        """Add lowered functions."""
        more = [WIDE_VECTORS] if self.inlinable else [WIDE_VECTORS, "noinline"]
        for function in ir_module.functions:
            if function.blocks:
                function.attributes = _Attributes([*function.attributes, *more])
        super().add_ir_module(ir_module)

    def _optimize_functions(self, module: Any) -> None:
        """Don't optimise the functions one by one."""
        module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        """Make the function ready for linking, without giving it to LLVM's engine; the wrapper links what it calls."""
        self._raise_if_finalized()
        self._finalize_dynamic_globals()
        for function in self._final_module.functions:
            if not function.is_declaration:
                function.linkage = "linkonce_odr"
        self._finalized = True

    def _get_module_for_linking(self) -> Any:
        """Return the function with everything that it calls, for code that Numba links in its own way."""
        if self._shared_module is None:
            self._shared_module = self._final_module.clone()
            for library in needed_by(self):
                self._shared_module.link_in(linkable(library), preserve=True)
        return self._shared_module

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0, as for any missing symbol: nothing here can be called from Python."""
        return 0

    @property
    def codegen(self) -> Part:
        """The object that sets the function's environment, which only calls from Python use; here it does nothing."""
        return self

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing (see `codegen`)."""


def needed_by(library: Part) -> list[Any]:
    """Return the libraries of all functions that a function calls, directly or indirectly, each once."""
    needed: dict[Any, None] = {}
    waiting = list(library._linking_libraries)
    while waiting:
        called = waiting.pop()
        if called not in needed:
            needed[called] = None
            if isinstance(called, Part):
                waiting += called._linking_libraries
    return list(needed)


def linkable(library: Any) -> Any:
    """Return a library's own module; that of a part lacks what it calls."""
    return library._final_module if isinstance(library, Part) else library._get_module_for_linking()


class Whole(Part):
    """The code of a wrapper with every part that it needs; `machine_code` is set once it is finalized."""

    machine_code = b""
    needs: tuple[str, ...] = ()
    """Names of functions that it calls but doesn't contain."""

    def finalize(self) -> None:
        """Link each part once, optimise the whole once, and emit it.

        Only the wrapper itself is visible outside, and the function that it calls isn't inlined into it: LLVM wouldn't
        vectorise all loops over memory that the wrapper has just found by an address. Numba's first, cheaper run of the
        optimiser prunes reference counts, and there are none. Level 3 of the optimiser would move the reading of a held
        tuple from a small function into its callers, where LLVM no longer knows that the tuple never changes, and would
        read it again at every turn of a loop.
        """
        self._raise_if_finalized()
        self._finalized = True
        module = self._final_module
        entered = {function.name for function in module.functions if function.is_declaration}
        visible = {function.name for function in module.functions if not function.is_declaration}
        for library in needed_by(self):
            module.link_in(linkable(library), preserve=True)
        for value in (*module.functions, *module.global_variables):
            if not value.is_declaration and value.name not in visible:
                value.linkage = "internal"
                if value.name in entered:
                    value.add_function_attribute("noinline")
        self._linking_libraries = []
        manager, builder = self._codegen._module_pass_manager(opt=2)
        manager.run(module, builder)
        module.verify()
        self.needs = tuple(f.name for f in module.functions if f.is_declaration and not f.name.startswith("llvm."))
        self.machine_code = self._codegen._tm.emit_object(module)
