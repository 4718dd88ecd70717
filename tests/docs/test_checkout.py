"""The documented checkout is sent to a store, document by document, as it stands."""

import json
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest
from graphql.language.parser import parse
from graphql.language.printer import print_ast

from dgspay_plugin.payment.outcome import NextAction
from tests.demo.browser import Browser
from tests.demo.payment import CARD
from tests.demo.storefront import SNIPPET
from tests.docs.conftest import Send
from tests.docs.pages import Block, blocks, table
from tests.hosts.host import Host
from tests.scenarios import bank, cards, storefront_documents
from tests.scenarios.cardholder import Cardholder, PaymentData
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import PLUGIN_ID, Checkout, Store

CARD_THAT_ASKS_FOR = {
    "pin": cards.PIN,
    "otp": cards.OTP_BUT_CLAIMS_SUCCESS,
    "avs": cards.ADDRESS,
    "redirect": cards.BANK_PAGE,
    "wait": cards.PENDING,
}
APPROVE_ON_PHONE = "approve_on_phone"


def test_checkout_step_by_step(
    host: Host, store: Store, sandbox: Sandbox, send: Send
) -> None:
    """Answers are compared by shape; ids in them stand for the store's own."""
    reader = Reader(host, send)

    for block in blocks("graphql", "json variables", "json paymentData", "json answer"):
        reader.take(block)

    email = reader.variables[0]["input"]["email"]
    total = reader.answers[0]["data"]["checkoutCreate"]["checkout"]["totalPrice"]
    checkout = Checkout(
        reader.checkout_id, email, total["gross"]["amount"], total["gross"]["currency"]
    )
    assert reader.answers[-1]["data"]["checkoutComplete"]["order"]
    assert_paid_once(store, sandbox, checkout)


def test_checkout_by_transactions_step_by_step(
    host: Host, store: Store, sandbox: Sandbox, send: Send
) -> None:
    reader = Reader(host, send)
    checkout = store.new_checkout()
    (first, *_) = blocks("json transaction variables")
    reader.replaces(json.loads(first.text)["id"], checkout.id)

    for block in blocks(
        "graphql transactions", "json transaction variables", "json transaction answer"
    ):
        reader.take(block)

    assert reader.answers[-1]["data"]["checkoutComplete"]["order"]
    (charge,) = sandbox.charges(checkout.email)
    assert charge["transaction_status"] == "successful"
    order = store.order(checkout)
    assert order["chargeStatus"] == "FULL"


def test_documents_are_those_of_the_scenarios() -> None:
    """So that every scenario tests what the page shows."""
    scenarios = [
        storefront_documents.CREATE_CHECKOUT,
        storefront_documents.PAYMENT_GATEWAYS,
        storefront_documents.CREATE_PAYMENT,
        storefront_documents.COMPLETE_CHECKOUT,
        storefront_documents.INITIALIZE_GATEWAY,
        storefront_documents.INITIALIZE_TRANSACTION,
        storefront_documents.PROCESS_TRANSACTION,
    ]

    shown = [block.text for block in blocks("graphql", "graphql transactions")]
    # The last one is checkoutComplete once more, with less in it.
    assert "checkoutComplete(id: $checkoutId)" in shown.pop()

    assert [_canonical(d) for d in shown] == [_canonical(d) for d in scenarios]


@pytest.mark.parametrize("asks_for", CARD_THAT_ASKS_FOR)
def test_each_question_and_its_answer(
    asks_for: str, store: Store, sandbox: Sandbox
) -> None:
    question, answer = _question_and_answer(asks_for)
    cardholder = Cardholder()
    checkout = store.new_checkout()

    asked = store.pay(checkout, cardholder.card(CARD_THAT_ASKS_FOR[asks_for]))

    assert asked.confirmation
    assert _shape(asked.confirmation) == _shape(question)
    if asks_for == "redirect":
        bank.approve(asked.confirmation["redirect_url"])
    if asks_for == "wait":
        sandbox.change_charge(
            asked.confirmation["reference"], transaction_status="successful"
        )
    if asks_for == "pin":
        encrypted = cardholder.pin()
        assert encrypted.keys() == answer.keys()
        answer = encrypted
    assert store.complete(checkout, answer).order_id


def test_mobile_money_is_asked_for_on_the_phone(store: Store, sandbox: Sandbox) -> None:
    question, answer = _question_and_answer(APPROVE_ON_PHONE)
    (account,) = blocks("json mobile money")
    checkout = store.new_checkout()

    asked = store.pay(checkout, json.loads(account.text))

    reference = sandbox.charge(checkout.email)["dgs_reference"]
    assert asked.confirmation == {**question, "reference": reference}
    sandbox.change_charge(reference, transaction_status="successful")
    assert store.complete(checkout, answer).order_id


def test_every_question_is_explained() -> None:
    explained = [json.loads(_code(row[0]))["type"] for row in _questions()]

    assert explained == [*CARD_THAT_ASKS_FOR, APPROVE_ON_PHONE]
    assert set(explained) == {action.value for action in NextAction}


