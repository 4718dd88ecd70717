"""What goes wrong with a request when a test has ordered it."""

import json
import socket
import time
from urllib.parse import urlsplit

import pytest
import requests

from .client import CHARGE, CREDENTIALS, PIN_CARD, card, pin


def raw_charge(merchant):
    """Send a charge through a bare socket; return every byte until it closes."""
    address = urlsplit(merchant.url)
    body = json.dumps(CHARGE | card()).encode()
    headers = CREDENTIALS | {
        "Host": address.netloc,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"POST /generation/v2/charges HTTP/1.1\r\n{head}\r\n".encode() + body
    with socket.create_connection((address.hostname, address.port), 5) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
    return answer


def charges(merchant):
    return len(merchant.control("GET", "/charges"))


class TestCut:
    def test_before_processing(self, merchant):
        merchant.order_fault("charge", cut="before")
        assert raw_charge(merchant) == b""
        assert charges(merchant) == 0

    def test_after_processing(self, merchant):
        merchant.order_fault("charge", cut="after")
        assert raw_charge(merchant) == b""
        assert charges(merchant) == 1

    def test_during_the_answer(self, merchant):
        merchant.order_fault("charge", cut="during")
        head, _, body = raw_charge(merchant).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 201")
        [length] = [
            int(line.split(b":")[1])
            for line in head.lower().splitlines()
            if line.startswith(b"content-length:")
        ]
        assert 0 < len(body) < length
        assert charges(merchant) == 1

    @pytest.mark.parametrize("cut", ["before", "during", "after"])
    def test_an_http_client_sees_the_connection_lost(self, merchant, cut, caplog):
        merchant.order_fault("charge", cut=cut)
        with pytest.raises(
            (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
        ):
            merchant.charge()
        assert merchant.charge().status_code == 201
        assert not caplog.records


class TestStatus:
    @pytest.mark.parametrize("processed", [True, False])
    def test_it_may_hide_what_happened(self, merchant, processed):
        merchant.order_fault("charge", status=503, processed=processed)
        answer = merchant.charge()
        assert answer.status_code == 503
        assert "text/html" in answer.headers["Content-Type"]
        assert charges(merchant) == processed

    def test_nothing_happens_unless_ordered(self, merchant):
        merchant.order_fault("charge", status=502)
        assert merchant.charge().status_code == 502
        assert charges(merchant) == 0


class TestErrorCode:
    @pytest.mark.parametrize(
        ("code", "status"),
        [("90", 400), ("91", 401), ("92", 404), ("93", 409), ("99", 500)],
    )
    def test_it_comes_in_the_envelope(self, merchant, code, status):
        merchant.order_fault("charge", error_code=code)
        answer = merchant.charge()
        assert answer.status_code == status
        assert answer.json()["error_code"] == code
        assert charges(merchant) == 0

    def test_it_may_hide_a_charge(self, merchant):
        merchant.order_fault("charge", error_code="99", processed=True)
        assert merchant.charge().json()["status"] == "failed"
        assert charges(merchant) == 1


def test_garbage_hides_a_charge(merchant):
    merchant.order_fault("charge", body="<html>")
    answer = merchant.charge()
    assert (answer.status_code, answer.text) == (200, "<html>")
    assert charges(merchant) == 1


class TestDelay:
    def test_the_answer_waits_and_the_charge_does_not(self, merchant):
        merchant.order_fault("charge", delay=0.6)
        with pytest.raises(requests.ReadTimeout):
            merchant.charge(timeout=0.2)
        assert charges(merchant) == 1

    def test_the_charge_waits(self, merchant):
        merchant.order_fault("charge", delay_processing=0.6)
        with pytest.raises(requests.ReadTimeout):
            merchant.charge(timeout=0.2)
        assert charges(merchant) == 0
        time.sleep(0.7)
        assert charges(merchant) == 1

    def test_other_requests_do_not_wait(self, merchant):
        merchant.order_fault("charge", delay=0.6)
        with pytest.raises(requests.ReadTimeout):
            merchant.charge(timeout=0.1)
        start = time.monotonic()
        assert merchant.call("GET", "/balance").status_code == 200
        assert time.monotonic() - start < 0.3


def test_a_fault_spoils_as_many_requests_as_ordered(merchant):
    merchant.order_fault("balance", status=500, times=2)
    statuses = [merchant.call("GET", "/balance").status_code for _ in range(3)]
    assert statuses == [500, 500, 200]


def test_faults_come_in_order(merchant):
    merchant.order_fault("balance", status=500)
    merchant.order_fault("balance", status=502)
    statuses = [merchant.call("GET", "/balance").status_code for _ in range(3)]
    assert statuses == [500, 502, 200]


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        ("balance", "GET", "/balance"),
        ("transactions", "GET", "/transactions"),
        ("transaction", "GET", "/transactions/DGS-1"),
        ("authorize", "POST", "/authorize"),
        ("charge", "POST", "/charges"),
    ],
)
def test_a_fault_spoils_its_own_operation_only(merchant, operation, method, path):
    merchant.order_fault(operation, status=503)
    others = {"/balance", "/transactions"} - {path}
    assert all(merchant.call("GET", other).status_code == 200 for other in others)
    assert merchant.call(method, path, {}).status_code == 503


def test_a_fault_can_be_for_one_charge(merchant):
    spoilt, sound = (merchant.start(PIN_CARD)["dgs_reference"] for _ in range(2))
    for operation in ("authorize", "transaction"):
        merchant.order_fault(operation, status=503, reference=spoilt)
    assert merchant.authorize(sound, **pin()).status_code == 200
    assert merchant.call("GET", f"/transactions/{sound}").status_code == 200
    assert merchant.authorize(spoilt, **pin()).status_code == 503
    assert merchant.call("GET", f"/transactions/{spoilt}").status_code == 503


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"operation": "refund", "status": 500},
        {"operation": "charge"},
        {"operation": "charge", "times": 0, "status": 500},
        {"operation": "charge", "cut": "sideways"},
        {"operation": "charge", "cut": "before", "processed": True},
        {"operation": "charge", "delay": 1, "processed": False},
        {"operation": "charge", "delay": -1},
        {"operation": "charge", "error_code": "42"},
        {"operation": "charge", "status": 42},
        {"operation": "charge", "forge": True},
        {"operation": "webhook"},
        {"operation": "webhook", "status": 500},
    ],
)
def test_an_impossible_fault_is_refused(merchant, order):
    answer = merchant.session.post(
        f"{merchant.url}/_sandbox/faults", json=order, timeout=10
    )
    assert answer.status_code == 400
    assert merchant.control("GET", "/faults") == []


def test_faults_are_cleared(merchant):
    merchant.order_fault("balance", status=500)
    merchant.order_fault("webhook", drop=True)
    assert [fault["times"] for fault in merchant.control("GET", "/faults")] == [1, 1]
    assert merchant.control("DELETE", "/faults") == []
    assert merchant.call("GET", "/balance").status_code == 200
