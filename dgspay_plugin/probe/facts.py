"""What was heard, fact by fact, against what this plugin takes for usual."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import AmountUnknown, UnknownAction, judge
from dgspay_plugin.probe.play import AMOUNT, ISSUERS, Heard, Play
from dgspay_plugin.provider.errors import ProviderError
from dgspay_plugin.provider.log_text import redact_for_log

KIGALI = dt.timedelta(hours=2)
CLOCK_TOLERANCE = dt.timedelta(minutes=30)


class Verdict(StrEnum):
    CONFIRMED = "confirmed"
    OTHERWISE = "otherwise"
    NOT_TOLD = "not told"


@dataclass(frozen=True)
class Fact:
    """One thing that DGS-Pay's pages leave open."""

    name: str
    usual: str
    """What this plugin takes for usual."""
    verdict: Verdict
    seen: str = ""
    to_do: str = ""


def find_facts(play: Play) -> list[Fact]:
    return [
        _nonce(play),
        _fact(
            "balance",
            "The balances stand at the top.",
            ["top" if "balances" in answer else "data" for answer in _balances(play)],
            {"top"},
        ),
        _fact(
            "new charge",
            "A new charge is answered with HTTP 201.",
            [
                str(heard.http_status)
                for heard in play.of("POST /charges")
                if heard.is_accepted
            ],
            {"201"},
        ),
        _fact(
            "place",
            "A transaction's fields stand under data.",
            map(_place, [*play.about_charges, *play.details]),
            {"data"},
        ),
        _fact(
            "next action",
            "next_action_type alone says what is next; it is null if nothing is.",
            (form for fields in _charges(play) for form in _action_forms(fields)),
            {"next_action_type", "null"},
        ),
        _fact(
            "next action's name",
            "requires_pin, requires_otp, requires_additional_fields, redirect_url.",
            (name for fields in _charges(play) for name in _action_names(fields)),
            {
                "requires_pin",
                "requires_otp",
                "requires_additional_fields",
                "redirect_url",
            },
        ),
        _fact(
            "failed charge",
            "A failed charge names no next action.",
            (
                next(_action_names(fields), "none")
                for fields in _charges(play)
                if _word(fields.get("transaction_status")).lower() == "failed"
            ),
            {"none"},
        ),
        _fact(
            "status",
            "transaction_status is successful, pending or failed.",
            (_word(fields.get("transaction_status")) for fields in _charges(play)),
            {"successful", "pending", "failed"},
        ),
        _fact(
            "status of a row",
            "status is success, pending or failed.",
            (_word(row["status"]) for row in _rows(play) if "status" in row),
            {"success", "pending", "failed"},
        ),
        _fact(
            "decline",
            "processor_response is the issuer's word of the scenario.",
            (
                _word(said)
                for fields in _charges(play)
                if (said := fields.get("processor_response"))
            ),
            set(ISSUERS),
        ),
        _fact(
            "amount in answers",
            "Answers to a charge name no amount.",
            ["yes" if "amount" in fields else "no" for fields in _charges(play)],
            {"no"},
        ),
        _fact(
            "amount",
            "An amount is a number.",
            (_kind(row.get("amount")) for row in _rows(play)),
            {"number"},
        ),
        _fact(
            "code of a success",
            "A success about a charge has no error_code.",
            (
                _word(heard.answer.get("error_code")) or "none"
                for heard in play.about_charges
            ),
            {"none"},
        ),
        _idempotency(play),
        _fact(
            "time",
            "created_at is UTC, without a zone.",
            _zones(play),
            {"UTC, without a zone"},
        ),
        _fact(
            "pages",
            "The list counts its pages.",
            map(_counts_pages, play.of("GET /transactions")),
            {"counted"},
        ),
        Fact(
            "webhook",
            "Its event is payment.success or payment.failed.",
            Verdict.NOT_TOLD,
            to_do="Look at the first webhook in Saleor's log.",
        ),
        Fact(
            "charge that waits",
            "It is pending and names no next action, or payment_instruction.",
            Verdict.NOT_TOLD,
            to_do="No scenario makes a charge wait.",
        ),
    ]


def find_problems(play: Play) -> list[str]:
    """What this version of the plugin cannot handle, a sentence each, once."""
    problems: dict[str, None] = {}
    for heard in [*play.about_charges, *play.details]:
        try:
            told = heard.transaction()
        except ProviderError as error:
            problems[f"{heard.request}: {error.why}."] = None
            continue
        verdict = judge(told, Money(Decimal(AMOUNT), play.currency))
        if isinstance(verdict, UnknownAction):
            step = verdict.next_action_type
            problems[f"{heard.request}: it asks for {step}."] = None
        elif isinstance(verdict, AmountUnknown) and heard in play.details:
            problems[f"{heard.request}: a success without an amount."] = None
    return list(problems)


