"""Persuasion: what a contact about the yard does to a household.

Every kind of messenger works through `persuaded`; kinds differ in weight, and a second contact by the same kind within
half a year counts less, so that several kinds of messenger reach further than one (P1). Left out: arguments against the
clean-up, and quarrels that a visit starts.
"""

from __future__ import annotations

from typing import Any

from sim.compiler.compiled import compiled
from sim.engine.equations import HALF_YEAR, authority, persuasion_gain


@compiled
def persuaded(
    p: Any, stock: float, trust: float, weight: float, years_in_party: int, messenger_clean: int, weeks_since: int
) -> float:
    """Return a household's stock of persuasion after a contact.

    weight : of the messenger's kind. years_in_party, messenger_clean : the messenger's, and whether the own yard is
    clean. weeks_since : weeks since the last contact by the same kind.
    """
    fresh = p.repeat if weeks_since <= HALF_YEAR else 1.0
    gain = persuasion_gain(
        p.persuasion, weight, authority(p.authority, years_in_party), p.own_yard, messenger_clean, trust, fresh
    )
    return float(min(p.persuasion_cap, stock + gain))
