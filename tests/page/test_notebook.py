"""The viewer in notebooks, and what results show of themselves at a prompt and in a notebook."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.analysis.attribution import Attribution
from sim.base.showing import LINES, WIDTH, brief
from sim.evidence import load_register
from sim.figures.curves import outcome_curves
from sim.page import notebook
from sim.runs import Pairs, Request
from sim.runs import run as runs_of
from sim.runs.replay import replay
from sim.uncertainty.draw_table import load_draw_table
from tests.page.browsing import Opened, open_page
from tests.page.test_browser import percent

SMALL = {"weeks": 12, "village.households": 60, "village.party_members": 6, "village.volunteers": 2, "village.worthies": 1,
         "village.representatives": 1}  # fmt: skip


@pytest.fixture(scope="module")
def run() -> sim.RunResult:
    return sim.run("veteran_role_model_and_donation", seed=3, overrides=SMALL)


@pytest.fixture(scope="module")
def comparison() -> sim.Comparison:
    return sim.compare(["baseline", "veteran_role_model", "donation"], 8, overrides=SMALL)


def test_everything_shows_itself_in_a_few_lines(run: sim.RunResult, comparison: sim.Comparison) -> None:
    request = Request.of({"x": run.scenario}, 3, 0, 4)
    sweep = sim.sweep(run.scenario, {"household.trust": (0.5, 1.5, 2)}, replicates=2)
    shown = [
        run, comparison, run.scenario, request, sweep, runs_of(request), Pairs.product(4), load_register(),
        Attribution(comparison),
        load_draw_table("posterior"), replay(run.scenario, 0, 0), sim.MobilizationModel(run.scenario),
        sim.load_scenario("district"),
    ]  # fmt: skip
    for one in shown:
        lines = repr(one).splitlines()
        assert len(lines) <= LINES and max(map(len, lines)) <= WIDTH + 2, f"{type(one).__name__}: {len(lines)} lines"
        assert "array(" not in repr(one)
    public = {one for one in map(sim.__dict__.get, sim.__all__) if isinstance(one, type)}
    assert {type(one) for one in shown} >= {
        one for one in public if one in (sim.RunResult, sim.Comparison, sim.Scenario)
    }


def test_what_they_show_is_what_they_hold(run: sim.RunResult, comparison: sim.Comparison) -> None:
    assert f"adopted: {run.totals['adopted']:.1%}" in repr(run)
    row = comparison.effects.query("outcome == 'adopted' and scenario == 'donation'").iloc[0]
    assert f"donation | {row['mean']:.1%} | {100 * row['difference']:+.1f} points" in repr(comparison)
    for one in (run, comparison, run.scenario):
        html = one._repr_html_()
        assert html.startswith("<table>") and len(html) < 4000
    named = run.scenario.model_copy(update={"title": "<b>&"})
    assert "<b>" not in named._repr_html_() and "&lt;b&gt;&amp;" in named._repr_html_()


def test_a_figure_shows_itself_as_a_picture(comparison: sim.Comparison) -> None:
    html = outcome_curves(comparison.curves, "adopted")._repr_html_()
    assert html.startswith('<img alt="') and 'src="data:image/png;base64,iVBOR' in html and len(html) < 150_000


def test_long_fields_are_told_by_their_size() -> None:
    text = brief(load_register())
    assert "documents = 5 entries" in text and text.count("\n") < LINES


def test_without_anywidget_a_line_says_what_to_install(run: sim.RunResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    notebook._widget.cache_clear()
    with pytest.raises(sim.InputError, match=r"^view: .* pip install 'grassroots\[notebook\]'$"):
        sim.view(run)
    notebook._widget.cache_clear()
    with pytest.raises(sim.InputError, match="no language 'fr'; choose en or zh"):
        sim.view(run, "fr")
    with pytest.raises(TypeError, match="not str"):
        sim.view("donation")  # type: ignore[arg-type]


def test_over_draws_and_for_other_villages_there_are_curves_only() -> None:
    table = load_draw_table("posterior").head(2)
    for compared in (
        sim.compare(["baseline", "donation"], 2, overrides=SMALL, draws=table),
        sim.compare([sim.load_scenario("baseline", SMALL), sim.load_scenario("donation", {"weeks": 12})], 2),
    ):
        data = notebook.comparison_data(compared)
        assert data["runs"] == [] and [one["run"] for one in data["scenarios"]] == [None, None] and data["curves"]


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">
<main><div id="one"></div><div id="two"></div></main>
<script type="module">
const source = {source}, module = await import(URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }})));
const css = {css}, places = {{ one: {one}, two: {two} }};
window.ends = [];
for (const [id, data] of Object.entries(places)) {{
  const model = {{ get: (key) => ({{ data, css, language: "en" }})[key] }};
  window.ends.push(await module.default.render({{ model, el: document.getElementById(id) }}));
}}
document.documentElement.dataset.ready = "true";
</script></html>"""


