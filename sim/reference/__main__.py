"""``python -m sim.reference`` writes the pages."""

from __future__ import annotations

from sim.reference import main

main()
