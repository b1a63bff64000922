"""The engine's first run: the phases that stand apart from the week are compiled in another process meanwhile."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from sim.compiler.apart import Compilation
from sim.compiler.machine_code import cache_folder
from sim.engine.mechanisms.blocks import make_room
from sim.engine.parameters import DTYPE
from sim.engine.programme import room_for
from sim.engine.week import advance
from sim.engine.world.columns import empty_state

_alone = False
_NOTHING = np.zeros(0, np.int32)
EXAMPLES: dict[str, Any] = {
    "s": empty_state(), "p": np.zeros(1, DTYPE)[0], "now": room_for(_NOTHING, _NOTHING), "week": 0, "v": 0,
    "count": np.zeros(0, np.int64), "total": np.zeros(0), "room": make_room(0),
}  # fmt: skip
"""Arguments of phases by name, of the types that `sim.engine.week.advance` calls them with."""
COMPILATION = Compilation(EXAMPLES, "from sim.engine.first_run import COMPILATION; COMPILATION.finish()")


def begin() -> None:
    """Begin with what isn't in the cache; for whoever is going to run weeks, and has something to do before."""
    if not _alone:
        COMPILATION.begin()


def compile_anew(folder: Path) -> None:
    """Have this process compile everything itself, and keep it in a folder; to be called before anything is compiled.

    For whoever changes in this process what compiled functions read from modules, such as a constant: code that was kept
    before, or that another process compiles, hasn't the change, and code that has it is for nobody else.
    """
    global _alone
    _alone = True
    os.environ["GRASSROOTS_CACHE"] = str(folder)
    cache_folder.cache_clear()


def finish(arguments: tuple[Any, ...]) -> None:
    """Have everything ready for calling `advance` with these arguments."""
    if not COMPILATION.finished:
        advance.prepare(*arguments)  # type: ignore[attr-defined]
        COMPILATION.finish()
