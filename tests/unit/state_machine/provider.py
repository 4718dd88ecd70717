"""A small DGS-Pay in memory, below the plugin's client."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

from urllib3 import HTTPResponse

from tests.unit.browser import address_data, card_data, pin_data
from tests.unit.dgspay import NO_ANSWER, NOT_CONNECTED, Call

from .workers import WorkerKilled

RIGHT_OTP, WRONG_OTP = "135790", "024680"
WRONG_ANSWERS_ALLOWED = 3


class Step(StrEnum):
    """What a charge waits for, as DGS-Pay names it."""

    PIN = "requires_pin"
    OTP = "requires_otp"
    ADDRESS = "requires_additional_fields"
    BANK_PAGE = "redirect_url"
    DECISION = "pending"
    """Of DGS-Pay alone: no next action."""


STEP_OF_AUTH_TYPE = {"pin": Step.PIN, "otp": Step.OTP, "avs": Step.ADDRESS}


class Card(StrEnum):
    """A card by what it does."""

    APPROVED = "approved"
    DECLINED = "declined"
    PIN = "PIN"
    PIN_THEN_OTP = "PIN, OTP"
    ADDRESS_THEN_BANK_PAGE = "address, bank's page"
    BANK_PAGE = "bank's page"
    PENDING = "pending"


STEPS = {
    Card.PIN: (Step.PIN,),
    Card.PIN_THEN_OTP: (Step.PIN, Step.OTP),
    Card.ADDRESS_THEN_BANK_PAGE: (Step.ADDRESS, Step.BANK_PAGE),
    Card.BANK_PAGE: (Step.BANK_PAGE,),
    Card.PENDING: (Step.DECISION,),
}


class Fault(StrEnum):
    """What goes wrong with one request that can move money."""

    NOT_CONNECTED = "no connection"
    REFUSED = "error 90"
    BROKEN_BEFORE = "error 99, not processed"
    BROKEN_AFTER = "error 99, processed"
    ANSWER_LOST = "answer lost"
    KILLED_BEFORE = "worker killed before it"
    KILLED_AFTER = "worker killed after it"


@dataclass
class Charge:
    reference: str
    amount: Decimal
    currency: str
    email: str
    """Of one cart alone."""
    callback_url: str
    nonce: str
    created_at: str
    steps: list[Step]
    is_good: bool
    status: str = "pending"
    wrong_answers: int = 0
    refunded: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        self._go_on()

    @property
    def subject(self) -> str:
        """What the store signed into its callback_url: payment-12, transaction-3."""
        path = urlsplit(self.callback_url).path
        return path.rstrip("/").rpartition("/")[2].partition(":")[0]

    @property
    def title(self) -> str:
        kind, _, key = self.subject.partition("-")
        return f"{kind.capitalize()} {key}"

    @property
    def waits_for(self) -> Step | None:
        return self.steps[0] if self.steps else None

    @property
    def is_paid(self) -> bool:
        return self.status == "successful"

    @property
    def may_be_paid_without_the_store(self) -> bool:
        return self.waits_for in (Step.BANK_PAGE, Step.DECISION)

    @property
    def kept(self) -> Decimal:
        """What the customer has paid by it and not got back."""
        return self.amount - self.refunded if self.is_paid else Decimal(0)

    def pass_step(self) -> None:
        self.steps.pop(0)
        self._go_on()

    def refuse_answer(self) -> None:
        self.wrong_answers += 1
        if self.wrong_answers == WRONG_ANSWERS_ALLOWED:
            self.conclude(is_paid=False)

    def conclude(self, *, is_paid: bool) -> None:
        self.steps.clear()
        self.status = "successful" if is_paid else "failed"

    def _go_on(self) -> None:
        if not self.steps:
            self.conclude(is_paid=self.is_good)

    def told(self) -> dict[str, Any]:
        """Its answer to POST, which names no amount."""
        step = self.waits_for
        answer = {"dgs_reference": self.reference, "transaction_status": self.status}
        if step and step is not Step.DECISION:
            answer["next_action_type"] = str(step)
        if step is Step.BANK_PAGE:
            answer["redirect_url"] = f"https://bank.example/{self.reference}"
        if self.status == "failed":
            answer["processor_response"] = "do_not_honor"
        return answer

    def row(self) -> dict[str, Any]:
        """As GET /transactions tells it."""
        return {
            **self.told(),
            "amount": str(self.amount),
            "currency": self.currency,
            "created_at": self.created_at,
        }


@dataclass(frozen=True)
class Webhook:
    charge: Charge

    @property
    def body(self) -> bytes:
        event = "payment.success" if self.charge.is_paid else "payment.failed"
        return json.dumps({"event": event, "data": self.charge.row()}).encode()


@dataclass
class DgsPay:
    """In the place of `tests.unit.dgspay.Provider`, with charges of its own."""

    now: Callable[[], str]
    sees_post: Callable[[Charge, str | None], None]
    """Told of each POST that can move money before it is processed: the charge and
    the nonce that came with it."""
    charges: list[Charge] = field(default_factory=list)
    webhooks: list[Webhook] = field(default_factory=list)
    """All that were ever due; the machine delivers them."""
    fault: Fault | None = None
    """Of the next POST."""
    answers_status: bool = True
    """Whether GET gets an answer."""
    _cards: dict[str, Card] = field(default_factory=dict)
    """By nonce: their ciphertexts cannot be read here."""
    _right_pins: set[str] = field(default_factory=set)
    _keys: set[str] = field(default_factory=set)

    def clear(self) -> None:
        self.charges.clear()
        self.webhooks.clear()
        self._keys.clear()
        self.fault, self.answers_status = None, True

    # --- what the browser sends ---------------------------------------------------

    def card(self, card: Card) -> dict[str, object]:
        data = card_data()
        self._cards[str(data["card_nonce"])] = card
        return data

    def pin(self, *, is_right: bool) -> dict[str, object]:
        data = pin_data()
        if is_right:
            self._right_pins.add(str(data["auth_pin_nonce"]))
        return data

    @staticmethod
    def otp(*, is_right: bool) -> dict[str, object]:
        return {"type": "otp", "auth_otp": RIGHT_OTP if is_right else WRONG_OTP}

    @staticmethod
    def address() -> dict[str, object]:
        return address_data()

    # --- what happens there -------------------------------------------------------

    def of_cart(self, email: str) -> list[Charge]:
        return [charge for charge in self.charges if charge.email == email]

    def decide(self, charge: Charge, *, is_paid: bool) -> None:
        """The bank's page was answered, or DGS-Pay has made up its mind."""
        charge.conclude(is_paid=is_paid)
        self.webhooks.append(Webhook(charge))

    # --- the API ------------------------------------------------------------------

    def answers(self, call: Call) -> HTTPResponse:
        if call.method == "GET":
            if not self.answers_status:
                raise NO_ANSWER
            return _answer(*self._told(call.path))
        fault, self.fault = self.fault, None
        if fault is Fault.KILLED_BEFORE:
            raise WorkerKilled
        if fault is Fault.NOT_CONNECTED:
            raise NOT_CONNECTED
        if fault is Fault.REFUSED:
            return _answer(400, {"error_code": "90", "message": "not valid"})
        if fault is Fault.BROKEN_BEFORE:
            return _answer(500, {"error_code": "99"})
        answer = self._charge(call) if call.path == "charges" else self._step(call)
        if fault is Fault.KILLED_AFTER:
            raise WorkerKilled
        if fault is Fault.ANSWER_LOST:
            raise NO_ANSWER
        if fault is Fault.BROKEN_AFTER:
            return _answer(500, {"error_code": "99"})
        return _answer(*answer)

    def _told(self, path: str) -> tuple[int, Mapping[str, Any]]:
        name, _, rest = path.partition("/")
        if rest:
            charge = self._find(rest)
            return (200, charge.row()) if charge else (404, {"error_code": "92"})
        wanted = parse_qs(urlsplit(name).query)["status"]
        assert wanted == ["success"]
        rows = [charge.row() for charge in self.charges if charge.is_paid]
        return 200, {"data": rows, "pagination": {"pages": 1}}

    def _charge(self, call: Call) -> tuple[int, Mapping[str, Any]]:
        fields = call.fields
        nonce = fields["card_nonce"]
        card = self._cards[nonce]
        charge = Charge(
            reference=f"DGS-{len(self.charges) + 1}",
            amount=Decimal(str(fields["amount"])),
            currency=fields["currency"],
            email=fields["customer_email"],
            callback_url=fields["callback_url"],
            nonce=nonce,
            created_at=self.now(),
            steps=list(STEPS.get(card, ())),
            is_good=card is not Card.DECLINED,
        )
        self.sees_post(charge, nonce)
        key = call.headers["X-Idempotency-Key"]
        if key in self._keys:
            return 409, {"error_code": "93"}
        self._keys.add(key)
        self.charges.append(charge)
        return self._after(charge)

    def _step(self, call: Call) -> tuple[int, Mapping[str, Any]]:
        fields = call.fields
        charge = self._find(fields["dgs_reference"])
        assert charge
        nonce = fields.get("auth_pin_nonce")
        self.sees_post(charge, nonce)
        if charge.waits_for is not STEP_OF_AUTH_TYPE[fields["auth_type"]]:
            return 400, {"error_code": "90", "message": "not waited for"}
        match fields["auth_type"]:
            case "pin":
                is_right = nonce in self._right_pins
            case "otp":
                is_right = fields["auth_otp"] == RIGHT_OTP
            case _:
                is_right = True
        if is_right:
            charge.pass_step()
        else:
            charge.refuse_answer()
        return self._after(charge)

    def _after(self, charge: Charge) -> tuple[int, Mapping[str, Any]]:
        if charge.status != "pending":
            self.webhooks.append(Webhook(charge))
        return 200, charge.told()

    def _find(self, reference: str) -> Charge | None:
        found = (c for c in self.charges if c.reference == reference)
        return next(found, None)


def _answer(status: int, body: Mapping[str, Any]) -> HTTPResponse:
    content = BytesIO(json.dumps(body).encode())
    return HTTPResponse(content, {}, status, preload_content=False)
