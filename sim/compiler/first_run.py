"""The line that explains why the first run takes longer."""

from __future__ import annotations

import sys
from functools import cache

LINE = "compiling the model for this processor: about 15 seconds, on the first run only"
quiet = False
"""Whether the line is left out, as with --quiet."""


@cache
def tell() -> None:
    """Print the line once, if somebody can see it: on a terminal, or in an interactive session or notebook."""
    if not quiet and sys.stderr is not None and (sys.stderr.isatty() or hasattr(sys, "ps1")):
        print(LINE, file=sys.stderr, flush=True)
