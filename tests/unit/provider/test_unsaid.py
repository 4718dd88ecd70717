"""No failure of a request shows what was sent."""

from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr

from dgspay_plugin.payment.card_data import Otp
from dgspay_plugin.provider.errors import (
    ProviderError,
)
from tests.hosts.network import free_port
from tests.unit.leaks import found_in, logged, shown_by

from .api import ANSWER, API_KEY, charge_request, client_of
from .raw_server import (
    Behaviour,
    Serve,
    answering,
    hang_up,
    stay_silent,
)


@pytest.fixture(params=["refused", "cut", "silence", "HTML", "90", "99", "another"])
def failing_url(request: pytest.FixtureRequest, serve: Serve) -> Iterator[str]:
    behaviours: dict[str, Behaviour] = {
        "cut": hang_up,
        "silence": stay_silent,
        "HTML": answering(b"<html>"),
        "90": answering(b'{"error_code": "90", "message": "no"}'),
        "99": answering(b'{"error_code": "99"}', status=b"500 Oh"),
        "another": answering(ANSWER.replace(b"DGS-1", b"DGS-2")),
    }
    if request.param == "refused":
        yield f"http://127.0.0.1:{free_port()}"
    else:
        yield serve(behaviours[request.param]).url


def test_no_failure_shows_what_was_sent(
    failing_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    request = charge_request()
    otp = "84Q207ZK"
    errors: list[ProviderError] = []
    client = client_of(failing_url, read_timeout=0.2)
    sends: list[Callable[[], object]] = [
        lambda: client.charge(request, "key-1"),
        lambda: client.authorize("DGS-1", Otp(auth_otp=SecretStr(otp))),
    ]
    for send in sends:
        try:
            send()
        except ProviderError as error:
            errors.append(error)
    assert errors
    secrets = [API_KEY, otp, "amina@example.com", *request.method.fields().values()]
    for raised in errors:
        assert found_in(shown_by(raised), secrets) == []
    assert found_in(logged(caplog.records), secrets) == []


@pytest.mark.parametrize("status", [b"200 OK", b"400 Bad", b"500 Oh"])
def test_card_data_that_the_provider_quotes_is_not_repeated(
    serve: Serve, status: bytes
) -> None:
    request = charge_request()
    for value in request.method.fields().values():
        body = b'{"error_code": "90", "message": "bad value %s"}' % value.encode()
        server = serve(answering(body, status=status))
        with pytest.raises(ProviderError) as raised:
            client_of(server.url).charge(request, "key-1")
        assert found_in(shown_by(raised.value), [value, value[:12]]) == []
