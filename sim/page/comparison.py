"""The page of a comparison: one file with its findings, limits, replay, evidence and provenance, which needs no network."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.comparable import notes
from sim.base.version import __version__
from sim.engine.outcomes import EFFECTS
from sim.page.data import embedded, letters_of, viewer_data
from sim.page.findings import effects_block, sentences, terms_block, value_rows
from sim.page.words import LANGUAGES, distinct, title_of, word
from sim.report.comparison import titles_of
from sim.report.effects import legend

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

HERE = Path(__file__).parent
COSTS = ("yuan", "hours", "yuan_per_adopted", "hours_per_adopted")
"""The outcomes that stand under the heading of costs."""
CITATION = (
    "grassroots: an agent-based simulator of grassroots mobilisation, version {version}, model {model}. MIT licence."
)
"""As CITATION.cff says, which a test compares."""


@dataclass(frozen=True)
class Replayed:
    """What of a comparison is replayed: a replicate, packed by scenario, and how many of the villages are kept."""

    replicate: int
    films: Mapping[str, Mapping[str, Any]]
    shown: int
    villages: int


def comparison_page(
    manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], scenarios: Mapping[str, Scenario],
    replayed: Replayed | None,
) -> str:  # fmt: skip
    """Return the page as HTML.

    manifest, tables : of the kept report (`sim.report.comparison.save_comparison`). scenarios : by label, the reference
    first. replayed : None over draws.
    """
    inputs, effects, labels = manifest["inputs"], tables["effects"], list(scenarios)
    own_titles = titles_of(scenarios)
    texts = distinct([title_of(own_titles[label], one.interventions) for label, one in scenarios.items()])
    titles = dict(zip(labels, texts, strict=True))
    letters = dict(zip(labels, letters_of(labels), strict=True))
    lettered = {
        label: {code: f"{letters[label]}: {text}" for code, text in title.items()} for label, title in titles.items()
    }
    reference, weeks, seed = titles[labels[0]], inputs["weeks"], inputs["seed"]
    context: dict[str, Any] = {
        "title": word("question", weeks=weeks, reference=reference),
        "findings": sentences(effects, titles, reference),
        "pairs": word("pairs" if replayed else "over_draws", pairs=int(effects["pairs"].max())),
        "notes": notes(scenarios, weeks),
        "limits": [
            word(f"limit.{name}")
            for name in ("values" if replayed else "values_drawn", "documents", "content", "causal")
        ],
        "effects": [effects_block(effects, outcome, lettered) for outcome in EFFECTS if outcome not in COSTS],
        "costs": [effects_block(effects, outcome, lettered) for outcome in COSTS],
        "legend": legend(effects).splitlines(),
        "terms": terms_block(tables["attribution"], lettered),
        "why_note": word("why_note", reference=reference),
        "change_command": f"grassroots sensitivity {shlex.quote(labels[-1])} --against {shlex.quote(labels[0])}",
        "manifest": word(
            "manifest", hash=manifest["hash"], model=inputs["model"], version=__version__, commit=manifest["commit"] or "-"
        ),
        "repeat": repeat_command(labels, inputs),
        "citation": CITATION.format(version=__version__, model=inputs["model"]),
        "replayed": replayed,
    }  # fmt: skip
    context["data"] = embedded(viewer_data(titles, tables["curves"], replayed.films if replayed else {}))
    if replayed:
        context |= {
            "replay_which": word("replay_which", replicate=replayed.replicate, seed=seed),
            "replay_some": word("replay_some", shown=replayed.shown, villages=replayed.villages),
        }
    context |= _sources(tables, letters)
    page: str = _environment().get_template("comparison.html").render(
        languages=LANGUAGES, word=word, style=_text("style.css"), viewer=_text("viewer.js"), **context
    )  # fmt: skip
    return page


def repeat_command(labels: Sequence[str], inputs: Mapping[str, Any]) -> str:
    """Return the command that makes the comparison again."""
    pairs = inputs["pairs"]
    named = labels[1:] if labels[0] == f"{labels[-1]} without programme" else labels
    options = {"replicates": pairs.get("pairs") or pairs["least"], "seed": inputs["seed"], "weeks": inputs["weeks"]}
    if "precision" in pairs:
        options |= {"precision": pairs["precision"], "max": pairs["most"]}
    return " ".join(
        ["grassroots compare", *map(shlex.quote, named), *(f"--{key} {value}" for key, value in options.items())]
    )


def _sources(tables: Mapping[str, pd.DataFrame], letters: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that the programmes set, those that the reference has besides, and the scenario files.

    A scenario built in Python has neither values with evidence nor a file.
    """
    if "values" not in tables:
        return {"own": [], "shared": [], "files": []}
    values = tables["values"]
    of_programme = values["key"].str.startswith("interventions.")
    by_default = values["place"].str.startswith("default of")
    return {
        "own": value_rows(values[of_programme & ~by_default], letters),
        "shared": value_rows(values[~of_programme & (values["scenario"] == next(iter(letters)))], letters),
        "files": tables["files"].to_dict("records") if "files" in tables else [],
    }


def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _text(name: str) -> Any:
    """Return a file of this folder that is put into the page as it is."""
    from markupsafe import Markup

    return Markup((HERE / name).read_text(encoding="utf-8"))
