"""Organisers' effort: it wears out while they campaign; reviews, meetings and rankings move it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oracle.village import Village

MOST = 2.0
"""Effort never exceeds twice the routine's."""


def move_effort(village: Village) -> None:
    """Let a week pass over the effort of a village's organisers."""
    public, now = village.public, village.now
    if any(now.person("message", mine.visitor.choices) > 0.0 for mine in village.lists):
        load = max(0.0, 1.0 + now.village("other_tasks")) * max(0.0, 1.0 - now.village("member_points"))
        village.effort -= min(1.0, public.effort_loss * load) * village.effort
    else:
        village.effort += public.effort_recovery * (1.0 - village.effort)
    if village.effort < 1.0:
        village.effort += min(1.0, max(0.0, now.village("review"))) * (1.0 - village.effort)
    village.effort += now.village("meeting")
    village.effort += now.village("ranking") * standing(village)
    village.effort = min(MOST, max(0.0, village.effort))


def standing(village: Village) -> float:
    """Return the place in the ranking by adopted share as the week begins: 1/2 for the last, -1/2 for the first."""
    shares = village.model.shares
    mine = shares[village]
    ahead = sum(share > mine for share in shares.values())
    behind = sum(share < mine for share in shares.values())
    return 0.5 * (ahead - behind) / max(1, len(shares) - 1)
