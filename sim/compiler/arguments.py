"""Arguments on their way from Python into machine code: a 64-bit word for each, and what kind it is of.

Machine code reads a block of such words: a whole number is its word, a float its bits, an array the address of NumPy's
object, in which its code finds memory and shape (see `sim.compiler.compiling`). Tuples are taken apart. Results come back
as words too, one letter for each kind. Kinds are compared at every call, so that no code ever reads what it wasn't
compiled for.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from array import array
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

import numpy as np

Tuple = TypeVar("Tuple", bound=tuple[Any, ...])

C, F, ALIGNED, WRITEABLE = 0x1, 0x2, 0x100, 0x400
"""Bits of `flags.num` of an array, by NumPy's own definition."""
_LAYOUT = C | F | ALIGNED | WRITEABLE
OBJECT = object.__basicsize__
DATA, DIMENSIONS, STRIDES = OBJECT, OBJECT + 16, OBJECT + 24
"""Where the address of its elements, shape and strides lie in NumPy's array: its first fields, fixed for compiled code."""
RECORD = OBJECT + 8
"""Where the address of its fields lies in a record, such as ``parameters[0]``."""
END = ")"
"""Kind of no argument: the end of a tuple."""

_LETTERS: dict[type, str] = {np.dtype(letter).type: letter for letter in "bBhHiIlLqQ?"}
_LETTERS |= {int: "q", np.int64: "q", bool: "?"}

_WAY_IN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


def bundle(kind: type[Tuple]) -> type[Tuple]:
    """Make a class of named tuples that are handed over often: what one of them holds is looked at once.

    Later changes of an array's type or layout in place, which nobody makes, wouldn't be seen. Copies look for themselves.
    """
    more = {
        "__module__": kind.__module__, "__qualname__": kind.__qualname__, "__doc__": kind.__doc__, "_seen": None,
        "__getstate__": lambda self: None,
    }  # fmt: skip
    return type(kind.__name__, (kind,), more)


def spread(arguments: Iterable[Any], kinds: list[Any], words: list[int]) -> None:
    """Append each argument's kind and its word; of tuples, those of their elements.

    Raises
    ------
    TypeError : an argument is no number, array, record or tuple of these.
    """
    for value in arguments:
        kind = type(value)
        if kind is np.ndarray:
            dtype = value.dtype
            kinds.append(ord(dtype.char) << 24 | value.ndim << 16 | value.flags.num & _LAYOUT)  # quick to compare
            if dtype.names is not None:
                kinds.append(dtype)
            words.append(id(value))
        elif kind in _LETTERS:
            kinds.append(_LETTERS[kind])
            words.append(int(value.view(np.int64) if kind is np.uint64 else value))
        elif isinstance(value, float):
            kinds.append("d")
            words.append(*struct.unpack("q", struct.pack("d", value)))
        elif isinstance(value, tuple):
            _spread_tuple(value, kinds, words)
        elif isinstance(value, np.void):
            kinds.append(value.dtype)
            words.append(id(value))
        else:
            raise TypeError(f"machine code takes numbers, arrays, records and tuples of these, not {value!r}")


def _spread_tuple(value: Any, kinds: list[Any], words: list[int]) -> None:
    """Append the kinds and words of a tuple's elements, of a bundle those found the first time."""
    seen: Any = getattr(value, "_seen", False)
    if seen:
        kinds.append(seen[0])
        words += seen[1]
        return
    of_tuple: list[Any] = [type(value)]
    found: list[int] = []
    spread(value, of_tuple, found)
    of_tuple.append(END)
    words += found
    if seen is None:
        text = sys.intern(text_of(of_tuple))
        kinds.append(text)
        value._seen = text, found
    else:
        kinds += of_tuple


def text_of(kinds: Iterable[Any]) -> str:
    """Return kinds of arguments as a text, the same in every process, and for all that are one kind to the compiler."""
    return " ".join(map(_text, kinds))


@cache
def _text(kind: Any) -> str:
    if isinstance(kind, int):
        letter, dimensions, layout = chr(kind >> 24), kind >> 16 & 0xFF, kind & 0xFFFF
        return f"{letter}[{dimensions}]{layout & ~F if layout & C else layout}"
    return f"{kind.__module__}.{kind.__qualname__}(" if isinstance(kind, type) else str(kind)


def way_in(address: int, results: str) -> Callable[[list[int]], Any]:
    """Return what calls the code at an address with words, and returns its result: None, a number, or a tuple.

    results : a letter for each number: q, Q and d as in `struct`, ? for a truth value.
    """
    function = _WAY_IN(address)
    more, form = [0] * len(results), results.replace("?", "q")
    unused = array("q", [0])  # Numba's place for what it returns and for the text of an error, of which there is none

    def call(words: list[int]) -> Any:
        block = array("q", words + more)
        start, size = block.buffer_info()
        nowhere = unused.buffer_info()[0]
        if function(nowhere, nowhere, start):
            raise RuntimeError("compiled code ended with an error")
        if not results:
            return None
        words_back = struct.unpack_from(form, block, 8 * (size - len(results)))
        found = tuple(word != 0 if letter == "?" else word for letter, word in zip(results, words_back, strict=True))
        return found if len(found) > 1 else found[0]

    return call
