"""How compiled functions become machine code: inner ones are only linked into entries, which are optimised once, whole.

Numba by itself optimises and emits every inner function alone, with all that it calls, and then once more inside each
of its callers. Here a function that Python never calls stays as it was lowered until an entry takes it in.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering, NopythonRewrites


class Part(JITCodeLibrary):
    """The code of an inner function, and links to what it calls; it has no machine code of its own."""

    def _optimize_functions(self, module: Any) -> None:
        """Leave the functions as they are, too."""
        module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        """Leave the module as it is: the entry's library optimises what it has taken in."""

    def _finalize_final_module(self) -> None:
        """Make the module ready for linking, unknown to the engine."""
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0, as for any symbol that isn't there: nothing here can be called from Python."""
        return 0

    @property
    def codegen(self) -> Part:
        """What sets the function's environment: nobody, because only calls from Python use one."""
        return self

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing (see `codegen`)."""


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(NativeLowering):
    """Lower a function into a `Part`."""

    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        """Give the state a library of its own kind before lowering."""
        state.library = Part(state.targetctx.codegen(), state.func_id.func_qualname)
        return bool(super().run_pass(state))


class PartCompiler(CompilerBase):
    """Numba's pipeline for compiled code, with `PartLowering` for its lowering."""

    def define_pipelines(self) -> list[Any]:
        """Return the one pipeline."""
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.add_pass_after(PartLowering, NativeLowering)
        pipeline.passes = [
            (kind, what) for kind, what in pipeline.passes if kind not in (NativeLowering, NopythonRewrites)
        ]
        pipeline.finalize()
        return [pipeline]
