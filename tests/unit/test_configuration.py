"""What an owner may save, and that each problem stands on its field."""

import base64
import traceback
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from saleor.plugins.error_codes import PluginErrorCode

from dgspay_plugin.configuration import (
    CONFIG_STRUCTURE,
    DEFAULT_CONFIGURATION,
    Configuration,
    check_credentials,
    read_configuration,
)
from dgspay_plugin.provider.client import LIVE_URL, SANDBOX_URL
from tests.hosts.network import free_port
from tests.unit.dgspay import NO_ANSWER, NOT_CONNECTED, Answer, Provider
from tests.unit.leaks import found_in, shown_by
from tests.unit.merchant import API_KEY, ENCRYPTION_KEY, WEBHOOK_SECRET, fields

SECRETS = (API_KEY, WEBHOOK_SECRET)


def problems_of(**changes: Any) -> dict[str, list[ValidationError]]:
    with pytest.raises(ValidationError) as refused:
        read_configuration(fields(**changes))
    return refused.value.error_dict


def test_configuration_is_read() -> None:
    configuration = read_configuration(fields())
    assert configuration.environment == "sandbox"
    assert configuration.api_key.get_secret_value() == API_KEY
    assert configuration.account_number == "ACC-0001234"
    assert configuration.encryption_key == ENCRYPTION_KEY
    assert configuration.webhook_secret.get_secret_value() == WEBHOOK_SECRET
    assert configuration.supported_currencies == ("RWF", "USD")
    assert configuration.return_url == "https://shop.example/checkout"
    assert configuration.narration == "Order {reference}"
    assert configuration.nonce_format == "12"
    assert configuration.scenario_key is None
    assert configuration.base_url == SANDBOX_URL


def test_every_field_of_the_dashboard_has_a_default_and_says_what_it_is_for() -> None:
    assert [field["name"] for field in DEFAULT_CONFIGURATION] == list(CONFIG_STRUCTURE)
    for described in CONFIG_STRUCTURE.values():
        assert described["label"]
        assert described["help_text"].endswith(".")
    settable = set(CONFIG_STRUCTURE) - {"webhook_url"}
    assert settable == set(Configuration.model_fields)


@pytest.mark.parametrize(
    "field",
    """
    environment api_key account_number encryption_key webhook_secret
    supported_currencies return_url narration nonce_format
    """.split(),
)
@pytest.mark.parametrize("value", [None, ""])
def test_missing_field_is_named(field: str, value: str | None) -> None:
    [problem] = problems_of(**{field: value})[field]
    assert problem.code == PluginErrorCode.REQUIRED.value


@pytest.mark.parametrize("field", ["api_key", "webhook_secret"])
@pytest.mark.parametrize(
    "value", ["two words", "line\nfeed", "clé", "\u200bkey", "  "], ids=repr
)
def test_secret_that_cannot_be_one(field: str, value: str) -> None:
    [problem] = problems_of(**{field: value})[field]
    assert problem.code == PluginErrorCode.INVALID.value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("environment", "production"),
        ("environment", "Live"),
        ("account_number", "ACC 1"),
        ("account_number", "ACC-1\r\nX-Header: 1"),
        ("account_number", "-1"),
        ("encryption_key", "not base64!"),
        ("encryption_key", base64.b64encode(b"x" * 16).decode()),
        ("encryption_key", base64.b64encode(b"x" * 33).decode()),
        ("encryption_key", ENCRYPTION_KEY[:-1]),
        ("supported_currencies", "RWF,ABC"),
        ("supported_currencies", "francs"),
        ("supported_currencies", "  "),
        ("return_url", "shop.example"),
        ("return_url", "http://shop.example"),
        ("return_url", "ftp://shop.example"),
        ("return_url", "https://"),
        ("return_url", "https://[::1"),
        ("return_url", "javascript:alert(1)"),
        ("narration", "   "),
        ("note_refunds", "perhaps"),
        ("nonce_format", "16"),
        ("sandbox_url", "http://sandbox.example"),
        ("sandbox_url", "127.0.0.1:8090"),
    ],
)
def test_problem_stands_on_its_field(field: str, value: str) -> None:
    problems = problems_of(**{field: value})
    assert list(problems) == [field]
    assert problems[field][0].code == PluginErrorCode.INVALID.value


