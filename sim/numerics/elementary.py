"""Elementary functions built from IEEE 754 additions, multiplications and divisions only.

A C library's ``exp`` and ``log`` may differ in the last bit between versions and processors, and a decision that depends
on that bit would then differ too. The functions here give the same bits everywhere.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiler.compiled import compiled, instruction

_STEPS = 32  # entries per octave in the table of powers of two
_STEPS_OVER_LN2 = _STEPS * 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01  # 33 bits, so that its product with a number of up to 20 bits is exact
_LN2_LOW = 1.90821492927058770002e-10
_SQRT_HALF = 0.7071067811865476
_TAIL = 0.425


def _fractional_powers() -> list[float]:
    """Return 2**(j / 32) for j = 0..31 from square roots, which are correctly rounded everywhere (`**` is not)."""
    roots = [2.0]
    for _ in range(5):
        roots.append(math.sqrt(roots[-1]))
    powers = []
    for j in range(_STEPS):
        power = 1.0
        for bit in range(5):
            if j >> bit & 1:
                power *= roots[5 - bit]
        powers.append(power)
    return powers


_FRACTIONAL = np.array(_fractional_powers())
_OCTAVES = np.ldexp(1.0, np.arange(-1022, 1024))


@compiled
def quotient(a: int, b: int) -> int:
    """Return a // b for whole numbers, 0 <= a < 2**31 and 0 < b < 2**31.

    It divides floats, which is several times quicker than dividing 64-bit integers, and exact: a true quotient below a
    whole number is at least 1 / b below it, much more than rounding can add.
    """
    return int(a / b)


@compiled
def exp(x: float) -> float:
    """Return e**x within 4 units in the last place; below -708 and above 709 it stays at the value there."""
    x = min(max(x, -708.0), 709.0)
    n = math.floor(x * _STEPS_OVER_LN2 + 0.5)
    r = (x - n * (_LN2_HIGH / _STEPS)) - n * (_LN2_LOW / _STEPS)
    # Taylor series of e**r - 1 to degree 6: with |r| <= ln(2)/64 the remainder is below 1e-17.
    r2 = r * r
    p = (r + r2 * (0.5 + r * (1.0 / 6.0))) + r2 * r2 * (1.0 / 24.0 + r * (1.0 / 120.0) + r2 * (1.0 / 720.0))
    power = _FRACTIONAL[n & (_STEPS - 1)]
    return float((power + power * p) * _OCTAVES[(n >> 5) + 1022])


@instruction
def _split(context: Any, x: Any) -> Any:
    """Return m, 0.5..1, and e with x = m 2**e for a positive, normal x, from the bits of its mantissa and exponent."""
    from llvmlite import ir
    from numba import types

    word, below_one = ir.IntType(64), 1022

    def write(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        bits = builder.bitcast(values[0], word)
        e = builder.sub(builder.lshr(bits, word(52)), word(below_one))
        rest = builder.or_(builder.and_(bits, word(2**52 - 1)), word(below_one << 52))
        return context.make_tuple(builder, signature.return_type, (builder.bitcast(rest, ir.DoubleType()), e))

    return types.Tuple((types.float64, types.int64))(types.float64), write


@compiled
def log(x: float) -> float:
    """Return the natural logarithm of a positive, normal x within 2 units in the last place."""
    m, e = _split(x)
    if m < _SQRT_HALF:
        m *= 2.0
        e -= 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    # 2 artanh(s) = 2 (s + s^3/3 + ...); with |s| <= 0.1716 the terms beyond s^25 are below 1e-19.
    p = 1.0 / 25.0
    for k in (23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0):
        p = p * z + 1.0 / k
    return float(e * _LN2_HIGH + (2.0 * s + (2.0 * s * z * p + e * _LN2_LOW)))


@compiled
def _ratio(r: float, a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Return the ratio of two polynomials of degree 7, coefficients from the constant up."""
    top = a[7]
    bottom = b[7]
    for k in range(6, -1, -1):
        top = top * r + a[k]
        bottom = bottom * r + b[k]
    return top / bottom


# Coefficients of algorithm AS 241, PPND16: M. J. Wichura (1988), Applied Statistics 37(3), 477-484.
_A = (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
      4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3)  # fmt: skip
_B = (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
      2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3)  # fmt: skip
_C = (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
      1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4)  # fmt: skip
_D = (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
      1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9)  # fmt: skip
_E = (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
      2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7)  # fmt: skip
_F = (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15)  # fmt: skip


@compiled
def normal(p: float) -> float:
    """Return the standard normal quantile of p, 0 < p < 1, with relative error about 1e-15 (AS 241)."""
    q = p - 0.5
    if abs(q) <= _TAIL:
        return q * _ratio(0.180625 - q * q, _A, _B)
    r = math.sqrt(-log(p if q < 0.0 else 1.0 - p))
    value = _ratio(r - 1.6, _C, _D) if r <= 5.0 else _ratio(r - 5.0, _E, _F)
    return -value if q < 0.0 else value
