"""Names of folders: distinct, reversible, and fit for any file system, whatever people call their scenarios."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path
from urllib.parse import quote

REFERENCE = "reference"
"""The folder of committed results within a results folder; no results of a user are kept there."""
LONGEST = 80
"""Characters of a folder's name."""


def label_of(asked: str) -> str:
    """Return what a scenario that was asked for is called: its name, or its file's name without the ending."""
    return Path(asked).stem if asked.endswith((".yaml", ".yml")) else asked


def folder_name(name: str) -> str:
    """Return the name of the folder for what people call `name`; different names have different folders.

    Letters and digits of any script stay, and ``-._``; everything else is percent-encoded as in a URL. A name that is
    too long then, or written in two ways by Unicode, ends in ``~`` and a hash of the whole.
    """
    encoded = "".join(sign if sign.isalnum() or sign in "-._" else quote(sign, safe="") for sign in name)
    if not encoded or encoded[0] in "-." or encoded.casefold() == REFERENCE:
        encoded = f"%{ord(encoded[0]):02X}{encoded[1:]}" if encoded else "%"
    if len(encoded) <= LONGEST and len(encoded.encode()) <= 2 * LONGEST and unicodedata.normalize("NFC", name) == name:
        return encoded
    plain = unicodedata.normalize("NFC", encoded)
    while len(plain.encode()) > LONGEST - 11:
        plain = plain[:-1]
    return f"{plain}~{hashlib.sha256(name.encode()).hexdigest()[:10]}"
