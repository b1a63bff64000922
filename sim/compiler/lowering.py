"""How a function's variables become LLVM's: those that are set once are registers, not places in memory."""

from __future__ import annotations

from collections import Counter
from typing import Any

from numba.core import ir
from numba.core.lowering import Lower


class RegisterLower(Lower):
    """Numba's lowering of one function, with fewer places in memory, which LLVM takes long to get rid of."""

    def _find_singly_assigned_variable(self) -> None:
        """Find the variables that are set once, and on every way to each block that uses them.

        Numba by itself gives a place in memory to all that are used in another block than they are set in.
        """
        life = self.func_ir.variable_lifetime
        dominators = life.cfg.dominators()
        set_in = {name: block for block, names in life.usedefs.defmap.items() for name in names}
        times = Counter(one.target.name for block in self.blocks.values() for one in block.find_insts(ir.Assign))
        once = {name for name in set_in if times[name] == 1}
        for block, names in life.usedefs.usemap.items():
            # Blocks are lowered in the order of their numbers, so that what is used must have a lower one.
            once -= {
                name for name in names & once if set_in[name] not in dominators[block] or set_in[name] >= block
            }  # fmt: skip
        self._singly_assigned_vars = once
        self._blk_local_varmap: dict[str, Any] = {}

    def pre_block(self, block: Any) -> None:
        """Begin a block; registers of earlier ones stay known."""
        registers = self._blk_local_varmap
        super().pre_block(block)
        self._blk_local_varmap = registers

    def storevar(self, value: Any, name: str, argidx: int | None = None) -> None:
        """Store a variable's value; what it had before counts no reference."""
        if name in self._singly_assigned_vars:
            self._blk_local_varmap[name] = value
        else:
            self.builder.store(value, self.getvar(name))
