"""Names of folders: distinct and valid on any file system, for any name of a scenario."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path
from urllib.parse import quote

from sim.base.errors import legible

REFERENCE = "reference"
"""The folder of committed results within a results folder; users' results are never kept there."""
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(10))}
"""Names that Windows keeps for devices, also with an ending."""
LONGEST = 80
"""The most characters of a folder's name."""


def label_of(typed: str) -> str:
    """Return the label of a scenario as typed: its name, or its file's name without the ending."""
    return legible(Path(typed).stem if typed.endswith((".yaml", ".yml")) else typed)


def folder_name(name: str) -> str:
    """Return the folder's name for a user's `name`; different names have different folders.

    Letters and digits of any script and ``-._`` stay; everything else is percent-encoded as in a URL. If the result is too
    long, or if Unicode has two spellings of it, it ends in ``~`` and a hash of the whole name.
    """
    encoded = "".join(sign if sign.isalnum() or sign in "-._" else quote(sign, safe="") for sign in name)
    folded = encoded.casefold()
    if not encoded or encoded[0] in "-." or folded == REFERENCE or folded.partition(".")[0] in _DEVICES:
        encoded = f"%{ord(encoded[0]):02X}{encoded[1:]}" if encoded else "%"
    if len(encoded) <= LONGEST and len(encoded.encode()) <= 2 * LONGEST and unicodedata.normalize("NFC", name) == name:
        return encoded
    plain = unicodedata.normalize("NFC", encoded)
    while len(plain.encode()) > LONGEST - 11:
        plain = plain[:-1]
    return f"{plain}~{hashlib.sha256(name.encode()).hexdigest()[:10]}"
