"""The frame that all pages share: title, findings, limits, values with evidence, files, provenance; one file, no network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.base.version import __version__
from sim.page.data import embedded
from sim.page.story import Story
from sim.page.words import LANGUAGES, word
from sim.report.sources import FILES, VALUES

if TYPE_CHECKING:
    import pandas as pd

HERE = Path(__file__).parent
SHOWN = ("kind", "title", "findings", "remarks", "notes", "sections", "change", "replay")
"""The parts of a story that templates show as they are."""
CITATION = (
    "grassroots: an agent-based simulator of grassroots mobilisation, version {version}, model {model}. MIT licence."
)
"""As CITATION.cff says, which a test compares."""


def rendered(
    template: str, story: Story, manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame],
    letters: Mapping[str, str], **context: Any,
) -> str:  # fmt: skip
    """Return a page as HTML.

    template : a file of this folder, which extends ``frame.html``. manifest, tables : of the kept analysis. letters : how
    its scenarios are called, by label, in their order. context : what the template needs besides.
    """
    model = manifest["inputs"]["model"]
    page: str = _environment().get_template(template).render(
        **{name: getattr(story, name) for name in SHOWN},
        limits=[word(f"limit.{name}") for name in story.limits],
        data=None if story.data is None else embedded(story.data),
        manifest=word(
            "manifest", hash=manifest["hash"], model=model, version=__version__, commit=manifest["commit"] or "-"
        ),
        command=manifest.get("command"), citation=CITATION.format(version=__version__, model=model),
        style=_text("style.css"), viewer=_text("viewer.js"), **_sources(tables, letters), **context,
    )  # fmt: skip
    return page


def _sources(tables: Mapping[str, pd.DataFrame], letters: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that the programmes set, those that the first scenario has besides, and the scenario files.

    A scenario built in Python has neither values with evidence nor a file.
    """
    found: dict[str, Any] = {"own": [], "shared": [], "files": []}
    if FILES in tables:
        found["files"] = tables[FILES].to_dict("records")
    if VALUES in tables:
        values = tables[VALUES]
        of_programme = values["key"].str.startswith("interventions.")
        by_default = values["place"].str.startswith("default of")
        found["own"] = _value_rows(values[of_programme & ~by_default], letters)
        found["shared"] = _value_rows(values[~of_programme & (values["scenario"] == next(iter(letters)))], letters)
    return found


def _value_rows(values: pd.DataFrame, letters: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return one row per value, with the letters of all scenarios that have it so, and the lines of its records."""
    same = ["key", "value", "unit", "range", "meaning", "evidence", "records", "place"]
    return [
        {**dict(zip(same, key, strict=True)), "letters": ", ".join(letters[label] for label in rows["scenario"]),
         "records": str(key[same.index("records")]).splitlines()}
        for key, rows in values.groupby(same, sort=False)
    ]  # fmt: skip


def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {"languages": LANGUAGES, "word": word}
    return environment


def _text(name: str) -> Any:
    """Return a file of this folder that is put into the page as it is."""
    from markupsafe import Markup

    return Markup((HERE / name).read_text(encoding="utf-8"))
