"""What the page's requests do: choices and controls, runs of both sides, files and reports. All in JSON's types."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from sim.analysis.comparable import notes
from sim.analysis.compare import Comparison, finished, horizon_of
from sim.base.errors import InputError
from sim.explore.choices import Choices
from sim.explore.controls import programme_controls, world_controls
from sim.explore.report import report_page
from sim.explore.saving import place_of, save
from sim.explore.sides import LABELS, Loaded, Side, State, base_of, load_side, load_sides, state_of
from sim.interventions import KINDS
from sim.page.data import viewer_data
from sim.page.findings import sentences
from sim.page.words import LANGUAGES, name_in, texts, word
from sim.runs import Memory, Request, run
from sim.runs.replay import packed, replay, villages_kept
from sim.scenario import Scenario, canonical
from sim.scenario.shape import intervention_block

PAIRS = 50
"""Pairs of runs of which the page shows a band and a verdict."""
STORES, FILMS = 8, 4
"""Scenarios whose runs and replays are remembered."""
REPLICATE = 0
"""The replicate that is replayed."""


class Answers:
    """The answers to the page's requests.

    choices : the scenarios that it may use. first : what it shows at first.
    """

    def __init__(self, choices: Choices, first: State) -> None:
        self._choices, self._first = choices, first
        self._memory, self._running = Memory(), Lock()
        self._films: dict[Any, Mapping[str, Any]] = {}
        self._answers: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "start": self.start, "controls": self.controls, "pair": self.pair, "band": self.band, "scores": self.scores,
            "save": self.save, "report": self.report,
        }  # fmt: skip

    def __contains__(self, name: str) -> bool:
        return name in self._answers

    def answer(self, name: str, body: bytes) -> dict[str, Any]:
        """Return the answer to a request; for bad input {"error": the line that the command would print}."""
        try:
            return self._answers[name](_object(body))
        except (InputError, OSError, MemoryError) as error:
            return {"error": str(error)}

    def start(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """Return what doesn't depend on the state: words, scenarios, interventions; and the first state."""
        return {
            "words": texts("viewer") | texts("explore"), "languages": LANGUAGES, "groups": self._choices.groups(),
            "kinds": [
                {"kind": kind, "title": name_in("interventions", kind), "meaning": intervention_block(kind, one).meaning}
                for kind, one in KINDS.items()
            ],
            "folder": str(self._choices.folder.resolve()), "pairs": PAIRS, "state": self._first.model_dump(mode="json"),
        }  # fmt: skip

    def controls(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the controls of the programme of each side, and of the world, which is that of the second."""
        state = _state(asked)
        bases = [base_of(side, self._choices) for side in state.sides]
        return {
            "programmes": [programme_controls(base, side) for base, side in zip(bases, state.sides, strict=True)],
            "world": world_controls(bases[-1]), "weeks": horizon_of(dict(zip(LABELS, bases, strict=True))),
        }  # fmt: skip

    def pair(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return one pair of runs with its replay, and the file of each side."""
        state, sides = self._sides(asked)
        comparison = self._compare(state, sides, 1)
        scenarios, weeks = comparison.scenarios, comparison.weeks
        kept, villages = villages_kept([*scenarios.values()], weeks), len(scenarios[comparison.reference].villages)
        films = {label: self._film(scenario, state.seed, weeks, kept) for label, scenario in scenarios.items()}
        return {
            "data": viewer_data({label: side.title for label, side in sides.items()}, comparison.curves_of(["all"]), films),
            "files": [side.text for side in sides.values()], "notes": notes(scenarios, weeks),
            "remark": word("replay_some", shown=len(kept), villages=villages) if len(kept) < villages else None,
            **self._finding(comparison, sides),
        }  # fmt: skip

    def band(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the curves with bands, and the verdict, of so many ``pairs``."""
        state, sides = self._sides(asked)
        comparison = self._compare(state, sides, _number(asked, "pairs", 1, PAIRS))
        titles = {label: side.title for label, side in sides.items()}
        return {
            "curves": viewer_data(titles, comparison.curves_of(["all"]), {})["curves"],
            **self._finding(comparison, sides),
        }

    def scores(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parts of all scores of a side in a ``week``, counted from 0."""
        state, sides = self._sides(asked)
        scenarios = {label: side.scenario for label, side in sides.items()}
        weeks = horizon_of(scenarios, state.weeks)
        side, week = _number(asked, "side", 0, 1), _number(asked, "week", 0, weeks - 1)
        kept = villages_kept([*scenarios.values()], weeks)
        film = replay(scenarios[LABELS[side]], state.seed, REPLICATE, week + 1, [week], kept)
        parts: dict[str, Any] = packed(film, level=1)["parts"]
        return parts

    def save(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Write the file of a side: {"saved": its path}, or {"exists": its path} for a file that mustn't be overwritten."""
        state, name = _state(asked), str(asked.get("name", ""))
        path = place_of(name, self._choices.folder)
        text = load_side(state, _number(asked, "side", 0, 1), self._choices, path).text
        return {"saved" if save(text, path, asked.get("overwrite") is True) else "exists": str(path)}

    def report(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the page of the comparison of both sides, as ``grassroots report`` writes it."""
        state, sides = self._sides(asked)
        return {"html": report_page(self._compare(state, sides, PAIRS), sides)}

    def _sides(self, asked: Mapping[str, Any]) -> tuple[State, dict[str, Loaded]]:
        state = _state(asked)
        return state, load_sides(state, self._choices)

    def _film(self, scenario: Scenario, seed: int, weeks: int, kept: range) -> Mapping[str, Any]:
        """Return the packed replay of a scenario; the last few are remembered, since mostly one side moves at a time."""
        key = canonical(scenario), seed, weeks, kept
        film = self._films.get(key)
        if film is None:
            film = packed(replay(scenario, seed, REPLICATE, weeks, villages=kept), level=1)
            self._films = dict([*self._films.items(), (key, film)][-FILMS:])  # requests may come at the same time
        return film

    def _compare(self, state: State, sides: Mapping[str, Loaded], pairs: int) -> Comparison:
        """Run what isn't remembered of so many pairs."""
        scenarios = {label: side.scenario for label, side in sides.items()}
        request = Request.of(scenarios, pairs, state.seed, horizon_of(scenarios, state.weeks))
        with self._running:
            for hash_ in list(self._memory.stores)[:-STORES]:
                del self._memory.stores[hash_]
            return finished(run(request, self._memory), pairs)

    def _finding(self, comparison: Comparison, sides: Mapping[str, Loaded]) -> dict[str, Any]:
        titles = {
            label: {code: f"{label}: {text}" for code, text in side.title.items()} for label, side in sides.items()
        }
        (finding,) = sentences(comparison.effects, titles, titles[comparison.reference])
        return {"finding": finding, "failures": [str(one) for one in comparison.failures]}


def first_state(choices: Choices, scenario: str, against: str | None) -> State:
    """Return the state in which a page begins: a scenario beside another, or beside itself without its programme.

    Raises InputError as `load_scenario`.
    """
    group, name = choices.named_as(scenario)
    shown = Side(group=group, name=name)
    base = base_of(shown, choices)
    if against is None:
        reference = shown.model_copy(update={"drop": tuple(one.name for one in base.interventions)})
    else:
        group, name = choices.named_as(against)
        reference = Side(group=group, name=name)
    state = State(sides=(reference, shown))
    load_sides(state, choices)
    return state


def _object(body: bytes) -> dict[str, Any]:
    """Return the object in a request's body. Raises InputError for anything else."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise InputError("the request isn't JSON, or no object")
    return asked


def _state(asked: Mapping[str, Any]) -> State:
    return state_of(json.dumps(asked.get("state")))


def _number(asked: Mapping[str, Any], key: str, low: int, high: int) -> int:
    """Return a whole number of a request. Raises InputError for anything else."""
    value = asked.get(key)
    if not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{key} must be a whole number from {low} to {high}, not {value!r}")
    return value