def test_all_problems_are_told_at_once() -> None:
    problems = problems_of(api_key=None, return_url="x", supported_currencies="ABC")
    assert set(problems) == {"api_key", "return_url", "supported_currencies"}


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("api_key", f" {API_KEY}\n", None),
        ("account_number", " ACC-0001234 ", "ACC-0001234"),
        ("encryption_key", f" {ENCRYPTION_KEY} ", ENCRYPTION_KEY),
        ("supported_currencies", "rwf", ("RWF",)),
        ("supported_currencies", "RWF USD;EUR", ("RWF", "USD", "EUR")),
        ("supported_currencies", " RWF , USD ", ("RWF", "USD")),
        ("return_url", "http://localhost:3000/", "http://localhost:3000"),
        ("return_url", "http://127.0.0.1/back", "http://127.0.0.1/back"),
        ("return_url", "http://[::1]:3000", "http://[::1]:3000"),
        ("return_url", " https://shop.example ", "https://shop.example"),
        ("note_refunds", None, False),
        ("note_refunds", "true", True),
        ("note_refunds", False, False),
        ("note_refunds", True, True),
        ("scenario_key", "  ", None),
        ("scenario_key", " scenario:auth_pin ", "scenario:auth_pin"),
        ("nonce_format", "24", "24"),
    ],
)
def test_what_an_owner_may_write(field: str, value: object, read: object) -> None:
    configuration = read_configuration(fields(**{field: value}))
    if field == "api_key":
        assert configuration.api_key.get_secret_value() == API_KEY
    else:
        assert getattr(configuration, field) == read


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"supported_currencies": "ABC"}, "ISO 4217 codes, these are not: ABC"),
        ({"return_url": "x"}, "Must be a URL, like https://shop.example"),
        (
            {"payment_methods": "card,mobile_money", "supported_currencies": "USD"},
            "Mobile money pays in RWF: add it to the supported currencies",
        ),
        ({"environment": "live", "api_key": "test"}, "The API key looks like"),
    ],
)
def test_problem_keeps_its_capitals(changes: dict[str, str], words: str) -> None:
    [[problem]] = problems_of(**changes).values()
    assert words in problem.message


# Sandbox and live


def test_live_goes_to_the_live_api() -> None:
    assert read_configuration(fields(environment="live")).base_url == LIVE_URL


def test_own_sandbox() -> None:
    url = "http://127.0.0.1:8090/generation/v2"
    assert read_configuration(fields(sandbox_url=url)).base_url == url


@pytest.mark.parametrize(
    "changes",
    [
        {"scenario_key": "scenario:auth_pin"},
        {"sandbox_url": "http://localhost:8090/generation/v2"},
        {"api_key": "sk_test_123"},
        {"api_key": "sandbox-api-key"},
        {"api_key": "KEY-TEST"},
    ],
    ids=str,
)
def test_what_is_of_the_sandbox_does_not_go_live(changes: dict[str, str]) -> None:
    assert list(problems_of(environment="live", **changes)) == ["environment"]


@pytest.mark.parametrize("api_key", ["sk_live_123", "LIVE-KEY"])
def test_live_key_does_not_go_to_the_sandbox(api_key: str) -> None:
    assert list(problems_of(api_key=api_key)) == ["environment"]


@pytest.mark.parametrize("api_key", ["contested", "alive", "oblivesandboxes"])
def test_a_word_inside_of_a_word_says_nothing(api_key: str) -> None:
    for environment in ("sandbox", "live"):
        read_configuration(fields(environment=environment, api_key=api_key))


# Secrets


def test_secrets_are_not_part_of_the_repr() -> None:
    configuration = read_configuration(fields())
    assert found_in(f"{configuration!r} {configuration}", SECRETS) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"api_key": f"{API_KEY} {API_KEY}"},
        {"webhook_secret": f"{WEBHOOK_SECRET}\n{WEBHOOK_SECRET}"},
        {"return_url": None},
        {"environment": "live", "scenario_key": "scenario:auth_pin"},
        {"api_key": f"{API_KEY}-live"},
        {"account_number": API_KEY + "!"},
    ],
    ids=str,
)
def test_secrets_are_not_part_of_an_error(changes: dict[str, str | None]) -> None:
    with pytest.raises(ValidationError) as refused:
        read_configuration(fields(**changes))
    assert found_in(shown_by(refused.value), SECRETS) == []


