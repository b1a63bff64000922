"""Settings for all tests: in CI hypothesis tries the same examples each time, so that a change is what a failure tells."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
