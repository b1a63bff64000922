"""Pass arguments from Python to machine code: each becomes a 64-bit word and a kind.

Machine code reads a block of such words: a whole number is its own word, a float its bits, an array the address of NumPy's
object, from which the code reads memory and shape (see `sim.compiler.compiling`). A tuple becomes the words of its elements.
Results come back as words too, one letter for each kind. Kinds are compared at every call, so that code never reads
arguments for which it wasn't compiled.
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
"""Bits of an array's `flags.num`, as NumPy defines them."""
_LAYOUT = C | F | ALIGNED | WRITEABLE
OBJECT = object.__basicsize__
DATA, DIMENSIONS, STRIDES = OBJECT, OBJECT + 16, OBJECT + 24
"""Offsets of the addresses of elements, shape and strides in NumPy's array: its first fields, fixed for compiled code."""
RECORD = OBJECT + 8
"""Offset of the address of its fields in a record, such as ``parameters[0]``."""
END = ")"
"""Kind of no argument: the end of a tuple."""

_LETTERS: dict[type, str] = {np.dtype(letter).type: letter for letter in "bBhHiIlLqQ?"}
_LETTERS |= {int: "q", np.int64: "q", bool: "?"}

_WRAPPER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


def bundle(kind: type[Tuple]) -> type[Tuple]:
    """Make a class of named tuples that are passed often: the words of each tuple are found only once.

    A later change of an array's type or layout in place would go unnoticed; nothing makes one. Copies find their own words.
    """
    more = {
        "__module__": kind.__module__, "__qualname__": kind.__qualname__, "__doc__": kind.__doc__, "_seen": None,
        "__getstate__": lambda self: None,
    }  # fmt: skip
    return type(kind.__name__, (kind,), more)


def spread(arguments: Iterable[Any], kinds: list[Any], words: list[int]) -> None:
    """Append each argument's kind and word; of a tuple, those of its elements.

    Raises
    ------
    TypeError : an argument isn't a number, array, record or tuple of these.
    """
    for value in arguments:
        kind = type(value)
        if kind is np.ndarray:
            dtype = value.dtype
            kinds.append(ord(dtype.char) << 24 | value.ndim << 16 | value.flags.num & _LAYOUT)  # fast to compare
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
    """Append the kinds and words of a tuple's elements; of a `bundle` those found the first time."""
    seen: Any = getattr(value, "_seen", False)
    if seen:
        kinds.append(seen[0])
        words += seen[1]
        return
    of_tuple: list[Any] = [type(value)]
    of_elements: list[int] = []
    if set(map(type, value)) == {float}:  # at once, since a scenario has 80 parameters
        of_tuple.append("d" * len(value))
        of_elements += struct.unpack(f"{len(value)}q", struct.pack(f"{len(value)}d", *value))
    else:
        spread(value, of_tuple, of_elements)
    of_tuple.append(END)
    words += of_elements
    if seen is None:
        text = sys.intern(text_of(of_tuple))
        kinds.append(text)
        value._seen = text, of_elements
    else:
        kinds += of_tuple


def text_of(kinds: Iterable[Any]) -> str:
    """Return kinds of arguments as text: the same in every process, and for kinds that the compiler treats as one."""
    return " ".join(map(_text, kinds))


@cache
def _text(kind: Any) -> str:
    if isinstance(kind, int):
        letter, dimensions, layout = chr(kind >> 24), kind >> 16 & 0xFF, kind & 0xFFFF
        return f"{letter}[{dimensions}]{layout & ~F if layout & C else layout}"
    return f"{kind.__module__}.{kind.__qualname__}(" if isinstance(kind, type) else str(kind)


def caller(address: int, results: str) -> Callable[[list[int]], Any]:
    """Return a function that calls the code at an address with words and returns its result: None, a number, or a tuple.

    results : a letter for each number: q, Q and d as in `struct`, ? for a truth value.
    """
    function = _WRAPPER(address)
    more, form = [0] * len(results), results.replace("?", "q")
    unused = array("q", [0])  # Numba's place for a result and for the text of an error; neither is used

    def call(words: list[int]) -> Any:
        block = array("q", words + more)
        start, size = block.buffer_info()
        nowhere = unused.buffer_info()[0]
        if function(nowhere, nowhere, start):
            raise RuntimeError("compiled code ended with an error")
        if not results:
            return None
        words_back = struct.unpack_from(form, block, 8 * (size - len(results)))
        values = tuple(word != 0 if letter == "?" else word for letter, word in zip(results, words_back, strict=True))
        return values if len(values) > 1 else values[0]

    return call
