"""How Numba compiles the engine's functions: its passes, less those that do nothing here, into code of `linking`."""

from __future__ import annotations

from typing import Any, ClassVar

from numba import types
from numba.core.compiler import CompilerBase, DefaultPassBuilder, Flags
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

from sim.compiler.linking import Called, Part, Whole
from sim.compiler.lowering import RegisterLower

# Passes for what the engine's functions don't use: closures, `with`, literal unrolling, array expressions, branches that
# hang on the types of arguments, counted references.
UNUSED = (
    DeadBranchPrune, FindLiterallyCalls, InlineClosureLikes, InlineInlinables, InlineOverloads, IRProcessing,
    LiteralPropagationSubPipelinePass, IRLegalization, LiteralUnroll, MakeFunctionToJitFunction,
    NopythonRewrites, RewriteDynamicRaises, WithLifting,
)  # fmt: skip


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(NativeLowering):
    """Lower a function into a `Part`."""

    _name = "part_lowering"
    library: type[Part] = Part
    lowering_class = RegisterLower

    def run_pass(self, state: Any) -> bool:
        """Give the state a library of its own kind before lowering."""
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return bool(super().run_pass(state))


@register_pass(mutates_CFG=True, analysis_only=False)
class CalledLowering(PartLowering):
    """Lower a function into a `Called`."""

    _name = "called_lowering"
    library = Called


@register_pass(mutates_CFG=True, analysis_only=False)
class WholeLowering(PartLowering):
    """Lower a function into a `Whole`."""

    _name = "whole_lowering"
    library = Whole


class _Fresh:
    """A context of Numba's that is up to date: looking for news before each function takes a twentieth of the time."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def refresh(self) -> None:
        """Do nothing; `sim.compiler.compiling` has done it."""


class _Remembering(_Fresh):
    """Numba's typing rules, which remember what an operation on numbers comes to; finding it takes dozens of attempts."""

    _known: ClassVar[dict[Any, Any]] = {}

    def resolve_function_type(self, function: Any, arguments: Any, keywords: Any) -> Any:
        """Return the signature of a function for types of arguments."""
        numbers = all(isinstance(argument, types.Number | types.Boolean) for argument in arguments)
        if keywords or not numbers or not isinstance(function, types.Function):
            return self._context.resolve_function_type(function, arguments, keywords)
        key = function, tuple(arguments)
        if key not in self._known:
            self._known[key] = self._context.resolve_function_type(function, arguments, keywords)
        return self._known[key]


class _Settings(Flags):
    """A function's compiler flags; Numba compares them in look-ups by the hundred thousand, option by option."""

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Flags) and self._values == other._values


class PartCompiler(CompilerBase):
    """Numba's pipeline for inner functions: without passes that do nothing here, and with `PartLowering`."""

    lowering: type[PartLowering] = PartLowering

    def __init__(
        self, typingctx: Any, targetctx: Any, library: Any, args: Any, return_type: Any, flags: Any, locals: Any
    ) -> None:
        contexts = _Remembering(typingctx), _Fresh(targetctx)
        super().__init__(*contexts, library, args, return_type, _Settings(flags), locals)

    def define_pipelines(self) -> list[Any]:
        """Return the one pipeline."""
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.passes = [
            (self.lowering if kind is NativeLowering else kind, what)
            for kind, what in pipeline.passes
            if kind not in UNUSED
        ]
        pipeline._ENFORCING = False  # checks after each pass that the passes before it made no mistake
        pipeline.finalize()
        return [pipeline]


class CalledCompiler(PartCompiler):
    """The same for functions that are long and called from many places, with `CalledLowering`."""

    lowering = CalledLowering


class WholeCompiler(PartCompiler):
    """The same for functions that are called by address, with `WholeLowering`."""

    lowering = WholeLowering
