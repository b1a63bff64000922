"""Settings for all tests: in CI hypothesis tries the same examples each time, so that a change is what a failure tells."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the studies first: they take longest, and at the end one worker would do them while the other had nothing to do."""
    items.sort(key=lambda item: "studies" not in item.path.parts)
