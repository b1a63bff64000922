"""What stands still in a test of something else: no dispute, no worthy's own gift, no joining, no tiring organiser."""

from __future__ import annotations

QUIET = {
    "public.dispute_rate": 0.0,
    "public.worthy_gives": 0.0,
    "public.effort_loss": 0.0,
    "village.willing_share": 0.0,
}
