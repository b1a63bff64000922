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
        """Runs made per second; 0 before the first."""
        return (self.done - self.found) / self.seconds if self.seconds else 0.0

    def __str__(self) -> str:
        stage = f"{self.stage}: " if self.stage else ""
        pace = f", {self.rate:.0f} a second, {(self.runs - self.done) / self.rate:.0f} s left" if self.rate else ""
        return f"{stage}{self.done}/{self.runs} runs ({self.found} found){pace}"


Report = Callable[[Progress], None]
