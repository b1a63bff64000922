"""Exponential, logarithm and normal quantile, made of additions, multiplications and divisions in a fixed order.

`math.exp` and `math.log` won't do: a C library may round them in another way from one machine to the next, the model's own
functions round in theirs, and this model is to agree to the last bit. The formulas are those of the ODD document
("Arithmetic"); the quantile is algorithm AS 241 (Wichura 1988).
"""

from __future__ import annotations

import math

LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
STEPS = 32
"""Steps to an octave in the table of powers of two."""


def _powers() -> list[float]:
    """Return 2**(j/32) for j = 0..31, each a product of square roots of square roots of 2, the finest first."""
    roots = []  # 2**(1/2), 2**(1/4), ..., 2**(1/32)
    root = 2.0
    for _ in range(5):
        root = math.sqrt(root)
        roots.append(root)
    powers = []
    for j in range(STEPS):
        power = 1.0
        for bit, root in enumerate(reversed(roots)):
            if j & (1 << bit):
                power *= root
        powers.append(power)
    return powers


POWERS = _powers()


def exp(x: float) -> float:
    """Return e**x: n steps of ln(2)/32 from the table, and a Taylor series to degree 6 for the rest."""
    x = min(max(x, -708.0), 709.0)
    n = math.floor(x * (STEPS * 1.4426950408889634) + 0.5)
    r = (x - n * (LN2_HIGH / STEPS)) - n * (LN2_LOW / STEPS)
    r2 = r * r
    rest = (r + r2 * (0.5 + r * (1.0 / 6.0))) + r2 * r2 * (1.0 / 24.0 + r * (1.0 / 120.0) + r2 * (1.0 / 720.0))
    octave, step = divmod(n, STEPS)
    return math.ldexp(POWERS[step] + POWERS[step] * rest, octave)


def log(x: float) -> float:
    """Return the natural logarithm of x > 0 by the series 2 artanh(s) = 2 (s + s^3/3 + ... + s^25/25)."""
    mantissa, exponent = math.frexp(x)
    if mantissa < 0.7071067811865476:
        mantissa, exponent = 2.0 * mantissa, exponent - 1
    s = (mantissa - 1.0) / (mantissa + 1.0)
    z = s * s
    series = 1.0 / 25.0
    for k in range(23, 2, -2):
        series = series * z + 1.0 / k
    return exponent * LN2_HIGH + (2.0 * s + (2.0 * s * z * series + exponent * LN2_LOW))


# Coefficients of AS 241 (PPND16), from the highest power down: near the middle, in the tails, far out in them.
MIDDLE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),
)  # fmt: skip
TAIL = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0),
)  # fmt: skip
FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),
)  # fmt: skip


def _ratio(polynomials: tuple[tuple[float, ...], tuple[float, ...]], r: float) -> float:
    """Return the ratio of two polynomials in r, by Horner's rule."""
    values = []
    for coefficients in polynomials:
        value = coefficients[0]
        for coefficient in coefficients[1:]:
            value = value * r + coefficient
        values.append(value)
    return values[0] / values[1]


def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of a uniform in [0, 1); a u below 1/2 is first moved up by 2**-53."""
    p = u + 2.0**-53 if u < 0.5 else u
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(MIDDLE, 0.180625 - q * q)
    r = math.sqrt(-log(p if q < 0.0 else 1.0 - p))
    size = _ratio(TAIL, r - 1.6) if r <= 5.0 else _ratio(FAR, r - 5.0)
    return -size if q < 0.0 else size
