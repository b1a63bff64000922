"""`grassroots explore` in a real browser: sliders, runs, languages, files; skipped where there is no Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.explore.server import Server
from sim.runs.single import run
from sim.scenario import load_scenario
from tests.page.browsing import Opened, open_page
from tests.page.exploring import served

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="the browser's tests need playwright (pip install playwright)"
)
SMALL = """\
extends: veteran_role_model_and_donation
title: A small village
weeks: 40
village: {households: 60, party_members: 6, volunteers: 2, worthies: 1, representatives: 1}
"""
WHOLE = "#progress[data-pairs='50']"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("explore")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with served(Path("."), "small.yaml") as server:
            yield server


@pytest.fixture
def opened(browser: Any, server: Server) -> Iterator[Opened]:
    opened = open_page(browser, server.address, 1280, WHOLE)
    yield opened
    assert opened.complaints == []
    assert all(url.startswith((server.address, "data:", "blob:")) for url in opened.requests)
    opened.page.close()


def control(page: Any, place: str, key: str) -> Any:
    return page.locator(f"[data-key='{place} {key}']")


def share(page: Any, side: int) -> str:
    return page.inner_text(f"[data-part=share{side}]")


def adopted(path: Path | str, **values: float) -> str:
    overrides = {key.replace("__", "."): value for key, value in values.items()}
    return f"{100 * run(load_scenario(path, overrides)).totals['adopted']:.1f} %"


def test_a_slider_gives_the_numbers_of_the_run(opened: Opened) -> None:
    page = opened.page
    assert "“A: No programme”" in page.inner_text("#finding")
    key = "interventions.donation.yuan"
    assert share(page, 1) == adopted("small.yaml")
    control(page, "slider B", key).fill("2000000")
    sync_api.expect(page.locator(f"[data-key='B {key}']")).to_have_value("2000000")
    page.wait_for_selector("#progress[data-pairs='1'], #progress[data-pairs='2']")
    page.wait_for_selector(WHOLE)
    assert share(page, 1) == adopted("small.yaml", interventions__donation__yuan=2e6) != adopted("small.yaml")
    without = {"interventions__donation__strength": 0, "interventions__role_model__strength": 0}
    assert share(page, 0) == adopted("small.yaml", **without)
    page.click("details[data-of=uncertain] summary")
    control(page, "world", "household.predisposition").fill("-1")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("[data-part=share0]")).to_have_text(
        adopted("small.yaml", **without, household__predisposition=-1)
    )
    page.wait_for_selector(WHOLE)
