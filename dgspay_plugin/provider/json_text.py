"""JSON whose amounts keep their digits."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


# One decoder for all answers: json.loads would make one for each.
_decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_number)


def read_json(text: str) -> Any:
    """Read JSON; numbers with a point are Decimal.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is nested too deeply.
    """
    return _decoder.decode(text.removeprefix("\ufeff"))


def write_json(fields: Mapping[str, Any]) -> str:
    """Write a JSON object whose own Decimals are numbers: 10.50 stays 10.50.

    Python's json takes no Decimal, and would write a float as 10.5.
    """
    members = ", ".join(
        f"{json.dumps(name)}: {_written(value)}" for name, value in fields.items()
    )
    return f"{{{members}}}"


def _written(value: object) -> str:
    return str(value) if isinstance(value, Decimal) else json.dumps(value)