@pytest.fixture
def mounted(browser: Any, run: sim.RunResult, comparison: sim.Comparison, tmp_path: Path) -> Opened:
    """A page in which the module of the widget is used as anywidget does, twice."""
    text = {
        "source": (notebook.HERE / "viewer.js").read_text("utf-8") + notebook.RENDER,
        "css": (notebook.HERE / "style.css").read_text("utf-8"),
        "one": notebook.run_data(run), "two": notebook.comparison_data(comparison),
    }  # fmt: skip
    page = tmp_path / "notebook.html"
    inside = {key: json.dumps(value).replace("<", "\\u003c") for key, value in text.items()}
    page.write_text(PAGE.format(**inside), encoding="utf-8")
    return open_page(browser, page.as_uri(), 1000, "html[data-ready]")


def text(widget: Any) -> str:
    """Return all text of a widget, which stands in its shadow root."""
    return str(widget.evaluate("(place) => [...place.shadowRoot.children].map((one) => one.innerText).join(' ')"))


def test_two_widgets_stand_in_one_page(mounted: Opened, run: sim.RunResult, comparison: sim.Comparison) -> None:
    one, two = (mounted.page.locator(f"#{name}") for name in ("one", "two"))
    assert one.locator("[data-part=share0]").inner_text() == percent(run.totals["adopted"])
    assert one.locator(".maps canvas").count() == 1 and two.locator(".maps canvas").count() == 2
    two.locator("[data-part=week]").fill("3")
    assert one.locator("[data-part=week]").input_value() == "12"
    one.locator("[data-part=play]").click()
    two.locator("button", has_text="中文").click()
    assert "播放" in text(two) and "播放" not in text(one)
    assert "5th to 95th" not in text(one) and "第5至第95" in text(two)
    assert len(mounted.page.evaluate("window.ends.map((end) => end())")) == 2
    ids = mounted.page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert ids == ["one", "two"] and mounted.complaints == []
    assert all(url.startswith(("file:", "blob:", "data:")) for url in mounted.requests)
    mounted.page.close()


def test_the_widget_takes_the_data(run: sim.RunResult) -> None:
    pytest.importorskip("anywidget", reason="the widget's test needs anywidget (pip install anywidget)")
    widget = sim.view(run, "zh")
    assert widget.language == "zh" and widget.data == notebook.run_data(run)
    assert widget._esm.endswith(notebook.RENDER)


def test_the_notebook_of_the_documentation_runs() -> None:
    pytest.importorskip("anywidget", reason="the notebook's test needs anywidget (pip install anywidget)")
    path = Path(__file__).parents[2] / "docs" / "notebook.ipynb"
    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    shown = []
    for cell in cells:
        text = "".join(cell["source"])
        *before, last = text.splitlines()
        exec("\n".join(before), names)
        value = eval(last, names) if not last.startswith("import") else exec(last, names)
        shown.append(type(value).__name__)
        assert cell["outputs"] == []
        assert value is None or hasattr(value, "_repr_html_") or hasattr(value, "_repr_mimebundle_")
    assert shown == ["NoneType", "Scenario", "RunResult", "Viewer", "Comparison", "Viewer", "DataFrame", "Drawing"]
