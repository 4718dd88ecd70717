"""Whatever Sentry's client hands to its transport has passed through the plugin."""

import json
from collections.abc import Iterator

import pytest
import sentry_sdk
from sentry_sdk import logger
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from dgspay_plugin.observers import sentry
from tests.unit.browser import card_data
from tests.unit.leaks import found_in


class Recorder(Transport):
    """Sends nothing, and knows all that it should have sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope)

    def text(self) -> str:
        return "\n".join(envelope.serialize().decode() for envelope in self.sent)


@pytest.fixture(autouse=True)
def no_client_left() -> Iterator[None]:
    """Its thread runs on until it is closed; a client adds headers to all requests."""
    yield
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.get_global_scope().set_client(None)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A Sentry that is set up after the plugin was loaded."""
    sentry.install()
    recorder = Recorder()
    sentry_sdk.init(
        "http://key@127.0.0.1:9/1",
        transport=recorder,
        traces_sample_rate=1.0,
        default_integrations=False,
        _experiments={"enable_logs": True},
    )
    yield recorder


@pytest.fixture
def step() -> dict[str, object]:
    return card_data()


@pytest.fixture
def secrets(step: dict[str, object]) -> list[str]:
    return [str(value) for name, value in step.items() if name != "type"]


def test_client_of_the_store_is_redacted_from_its_first_event(
    recorder: Recorder, step: dict[str, object], secrets: list[str]
) -> None:
    sentry_sdk.capture_message("first", contexts={"payment": step})

    assert len(recorder.sent) == 1
    assert "first" in recorder.text()
    assert not found_in(recorder.text(), secrets)


def test_client_that_was_there_before(
    recorder: Recorder, step: dict[str, object], secrets: list[str]
) -> None:
    sentry.install()  # a log does not pass the event processors

    logger.error(f"first, {step}")
    sentry_sdk.flush()

    assert len(recorder.sent) == 1
    assert "first" in recorder.text()
    assert not found_in(recorder.text(), secrets)


def test_no_client() -> None:
    sentry_sdk.init()

    assert sentry.redact_client() is None


def test_transport_that_nothing_can_be_put_before(recorder: Recorder) -> None:
    class Rigid:
        __slots__ = ()

        def capture_envelope(self, envelope: Envelope) -> None:
            """Send it."""

    sentry_sdk.get_client().transport = Rigid()  # type: ignore[assignment]

    assert sentry.redact_client() is False
    sentry_sdk.get_client().transport = None


def test_exception_with_local_variables(
    recorder: Recorder, step: dict[str, object], secrets: list[str]
) -> None:
    try:
        body = json.dumps({"paymentData": json.dumps(step)}).encode()  # noqa: F841
        values = list(step.values())  # noqa: F841
        raise RuntimeError(f"broken: {step}")
    except RuntimeError as error:
        sentry_sdk.capture_exception(error)

    event = recorder.sent[0].get_event()
    assert event
    (exception,) = event["exception"]["values"]
    assert exception["value"].startswith("broken: {'type': 'card'")
    assert exception["stacktrace"]["frames"][-1]["function"] == (
        "test_exception_with_local_variables"
    )
    assert not found_in(recorder.text(), secrets)


def test_breadcrumbs_attachments_spans_and_logs(
    recorder: Recorder, step: dict[str, object], secrets: list[str]
) -> None:
    text = json.dumps(step)
    sentry.install()
    with sentry_sdk.isolation_scope() as scope:
        scope.add_attachment(bytes=text.encode(), filename="body.json")
        sentry_sdk.add_breadcrumb(message=f"sent {text}", data={"body": text})
        with (
            sentry_sdk.start_transaction(name="checkout") as transaction,
            sentry_sdk.start_span(name=f"POST ?data={text}") as span,
        ):
            span.set_data("body", text)
            transaction.set_tag("body", text[:150])
        sentry_sdk.capture_message("with an attachment")
        sentry_sdk.logger.error(f"sent {text}")
    sentry_sdk.flush()

    kinds = {item.type for envelope in recorder.sent for item in envelope.items}
    assert kinds >= {"event", "transaction", "attachment", "log"}
    assert "body.json" in recorder.text()
    assert not found_in(recorder.text(), secrets)


def test_event_arrives_without_the_part_that_cannot_be_read(
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(self: object, text: str) -> str:
        if "spoiled" in text:
            raise RuntimeError
        return text

    monkeypatch.setattr(
        "dgspay_plugin.observers.redaction._Redaction._without_secrets", broken
    )

    sentry_sdk.capture_message("kept", extras={"a": "spoiled: 1"})

    assert "kept" in recorder.text()
    assert "spoiled" not in recorder.text()
