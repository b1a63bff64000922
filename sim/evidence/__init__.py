"""Keep every figure's evidence: the register in ``seeds/``, loaded, checked and resolved.

A scenario says ``from: S01.members_per_village`` instead of a bare number; `Register.resolve` turns that name into a
`Quantity`. Four kinds of entry are kept apart: documents (what was read), records (facts in them), patterns (what the
model must reproduce) and literature (priors where the documents are silent).

Left out on purpose: the documents' own text, which may not be ours to publish. A record therefore tells where the
fact stands and paraphrases it; whoever has the documents can check both.
"""

from sim.evidence.loading import load_register, seeds_folder
from sim.evidence.register import (
    Band,
    Derived,
    Document,
    Literature,
    Locator,
    Pattern,
    Quantity,
    Record,
    Register,
)
from sim.evidence.text import describe, entries_named, overview, resting_on

__all__ = [
    "Band",
    "Derived",
    "Document",
    "Literature",
    "Locator",
    "Pattern",
    "Quantity",
    "Record",
    "Register",
    "describe",
    "entries_named",
    "load_register",
    "overview",
    "resting_on",
    "seeds_folder",
]
