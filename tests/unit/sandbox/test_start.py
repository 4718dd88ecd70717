"""``python -m dgspay_plugin.sandbox``, as a developer starts it."""

import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from .client import CHARGE, CREDENTIALS, PIN_OTP, Merchant, card, pin


@contextmanager
def started(*flags: str) -> Iterator[tuple[str, list[str], subprocess.Popen[str]]]:
    """Start a sandbox on a free port; give its URL and what it printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dgspay_plugin.sandbox", "--port", "0", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    try:
        printed: list[str] = []
        while "Ctrl-C" not in (line := process.stdout.readline()):
            assert process.poll() is None, "".join(printed)
            printed.append(line)
        [url, *_] = re.findall(r"http://127\.0\.0\.1:\d+", "".join(printed))
        yield url, printed, process
    finally:
        process.kill()
        process.communicate()


def test_it_says_where_it_is_and_what_it_is_not():
    with started() as (url, printed, _):
        text = "".join(printed)
        assert "This is not DGS-Pay" in text
        assert f"{url}/generation/v2" in text
        for value in (*CREDENTIALS.values(), "ZGdzcGF5", "sandbox-webhook-secret"):
            assert value in text
        with Merchant(url) as merchant:
            assert merchant.call("GET", "/balance").status_code == 200


def test_its_credentials_can_be_set():
    key = "b3RoZXItZW5jcnlwdGlvbi1rZXktb3RoZXIta2V5ISE="
    flags = ("--api-key", "k", "--account-number", "a", "--encryption-key", key)
    headers = {"X-DGS-API-Key": "k", "X-DGS-ACCOUNT-NUMBER": "a"}
    with started(*flags) as (url, _, _), Merchant(url) as merchant:
        assert merchant.call("GET", "/balance").status_code == 401
        body = CHARGE | card(key=key)
        charge = merchant.call("POST", "/charges", body, headers=headers)
        assert charge.status_code == 201


def test_the_nonce_may_have_24_characters():
    with started("--nonce-format", "24") as (url, _, _), Merchant(url) as merchant:
        assert merchant.charge(**card(nonce=secrets.token_hex(12))).status_code == 201
        assert merchant.charge(**card()).status_code == 400


def test_a_wrong_encryption_key_is_said_at_once():
    ended = subprocess.run(
        [sys.executable, "-m", "dgspay_plugin.sandbox", "--encryption-key", "short"],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert ended.returncode == 1
    assert ended.stderr == "--encryption-key must be base64 of 32 bytes.\n"


def test_it_ends_on_ctrl_c_whatever_is_under_way():
    with started() as (url, _, process), Merchant(url) as merchant:
        merchant.order_fault("charge", delay=60)
        try:
            merchant.charge(timeout=0.2)
        except requests.ReadTimeout:
            process.send_signal(signal.SIGINT)
        process.wait(5)


def test_nothing_it_tells_or_prints_is_card_data():
    """Log, page and control API, after good, bad and broken requests."""
    number, cvv, wrong_pin, wrong_otp = PIN_OTP, "8317", "8642", "975310"
    nonce, pin_nonce = secrets.token_hex(6), secrets.token_hex(6)
    sent_card = card(number, cvv=cvv, nonce=nonce, year="2087")
    sent_pin = pin(wrong_pin, pin_nonce)
    with started() as (url, printed, process), Merchant(url) as merchant:
        merchant.charge(**sent_card, narration="")
        reference = merchant.start(**sent_card)["dgs_reference"]
        merchant.authorize(reference, **sent_pin)
        merchant.authorize(reference, **sent_pin)
        merchant.authorize(reference, **pin())
        merchant.authorize(reference, auth_type="otp", auth_otp=wrong_otp)
        merchant.order_fault("charge", cut="during")
        try:
            merchant.charge(**card(number, cvv=cvv))
        except OSError:
            told = [
                merchant.session.get(url + path, timeout=10).text
                for path in (
                    "/_sandbox/charges",
                    "/_sandbox/requests",
                    "/_sandbox/webhooks",
                    "/_sandbox/faults",
                )
            ]
            told.append(merchant.session.get(url, timeout=10).text)
        process.send_signal(signal.SIGINT)
        told += [*printed, process.communicate(timeout=10)[0]]
    text = "\n".join(told)
    assert reference in text
    secret_values = [
        number,
        cvv,
        "2087",
        wrong_pin,
        wrong_otp,
        *sent_card.values(),
        *sent_pin.values(),
    ]
    for value in secret_values:
        if value != "pin":
            assert value not in text, value
