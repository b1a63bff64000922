"""Loudspeaker (大喇叭): the village's loudspeaker speaks of the yard, and who hears it is persuaded a little.

This is a skeleton of a compiled mechanism, which becomes a part of the package: copy it to sim/engine/mechanisms/NAME.py and
go down the list. Say in this docstring what the mechanism does, which households and values it touches, and what is
left out on purpose. Left out here: repetition that tires, and who owns the loudspeaker.

 1. The named value, if interventions are to move it: a line at the end of the list in sim/interventions/values.py, and
    `LOUDSPEAKER = named_value("loudspeaker")` here. Without any intervention it is 0, and then nothing may happen.
 2. The parameters of a household's rule: a field of Household in sim/scenario/schema.py, its value with evidence in
    scenarios/base.yaml, its interval in scenarios/priors.yaml. They arrive here as `p.name`.
 3. The columns that it writes: add this module's name to theirs in sim/engine/world/columns.py. A column of its own is
    declared here: `ANNOYED = column("f64", "annoyed", "0..1", "how tired of it the household is", "loudspeaker")`.
 4. Its chance: a channel of its own in sim/numerics/draws.py (the next free number; CHANNELS is one more than the last).
 5. What it counts: `HEARD = tally("heard", "households", "households that hear the loudspeaker")` here, and an outcome in
    sim/engine/outcomes/declared.py. A line in sim/engine/mechanisms/__init__.py gives the tally its row.
 6. The phase: in sim/engine/week.py the import, a line of PHASES and the call, at the same place in the order.
 7. The test: docs/skeletons/test_mechanism.py, copied to tests/mechanisms/test_NAME.py.
 8. An intervention that moves the value: docs/skeletons/intervention.py without @register, in sim/interventions/; a line in
    KINDS; its test in tests/interventions/; an example in scenarios/.
 9. `make docs` and `python -m sim.scenario.json_schema`, which write the tables and the editors' schema anew.
"""

from __future__ import annotations

from typing import Any

from sim.base.arrays import I64
from sim.compiler.compiled import compiled
from sim.engine.mechanisms.calls import CALLS
from sim.engine.programme import Now, named_value
from sim.engine.world.columns import FIRST, PERSUASION, STOP, State
from sim.numerics import draws

# Stand-ins, so that the skeleton compiles where it lies; with steps 1, 4 and 5 done they go.
LOUDSPEAKER = named_value("meeting")  # hours of announcements a week (village)
HEARING = draws.CALL_MESSAGE
HEARD = CALLS
# Stand-ins for parameters; with step 2 done they are p.heard_per_hour and p.loudspeaker.
HEARD_PER_HOUR = 0.1
GAIN = 0.2


@compiled
def heard_share(hours: float) -> float:
    """Return the share of households that hear hours of announcements, 0..1."""
    return min(1.0, HEARD_PER_HOUR * hours)


@compiled
def announce(s: State, p: Any, now: Now, v: int, count: I64) -> None:
    """Let the loudspeaker of village v speak for a week.

    s : all columns. p : the parameters. now : what interventions add this week, and the keys of the week's draws. count : the
    week's row of the village's tally.
    """
    hours = now.wide[LOUDSPEAKER]
    if hours <= 0.0:  # absent, bit for bit
        return
    row, persuasion = s.village_i64[:, v], s.f64[PERSUASION]
    key = now.keys[0, HEARING], now.keys[1, HEARING]
    share = heard_share(hours)
    for i in range(row[FIRST], row[STOP]):
        # By the household's index in the village: neither other villages nor the order of the loop matter.
        if draws.uniform(key, i - row[FIRST], draws.NO_SLOT) < share:
            persuasion[i] = min(p.persuasion_cap, persuasion[i] + GAIN)
            count[HEARD] += 1
