"""How far a batch is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: runs done of all, of which found in results folders, and seconds since it began."""

    done: int
    found: int
    runs: int
    seconds: float

    @property
    def seconds_left(self) -> float:
        """Seconds left at the rate of the runs made so far; 0 where none was made."""
        made = self.done - self.found
        return self.seconds / made * (self.runs - self.done) if made else 0.0
