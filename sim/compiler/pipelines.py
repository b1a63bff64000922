"""How Numba compiles the engine's functions: its passes without those that do nothing here, into the code of `linking`."""

from __future__ import annotations

from typing import Any, ClassVar

from numba import types
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import InlineOverloads, IRLegalization, NativeLowering, NopythonRewrites
from numba.core.untyped_passes import (
    DeadBranchPrune,
    FindLiterallyCalls,
    InlineClosureLikes,
    InlineInlinables,
    IRProcessing,
    LiteralPropagationSubPipelinePass,
    LiteralUnroll,
    MakeFunctionToJitFunction,
    RewriteDynamicRaises,
    WithLifting,
)  # fmt: skip

from sim.compiler.linking import Part, Whole
from sim.compiler.lowering import RegisterLower

# Passes for features that the engine's functions don't use: closures, `with`, literal unrolling, array expressions,
# branches that depend on the types of arguments, reference counts.
UNUSED = (
    DeadBranchPrune, FindLiterallyCalls, InlineClosureLikes, InlineInlinables, InlineOverloads, IRProcessing,
    LiteralPropagationSubPipelinePass, IRLegalization, LiteralUnroll, MakeFunctionToJitFunction,
    NopythonRewrites, RewriteDynamicRaises, WithLifting,
)  # fmt: skip


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(NativeLowering):
    """Lower a function into a library of its compiler's kind."""

    _name = "part_lowering"
    lowering_class = RegisterLower

    def run_pass(self, state: Any) -> bool:
        """Give the state a library of the compiler's kind, then lower."""
        state.library = state.pipeline.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.inlinable = state.return_type is not types.none or len(state.func_ir.blocks) == 1  # no loop
        return bool(super().run_pass(state))


class _Remembering:
    """Numba's typing rules with a memory: finding an operation's type takes dozens of attempts."""

    _known: ClassVar[dict[Any, Any]] = {}

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def resolve_function_type(self, function: Any, arguments: Any, keywords: Any) -> Any:
        """Return the signature of a function for types of arguments."""
        if keywords or isinstance(function, types.Dispatcher | types.BoundFunction):  # these have a memory of their own
            return self._context.resolve_function_type(function, arguments, keywords)
        key = function, tuple(arguments)
        if key not in self._known:
            self._known[key] = self._context.resolve_function_type(function, arguments, keywords)
        return self._known[key]


class PartCompiler(CompilerBase):
    """Numba's pipeline for functions that others call: without passes that do nothing here."""

    library: type[Part] = Part

    def __init__(self, typingctx: Any, *others: Any) -> None:
        super().__init__(_Remembering(typingctx), *others)

    def define_pipelines(self) -> list[Any]:
        """Return the one pipeline."""
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.passes = [
            (PartLowering if kind is NativeLowering else kind, what)
            for kind, what in pipeline.passes
            if kind not in UNUSED
        ]
        pipeline.finalize()
        return [pipeline]


class WholeCompiler(PartCompiler):
    """The same for a wrapper that Python calls, which becomes machine code with everything that it calls."""

    library = Whole