def _nonce(play: Play) -> Fact:
    refused = "".join(f"; {nonce} were refused" for nonce in play.refused_nonces)
    is_usual = play.nonce_format == "12"
    return Fact(
        "nonce",
        "A nonce has 12 characters.",
        Verdict.CONFIRMED if is_usual else Verdict.OTHERWISE,
        f"{play.nonce_format} characters were accepted{refused}",
        "" if is_usual else f"Set Nonce format to {play.nonce_format}.",
    )


def _idempotency(play: Play) -> Fact:
    first, second = play.first_with_key, play.second_with_key
    usual = "A key that is used twice is answered with error 93."
    if first is None or second is None or not first.is_accepted:
        return Fact("idempotency key", usual, Verdict.NOT_TOLD)
    answer = second.answer if isinstance(second.answer, Mapping) else {}
    if _word(answer.get("error_code")) == "93":
        return Fact("idempotency key", usual, Verdict.CONFIRMED, "error 93")
    if not second.is_accepted:
        seen = f"HTTP {second.http_status}"
    elif _reference(first) == _reference(second):
        seen = "the first charge again"
    else:
        seen = "a second charge was made"
    return Fact(
        "idempotency key",
        usual,
        Verdict.OTHERWISE,
        seen,
        "Nothing has to be set: the plugin's own mark in the store's database guards "
        "against a second charge.",
    )


def _fact(name: str, usual: str, seen: Iterable[str], expected: set[str]) -> Fact:
    found = sorted(set(seen))
    if not found:
        return Fact(name, usual, Verdict.NOT_TOLD)
    is_usual = set(found) <= expected
    verdict = Verdict.CONFIRMED if is_usual else Verdict.OTHERWISE
    return Fact(name, usual, verdict, ", ".join(found))


def _balances(play: Play) -> Iterator[Mapping[str, Any]]:
    for heard in play.of("GET /balance"):
        if isinstance(heard.answer, Mapping):
            yield heard.answer


def _charges(play: Play) -> list[Mapping[str, Any]]:
    return [fields_of(heard) for heard in play.about_charges]


def _rows(play: Play) -> list[Mapping[str, Any]]:
    return [fields_of(heard) for heard in play.details]


def fields_of(heard: Heard) -> Mapping[str, Any]:
    """The fields of the one transaction that an answer is about."""
    match heard.answer:
        case {"data": Mapping() as fields} | {"data": [Mapping() as fields]}:
            return fields
        case Mapping() as fields:
            return {name: fields[name] for name in fields if name != "status"}
    return {}


def _place(heard: Heard) -> str:
    match heard.answer:
        case {"data": Mapping()}:
            return "data"
        case {"data": [Mapping()]}:
            return "a list of one"
    return "top"


def _reference(heard: Heard) -> object:
    return fields_of(heard).get("dgs_reference")


def _action_forms(fields: Mapping[str, Any]) -> Iterator[str]:
    flat, action = fields.get("next_action_type"), fields.get("next_action")
    if flat:
        yield "next_action_type" if flat != "none" else '"none"'
    if isinstance(action, Mapping):
        if "type" in action:
            yield "next_action with a type"
        else:
            yield "next_action without a type" if action else "{}"
    elif action:
        yield "next_action as a text"
    if not flat and not action and not isinstance(action, Mapping):
        yield "null"


def _action_names(fields: Mapping[str, Any]) -> Iterator[str]:
    action = fields.get("next_action")
    nested = action.get("type") if isinstance(action, Mapping) else action
    for named in (fields.get("next_action_type"), nested):
        if named and named != "none":
            yield _word(named)


def _zones(play: Play) -> Iterator[str]:
    for heard in play.details:
        written = fields_of(heard).get("created_at")
        try:
            moment = dt.datetime.fromisoformat(str(written))
        except ValueError:
            yield "a format that cannot be read"
            continue
        if moment.tzinfo:
            yield "with a zone"
            continue
        ahead = moment.replace(tzinfo=dt.UTC) - heard.heard_at
        if abs(ahead) < CLOCK_TOLERANCE:
            yield "UTC, without a zone"
        elif abs(ahead - KIGALI) < CLOCK_TOLERANCE:
            yield "Kigali's, without a zone"
        else:
            yield "another zone's, or this server's clock is wrong"


def _counts_pages(heard: Heard) -> str:
    match heard.answer:
        case {"pagination": {"pages": int()}}:
            return "counted"
        case {"data": {"pagination": {"pages": int()}}}:
            return "counted"
    return "not counted"


def _kind(value: object) -> str:
    if value is None:
        return "none"
    return "text" if isinstance(value, str) else "number"


def _word(value: object) -> str:
    """A spelling that is safe to show: words, and no more than two digits."""
    text = value if isinstance(value, str) else ""
    if re.fullmatch(r"[A-Za-z_ .-]{1,40}|[0-9]{2}", text):
        return text
    return redact_for_log(text) if text else ""