def test_javascript_encrypts_as_it_stands(store: Store) -> None:
    (script,) = blocks("js")
    gateway = store.gateways(store.new_checkout())[PLUGIN_ID]
    program = f"""
        const gateway = {json.dumps(gateway)};
        const [number, expiryMonth, expiryYear, cvv] =
            {json.dumps([CARD.number, CARD.expiry_month, CARD.expiry_year, CARD.cvv])};
        {script.text}
        console.log(JSON.stringify(paymentData));
    """

    node = subprocess.run(
        ["node", "--input-type=module", "--eval", program],
        cwd=SNIPPET,
        check=True,
        capture_output=True,
    )

    shown = json.loads(blocks("json paymentData")[0].text)
    assert json.loads(node.stdout).keys() == shown.keys()


class Reader:
    """Somebody who sends what they read, with their own store's ids in it."""

    def __init__(self, host: Host, send: Send) -> None:
        self._send = send
        self._document = ""
        (first, *_) = blocks("json variables")
        shown = json.loads(first.text)["input"]
        self._own = {
            shown["lines"][0]["variantId"]: host.channels["RWF"].variant_id,
            shown["email"]: f"reader@{host.name}.example",
        }
        """What the store has instead of what the page shows."""
        self.variables: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []

    @property
    def checkout_id(self) -> str:
        checkout_id: str = self.variables[-1]["checkoutId"]
        return checkout_id

    def replaces(self, shown: str, own: str) -> None:
        """Has this of their own where the page shows that."""
        self._own[shown] = own

    def take(self, block: Block) -> None:
        match block.kind:
            case "graphql" | "graphql transactions":
                self._document = block.text
            case "json variables" | "json transaction variables":
                self._run(self._with_own_ids(json.loads(block.text)))
            case "json paymentData":
                payment_data = json.dumps(self._payment_data(json.loads(block.text)))
                self._run({"checkoutId": self.checkout_id, "paymentData": payment_data})
            case "json answer" | "json transaction answer":
                self._compare(json.loads(block.text))

    def _run(self, variables: dict[str, Any]) -> None:
        self.variables.append(variables)
        self.answers.append(self._send(self._document, variables))

    def _payment_data(self, shown: PaymentData) -> PaymentData:
        """The customer's own card and PIN; the rest as it is shown."""
        match shown["type"]:
            case "card":
                own = Browser(self._gateway_config()).encrypt_card(CARD)
            case "pin":
                own = Browser(self._gateway_config()).encrypt_pin("1234")
            case _:
                return shown
        assert own.keys() == shown.keys() - {"return_url"}
        return {**shown, **own}

    def _gateway_config(self) -> dict[str, str]:
        """What the store has told the browser, by the one API or the other."""
        for answer in self.answers:
            match answer["data"]:
                case {"checkout": {"availablePaymentGateways": [gateway]}}:
                    return {item["field"]: item["value"] for item in gateway["config"]}
                case {"paymentGatewayInitialize": {"gatewayConfigs": [gateway]}}:
                    return dict(gateway["data"])
        raise AssertionError("the store was not asked for the gateway")

    def _compare(self, shown: dict[str, Any]) -> None:
        answer = self.answers[-1]
        _drop_other_gateways(answer)
        assert _shape(answer) == _shape(shown)
        self._own |= dict(zip(_texts(shown), _texts(answer), strict=True))

    def _with_own_ids(self, value: Any) -> Any:
        match value:
            case {"type": "card" | "pin"}:
                return self._payment_data(value)
            case dict():
                return {k: self._with_own_ids(v) for k, v in value.items()}
            case list():
                return [self._with_own_ids(item) for item in value]
            case str():
                return self._own.get(value, value)
        return value


def _drop_other_gateways(answer: dict[str, Any]) -> None:
    """A store may offer other ways to pay, which the page leaves out."""
    if checkout := answer["data"].get("checkout"):
        gateways = checkout["availablePaymentGateways"]
        gateways[:] = [g for g in gateways if g["id"] == PLUGIN_ID]


def _shape(value: Any) -> Any:
    """The value with the type of each leaf in its place; JSON in a string is read."""
    match value:
        case dict():
            return {key: _shape(item) for key, item in value.items()}
        case list():
            return [_shape(item) for item in value]
        case str() if value.startswith("{"):
            return _shape(json.loads(value))
    return type(value)


def _texts(value: Any) -> list[str]:
    """Every string in the value, in an order that depends on its keys alone."""
    match value:
        case dict():
            return [text for key in sorted(value) for text in _texts(value[key])]
        case list():
            return [text for item in value for text in _texts(item)]
        case str():
            return [value]
    return []


def _questions() -> list[tuple[str, ...]]:
    return table("`confirmationData`")


def _question_and_answer(asks_for: str) -> tuple[Mapping[str, Any], PaymentData]:
    for question, _, answer in _questions():
        if (shown := json.loads(_code(question)))["type"] == asks_for:
            return shown, json.loads(_code(answer))
    raise AssertionError(f"the page does not explain {asks_for}")


def _code(cell: str) -> str:
    return cell.strip("`")


def _canonical(document: str) -> str:
    return print_ast(parse(document))
