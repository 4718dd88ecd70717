"""What a probe found, as JSON that may be sent to anybody."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import dgspay_plugin
from dgspay_plugin.probe.facts import Fact
from dgspay_plugin.probe.play import Heard, Play

# Their values are words of DGS-Pay's. Of all others only the type is told.
SPELLED = frozenset(
    """
    status transaction_status next_action_type type processor_response error_code
    payment_method_type
    """.split()
)
WORD = re.compile(r"[A-Za-z_ .-]{1,40}|[0-9]{2}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
DEEPEST = 6
MOST_ROWS = 1


def report(play: Play, facts: list[Fact], problems: list[str]) -> dict[str, Any]:
    """The report: no secret, no card data, no name and no number that was sent."""
    return {
        "plugin": dgspay_plugin.__version__,
        "facts": [asdict(fact) for fact in facts],
        "cannot_handle": problems,
        "heard": [_told(heard) for heard in play.heard],
    }


def _told(heard: Heard) -> dict[str, Any]:
    return {
        "request": heard.request,
        "scenario": heard.scenario,
        "http_status": heard.http_status,
        "answer": shape(heard.answer),
    }


def shape(value: object, name: str = "", depth: int = 0) -> Any:
    """The fields of an answer with their types in the place of their values."""
    if depth > DEEPEST:
        return "..."
    match value:
        case Mapping():
            return {
                key if NAME.fullmatch(key) else "(a name)": shape(inner, key, depth + 1)
                for key, inner in value.items()
            }
        case list():
            return [shape(inner, name, depth + 1) for inner in value[:MOST_ROWS]]
        case str() if name in SPELLED and WORD.fullmatch(value):
            return value
        case str():
            return "(text)" if value else ""
        case None | bool():
            return value
        case int() | Decimal():
            return "(number)"
    return "(something else)"
