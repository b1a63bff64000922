"""Evaluate the arithmetic by which a record derives one figure from others.

An expression may contain numbers, names, ``+ - * / **``, parentheses and a few functions, and nothing else, so a register
can't run code. Every number is a float, so that ``9**9**9`` overflows at once instead of filling the memory.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator

MAX_LENGTH = 200
"""Length of the longest expression in characters; it also bounds the depth of the tree."""


def _round(number: float, digits: float = 0.0) -> float:
    return float(round(number, int(digits)))


_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_SIGNS: dict[type[ast.unaryop], Callable[[float], float]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": math.exp,
    "log": math.log,
    "max": max,
    "min": min,
    "round": _round,
}


def parse(text: str) -> ast.expr:
    """Return the checked tree of an expression. Raises `ValueError`, in one line, for anything that isn't allowed."""
    if len(text) > MAX_LENGTH:
        raise ValueError(f"an expression may have at most {MAX_LENGTH} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"'{text}' isn't an arithmetic expression ({getattr(error, 'msg', error)})") from None
    for _ in _names(tree):
        pass
    return tree


def names(tree: ast.expr) -> tuple[str, ...]:
    """Return the names (``S01`` or ``S01.low``) that a tree from `parse` refers to, in reading order."""
    return tuple(_names(tree))


def evaluate(tree: ast.expr, value_of: Callable[[str], float]) -> float:
    """Return the value of a tree from `parse`; `value_of` gives the value of each name.

    Raises
    ------
    ValueError : the result isn't a finite real number (division by zero, overflow, root of a negative), or a function
        is called with the wrong number of arguments.
    """
    try:
        result = _evaluate(tree, value_of)
    except ZeroDivisionError:
        raise ValueError("divides by zero") from None
    except OverflowError:
        raise ValueError("overflows") from None
    except TypeError:
        raise ValueError("calls a function with the wrong number of arguments") from None
    if isinstance(result, complex) or not math.isfinite(result):
        raise ValueError("isn't a finite real number")
    return float(result)


def _name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return None


def _names(node: ast.expr) -> Iterator[str]:
    """Yield a tree's names and reject every construct that `_evaluate` doesn't know."""
    name = _name(node)
    if name is not None:
        yield name
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        yield from _names(node.left)
        yield from _names(node.right)
    elif isinstance(node, ast.UnaryOp) and type(node.op) in _SIGNS:
        yield from _names(node.operand)
    elif isinstance(node, ast.Call) and not node.keywords:
        if not (isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS):
            raise ValueError(f"'{ast.unparse(node.func)}' isn't one of the functions {', '.join(_FUNCTIONS)}")
        for argument in node.args:
            yield from _names(argument)
    elif not (isinstance(node, ast.Constant) and type(node.value) in (int, float)):
        raise ValueError(f"'{ast.unparse(node)}' isn't allowed in an expression")


def _evaluate(node: ast.expr, value_of: Callable[[str], float]) -> float:
    name = _name(node)
    if name is not None:
        return value_of(name)
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_evaluate(node.left, value_of), _evaluate(node.right, value_of))
    if isinstance(node, ast.UnaryOp):
        return _SIGNS[type(node.op)](_evaluate(node.operand, value_of))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _FUNCTIONS[node.func.id](*(_evaluate(argument, value_of) for argument in node.args))
    assert isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    return float(node.value)
