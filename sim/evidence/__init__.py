"""The evidence behind every figure: the register in ``seeds/``, loaded, checked and resolved.

A scenario says ``from: S01.members_per_village`` instead of a bare number; `Register.resolve` turns that name into a
`Quantity`. The register has four kinds of entry: documents (the sources), records (facts in them), patterns (what the
model must reproduce) and literature (priors where the documents are silent).

Left out on purpose: the documents' own text, which may not be ours to publish. A record gives the place of the fact and
a paraphrase, so that anyone who has the documents can check both.
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
