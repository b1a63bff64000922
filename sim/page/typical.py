"""The runs that a page plays: the typical replicate of every scenario, run again week by week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.typical import typical_replicate
from sim.page.words import Text, word
from sim.report.runs import quarters
from sim.runs.replay import packed, replay, villages_kept

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


@dataclass(frozen=True)
class Replayed:
    """What is replayed: a replicate, packed by scenario, and how many of the villages are kept."""

    replicate: int
    films: Mapping[str, Mapping[str, Any]]
    shown: int
    villages: int

    def said(self, seed: int) -> list[Text]:
        """Return which runs are replayed, and of how many villages, in sentences."""
        key = "replay_which" if len(self.films) > 1 else "replay_run"
        texts = [word(key, replicate=self.replicate, seed=seed)]
        if self.shown < self.villages:
            texts.append(word("replay_some", shown=self.shown, villages=self.villages))
        return texts


def replayed_runs(scenarios: Mapping[str, Scenario], totals: pd.DataFrame, seed: int, weeks: int) -> Replayed:
    """Run the typical replicate of every scenario again. scenarios : by label, the reference first. totals : of their runs."""
    replicate = typical_replicate(totals, next(iter(scenarios)))
    explained = [week - 1 for week in quarters(weeks)]
    shown = villages_kept([*scenarios.values()], weeks)
    films = {
        label: packed(replay(scenario, seed, replicate, weeks, explained, shown))
        for label, scenario in scenarios.items()
    }
    return Replayed(replicate, films, len(shown), len(next(iter(scenarios.values())).villages))
