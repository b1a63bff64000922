"""Progress of runs, and the line that reports it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of runs.

    done : finished or failed ones, of `runs` in all. found : those of them that were kept already. seconds : since the start.
    stage : the purpose of the runs, "" if there is only one stage.
    """

    done: int
    found: int
    runs: int
    seconds: float
    stage: str = ""

    @property
    def rate(self) -> float:
        """Runs made per second; 0 at the start."""
        return (self.done - self.found) / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float:
        """Seconds left at the rate of the runs made so far; 0 before the first."""
        made = self.done - self.found
        return self.seconds / made * (self.runs - self.done) if made else 0.0

    def __str__(self) -> str:
        stage = f"{self.stage}: " if self.stage else ""
        return (
            f"{stage}{self.done}/{self.runs} runs ({self.found} found), {self.rate:.0f} a second, "
            f"{self.seconds_left:.0f} s left"
        )


Report = Callable[[Progress], None]
