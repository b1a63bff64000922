"""Effects as `compare` and `results compare` print them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.commands.output import Output

if TYPE_CHECKING:
    import pandas as pd


def print_effects(output: Output, effects: pd.DataFrame, notes: Sequence[str], *, full: bool) -> None:
    """Print notes on what differs besides the programmes, the effects, and the legend that they need.

    effects : the table of `sim.analysis.compare`. full : print every outcome in it.
    """
    from sim.engine.outcomes import MAIN
    from sim.report.effects import effects_text, full_effects_text, legend

    for note in notes:
        output.text(note)
    output.text(full_effects_text(effects) if full else effects_text(effects, MAIN))
    if explained := legend(effects):
        output.text("\n" + explained)
    output.table("effects", effects)
    if notes:
        output.table("notes", [{"note": note} for note in notes])
