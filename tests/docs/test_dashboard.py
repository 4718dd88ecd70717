"""What the page says that staff see in the dashboard is what Saleor answers them.

The page is played from its beginning to its end on real Saleor; the stand-in has no
dashboard. Texts, amounts and states have to be the same. Ids and times are each run's
own.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import HOSTS, running
from tests.docs.conftest import Send
from tests.docs.pages import Block, blocks
from tests.hosts.host import STAFF_EMAIL, STAFF_PASSWORD, Host
from tests.scenarios import cards, staff_documents
from tests.scenarios.apis import TRANSACTIONS, open_store
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.sandbox import Sandbox, eventually
from tests.scenarios.store import Store
from tests.scenarios.transactions_store import TransactionsStore

PORTAL = "https://portal.example/payments/{reference}"
# What is another one in each run.
OWN = re.compile(
    r"DGS-[0-9A-F]{16}"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\d{4}-\d\d-\d\dT[\d:.]+\+00:00"
    r'|(?<="id": ")[^"]+|(?<="number": ")[^"]+'
    r"|(?<=\border )\d+|(?<=\bPayment )\d+|(?<=\bTransaction )\d+"
)


class Staff:
    """Somebody of the store's staff who sends what the page shows."""

    def __init__(self, host: Host, send: Send) -> None:
        self._host = host
        self._send = send
        login = {"email": STAFF_EMAIL, "password": STAFF_PASSWORD}
        self._token = send(staff_documents.LOGIN, login)["data"]["tokenCreate"]["token"]
        self._document = ""
        self._variables: dict[str, Any] = {}
        self._own: dict[str, str] = {}
        """What this store has instead of what the page shows."""

    def play(self, section: str, *own_ids: str) -> None:
        """Send what one section shows, compare the answers, run its commands.

        Args:
            own_ids: this store's, for those in the section's variables that no answer
                before has told.
        """
        shown_ids = [
            found
            for block in blocks(f"json {section} variables")
            for found in re.findall(r'[iI]d": "([^"]+)', block.text)
        ]
        self._own |= dict(zip(dict.fromkeys(shown_ids), own_ids, strict=False))
        kinds = (f"json {section} variables", f"json {section} answer")
        for block in blocks(f"graphql {section}", f"sh {section}", *kinds):
            self._take(block)

    def _take(self, block: Block) -> None:
        match block.kind.split():
            case ["graphql", _]:
                self._document, self._variables = block.text, {}
            case ["sh", _]:
                _, _, *arguments = self._with_own(block.text).split()
                done = self._host.manage(*arguments)
                assert done.returncode == 0, done.stdout + done.stderr
            case [*_, "variables"]:
                self._variables = json.loads(self._with_own(block.text))
            case [*_, "answer"]:
                answer = self._send(self._document, self._variables, self._token)
                self._compare(json.loads(block.text), answer)

    def _compare(self, shown: dict[str, Any], answer: dict[str, Any]) -> None:
        on_the_page, here = json.dumps(shown, indent=1), json.dumps(answer, indent=1)
        assert OWN.sub("...", here) == OWN.sub("...", on_the_page)
        own = zip(OWN.findall(on_the_page), OWN.findall(here), strict=True)
        # A number may stand for something else elsewhere.
        self._own |= {text: mine for text, mine in own if not text.isdigit()}

    def _with_own(self, text: str) -> str:
        for shown, own in self._own.items():
            text = text.replace(shown, own)
        return text


@pytest.fixture(scope="module", params=HOSTS)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """One that nobody else has paid at: its problems are those of the page."""
    if request.param == "slice":
        pytest.skip("The stand-in for Saleor has nothing that only staff see.")
    with running(request.param) as host:
        yield host


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One that no other store has charged at: all it names, this store knows."""
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def store(host: Host, sandbox: Sandbox) -> Store:
    store = Store(host)
    _fill_in(store, sandbox)
    return store


@pytest.fixture(scope="module")
def by_transactions(
    host: Host, store: Store, sandbox: Sandbox
) -> Iterator[TransactionsStore]:
    with open_store(TRANSACTIONS, host, sandbox) as transactions:
        assert isinstance(transactions, TransactionsStore)
        _fill_in(transactions, sandbox)
        yield transactions


@pytest.fixture
def staff(host: Host, store: Store, send: Send) -> Staff:
    return Staff(host, send)


def _fill_in(store: Store, sandbox: Sandbox) -> None:
    store.configure_for_sandbox(sandbox.url)
    assert not store.configure("RWF", portal_url=PORTAL, note_refunds="true")


def test_order_page(
    staff: Staff, store: Store, by_transactions: TransactionsStore, sandbox: Sandbox
) -> None:
    by_card = _paid_by_card(by_transactions)
    by_phone = _paid_by_phone(by_transactions, sandbox)
    staff.play("order-page", by_card, by_phone, _paid_by_card(store))


def test_refund(staff: Staff, by_transactions: TransactionsStore) -> None:
    order_id = _paid_by_card(by_transactions)
    (item,) = by_transactions.transactions_of(order_id)
    staff.play("refund", order_id, item["id"])


def test_refund_of_a_payment(staff: Staff, store: Store) -> None:
    staff.play("payment-refund", _paid_by_card(store))


def test_problem(staff: Staff, host: Host, store: Store, sandbox: Sandbox) -> None:
    checkout = store.new_checkout()
    store.pay(checkout, Cardholder().card(cards.PENDING))
    with store.sold_out():
        sandbox.settle(sandbox.charge(checkout.email)["dgs_reference"])
        sandbox.wait_for_webhook(checkout.email)
        eventually(store.app_problems)
        staff.play("problem")
    staff.play("mended-problem")
    assert store.order(checkout)["paymentStatus"] == "FULLY_CHARGED"


def _paid_by_card(store: Store) -> str:
    order_id = store.pay(
        store.new_checkout(), Cardholder().card(cards.APPROVED)
    ).order_id
    assert order_id
    return order_id


def _paid_by_phone(store: Store, sandbox: Sandbox) -> str:
    checkout = store.new_checkout()
    (account,) = blocks("json mobile money")
    store.pay(checkout, json.loads(account.text))
    reference = sandbox.charge(checkout.email)["dgs_reference"]
    sandbox.change_charge(reference, transaction_status="successful")
    paid = store.complete(checkout, Cardholder().waiting())
    assert paid.order_id
    return paid.order_id
