"""More than 10,000 answers and webhooks from a grammar of all fields that are known.

Whatever DGS-Pay may say ends in a transaction or in a named error, and only what its
own rule calls complete is paid.
"""

import contextlib
import random
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from dgspay_plugin.payment.addresses import is_web_address
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    ActionRequired,
    AmountMismatch,
    NextAction,
    Paid,
    ProviderTransaction,
    TransactionStatus,
    judge,
)
from dgspay_plugin.provider import spellings
from dgspay_plugin.provider.errors import OutcomeUnknown, Refused
from dgspay_plugin.provider.json_text import read_json
from dgspay_plugin.provider.messages import (
    TransactionRow,
    UnreadableRow,
    raise_for_error,
    read_transaction,
    read_transactions,
    read_webhook,
)
from dgspay_plugin.sandbox.messages import write_json
from tests.unit.json_values import json_values

EXAMPLES = 3500
DUE = Money(Decimal(12000), "RWF")
SCALARS = (None, True, False, 0, 7, -1, Decimal("1E+999999999"), "", " ", "\x00", "é")


class Grammar:
    """Answers of every shape. Hypothesis would draw each field, and take minutes."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.pick = self._random.choice

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def some(self, fields: Mapping[str, Callable[[], Any]], share: float) -> Any:
        return {name: make() for name, make in fields.items() if self.chance(share)}

    def odd(self) -> Any:
        if self.chance(0.6):
            return self.pick(SCALARS)
        value: Any = self.pick(SCALARS)
        for _ in range(self._random.randrange(1, 4)):
            value = self.pick([[value], {"type": value}, {"url": value}, [], {}])
        return value

    def spelled(self, *words: str) -> Any:
        """A word in any letter case, wrapped as the processor wraps some, or odd."""
        if self.chance(0.1):
            return self.odd()
        word = self.pick(words)
        if self.chance(0.6):
            return word
        cased = self.pick(
            [word.upper(), word.title(), f" {word} ", f"{word}.", f"un{word}"]
        )
        return self.pick([cased, cased, {"type": word}, {"code": word}, [word]])

    def url(self) -> Any:
        page = self.pick(["https://bank.example/3ds", "javascript:alert(1)", "/3ds"])
        return self.pick([page, {"url": page}, self.odd()])

    def next_action_type(self) -> Any:
        return self.spelled("none", "requires_capture", *spellings.NEXT_ACTION)

    def next_action(self) -> Any:
        if self.chance(0.4):
            return self.next_action_type()
        fields = {
            "type": self.next_action_type,
            "note": self.odd,
            "url": self.url,
            "redirect_url": self.url,
        }
        return self.some(fields, 0.4)

    def amount(self) -> Any:
        near = [12000, "12000", Decimal("12000.00"), 12001, "12,000", -12000]
        return self.pick([*near, self.odd()])

    def transaction(self) -> dict[str, Any]:
        """Most are near enough to a paid one that one field decides."""
        paid = {
            "dgs_reference": "DGS-1",
            "transaction_status": "successful",
            "amount": 12000,
            "currency": "RWF",
        }
        fields = {
            "id": self.odd,
            "dgs_reference": lambda: self.spelled("DGS-1", "../balance"),
            "payment_link_id": self.odd,
            "transaction_status": lambda: self.spelled(
                "successful", "succeeded", "success", "pending", "failed", "voided"
            ),
            "status": lambda: self.spelled("success", "successful", "pending"),
            "next_action_type": self.next_action_type,
            "next_action": self.next_action,
            "redirect_url": self.url,
            "processor_response": lambda: self.spelled(*spellings.DECLINE_REASON),
            "amount": self.amount,
            "currency": lambda: self.spelled("RWF", "USD"),
            "created_at": lambda: self.spelled("2026-04-03 11:00:00", "yesterday"),
        }
        if self.chance(0.6):
            return {**paid, **self.some(fields, 0.15)}
        return dict(self.some(fields, 0.6))

    def envelope(self) -> dict[str, Any]:
        fields = {
            "status": lambda: self.spelled("success", "pending", "failed"),
            "error_code": lambda: self.pick(
                ["00", "00", "90", "92", "93", "99", 0, 91, self.odd()]
            ),
            "message": self.odd,
            "error": self.odd,
            "pagination": lambda: self.pick([{"pages": 2}, {"pages": "2"}, self.odd()]),
        }
        return dict(self.some(fields, 0.2))

    def answer(self) -> Any:
        around, fields = self.envelope(), self.transaction()
        flat = {**fields, **around}
        under_data = {**around, "data": fields}
        in_list = {**around, "data": [fields]}
        both = {**self.transaction(), **under_data}
        return self.pick([flat, under_data, under_data, in_list, both, self.odd()])

    def page(self) -> Any:
        rows = [
            self.pick([self.transaction, self.transaction, self.odd])()
            for _ in range(self._random.randrange(4))
        ]
        data = self.pick([rows, rows, {"transactions": rows}, self.odd()])
        return {**self.envelope(), "data": data}

    def webhook(self) -> Any:
        event = self.spelled("payment.success", "payment.failed", "charge.update")
        answer = self.answer()
        return {**answer, "event": event} if isinstance(answer, dict) else answer


def rule_calls_complete(answer: Mapping[str, Any]) -> bool:
    """DGS-Pay, card payments: successful, and there is no next_action_type.

    Told once more, and from the answer as it is written.
    """
    data = answer.get("data")
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    places = [data, answer] if isinstance(data, Mapping) else [answer]

    def said(name: str) -> Any:
        return next((place[name] for place in places if name in place), None)

    def is_word(value: Any, *words: str) -> bool:
        if isinstance(value, Mapping):
            value = value.get("type")
        return isinstance(value, str) and value.strip().lower() in words

    def is_no_action(value: Any) -> bool:
        is_blank = isinstance(value, str) and not value.strip()
        is_empty = isinstance(value, Mapping) and not any(value.values())
        says_none = is_word(value, "none", "none.")
        return not value or is_blank or is_empty or says_none

    status = said("transaction_status")
    successful = is_word(status, "successful", "succeeded") or (
        all("transaction_status" not in place for place in places)
        and is_word(places[0].get("status"), "success", "successful", "succeeded")
    )
    flat, action = said("next_action_type"), said("next_action")
    adds_nothing = (
        isinstance(action, Mapping) and not action.get("type") and is_word(flat, "none")
    )
    return successful and is_no_action(flat) and (is_no_action(action) or adds_nothing)


fuzzed = given(st.integers(0, 2**32).map(Grammar))
many = settings(max_examples=EXAMPLES, deadline=None)


@many
@fuzzed
def test_answer_about_a_transaction(grammar: Grammar) -> None:
    http_status = grammar.pick([200, 200, 200, 201, 302, 400, 500])
    answer = grammar.answer()
    note(f"{http_status} {answer}")
    try:
        told = read_transaction(raise_for_error(http_status, answer))
    except (OutcomeUnknown, Refused) as error:
        assert len(str(error)) < 400
        return
    assert http_status < 300
    _check(told)
    verdict = judge(told, DUE)
    if isinstance(verdict, Paid | AmountMismatch):
        assert rule_calls_complete(answer)
    if isinstance(verdict, ActionRequired) and verdict.action is NextAction.REDIRECT:
        assert is_web_address(verdict.redirect_url)


@many
@fuzzed
def test_list_of_transactions(grammar: Grammar) -> None:
    answer = grammar.page()
    note(str(answer))
    try:
        rows, page_count = read_transactions(raise_for_error(200, answer))
    except (OutcomeUnknown, Refused):
        return
    assert page_count is None or page_count >= 0
    for row in rows:
        match row:
            case TransactionRow():
                _check(row.transaction)
            case UnreadableRow():
                assert len(f"{row} {row.why}") < 300


@many
@fuzzed
def test_webhook(grammar: Grammar) -> None:
    body = write_json(grammar.webhook()).encode()
    note(repr(body))
    try:
        event = read_webhook(body)
    except ValueError:
        return
    assert 0 < len(event.event) <= 100
    if event.transaction is None:
        return
    _check(event.transaction)
    if isinstance(judge(event.transaction, DUE), Paid):
        assert rule_calls_complete(read_json(body.decode()))


def test_the_grammar_makes_enough_that_is_paid_and_enough_that_is_not() -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(3000):
        try:
            answer = raise_for_error(200, Grammar(seed).answer())
            verdicts[type(judge(read_transaction(answer), DUE)).__name__] += 1
        except (OutcomeUnknown, Refused) as error:
            verdicts[type(error).__name__] += 1
    assert min(verdicts.values()) >= 5
    assert set(verdicts) == set(
        """
        Paid AmountMismatch AmountUnknown ActionRequired UnknownAction Pending Declined
        OutcomeUnknown Refused NotFound
        """.split()
    )


@given(json_values)
def test_any_json_at_all(answer: Any) -> None:
    for read in (read_transaction, read_transactions):
        with contextlib.suppress(OutcomeUnknown, Refused):
            read(raise_for_error(200, answer))
    with contextlib.suppress(ValueError):
        read_webhook(write_json(answer).encode())


@given(st.binary())
def test_any_bytes_are_an_event_or_a_value_error(body: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert read_webhook(body).event


@pytest.mark.parametrize("depth", [500, 930, 5000])
@pytest.mark.parametrize(
    "name",
    """
    data error_code message error status transaction_status dgs_reference amount
    currency next_action_type next_action redirect_url processor_response created_at
    pagination event
    """.split(),
)
def test_field_that_is_nested_deeply(name: str, depth: int) -> None:
    text = write_json({"dgs_reference": "DGS-1", "status": "pending", "event": 1})
    inner = '{"type": [' * (depth // 2) + "1" + "]}" * (depth // 2)
    text = f'{text[:-1]}, "{name}": {inner}}}'
    try:
        answer = read_json(text)
    except RecursionError:
        # As the client does.
        answer = None
    for read in (read_transaction, read_transactions):
        with contextlib.suppress(OutcomeUnknown, Refused):
            read(raise_for_error(200, answer))
    with contextlib.suppress(OutcomeUnknown, Refused):
        read_transactions({"data": [answer]})
    with contextlib.suppress(ValueError):
        read_webhook(text.encode())


def _check(told: ProviderTransaction) -> None:
    assert isinstance(told.status, TransactionStatus)
    assert told.reference or told.status is TransactionStatus.FAILED
    if told.amount is not None:
        assert told.amount.is_finite()
        assert len(str(Money(told.amount, told.currency or "RWF"))) < 500
    if told.unknown_action is not None:
        assert 0 < len(told.unknown_action) <= 200
