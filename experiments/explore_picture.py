"""Take the picture of `grassroots explore` that the README shows: ``python experiments/explore_picture.py``.

Needs Chromium and Playwright. The page is served as by the command, and one value is moved.
"""

from __future__ import annotations

import argparse
import shutil
import threading
from pathlib import Path

from sim.explore.answers import Answers, first_state
from sim.explore.choices import Choices
from sim.explore.server import Server

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "explore.png"
SCENARIO, AGAINST = "donation", "veteran_role_model"
MOVED, VALUE = "slider B interventions.donation.yuan", "800000"


def picture(path: Path, language: str = "en", width: int = 1280, height: int = 1100) -> None:
    """Write a picture of the page after a slider was moved and all pairs have run."""
    from playwright.sync_api import sync_playwright

    choices = Choices(Path(), Path("results"))
    with Server(Answers(choices, first_state(choices, SCENARIO, AGAINST))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu"]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{server.address}#{language}")
            page.wait_for_selector("#progress[data-pairs='50']")
            page.locator(f"[data-key='{MOVED}']").fill(VALUE)
            page.wait_for_selector("#progress:not([data-pairs='50'])")
            page.wait_for_selector("#progress[data-pairs='50']")
            page.locator("[data-part=week]").fill("78")
            page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            page.screenshot(path=path)
            browser.close()
        server.shutdown()


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PICTURE)
    parser.add_argument("--language", choices=("en", "zh"), default="en")
    parser.add_argument("--width", type=int, default=1280)
    arguments = parser.parse_args()
    picture(arguments.out, arguments.language, arguments.width)
    print(arguments.out)


if __name__ == "__main__":
    main()
