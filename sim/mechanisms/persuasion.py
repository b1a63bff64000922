"""Persuasion: what a contact about the yard does to a household, and how it is forgotten.

Every kind of messenger works through `persuade`; kinds differ in weight, and a second contact by the same kind within
half a year counts less, so that several kinds of messenger reach further than one (P1). Left out: arguments against
the clean-up, and quarrels that a visit starts.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import compiled
from sim.rules import HALF_YEAR, authority, persuasion_gain, trust_after
from sim.world.columns import ATTACHMENT, CLEAN, F64, I32, PARTY_YEARS, PERSUASION, TRUST, U8


@compiled
def persuade(f64: F64, i32: I32, u8: U8, p: Any, week: int, i: int, messenger: int, weight: float, kind: int) -> None:
    """Let household `messenger` speak to household `i` about the yard; `kind` is the column of that kind's last contact."""
    fresh = p.repeat if week - i32[kind, i] <= HALF_YEAR else 1.0
    gain = persuasion_gain(
        p.persuasion, weight, authority(p.authority, u8[PARTY_YEARS, messenger]),
        p.own_yard, u8[CLEAN, messenger], f64[TRUST, i], fresh,
    )  # fmt: skip
    f64[PERSUASION, i] = min(p.persuasion_cap, f64[PERSUASION, i] + gain)
    i32[kind, i] = week


@compiled
def learn_trust(f64: F64, u8: U8, p: Any, i: int, messenger: int) -> None:
    """Let a visit about the yard move household i's trust, up or down by the messenger's own yard."""
    f64[TRUST, i] = trust_after(f64[TRUST, i], u8[CLEAN, messenger], p.trust_step, f64[ATTACHMENT, i])


@compiled
def forget(f64: F64, p: Any, i: int) -> None:
    """Let a week's forgetting pass."""
    f64[PERSUASION, i] *= p.persuasion_retention
