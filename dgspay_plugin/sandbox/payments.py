"""The decisions of the API: what becomes of a charge request and of each step.

Every method is synchronous and runs in the server's one event loop, so that no
request can see another one half done.
"""

import datetime
import hashlib

from pydantic import SecretStr

from . import scenarios, wallets
from .card_crypto import CardCipher
from .cards import Behaviour, Card, NextAction
from .charges import Charge, Ledger
from .credentials import RIGHT_OTP, RIGHT_PIN
from .errors import ApiError, ErrorCode
from .messages import (
    AddressAuthorization,
    Authorization,
    CardCharge,
    MobileMoneyCharge,
    OtpAuthorization,
    PinAuthorization,
)


class Payments:
    """Takes charges and authorizations; keeps no card data of either."""

    def __init__(self, ledger: Ledger, cipher: CardCipher) -> None:
        self._ledger = ledger
        self._cipher = cipher
        self._used_keys: dict[str, Charge] = {}
        self._used_nonces: set[bytes] = set()

    def clear(self) -> None:
        self._ledger.clear()
        self._used_keys.clear()
        self._used_nonces.clear()

    def refuse_repeated(self, idempotency_key: str | None) -> None:
        """Raise ApiError (93) for a key that an accepted request has carried."""
        charge = self._used_keys.get(idempotency_key) if idempotency_key else None
        if charge is not None:
            if charge.idempotency_key == idempotency_key:
                charge.charge_requests += 1
            raise ApiError(
                ErrorCode.IDEMPOTENCY_CONFLICT,
                "this idempotency key was used before; use a unique key per request",
            )

    def charge(
        self, request: CardCharge | MobileMoneyCharge, idempotency_key: str | None
    ) -> Charge:
        """Look at the card or number once, decide what it will do, and forget it."""
        if isinstance(request, MobileMoneyCharge):
            behaviour, account = _wallet(request)
        else:
            behaviour, account = self._card(request), None
        charge = Charge(
            amount=request.amount,
            currency=request.currency,
            customer_email=request.customer_email,
            narration=request.narration,
            redirect_url=request.redirect_url,
            callback_url=request.callback_url,
            idempotency_key=idempotency_key,
            behaviour=behaviour,
            account=account,
        )
        self._ledger.add(charge)
        self._use_key(idempotency_key, charge)
        return charge

    def _card(self, request: CardCharge) -> Behaviour:
        nonce = request.card_nonce
        card = Card(
            number=self._decrypt(request.card_encrypted_number, nonce, "card number"),
            expiry_month=self._decrypt(
                request.card_encrypted_expiry_month, nonce, "expiry month"
            ),
            expiry_year=self._decrypt(
                request.card_encrypted_expiry_year, nonce, "expiry year"
            ),
            cvv=self._decrypt(request.card_encrypted_cvv, nonce, "CVV"),
        )
        card.check()
        behaviour = _behaviour(card, request.scenario_key)
        self._use_nonce(nonce)
        return behaviour

    def authorize(self, request: Authorization, idempotency_key: str | None) -> Charge:
        """Judge the customer's answer to the step that the charge asks for."""
        charge = self.find(request.dgs_reference)
        charge.authorize_requests += 1
        match request, charge.next_action:
            case PinAuthorization(), NextAction.PIN:
                pin = self._decrypt(
                    request.auth_pin_encrypted, request.auth_pin_nonce, "PIN"
                )
                self._use_nonce(request.auth_pin_nonce)
                _judge(charge, pin == RIGHT_PIN, "incorrect_pin")
            case OtpAuthorization(), NextAction.OTP:
                otp = request.auth_otp.get_secret_value()
                _judge(charge, otp == RIGHT_OTP, "incorrect_otp")
            case AddressAuthorization(), NextAction.ADDRESS:
                charge.pass_step()
            case _:
                raise ApiError(
                    ErrorCode.VALIDATION,
                    f"auth_type {request.auth_type} is not what this charge waits for",
                )
        self._use_key(idempotency_key, charge)
        return charge

    def find(self, dgs_reference: str) -> Charge:
        """Raise ApiError (92) for a reference that no charge has."""
        charge = self._ledger.find(dgs_reference)
        if charge is None:
            raise ApiError(ErrorCode.NOT_FOUND, "no transaction has this dgs_reference")
        return charge

    def _decrypt(self, ciphertext: SecretStr, nonce: SecretStr, name: str) -> str:
        try:
            return self._cipher.decrypt(
                ciphertext.get_secret_value(), nonce.get_secret_value()
            )
        except ValueError as error:
            raise ApiError(
                ErrorCode.VALIDATION, f"the encrypted {name} {error}"
            ) from None

    def _use_nonce(self, nonce: SecretStr) -> None:
        """AES-GCM breaks under a nonce used twice, so it is refused wherever it was.

        Only a digest is kept.
        """
        digest = hashlib.sha256(nonce.get_secret_value().lower().encode()).digest()
        if digest in self._used_nonces:
            raise ApiError(
                ErrorCode.VALIDATION, "the nonce was used before; make a fresh one"
            )
        self._used_nonces.add(digest)

    def _use_key(self, idempotency_key: str | None, charge: Charge) -> None:
        if idempotency_key:
            self._used_keys[idempotency_key] = charge


def _behaviour(card: Card, scenario_key: str | None) -> Behaviour:
    if scenario_key is not None:
        return scenarios.behaviour_of(scenario_key)
    return card.behaviour(datetime.datetime.now(datetime.UTC).date())


def _wallet(request: MobileMoneyCharge) -> tuple[Behaviour, str]:
    """What the account will do, and what may be shown of it."""
    number = request.mobile_money_phone
    account = f"{request.mobile_money_network} …{number[-3:]}"
    if request.scenario_key is not None:
        return scenarios.behaviour_of_mobile_money(request.scenario_key), account
    return wallets.behaviour_of(number), account


def _judge(charge: Charge, right: bool, refusal: str) -> None:
    if right:
        charge.pass_step()
    else:
        charge.refuse_answer(refusal)
