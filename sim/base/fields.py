"""Fields of a scenario: numbers with a meaning, a unit and a range, in frozen models that reject unknown keys."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict


# Modules with such blocks don't postpone annotations: pydantic would evaluate each of them again in each subclass.
class Frozen(BaseModel):
    """A frozen block of a scenario; it rejects unknown keys, text in place of numbers, and infinite numbers or NaN."""

    # Validators are built at first use: most commands need few of them, and start 40 ms earlier.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


def number(
    meaning: str,
    *,
    unit: str,
    low: float,
    high: float,
    symbol: str = "",
    default: Any = ...,
    evidence: str = "",
) -> Any:
    """Declare a number of a scenario.

    Parameters
    ----------
    meaning : what the number is, in one sentence without a full stop.
    unit : its unit; ``1`` for a pure number, ``logit`` for a term of a household's score.
    low, high : the accepted range, both ends included.
    symbol : its symbol in the model's equations.
    default : the value if a scenario doesn't set the key; without a default, the key is required (``base.yaml`` sets all).
    evidence : the basis of the default: a record's id, or ``assumption: why``. Required with a default.

    Raises
    ------
    TypeError : a default without evidence.
    """
    if default is not ... and not evidence:
        raise TypeError(f"a default needs its evidence or the label 'assumption': {meaning}")
    extra: JsonDict = {"unit": unit, "symbol": symbol, "evidence": evidence}
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra=extra)


def word(meaning: str, *, default: Any = ..., evidence: str = "") -> Any:
    """Declare a word, a list or a block of a scenario (see `number` for the parameters)."""
    return Field(default, description=meaning, json_schema_extra={"unit": "", "symbol": "", "evidence": evidence})
