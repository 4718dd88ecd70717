"""Play every documented scenario, and keep what was heard."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from dgspay_plugin.configuration import Configuration
from dgspay_plugin.payment.card_data import NonceFormat
from dgspay_plugin.payment.outcome import (
    NextAction,
    ProviderTransaction,
    TransactionStatus,
)
from dgspay_plugin.probe.example_card import ADDRESS, OTP, Keyboard
from dgspay_plugin.provider.errors import ProviderError
from dgspay_plugin.provider.json_text import read_json
from dgspay_plugin.provider.messages import raise_for_error, read_transaction

TIMEOUT = 30.0
AMOUNT = 1000
CUSTOMER = {
    "customer_email": "probe@example.com",
    "customer_first_name": "Probe",
    "customer_last_name": "Probe",
    "customer_phone": "788123456",
    "customer_phone_country_code": "250",
}
APPROVED = "issuer:approved"
STEPS = ("auth_pin", "auth_pin_3ds", "auth_3ds", "auth_avs")
ISSUERS = (
    "insufficient_funds",
    "incorrect_pin",
    "expired_card",
    "invalid_cvv",
    "do_not_honor",
    "system_error",
)
NONCE_FORMATS: tuple[NonceFormat, ...] = ("12", "24")
MOST_STEPS = 4


class ProbeFailed(Exception):
    """Nothing can be found out; it says why in words of our own."""


@dataclass(frozen=True)
class Heard:
    """One answer, and what it was an answer to."""

    request: str
    """Like POST /charges."""
    scenario: str | None
    """The ``scenario_key`` of its charge."""
    http_status: int
    answer: Any
    """JSON; None where it was none."""
    heard_at: dt.datetime

    def transaction(self) -> ProviderTransaction:
        """The transaction as a payment would read it.

        Raises:
            ProviderError: a payment could not.
        """
        return read_transaction(raise_for_error(self.http_status, self.answer))

    @property
    def is_accepted(self) -> bool:
        try:
            raise_for_error(self.http_status, self.answer)
        except ProviderError:
            return False
        return True


@dataclass
class Play:
    """What was heard of everything that was played."""

    nonce_format: NonceFormat
    currency: str
    heard: list[Heard] = field(default_factory=list)
    refused_nonces: list[NonceFormat] = field(default_factory=list)
    first_with_key: Heard | None = None
    second_with_key: Heard | None = None

    def of(self, request: str) -> list[Heard]:
        return [heard for heard in self.heard if heard.request == request]

    @property
    def about_charges(self) -> list[Heard]:
        """Accepted answers about one charge, its details left out."""
        answers = [*self.of("POST /charges"), *self.of("POST /authorize")]
        return [heard for heard in answers if heard.is_accepted]

    @property
    def details(self) -> list[Heard]:
        found = self.of("GET /transactions/{dgs_reference}")
        return [heard for heard in found if heard.is_accepted]


class Player:
    """Plays with one merchant account's sandbox, over HTTP of its own."""

    def __init__(self, configuration: Configuration) -> None:
        """Take a configuration for the sandbox.

        Raises:
            ProbeFailed: it is for live, where money would move.
        """
        if configuration.environment != "sandbox":
            raise ProbeFailed("this channel takes real money: only a sandbox is probed")
        self._configuration = configuration
        self._base_url = configuration.base_url
        self._currency = configuration.supported_currencies[0]
        self._headers = {
            "X-DGS-API-Key": configuration.api_key.get_secret_value(),
            "X-DGS-ACCOUNT-NUMBER": configuration.account_number,
        }

    def play(self, tell: Callable[[str], object]) -> Play:
        """Play all there is, and tell what is about to be played.

        Raises:
            ProbeFailed: the sandbox cannot be asked, or accepts no charge.
        """
        tell("The balance")
        balance = self._ask("GET", "balance", None)
        if not balance.is_accepted:
            raise ProbeFailed(
                f"GET /balance was answered with HTTP {balance.http_status}: check the "
                "API key, the account number and the sandbox URL"
            )
        tell("An approved card")
        play = self._find_nonce_format()
        play.heard.insert(0, balance)
        keyboard = self._keyboard(play.nonce_format)
        for step in STEPS:
            tell(f"Approved after {step}")
            self._charge(play, keyboard, f"scenario:{step}&{APPROVED}")
        for issuer in ISSUERS:
            tell(f"Declined as {issuer}")
            steps = "scenario:auth_pin&" if issuer == "incorrect_pin" else ""
            self._charge(play, keyboard, f"{steps}issuer:{issuer}")
        tell("One idempotency key, twice")
        key = str(uuid.uuid4())
        play.first_with_key = self._send_charge(keyboard, APPROVED, key)
        play.second_with_key = self._send_charge(keyboard, APPROVED, key)
        tell("Transactions")
        self._look_up(play)
        return play

    def _keyboard(self, nonce_format: NonceFormat) -> Keyboard:
        return Keyboard(self._configuration.encryption_key, nonce_format)

    def _find_nonce_format(self) -> Play:
        refused: list[NonceFormat] = []
        for nonce_format in NONCE_FORMATS:
            first = self._send_charge(self._keyboard(nonce_format), APPROVED)
            if first.is_accepted:
                return Play(nonce_format, self._currency, [first], refused)
            refused.append(nonce_format)
        raise ProbeFailed(
            f"no charge was accepted, the last with HTTP {first.http_status}: check "
            "the encryption key"
        )

    def _charge(self, play: Play, keyboard: Keyboard, scenario: str) -> None:
        """Charge, and take the steps that are asked for, but a bank's page."""
        heard = self._send_charge(keyboard, scenario)
        play.heard.append(heard)
        for _ in range(MOST_STEPS):
            try:
                told = heard.transaction()
            except ProviderError:
                return
            step = self._step(keyboard, told)
            if step is None:
                return
            body = {"dgs_reference": told.reference, **step}
            heard = self._ask("POST", "authorize", body, scenario)
            play.heard.append(heard)

    def _step(
        self, keyboard: Keyboard, told: ProviderTransaction
    ) -> Mapping[str, str] | None:
        if told.status is TransactionStatus.FAILED:
            return None
        match told.next_action:
            case NextAction.PIN:
                return {"auth_type": "pin", **keyboard.pin()}
            case NextAction.OTP:
                return {"auth_type": "otp", "auth_otp": OTP}
            case NextAction.AVS:
                return {"auth_type": "avs", **ADDRESS}
            case _:
                return None

    def _look_up(self, play: Play) -> None:
        for heard in list(play.about_charges):
            try:
                told = heard.transaction()
            except ProviderError:
                continue
            if told.next_action is None and told.reference:
                path = f"transactions/{told.reference}"
                play.heard.append(self._ask("GET", path, None, heard.scenario))
        play.heard.append(self._ask("GET", "transactions?page=1&limit=20", None))

    def _send_charge(
        self, keyboard: Keyboard, scenario: str, key: str | None = None
    ) -> Heard:
        body = {
            "amount": AMOUNT,
            "currency": self._currency,
            "payment_type": "card",
            **CUSTOMER,
            "redirect_url": self._configuration.return_url,
            "narration": "dgspay_probe",
            "scenario_key": scenario,
            **keyboard.card(),
        }
        return self._ask("POST", "charges", body, scenario, key or str(uuid.uuid4()))

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        scenario: str | None = None,
        key: str | None = None,
    ) -> Heard:
        headers = {**self._headers, **({"X-Idempotency-Key": key} if key else {})}
        try:
            response = requests.request(
                method,
                f"{self._base_url}/{path}",
                json=body,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # Its words and its frames hold what was sent.
            raise ProbeFailed(
                f"{method} /{path.partition('/')[0].partition('?')[0]} brought no "
                f"answer ({type(error).__name__})"
            ) from None
        try:
            answer = read_json(response.text)
        except (ValueError, RecursionError):
            answer = None
        name = path.partition("?")[0]
        if name.startswith("transactions/"):
            name = "transactions/{dgs_reference}"
        now = dt.datetime.now(dt.UTC)
        return Heard(f"{method} /{name}", scenario, response.status_code, answer, now)
