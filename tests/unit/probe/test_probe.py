"""Against each dialect of the sandbox, the probe names that dialect's facts alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from dgspay_plugin.configuration import Configuration, read_configuration
from dgspay_plugin.probe import example_card
from dgspay_plugin.probe.facts import Verdict, find_facts, find_problems
from dgspay_plugin.probe.play import Play, Player, ProbeFailed
from dgspay_plugin.probe.report import report, shape
from dgspay_plugin.sandbox import credentials
from dgspay_plugin.sandbox.dialects import DIALECTS
from dgspay_plugin.sandbox.settings import Settings
from tests.unit.leaks import found_in, shown_by
from tests.unit.merchant import fields
from tests.unit.sandbox.conftest import serve

PACKAGE = Path(example_card.__file__).parent.parent
# No scenario says anything about these, whoever is asked.
NEVER_TOLD = {"webhook", "charge that waits"}
ALSO_NOT_TOLD = {
    # At the top, a row's status would be taken for the answer's.
    "flat": {"status of a row"},
    "voided": {"failed charge"},
}
UNKNOWN_STATUS = "an answer with an unknown transaction_status"
# What is otherwise in a dialect, and what of it cannot be handled.
DIFFERENCES: dict[str, tuple[set[str], list[str]]] = {
    "published": (set(), []),
    "nonce-24": ({"nonce"}, []),
    "flat": ({"place"}, []),
    "list-of-one": ({"place"}, []),
    "nested-action": ({"next action"}, []),
    "action-beside": ({"next action"}, []),
    "action-as-text": ({"next action"}, []),
    "action-none": ({"next action"}, []),
    "action-as-auth-type": ({"next action's name"}, []),
    "wait-by-instruction": (set(), []),
    "wait-by-requery": (set(), []),
    "action-after-failure": ({"failed charge", "next action's name"}, []),
    "capitals": (
        {"next action's name", "status", "status of a row", "decline"},
        [],
    ),
    "succeeded": ({"status"}, []),
    "declined-in-words": ({"decline"}, []),
    "reason-in-answers": (set(), []),
    "amount-as-text": ({"amount"}, []),
    "amount-in-answers": ({"amount in answers"}, []),
    "ok-code": ({"code of a success"}, []),
    "status-200": ({"new charge"}, []),
    "keys-ignored": ({"idempotency key"}, []),
    "kigali-time": ({"time"}, []),
    "time-with-zone": ({"time"}, []),
    "pages-not-counted": ({"pages"}, []),
    "one-event": (set(), []),
    "processor": (
        {
            "next action",
            "next action's name",
            "status",
            "status of a row",
            "decline",
            "amount",
            "amount in answers",
            "new charge",
            "time",
            "pages",
        },
        [],
    ),
    "no-amount": (
        {"amount"},
        ["GET /transactions/{dgs_reference}: a success without an amount."],
    ),
    "reserved": (
        {"next action's name"},
        [
            "POST /charges: it asks for requires_capture.",
            "POST /authorize: it asks for requires_capture.",
        ],
    ),
    "voided": (
        {"status"},
        [
            f"POST /charges: {UNKNOWN_STATUS}.",
            f"POST /authorize: {UNKNOWN_STATUS}.",
        ],
    ),
}


def configuration(url: str, **changes: str) -> Configuration:
    return read_configuration(
        fields(
            api_key=credentials.API_KEY,
            account_number=credentials.ACCOUNT_NUMBER,
            encryption_key=credentials.ENCRYPTION_KEY,
            webhook_secret=credentials.WEBHOOK_SECRET,
            sandbox_url=f"{url}/generation/v2",
            **changes,
        )
    )


def play(settings: Settings) -> Iterator[Play]:
    for url in serve(settings):
        yield Player(configuration(url)).play(lambda what: None)


def test_every_dialect_is_probed() -> None:
    assert list(DIFFERENCES) == list(DIALECTS)


@pytest.mark.parametrize("name", DIALECTS)
def test_facts_of_a_dialect(name: str) -> None:
    dialect = DIALECTS[name]
    otherwise, problems = DIFFERENCES[name]
    settings = Settings(nonce_format=dialect.nonce_format, dialect=dialect)
    for heard in play(settings):
        facts = {fact.name: fact for fact in find_facts(heard)}
        found = {n for n, fact in facts.items() if fact.verdict is Verdict.OTHERWISE}
        untold = {n for n, fact in facts.items() if fact.verdict is Verdict.NOT_TOLD}
        assert found == otherwise, {n: facts[n].seen for n in found ^ otherwise}
        assert untold == NEVER_TOLD | ALSO_NOT_TOLD.get(name, set())
        assert find_problems(heard) == problems


def test_what_to_set_is_said() -> None:
    for heard in play(Settings(nonce_format="24", dialect=DIALECTS["nonce-24"])):
        nonce = find_facts(heard)[0]
        assert nonce.seen == "24 characters were accepted; 12 were refused"
        assert nonce.to_do == "Set Nonce format to 24."


def test_report_holds_nothing_that_was_sent() -> None:
    for heard in play(Settings()):
        text = json.dumps(report(heard, find_facts(heard), find_problems(heard)))
        secrets = [
            credentials.API_KEY,
            credentials.ACCOUNT_NUMBER,
            credentials.ENCRYPTION_KEY,
            example_card.NUMBER,
            example_card.OTP,
            "probe@example.com",
            "788123456",
            "127.0.0.1",
            "DGS-",
        ]
        assert found_in(text, secrets) == []
        assert re.search(r"\d{4,}", text) is None
        assert '"next_action_type": "requires_pin"' in text


def test_shape_of_an_answer() -> None:
    answer = {
        "status": "success",
        "error_code": "00",
        "4242424242424242": "4242424242424242",
        "data": [
            {
                "transaction_status": "card 4242424242424242",
                "processor_response": "Insufficient Funds.",
                "customer": {"email": "amina@example.com", "is_new": True},
                "amount": 1000,
                "note": "",
            }
        ]
        * 3,
    }
    assert shape(answer) == {
        "status": "success",
        "error_code": "00",
        "(a name)": "(text)",
        "data": [
            {
                "transaction_status": "(text)",
                "processor_response": "Insufficient Funds.",
                "customer": {"email": "(text)", "is_new": True},
                "amount": "(number)",
                "note": "",
            }
        ],
    }


def test_live_is_refused_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(requests, "request", lambda *_, **__: pytest.fail("sent"))
    live = read_configuration(fields(environment="live"))
    with pytest.raises(ProbeFailed, match="real money"):
        Player(live)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"api_key": "another-api-key"}, "GET /balance was answered with HTTP 401"),
        (
            {"encryption_key": "b3RoZXItZW5jcnlwdGlvbi1rZXktb3RoZXIta2V5ISE="},
            "no charge was accepted, the last with HTTP 400",
        ),
    ],
)
def test_what_cannot_be_probed(changes: dict[str, str], told: str) -> None:
    for url in serve(Settings()):
        options = configuration(url).model_copy(
            update={
                name: type(getattr(configuration(url), name))(value)
                for name, value in changes.items()
            }
        )
        with pytest.raises(ProbeFailed, match=told):
            Player(options).play(lambda what: None)


def test_sandbox_that_is_not_there() -> None:
    with pytest.raises(ProbeFailed, match="brought no answer") as failed:
        Player(configuration("http://127.0.0.1:9")).play(lambda what: None)
    assert found_in(shown_by(failed.value), [credentials.API_KEY]) == []


def test_nothing_in_the_way_of_a_payment_imports_it() -> None:
    importing = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "dgspay_plugin.probe" in path.read_text()
    }
    assert {path for path in importing if not path.startswith("probe/")} == {
        "management/commands/dgspay_probe.py"
    }
