"""Fields of a scenario: numbers with a meaning, a unit and a range, in frozen models that refuse unknown keys."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict


# Modules with such blocks don't postpone annotations: pydantic would evaluate each of them again in each subclass.
class Frozen(BaseModel):
    """A frozen block of a scenario: unknown keys, text for numbers, and infinite or undefined numbers are refused."""

    # Validators are built when they are first used: most commands need few, and start 40 ms earlier.
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
    meaning : what it is, one sentence without a full stop.
    unit : its unit; ``1`` for a pure number, ``logit`` for a term of a household's score.
    low, high : the range that is accepted, both ends included.
    symbol : its symbol in the model's equations.
    default : the value where a scenario is silent; without one the key must be set (``base.yaml`` sets them all).
    evidence : what a default rests on: a record's id, or ``assumption: why``. Required with a default.
    """
    if default is not ... and not evidence:
        raise TypeError(f"a default needs its evidence or the label 'assumption': {meaning}")
    extra: JsonDict = {"unit": unit, "symbol": symbol, "evidence": evidence}
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra=extra)


def word(meaning: str, *, default: Any = ..., evidence: str = "") -> Any:
    """Declare a word, a list or a block of a scenario (see `number` for the parameters)."""
    return Field(default, description=meaning, json_schema_extra={"unit": "", "symbol": "", "evidence": evidence})