@given(
    st.dictionaries(
        st.sampled_from(sorted(CONFIG_STRUCTURE)),
        st.none()
        | st.text()
        | st.sampled_from(
            """
            live sandbox 12 24 RWF https://shop.example http://[ https://x:y/
            https://\u2100.example
            """.split()
        ),
    )
)
def test_whatever_is_saved_is_a_configuration_or_problems_on_fields(
    changes: dict[str, str | None],
) -> None:
    try:
        configuration = read_configuration(fields(**changes))
    except ValidationError as error:
        assert set(error.error_dict) <= set(CONFIG_STRUCTURE)
        assert found_in("".join(traceback.format_exception(error)), SECRETS) == []
        return
    assert configuration.base_url.startswith("http")
    assert all(len(code) == 3 for code in configuration.supported_currencies)


# The credentials


def checked(**changes: Any) -> None:
    configuration = read_configuration(fields(**changes))
    check_credentials(configuration.client(), configuration)


def test_credentials_that_work(provider: Provider) -> None:
    provider.tells("GET balance", {"status": "success", "data": []})
    checked()
    assert provider.calls[0].headers["X-DGS-API-Key"] == API_KEY


@pytest.mark.parametrize("error_code", ["90", "91"])
def test_credentials_that_are_refused(provider: Provider, error_code: str) -> None:
    provider.tells("GET balance", {"error_code": error_code}, status=401)
    with pytest.raises(ValidationError) as refused:
        checked()
    [problem] = refused.value.error_dict["api_key"]
    assert error_code in problem.message
    assert problem.code == PluginErrorCode.INVALID.value
    assert found_in(shown_by(refused.value), SECRETS) == []


@pytest.mark.parametrize(
    ("changes", "url", "field"),
    [
        ({}, SANDBOX_URL, "environment"),
        ({"environment": "live"}, LIVE_URL, "environment"),
        ({"sandbox_url": "https://own.example"}, "https://own.example", "sandbox_url"),
    ],
)
def test_provider_that_does_not_answer(
    provider: Provider, changes: dict[str, str], url: str, field: str
) -> None:
    provider.tells("GET balance", "<html>", status=503)
    with pytest.raises(ValidationError) as refused:
        checked(**changes)
    assert [call.base_url for call in provider.calls] == [url]
    assert list(refused.value.error_dict) == [field]
    assert found_in(shown_by(refused.value), SECRETS) == []


def test_provider_that_is_not_there() -> None:
    with pytest.raises(ValidationError) as refused:
        checked(sandbox_url=f"http://127.0.0.1:{free_port()}")
    assert list(refused.value.error_dict) == ["sandbox_url"]


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(
    ("answer", "status"),
    [
        pytest.param("<html>", 200, id="a page"),
        pytest.param("<html>", 404, id="no such page"),
        pytest.param({}, 404, id="JSON, and no such page"),
        pytest.param({}, 403, id="JSON, and a refusal"),
        pytest.param({"error_code": "99"}, 500, id="99"),
        pytest.param(NO_ANSWER, 200, id="silence"),
        pytest.param(NOT_CONNECTED, 200, id="refused"),
    ],
)
def test_staff_learn_nothing_of_what_answers_at_a_sandbox_url(
    provider: Provider,
    caplog: pytest.LogCaptureFixture,
    answer: Answer,
    status: int,
) -> None:
    provider.tells("GET balance", answer, status=status)
    with pytest.raises(ValidationError) as refused:
        checked(sandbox_url="https://10.0.0.7:8443")
    assert refused.value.message_dict == {
        "sandbox_url": ["DGS-Pay could not be asked. The log has the reason."]
    }
    [record] = caplog.records
    assert record.getMessage().startswith("DGS-Pay could not be asked: ")
