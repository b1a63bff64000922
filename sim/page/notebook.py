"""The viewer in notebooks (Jupyter, marimo): a widget of anywidget, which the extra ``notebook`` installs.

    import sim
    sim.view(sim.run("donation"))
    sim.view(sim.compare(["baseline", "donation"]))

The widget holds its runs and plays them itself, so that it also plays in a notebook that is opened without a kernel.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.compare import Comparison
from sim.base.errors import InputError
from sim.engine.outcomes import CURVES, GROUPS
from sim.page.data import viewer_data
from sim.page.typical import replayed_runs
from sim.page.words import LANGUAGES, Text, distinct, title_of
from sim.report.comparison import titles_of
from sim.report.runs import quarters
from sim.results import NO_DRAW
from sim.results.table import keys_of
from sim.runs.replay import packed, replay, villages_kept
from sim.runs.single import RunResult

if TYPE_CHECKING:
    from sim.scenario import Scenario

HERE = Path(__file__).parent
RENDER = """
export default {
  async render({ model, el: place }) {
    const shadow = place.attachShadow({ mode: "open" }), style = document.createElement("style");
    style.textContent = model.get("css");
    const root = el("div"), button = el("button", { type: "button", click: () => say(language === "en" ? "zh" : "en") });
    shadow.append(style, button, root);
    let language = model.get("language");
    const viewer = await mount(root, model.get("data"), { language });
    function say(next) {
      language = next;
      button.textContent = next === "en" ? "中文" : "English";
      viewer.say(next);
    }
    say(language);
    return () => viewer.close();
  },
};
"""
"""What anywidget calls with the widget's values and an element; a shadow root keeps the page's styles and ours apart."""


def view(result: RunResult | Comparison, language: str = "en") -> Any:
    """Return a widget that shows a run, or the typical pair and the curves of a comparison, in the viewer of reports.

    Parameters
    ----------
    result : what `sim.run` or `sim.compare` returned. Over draws, and for worlds of different villages, only curves are shown.
    language : ``en`` or ``zh``; the widget has a button for the other.

    Raises
    ------
    InputError : anywidget isn't installed, or no such language. TypeError : neither a run nor a comparison.
    """
    if language not in LANGUAGES:
        raise InputError(f"no language '{language}'; choose {' or '.join(LANGUAGES)}", "view")
    if not isinstance(result, RunResult | Comparison):
        raise TypeError(f"view shows the result of sim.run or sim.compare, not {type(result).__name__}")
    data = run_data(result) if isinstance(result, RunResult) else comparison_data(result)
    return _widget()(data=data, language=language, css=(HERE / "style.css").read_text(encoding="utf-8"))


def run_data(result: RunResult) -> dict[str, Any]:
    """Return the viewer's data of a run: itself, week by week, and its curves without bands."""
    import pandas as pd

    weeks = result.simulation.week
    kept = villages_kept([result.scenario], weeks)
    explained = [week - 1 for week in quarters(weeks)]
    film = packed(replay(result.scenario, result.seed, result.replicate, weeks, explained, kept))
    curves = pd.concat([
        pd.DataFrame({
            "scenario": "run", "group": "all", "week": range(weeks), "outcome": outcome,
            **dict.fromkeys(("mean", "q05", "q95"), result.columns[outcome][:: len(GROUPS)]),
        })
        for outcome in CURVES
    ])  # fmt: skip
    return viewer_data(_titles({"run": result.scenario}), curves, {"run": film})


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return the viewer's data of a comparison: curves of all scenarios, and the replay of its typical pair if it has one."""
    scenarios, films = comparison.scenarios, {}
    villages = {tuple((village.name, village.households) for village in one.villages) for one in scenarios.values()}
    drawn = any((keys_of(table)[:, 0] != NO_DRAW).any() for table in comparison.tables.values())
    if len(villages) == 1 and not drawn:
        films = dict(replayed_runs(scenarios, comparison.totals, comparison.seed, comparison.weeks).films)
    return viewer_data(_titles(scenarios), comparison.curves_of(["all"]), films)


def _titles(scenarios: Mapping[str, Scenario]) -> dict[str, Text]:
    titles = titles_of(scenarios)
    texts = distinct([title_of(titles[label], one.interventions) for label, one in scenarios.items()])
    return dict(zip(scenarios, texts, strict=True))


@cache
def _widget() -> Any:
    """Return the widget's class. Raises InputError if anywidget isn't installed."""
    try:
        import anywidget
        import traitlets
    except ImportError:
        raise InputError(
            "the viewer in notebooks needs anywidget: pip install 'grassroots[notebook]'", "view"
        ) from None

    class Viewer(anywidget.AnyWidget):  # type: ignore[misc]
        _esm = (HERE / "viewer.js").read_text(encoding="utf-8") + RENDER
        data = traitlets.Dict().tag(sync=True)
        language = traitlets.Unicode("en").tag(sync=True)
        css = traitlets.Unicode("").tag(sync=True)

    return Viewer
