"""Arguments on their way from Python into machine code: a 64-bit word for each, and what kind it is of.

Machine code reads a block of such words: a whole number is its word, a float its bits, an array the address of NumPy's
object, in which its code finds memory and shape (see `sim.compiling`). Tuples are taken apart. Results come back as words
too, one letter for each kind. Kinds are compared at every call, so that no code ever reads what it wasn't compiled for.
"""

from __future__ import annotations

import ctypes
import struct
from array import array
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np

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

_WAY_IN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


def spread(arguments: Iterable[Any], kinds: list[Any], words: list[int]) -> None:
    """Append each argument's kind and its word; of tuples, those of their elements.

    Raises
    ------
    TypeError : an argument is no number, array, record or tuple of these.
    """
    for value in arguments:
        if isinstance(value, np.ndarray):
            dtype = value.dtype
            kinds.append((dtype.char if dtype.names is None else dtype, value.ndim, value.flags.num & _LAYOUT))
            words.append(id(value))
        elif isinstance(value, tuple):
            kinds.append(type(value))
            spread(value, kinds, words)
            kinds.append(END)
        elif isinstance(value, bool | np.bool_):
            kinds.append("?")
            words.append(int(value))
        elif isinstance(value, float):
            kinds.append("d")
            words.append(*struct.unpack("q", struct.pack("d", value)))
        elif isinstance(value, int):
            kinds.append("q")
            words.append(value)
        elif isinstance(value, np.integer):
            kinds.append("q" if isinstance(value, np.int64) else value.dtype.char)
            words.append(int(value))
        elif isinstance(value, np.void):
            kinds.append(value.dtype)
            words.append(id(value))
        else:
            raise TypeError(f"machine code takes numbers, arrays, records and tuples of these, not {value!r}")


def text_of(kinds: Iterable[Any]) -> str:
    """Return kinds of arguments as a text, the same in every process, and for all that are one kind to the compiler."""
    return " ".join(map(_text, kinds))


@cache
def _text(kind: Any) -> str:
    if isinstance(kind, tuple):
        dtype, dimensions, layout = kind
        return f"{dtype}[{dimensions}]{layout & ~F if layout & C else layout}"
    return f"{kind.__module__}.{kind.__qualname__}(" if isinstance(kind, type) else str(kind)


def way_in(address: int, results: str) -> Callable[[list[int]], Any]:
    """Return what calls the code at an address with words, and returns its result: None, a number, or a tuple.

    results : a letter for each number: q, Q and d as in `struct`, ? for a truth value.
    """
    function = _WAY_IN(address)
    more, form = [0] * len(results), results.replace("?", "q")

    def call(words: list[int]) -> Any:
        block = array("q", words + more)
        start, size = block.buffer_info()
        unused = ctypes.c_void_p()
        if function(ctypes.addressof(unused), ctypes.addressof(unused), start):
            raise RuntimeError("compiled code ended with an error")
        if not results:
            return None
        words_back = struct.unpack_from(form, block, 8 * (size - len(results)))
        found = tuple(word != 0 if letter == "?" else word for letter, word in zip(results, words_back, strict=True))
        return found if len(found) > 1 else found[0]

    return call
